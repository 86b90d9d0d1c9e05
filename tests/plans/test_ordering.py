"""Conditions in another order hold where they held before."""

from __future__ import annotations

import itertools
import random

from qrules.linked.expressions import build
from qrules.machine.frames import new_frame
from qrules.plans.ordering import cheapest_first

SLOTS = (3, 4, 5)
VALUES = (None, False, True, 0, 1)


def _drawn(rng: random.Random, depth: int) -> list[object]:
    if not depth or rng.random() < 0.2:
        return ["holds", ["var", rng.choice(SLOTS)]] if rng.random() < 0.6 else ["=", ["var", rng.choice(SLOTS)], 1]
    if rng.random() < 0.2:
        return ["not", _drawn(rng, depth - 1)]
    return [rng.choice(("and", "or")), *(_drawn(rng, depth - 1) for _ in range(rng.randint(2, 4)))]


def test_the_value_is_the_same() -> None:
    rng, moved = random.Random(17), 0
    for _ in range(300):
        expr = _drawn(rng, 3)
        other = cheapest_first(expr)
        moved += other != expr
        before, after = build(expr), build(other)
        for values in itertools.product(VALUES, repeat=len(SLOTS)):
            frame = new_frame(None, None)
            for slot, value in zip(SLOTS, values, strict=True):
                frame[slot] = value
            assert bool(before(frame)) is bool(after(frame)), (expr, values)
    assert moved > 100


def test_what_is_at_hand_comes_first() -> None:
    search, far, near = ["some", "device", 3, None, True], ["attr", ["var", 2], "serial"], ["=", ["address", 2, "unit"], 0]
    assert cheapest_first(["and", ["holds", search], ["or", far, near]]) == ["and", ["or", near, far], ["holds", search]]
