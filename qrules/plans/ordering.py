"""Conditions in the order that costs least: of parts that all have to hold, or of which one has to, the cheapest is asked first.

Parts of a condition change nothing and end always, so any order gives the same value; only the steps differ that it takes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_AT_HAND = frozenset(("var", "machine", "address", "values", "bus", "given", "is", "version"))
_AN_ATTRIBUTE = 10  # times as much as what a frame's entities have by themselves: rules may say what it is in terms of others
_A_SEARCH = 100  # what looks for devices
_SEARCHES = frozenset(("some", "no", "every", "count", "the", "sum", "apply", "under", "those-on", "those-off"))


def cheapest_first(expr: Any) -> Any:
    """The same condition with the parts of each ``and`` and ``or`` in the order of their costs."""
    if not isinstance(expr, list) or not expr or expr[0] not in ("and", "or", "not"):
        return expr
    return [expr[0], *sorted(map(cheapest_first, expr[1:]), key=_cost)]


def _cost(expr: Any) -> int:
    if not isinstance(expr, list) or not expr:
        return 0
    own = 1 if expr[0] in _AT_HAND else _A_SEARCH if expr[0] in _SEARCHES else _AN_ATTRIBUTE if expr[0] == "attr" else 2
    return own + sum(map(_cost, expr[1:]))
