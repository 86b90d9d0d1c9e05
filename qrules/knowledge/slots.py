"""The slots of a frame, which the compiler numbers and the engine fills: the one place where the numbers stand.

`STATE` is the run's state, `SELF` the block's subject; variables have the slots from `SUBJECT` up to those of `CONTEXT`, the
words that only a message or a name can speak of.
"""

from __future__ import annotations

STATE, SELF, SUBJECT, FIRST_FREE = 0, 1, 2, 3
CONTEXT = {
    "holder": 12, "limit": 13, "key": 14, "text": 15, "property": 16, "name": 17, "kind": 18, "n": 19, "nth": 20, "counter": 21,
    "path": 22, "element": 23, "low": 24, "high": 25, "role": 26, "buses": 27, "near": 28, "homes": 29,
}  # fmt: skip
VARIABLES = range(SUBJECT, min(CONTEXT.values()))  # what variables may have
MODELS = "processor"  # what a text `names` that is no kind: a model that processors can be of
SLOTS = max(CONTEXT.values()) + 1
