"""Places in compiled expressions: what is asked of a value that stands there.

The names of operators are those of `qrules.linked.expressions`, which says what each means.
"""

from __future__ import annotations

from qrules.knowledge.slots import MODELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Place: TypeAlias = tuple[Any, int]  # an expression, and the place in it
    Above: TypeAlias = tuple[Place, ...]  # the expressions around one

READS = ("attr", "values", "address")  # operators whose second operand is an attribute's name
TOLD = ["template"]  # stands around what is only told, or becomes a part of a name
KEPT = ["given"]  # stands around what is only held
_IDENTITY = frozenset(("template", "given", "holds", "is", "backend-kind", "holder", "not", "and", "or", *READS))
PASSED = frozenset(("when", "else", "template"))  # the value of a part is the value of the whole, or stands in it
_QUANTIFIED = frozenset(("some", "no", "every", "count", "the", "sum"))
_PLAIN = frozenset((*READS, "var", "machine", "when", "else", "template", "holder", "the", "bus", "backend-says", "backend-kind"))
_CLOSED = frozenset(
    (
        "var", "attr", "=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "holds", "in", "set", "range", "+", "-", "*", "/",
        "%",
        "piece", "number", "length", "lower", "begins", "matches", "after", "before-last", "strange", "twice", "bytes", "ipv4",
        "when", "else", "split", "lettered", "min", "max", "version", "hex", "power-of-two", "two-to",
    )
)  # fmt: skip
_RESULTS = frozenset(("=", "!=", "<", "<=", ">", ">=", "in", "begins", "matches", "holds", "power-of-two", "and", "or", "not"))


def operator(expr: Any) -> str:
    """The operator of an expression; empty for a list of something else."""
    return expr[0] if isinstance(expr, list) and expr and isinstance(expr[0], str) else ""


def is_value(place: Place) -> bool:
    """Whether a part of an expression may be the value of the whole: not the condition of a ``when``."""
    return not (place[0][0] == "when" and place[1] == 2)


def same(place: Place) -> bool:
    """Whether no more is asked of a value at some place than whether it is there, and whether it is equal to another."""
    whole, at = place
    how = operator(whole)
    if how == "when":  # its condition
        return True
    if how in ("=", "!="):
        other = whole[3 - at]
        return not isinstance(other, list) or _plain(other)
    if how == "in":
        return at == 1 and isinstance(whole[2], list) and whole[2][0] == "set" and all(map(_plain, whole[2][1:]))
    if how == "backend-says":
        return at == 1
    if how == "names":
        return bool(whole[2] != MODELS)
    if how in _QUANTIFIED:
        return at in (3, 4)
    return how in _IDENTITY


def _plain(expr: Any) -> bool:
    """Whether an expression gives values as they stand, and makes no new ones."""
    if not isinstance(expr, list):
        return True
    if operator(expr) not in _PLAIN:
        return False
    if expr[0] in ("when", "else"):
        return all(_plain(part) for at, part in enumerate(expr[1:], 1) if is_value((expr, at)))
    return True


def closed(name: str, expr: Any, above: Above) -> Any:
    """The innermost condition around a place that speaks of this attribute alone; None where there is none."""
    for whole, _ in above:
        if whole == "into" or operator(whole) not in _CLOSED:
            return None
        if not _speaks_alone(whole, expr):
            return None
        if whole[0] in _RESULTS:
            return whole
    return None


def _speaks_alone(whole: Any, expr: Any) -> bool:
    if whole == expr:
        return bool(expr[1][0] == "var")
    if not isinstance(whole, list):
        return True
    return operator(whole) in _CLOSED and whole[0] not in ("var", "attr") and all(_speaks_alone(part, expr) for part in whole[1:])
