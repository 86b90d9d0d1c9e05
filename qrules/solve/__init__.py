"""Placement: items, places, capacities and couplings. Knows no hardware, no emulator and no rules.

`problem` says what is asked, `answers` what comes back, `solver` answers. A caller turns a machine and a configuration into
a `Problem` and the `Placement` into whatever it prints; nothing here is loaded by other questions.
"""
