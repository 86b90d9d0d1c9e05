"""Whether a condition can hold at all, and whether it can fail: asked of the constraint solver, within bounds.

    forbid slot > 3 and slot < 2          can't hold: no slot is both

A yes may be too generous (two unknowns may depend on one another in a way that only the engine knows); a no is certain. What has
too many unknowns, or takes too many steps, is not decided.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from constraint import Problem

from qrules.knowledge.world import ROOTS
from qrules.linked.expressions import build

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qrules.linting.formulas import Formula
    from qrules.linting.kinds import Kinds

MOST_UNKNOWNS = 16
STEPS = 20_000  # looks at a part of a condition, for one question
STEPS_OF_ALL = 3_000_000  # for all questions about a rule set; the shipped rules take some 100,000
_MOST_VALUES = 60  # of one unknown


class _Enough(Exception):
    """The search used up its steps."""


class Budget:
    """How many looks are left."""

    def __init__(self, left: int = STEPS_OF_ALL) -> None:
        self.left = left


def can_hold(formula: Formula, conditions: Sequence[Any], kinds: Kinds, budget: Budget) -> bool | None:
    """Whether all conditions can hold at once; None where that is not decided."""
    parts = [part for condition in conditions for part in _conjuncts(condition)]
    asked = [(part, sorted(_unknowns(part))) for part in parts]
    if any(not unknowns and not build(part)([]) for part, unknowns in asked):
        return False
    numbers = sorted({n for _, unknowns in asked for n in unknowns})
    if len(numbers) > MOST_UNKNOWNS or budget.left <= 0:
        return None
    domains = {n: _domain(formula, n, kinds) for n in numbers}
    if any(len(domain) > _MOST_VALUES for domain in domains.values()):
        return None
    problem, left = Problem(), Budget(min(STEPS, budget.left))
    for number in numbers:
        if not domains[number]:
            return False
        problem.addVariable(number, domains[number])
    for part, unknowns in asked:
        if unknowns:
            problem.addConstraint(_evaluated(build(part), unknowns, len(formula.numbers), left), unknowns)
    for of in formula.kinds.values():
        known = {kind: n for kind, n in of.items() if n in domains and kinds.known(kind) and kind not in ROOTS}
        if known:
            problem.addConstraint(_one_of(_possible(tuple(known), kinds)), list(known.values()))
    before = left.left
    try:
        return not numbers or problem.getSolution() is not None
    except _Enough:
        return None
    finally:
        budget.left -= before - left.left


def _conjuncts(condition: Any) -> list[Any]:
    if isinstance(condition, list) and condition[0] == "and":
        return [part for inner in condition[1:] for part in _conjuncts(inner)]
    if isinstance(condition, list) and condition[0] == "not" and isinstance(condition[1], list):
        inner = condition[1]
        if inner[0] == "not":
            return _conjuncts(inner[1])
        if inner[0] == "or":
            return [part for one in inner[1:] for part in _conjuncts(["not", one])]
    return [condition]


def _unknowns(condition: Any) -> set[int]:
    if not isinstance(condition, list):
        return set()
    if condition[0] == "var":
        return {condition[1]}
    return {number for part in condition[1:] for number in _unknowns(part)}


def _domain(formula: Formula, number: int, kinds: Kinds) -> list[Any]:
    text = next(islice(formula.numbers, number, None))
    if text == "machine.qemu" and kinds.versions:
        return list(kinds.versions)
    if text == "machine.arch" and kinds.arches:
        return list(kinds.arches)
    return formula.domain(number)


def _evaluated(closure: Callable[[Any], Any], unknowns: list[int], size: int, budget: Budget) -> Callable[..., bool]:
    def holds(*values: Any) -> bool:
        budget.left -= 1
        if budget.left < 0:
            raise _Enough
        frame: list[Any] = [None] * size
        for number, value in zip(unknowns, values, strict=True):
            frame[number] = value
        return bool(closure(frame))

    return holds


def _one_of(possible: set[tuple[bool, ...]]) -> Callable[..., bool]:
    return lambda *values: values in possible


def _possible(of: tuple[str, ...], kinds: Kinds) -> set[tuple[bool, ...]]:
    """Which answers to "is it of these kinds" some type gives; nothing (what is unset) is of none."""
    if of not in kinds.answers:
        found = {tuple(kind in line for kind in of) for line in kinds.lines}
        kinds.answers[of] = found | {(False,) * len(of)}
    return kinds.answers[of]
