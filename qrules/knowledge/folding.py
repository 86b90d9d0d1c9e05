"""What is certain when rules are compiled is not asked again: conditions on the version, and what no unset value meets.

`fold` computes comparisons of constants, since a target has one version and one architecture. `needs` finds what a device
has to have for a condition to hold: most rules and claims speak of a property that most configs do not write.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from qrules.knowledge.scopes import BUILT_IN, SUBJECT

Json: TypeAlias = Any

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_STRICT = frozenset(
    (
        *(*_COMPARED, "+", "-", "*", "/", "%", "negative", "hex", "lower", "length", "twice", "power-of-two", "backend-kind"),
        *("holds", "piece", "number", "ipv4", "two-to", "strange"),
    )
)  # unset in, nothing out
_FLAGS = ("written", "hotplugged")  # built-in attributes that are switches


def fold(expr: Json) -> Json:
    """An expression whose parts are folded, with what is constant computed."""
    if not isinstance(expr, list) or not expr:
        return expr
    if expr[0] in _COMPARED:
        return _compared(expr)
    if expr[0] in ("and", "or"):
        return _joined(expr)
    if expr[0] == "not" and isinstance(expr[1], bool):
        return not expr[1]
    if expr[0] == "when" and isinstance(expr[2], bool):
        return expr[1] if expr[2] else expr[3]
    return expr


def _compared(expr: list[Json]) -> Json:
    left, right = (_constant(e) for e in expr[1:])
    if left is None or right is None:
        return expr
    if isinstance(left, tuple) != isinstance(right, tuple):
        left, right = (v if isinstance(v, tuple) else (v,) for v in (left, right))
    if type(left) is not type(right) or not isinstance(left, tuple | int | str):
        return expr
    return _COMPARED[expr[0]](left, right)


def _constant(expr: Json) -> Any:
    """A number, text or version; None for anything else."""
    if isinstance(expr, list):
        return tuple(expr[1]) if expr[0] == "version" else None
    return expr if isinstance(expr, int | str) and not isinstance(expr, bool) else None


def _joined(expr: list[Json]) -> Json:
    neutral = expr[0] == "and"
    parts = [e for e in expr[1:] if e is not neutral]
    if any(e is (not neutral) for e in parts):
        return not neutral
    return neutral if not parts else parts[0] if len(parts) == 1 else [expr[0], *parts]


# ------------------------------------------------------------------------------------- what a device has to have
def needs(conditions: Iterable[Json], dimensions: frozenset[str]) -> str | None:
    """A property (or switch) of the device in slot SUBJECT without which not all of the conditions can hold."""
    found = [name for condition in conditions for name in _needed(condition) if name not in dimensions]
    built_in = BUILT_IN["device"]
    switches = [name for name in found if name in _FLAGS]
    return next((name for name in found if name not in built_in), switches[0] if switches else None)


def _needed(expr: Json) -> list[str]:
    """The attributes of the device that are set wherever the expression is."""
    if not isinstance(expr, list) or not expr:
        return []
    if expr[0] in ("attr", "given"):
        return [expr[2]] if expr[1] == ["var", SUBJECT] else []
    if expr[0] in ("and", "range") or expr[0] in _STRICT:
        return [name for part in expr[1:] for name in _needed(part)]
    if expr[0] == "in":
        return _needed(expr[1])
    return []
