"""Compiled expressions (JSON lists) to closures over a frame: values, logic, numbers and sets.

Every comparison with an unset value is false, arithmetic with it is unset.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from qrules.machine import questions
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import STATE, Build, Closure, Frame, Value, shown
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def build(expr: Any) -> Closure:
    """The closure of a compiled expression."""
    if not isinstance(expr, list):
        return lambda frame: expr
    own = _BUILDERS.get(expr[0])
    return own(expr) if own is not None else _QUESTIONS[expr[0]](expr, build)


def build_optional(expr: Any) -> Closure | None:
    """As `build`, with None for an absent expression."""
    return None if expr is None else build(expr)


# ------------------------------------------------------------------------------------- leaves
def _var(expr: Any) -> Closure:
    return operator.itemgetter(expr[1])


def _machine(expr: Any) -> Closure:
    return lambda frame: frame[STATE].machine


def _attr(expr: Any) -> Closure:
    base, name = build(expr[1]), expr[2]

    def get(frame: Frame) -> Value:
        entity = base(frame)
        return entity.get(name, frame[STATE]) if isinstance(entity, Entity) else None

    return get


def _address(expr: Any) -> Closure:
    """A part of the address of a device that has it for certain."""
    slot, name = expr[1:]
    return lambda frame: frame[slot].address[name]


def _values(expr: Any) -> Closure:
    """A property of a device that it was given for certain."""
    slot, name = expr[1:]
    return lambda frame: frame[slot].values[name]


def _bus(expr: Any) -> Closure:
    """The bus of a device that stands on one for certain."""
    slot = expr[1]
    return lambda frame: frame[slot].bus


def _version(expr: Any) -> Closure:
    value = tuple(expr[1])
    return lambda frame: value


def _template(expr: Any) -> Closure:
    parts = [(p, None, "") if isinstance(p, str) else ("", build(p[0]), p[1]) for p in expr[1:]]

    def text(frame: Frame) -> str:
        return "".join(literal if closure is None else shown(closure(frame), how) for literal, closure, how in parts)

    return text


def holes(expr: Any) -> list[Closure]:
    """The closures of a template's holes: a name whose hole is unset can't be given."""
    if not isinstance(expr, list) or expr[0] != "template":
        return []
    return [build(p[0]) for p in expr[1:] if not isinstance(p, str)]


# ------------------------------------------------------------------------------------- logic
def _and(expr: Any) -> Closure:
    parts = [build(e) for e in expr[1:]]
    if len(parts) == 2:
        first, second = parts
        return lambda frame: bool(first(frame)) and bool(second(frame))
    return lambda frame: all(part(frame) for part in parts)


def _or(expr: Any) -> Closure:
    parts = [build(e) for e in expr[1:]]
    return lambda frame: any(part(frame) for part in parts)


def _not(expr: Any) -> Closure:
    inner = build(expr[1])
    return lambda frame: not inner(frame)


def _holds(expr: Any) -> Closure:
    """A value as a condition: it holds unless it is unset or ``off``."""
    inner = build(expr[1])

    def holds(frame: Frame) -> bool:
        value = inner(frame)
        return value is not None and value is not False

    return holds


def _when(expr: Any) -> Closure:
    value, condition, otherwise = build(expr[1]), build(expr[2]), build(expr[3])
    return lambda frame: value(frame) if condition(frame) else otherwise(frame)


def _else(expr: Any) -> Closure:
    value, otherwise = build(expr[1]), build(expr[2])

    def fallback(frame: Frame) -> Value:
        found = value(frame)
        return otherwise(frame) if found is None else found

    return fallback


def _equal(expr: Any) -> Closure:
    left, right = build(expr[1]), build(expr[2])
    if isinstance(expr[2], str):
        return lambda frame: bool(left(frame) == expr[2])
    if type(expr[2]) is int:
        return _equal_number(left, expr[2])

    def equal(frame: Frame) -> bool:
        a, b = left(frame), right(frame)
        return a is not None and b is not None and _aligned(a, b)

    return equal


def _equal_number(left: Closure, number: int) -> Closure:
    """Equality with a number, or with a version of one number."""
    version = (number,)

    def equal(frame: Frame) -> bool:
        value = left(frame)
        return value in (number, version)

    return equal


def _aligned(a: Value, b: Value) -> bool:
    if isinstance(a, tuple) and isinstance(b, int):
        return a == (b,)
    if isinstance(b, tuple) and isinstance(a, int):
        return b == (a,)
    return bool(a == b)


def _unequal(expr: Any) -> Closure:
    left, right = build(expr[1]), build(expr[2])

    def unequal(frame: Frame) -> bool:
        a, b = left(frame), right(frame)
        return a is not None and b is not None and not _aligned(a, b)

    return unequal


def _ordered(expr: Any) -> Closure:
    test: Callable[[Any, Any], bool] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[expr[0]]
    left, right = build(expr[1]), build(expr[2])
    if type(expr[2]) is int:
        return _ordered_number(test, left, expr[2])

    def ordered(frame: Frame) -> bool:
        a, b = left(frame), right(frame)
        if isinstance(a, tuple) and isinstance(b, int):
            b = (b,)
        elif isinstance(b, tuple) and isinstance(a, int):
            a = (a,)
        return type(a) in (int, tuple, str) and type(a) is type(b) and _in_order(test, a, b)

    return ordered


def _in_order(test: Callable[[Any, Any], bool], a: Any, b: Any) -> bool:
    """A comparison of two values of one type; sets of texts and numbers have no order."""
    try:
        return test(a, b)
    except TypeError:
        return False


def _ordered_number(test: Callable[[Any, Any], bool], left: Closure, number: int) -> Closure:
    """A comparison with a number, or with a version of one number."""

    def ordered(frame: Frame) -> bool:
        value = left(frame)
        return test(value, number) if type(value) is int else type(value) is tuple and _in_order(test, value, (number,))

    return ordered


def _is(expr: Any) -> Closure:
    subject, kind = build(expr[1]), expr[2]

    def is_kind(frame: Frame) -> bool:
        entity = subject(frame)
        return isinstance(entity, Entity) and kind in entity.kinds

    return is_kind


def _names(expr: Any) -> Closure:
    """Whether a text is the name of a device type of some kind."""
    text, kind = build(expr[1]), expr[2]

    def names_kind(frame: Frame) -> bool:
        value, family = text(frame), frame[STATE].machine.family
        return isinstance(value, str) and family is not None and kind in family.knowledge.line_of(value, aliases=False)

    return names_kind


def _in(expr: Any) -> Closure:
    item, among = build(expr[1]), build(expr[2])
    if isinstance(expr[2], tuple) and all(isinstance(v, str) for v in expr[2]):
        return _in_texts(item, frozenset(expr[2]))

    def contained(frame: Frame) -> bool:
        value, values = item(frame), among(frame)
        if value is None or values is None:
            return False
        if isinstance(values, range):
            return isinstance(value, int) and value in values
        if isinstance(values, Versions):
            return isinstance(value, (int, tuple)) and values.low <= _version_of(value) <= values.high
        return any(_aligned(value, v) or (isinstance(value, Entity) and v in value.kinds) for v in _members(values))

    return contained


def _in_texts(item: Closure, texts: frozenset[str]) -> Closure:
    """Whether a text is one of some, or an entity of one of these kinds."""

    def contained(frame: Frame) -> bool:
        value = item(frame)
        return not texts.isdisjoint(value.kinds) if isinstance(value, Entity) else isinstance(value, str) and value in texts

    return contained


def _meets(expr: Any) -> Closure:
    left, right = build(expr[1]), build(expr[2])
    return lambda frame: not set(_members(left(frame))).isdisjoint(_members(right(frame)))


def _members(value: Value) -> tuple[Value, ...]:
    """What is in a set; anything else is a set of one."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _under(expr: Any) -> Closure:
    item, above = build(expr[1]), build(expr[2])

    def under(frame: Frame) -> bool:
        entity, ancestor = item(frame), above(frame)
        while entity is not None and entity is not ancestor:
            entity = entity.bus if isinstance(entity, Device) else entity.owner if isinstance(entity, Bus) else None
        return entity is not None

    return under


# ------------------------------------------------------------------------------------- numbers and sets
class Versions(NamedTuple):
    """A range of versions, both ends in it: ``2.4 .. 3.0`` has 3.0 but not 3.0.1."""

    low: tuple[int, ...]
    high: tuple[int, ...]


def _version_of(value: Value) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


def _range(expr: Any) -> Closure:
    low, high = build(expr[1]), build(expr[2])

    def between(frame: Frame) -> range | Versions | None:
        a, b = low(frame), high(frame)
        if isinstance(a, int) and isinstance(b, int):
            return range(a, b + 1)
        return Versions(_version_of(a), _version_of(b)) if isinstance(a, (int, tuple)) and isinstance(b, (int, tuple)) else None

    return between


def _set(expr: Any) -> Closure:
    parts = [build(e) for e in expr[1:]]
    return lambda frame: tuple(v for v in (part(frame) for part in parts) if v is not None)


def _arithmetic(expr: Any) -> Closure:
    compute: Callable[[Any, Any], Any] = {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.floordiv,
        "%": operator.mod,
    }[expr[0]]
    left, right = build(expr[1]), build(expr[2])
    divides, adds = expr[0] in "/%", expr[0] == "+"

    def result(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if isinstance(a, int) and isinstance(b, int):
            return None if divides and b == 0 else compute(a, b)
        return _joined(a, b) if adds and a is not None and b is not None else None

    return result


def _joined(a: Value, b: Value) -> Value:
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    if isinstance(a, tuple) or isinstance(b, tuple):  # sets: everything in either
        left, right = (v if isinstance(v, tuple) else (v,) for v in (a, b))
        return tuple(dict.fromkeys((*left, *right)))
    return None  # a text and a number, say: nothing that could be meant


def _negative(expr: Any) -> Closure:
    inner = build(expr[1])

    def negative(frame: Frame) -> Value:
        value = inner(frame)
        return -value if isinstance(value, int) else None

    return negative


def _extreme(expr: Any) -> Closure:
    choose: Callable[[Iterable[Any]], Any] = min if expr[0] == "min" else max
    parts = [build(e) for e in expr[1:]]

    def extreme(frame: Frame) -> Value:
        values = [v for v in (part(frame) for part in parts) if isinstance(v, int)]
        return choose(values) if values else None

    return extreme


def _lower(expr: Any) -> Closure:
    inner = build(expr[1])

    def lowered(frame: Frame) -> Value:
        value = inner(frame)
        return value.lower() if isinstance(value, str) else None

    return lowered


def _hex(expr: Any) -> Closure:
    inner = build(expr[1])

    def as_hex(frame: Frame) -> Value:
        value = inner(frame)
        return f"{value:x}" if isinstance(value, int) else None

    return as_hex


_UNITS = {"b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50, "e": 60}


def _bytes(expr: Any) -> Closure:
    inner = build(expr[1])

    def counted(frame: Frame) -> Value:
        """A size as a number: a number itself, or text such as ``64M`` (units are powers of 1024)."""
        value = inner(frame)
        if isinstance(value, int):
            return value
        digits, unit = (value[:-1], value[-1].lower()) if isinstance(value, str) and value else ("", "")
        if unit not in _UNITS:
            digits, unit = f"{digits}{unit}", "b"
        base = 16 if digits[:2].lower() == "0x" else 10
        try:
            return int(digits, base) << _UNITS[unit]
        except ValueError:
            return None

    return counted


_BUILDERS: dict[str, Callable[[Any], Closure]] = {
    "var": _var, "machine": _machine, "attr": _attr, "address": _address, "values": _values, "bus": _bus,
    "version": _version, "template": _template, "and": _and,
    "or": _or, "not": _not, "holds": _holds, "when": _when, "else": _else, "=": _equal, "!=": _unequal, "<": _ordered,
    "<=": _ordered, ">": _ordered, ">=": _ordered, "is": _is, "names": _names, "in": _in, "meets": _meets, "under": _under,
    "range": _range, "set": _set, "+": _arithmetic, "-": _arithmetic, "*": _arithmetic, "/": _arithmetic,
    "%": _arithmetic, "negative": _negative, "min": _extreme, "max": _extreme, "lower": _lower, "hex": _hex, "bytes": _bytes,
}  # fmt: skip
_QUESTIONS: dict[str, Callable[[Any, Build], Closure]] = {
    "given": questions.given, "role-open": questions.role_open, "role-replaced": questions.role_replaced,
    "holder": questions.holder, "backend-kind": questions.backend_kind,
    "backend-says": questions.backend_says, "free-points": questions.free_points,
    "apply": questions.apply, "some": questions.quantified, "no": questions.quantified, "every": questions.quantified,
    "count": questions.quantified, "the": questions.quantified,
}  # fmt: skip
