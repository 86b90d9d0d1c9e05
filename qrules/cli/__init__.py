"""The command line. One module a family of verbs; a verb's module is imported only when the verb is asked for.

Nothing in Python imports this room but its tests: what a verb answers, `qrules.api` offers as objects. The door is `main`. Exit
statuses are 0 for accepted, warned or answered, 1 for rejected, unknown or found wanting, 2 for input or usage that can't be used
(`qrules.Unusable`), 70 for a bug of ours.
"""
