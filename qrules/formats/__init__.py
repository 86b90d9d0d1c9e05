"""Answers in the formats that other programs read: one room for all of them, and one place that knows what an answer is.

`findings` makes a `Result` of whatever was looked at: a config, a rule file, a test. Each format is a file with a function from
results to lines. `choice` is the door.
"""
