"""Lists of records, as JSON writes them: what stands under a key of each, and what can be asked of that."""

from __future__ import annotations

from collections.abc import Iterator, Sized

from qrules.linked.steps import spend
from qrules.machine.frames import STATE, Build, Closure, Frame, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def members(expr: Any, build: Build) -> Closure:
    """``members(x, "key")``: the values under a key of the records in a list, in their order; a value that is a list itself
    adds its own. What stands twice is there twice.
    """
    inner, key = build(expr[1]), build(expr[2])

    def members(frame: Frame) -> Value:
        found = inner(frame)
        if not isinstance(found, list):
            return None
        _looked(frame, found)
        values = tuple(_values(found, key(frame)))
        _looked(frame, values)
        return values

    return members


def _looked(frame: Frame, values: Sized) -> None:
    """Takes the steps of looking at all that stands in a list. Raises `TooLong`."""
    spend(frame[STATE], len(values) >> 4)


def _values(records: list[Any], key: object) -> Iterator[Value]:
    for record in records:
        value = record.get(key) if isinstance(record, dict) else None
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, (str, int)):
                yield each


def holding(expr: Any, build: Build) -> Closure:
    """``holding(x, "key")``: how many records of a list have a key."""
    inner, key = build(expr[1]), build(expr[2])

    def holding(frame: Frame) -> Value:
        found = inner(frame)
        if not isinstance(found, list):
            return None
        _looked(frame, found)
        name = key(frame)
        return sum(isinstance(record, dict) and name in record for record in found)

    return holding


def repeated(expr: Any, build: Build) -> Closure:
    """``repeated(s)``: the first value of a set that stands in it twice, as only `members` gives it."""
    inner = build(expr[1])

    def repeated(frame: Frame) -> Value:
        seen: set[Value] = set()
        values = inner(frame)
        if not isinstance(values, tuple):
            return None
        _looked(frame, values)
        for value in values:
            if value in seen:
                return value
            seen.add(value)
        return None

    return repeated


def largest(expr: Any, build: Build) -> Closure:
    """``largest(s)``: the largest number of a set; unset where it has none."""
    inner = build(expr[1])

    def largest(frame: Frame) -> Value:
        values = inner(frame)
        if not isinstance(values, tuple):
            return None
        _looked(frame, values)
        return max((v for v in values if type(v) is int), default=None)

    return largest


def last(expr: Any, build: Build) -> Closure:
    """``last(s)``: the last value of a set, in the order in which `members` found them."""
    inner = build(expr[1])

    def last(frame: Frame) -> Value:
        values = inner(frame)
        return values[-1] if isinstance(values, tuple) and values else None

    return last
