"""Expressions that are conditions, and the sets that they ask of: logic, comparisons, membership.

Every comparison with an unset value is false. A switch is no number: ``on`` differs from 1, has no order and is in no range.
Each function takes a compiled expression and the builder of its parts, and gives a closure over a frame.
"""

from __future__ import annotations

import _operator as operator  # operator's own, without what it imports

from qrules.knowledge.slots import MODELS
from qrules.linked.steps import spend
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import STATE, Build, Closure, Frame, Value
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def conjunction(expr: Any, build: Build) -> Closure:
    parts = [build(e) for e in expr[1:]]
    if len(parts) == 2:
        first, second = parts
        return lambda frame: bool(first(frame)) and bool(second(frame))

    def conjunction(frame: Frame) -> bool:
        for part in parts:  # noqa: SIM110  a generator would cost more than most parts
            if not part(frame):
                return False
        return True

    return conjunction


def disjunction(expr: Any, build: Build) -> Closure:
    parts = [build(e) for e in expr[1:]]

    def disjunction(frame: Frame) -> bool:
        for part in parts:  # noqa: SIM110  as above
            if part(frame):
                return True
        return False

    return disjunction


def negation(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])
    return lambda frame: not inner(frame)


def holds(expr: Any, build: Build) -> Closure:
    """A value as a condition: it holds unless it is unset or ``off``."""
    inner = build(expr[1])

    def holds(frame: Frame) -> bool:
        value = inner(frame)
        return value is not None and value is not False

    return holds


def when(expr: Any, build: Build) -> Closure:
    value, condition, otherwise = build(expr[1]), build(expr[2]), build(expr[3])
    return lambda frame: value(frame) if condition(frame) else otherwise(frame)


def otherwise(expr: Any, build: Build) -> Closure:
    value, otherwise = build(expr[1]), build(expr[2])

    def fallback(frame: Frame) -> Value:
        found = value(frame)
        return otherwise(frame) if found is None else found

    return fallback


def equal(expr: Any, build: Build) -> Closure:
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

    def equal_but_no_switch(frame: Frame) -> bool:
        value = left(frame)
        return value is not True and value is not False and value in (number, version)

    return equal if number not in (0, 1) else equal_but_no_switch  # Python takes True for 1


def _aligned(a: Value, b: Value) -> bool:
    """Equality of two values that are set; a number is the version of one number."""
    if type(a) is tuple and type(b) is int:
        return a == (b,)
    if type(b) is tuple and type(a) is int:
        return b == (a,)
    return bool(a == b) and (type(a) is bool) is (type(b) is bool)


def unequal(expr: Any, build: Build) -> Closure:
    left, right = build(expr[1]), build(expr[2])

    def unequal(frame: Frame) -> bool:
        a, b = left(frame), right(frame)
        return a is not None and b is not None and not _aligned(a, b)

    return unequal


def ordered(expr: Any, build: Build) -> Closure:
    test: Callable[[Any, Any], bool] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[expr[0]]
    left, right = build(expr[1]), build(expr[2])
    if type(expr[2]) is int:
        return _ordered_number(test, left, expr[2])

    def ordered(frame: Frame) -> bool:
        a, b = left(frame), right(frame)
        if type(a) is tuple and type(b) is int:
            b = (b,)
        elif type(b) is tuple and type(a) is int:
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


def is_kind(expr: Any, build: Build) -> Closure:
    subject, kind = build(expr[1]), expr[2]

    def is_kind(frame: Frame) -> bool:
        entity = subject(frame)
        return isinstance(entity, Entity) and kind in entity.kinds

    return is_kind


def names_kind(expr: Any, build: Build) -> Closure:
    """Whether a text is the name of a device type of some kind, or of a model that processors can be of."""
    text, kind = build(expr[1]), expr[2]
    if kind == MODELS:

        def names_model(frame: Frame) -> bool:
            value, family = text(frame), frame[STATE].machine.family
            return isinstance(value, str) and family is not None and value in family.knowledge.models()

        return names_model

    def names_kind(frame: Frame) -> bool:
        value, family = text(frame), frame[STATE].machine.family
        return isinstance(value, str) and family is not None and kind in family.knowledge.line_of(value, aliases=False)

    return names_kind


def under(expr: Any, build: Build) -> Closure:
    item, above = build(expr[1]), build(expr[2])

    def under(frame: Frame) -> bool:
        entity, ancestor = item(frame), above(frame)
        while entity is not None and entity is not ancestor:
            entity = entity.bus if isinstance(entity, Device) else entity.owner if isinstance(entity, Bus) else None
        return entity is not None

    return under


class Versions(NamedTuple):
    """A range of versions, both ends in it: ``2.4 .. 3.0`` has 3.0 but not 3.0.1."""

    low: tuple[int, ...]
    high: tuple[int, ...]


def _version_of(value: Value) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


def between(expr: Any, build: Build) -> Closure:
    low, high = build(expr[1]), build(expr[2])

    def between(frame: Frame) -> range | Versions | None:
        a, b = low(frame), high(frame)
        if type(a) is int and type(b) is int:
            return range(a, b + 1)
        bounds = type(a) in (int, tuple) and type(b) in (int, tuple)
        return Versions(_version_of(a), _version_of(b)) if bounds else None

    return between


_MANY = 1_000  # members from which on looking at them counts


def set_of(expr: Any, build: Build) -> Closure:
    parts = [build(e) for e in expr[1:]]
    if not any(isinstance(e, list) and e[:1] == ["range"] for e in expr[1:]):
        return lambda frame: tuple(v for v in (part(frame) for part in parts) if v is not None)

    def with_ranges(frame: Frame) -> tuple[Value, ...]:
        found: dict[Value, None] = {}
        for value in (part(frame) for part in parts):
            if isinstance(value, range):
                if len(value) > _MANY:
                    spend(frame[STATE], len(value))
                found.update(dict.fromkeys(value))
            elif value is not None:
                found[value] = None
        return tuple(found)

    return with_ranges


def contained(expr: Any, build: Build) -> Closure:
    item, among = build(expr[1]), build(expr[2])
    if isinstance(expr[2], tuple) and all(isinstance(v, str) for v in expr[2]):
        return _in_texts(item, frozenset(expr[2]))

    def contained(frame: Frame) -> bool:
        value, values = item(frame), among(frame)
        if value is None or values is None:
            return False
        if isinstance(values, range):
            return type(value) is int and value in values
        if isinstance(values, Versions):
            return type(value) in (int, tuple) and values.low <= _version_of(value) <= values.high
        members = _members(values)
        if len(members) > _MANY:
            spend(frame[STATE], len(members) >> 4)
        return any(_aligned(value, v) or (isinstance(value, Entity) and v in value.kinds) for v in members)

    return contained


def _in_texts(item: Closure, texts: frozenset[str]) -> Closure:
    """Whether a text is one of some, or an entity of one of these kinds."""

    def contained(frame: Frame) -> bool:
        value = item(frame)
        return not texts.isdisjoint(value.kinds) if isinstance(value, Entity) else isinstance(value, str) and value in texts

    return contained


def meets(expr: Any, build: Build) -> Closure:
    left, right = build(expr[1]), build(expr[2])

    def met(frame: Frame) -> bool:
        some, others = _members(left(frame)), _members(right(frame))
        if len(some) * len(others) > _MANY:
            spend(frame[STATE], len(some) * len(others) >> 6)
        return not set(some).isdisjoint(others) and any(_aligned(a, b) for a in some for b in others)

    return met


def _members(value: Value) -> tuple[Value, ...]:
    """What is in a set; anything else is a set of one."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def power_of_two(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def power_of_two(frame: Frame) -> bool:
        value = inner(frame)
        return type(value) is int and value > 0 and not value & (value - 1)

    return power_of_two
