"""One machine with its options: which buses and devices it has, and what happens when devices are plugged.

Nothing here knows hardware: kinds, names, messages and numbers all come from compiled rules.
"""
