"""Fuzzing that stays: a corpus of hostile inputs, each run as a process of its own, and readers that are fed with broken input."""
