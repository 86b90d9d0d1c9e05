"""The functions of expressions: how many values each takes, at the least and at the most."""

from __future__ import annotations

OF_DEVICES = {"child-bus": 1, "those-on": 1, "those-off": 1}  # with so many values they speak of the block's own device
CONDITIONS = ("begins", "matches", "emulator-has")  # those that are true or not

FUNCTIONS = {
    **dict.fromkeys(("child-bus", "those-on", "those-off"), (1, 2)),
    **dict.fromkeys(("min", "max"), (1, 9)),
    **dict.fromkeys(("lower", "backend-kind", "hex", "bytes", "length", "twice", "power-of-two"), (1, 1)),
    **dict.fromkeys(("ipv4", "two-to"), (1, 1)),
    "piece": (3, 3),
    "strange": (2, 2),
    "later": (2, 2),
    **dict.fromkeys(("repeated", "largest", "last", "lettered", "number", "emulator-has", "emulator-machine"), (1, 1)),
    **dict.fromkeys(("backend-says", "members", "holding", "begins", "matches", "after", "before-last", "split"), (2, 2)),
}
