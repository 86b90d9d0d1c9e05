"""The questions: `place`, `cheapest`, `room_for`. What is behind a no is in `conflicts`.

answer = place(problem)                        # Placement, Infeasible or Unknown
answer = place(larger, earlier=answer)         # nothing that has a place moves
"""

from __future__ import annotations

from qrules.solve.answers import Infeasible, Placement, Unknown
from qrules.solve.attempt import attempt, fits
from qrules.solve.demands import Demands
from qrules.solve.model import Model
from qrules.solve.problem import Item, Problem, Spare, verify

LIMIT = 20  # conflicts and corrections that are told


def place(problem: Problem, earlier: Placement | None = None, limit: int = LIMIT) -> Placement | Infeasible | Unknown:
    """A place for every item with the cheapest expanders added; otherwise the conflicts, ``limit`` of them at most (0: all).

    With an ``earlier`` placement everything that has a place keeps it, and its expanders stand and cost nothing more.
    Raises `Mistake` for a problem that makes no sense, or an earlier placement of another one.
    """
    verify(problem)
    if earlier is not None:
        from qrules.solve.stable import continued, standing

        answer = place(standing(problem, earlier), limit=limit)
        return continued(problem, earlier, answer) if isinstance(answer, Placement) else answer
    demands = Demands(Model(problem))
    found = attempt(demands)
    if found is not None:
        return found
    from qrules.solve.conflicts import explain

    return explain(demands, limit)


def cheapest(problem: Problem, spent: list[int] | None = None) -> Placement | Unknown | None:
    """The same without explanations: None where there is no placement. Raises `Mistake`.

    ``spent`` counts the work of several such questions, which end together.
    """
    verify(problem)
    return attempt(Demands(Model(problem, spent)))


def why_not(problem: Problem, limit: int = LIMIT) -> Infeasible | Unknown:
    """What is behind a no: the conflicts of a problem for which `cheapest` found nothing. Raises `Mistake`."""
    from qrules.solve.conflicts import explain

    verify(problem)
    return explain(Demands(Model(problem)), limit)


def room_for(problem: Problem, item: Item, expand: bool = True, ceiling: int = 1 << 20) -> int | None:
    """How many more items like this one fit; None for ``ceiling`` or more. Without ``expand`` nothing is added for them.

    Everything else may move: it is what the machine could hold. For what it holds without moving anything, ask with the
    problem that `stable.standing` makes.
    """
    if not expand:
        problem = problem._replace(expanders=())

    def enough(n: int) -> bool:
        extra = Spare("more of these", n, _kinds(problem, item), item.hotplug, item.node)
        demands = Demands(Model(problem._replace(spare=(*problem.spare, extra))))
        return bool(fits(demands, demands.full))

    if not enough(0):
        return 0
    low, high = 0, 1
    while high < ceiling and enough(high):
        low, high = high, 2 * high
    if high >= ceiling:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low


def _kinds(problem: Problem, item: Item) -> frozenset[str]:
    kinds = item.accepts
    for policy in problem.policies:
        if item.tag in policy.tags:
            kinds = kinds & policy.kinds
    return kinds
