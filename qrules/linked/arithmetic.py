"""Expressions that compute: numbers, texts, sets put together.

Whatever is computed with an unset value is unset, and what needs a number is unset for a switch, too.
Each function takes a compiled expression and the builder of its parts, and gives a closure over a frame.
"""

from __future__ import annotations

import _operator as operator  # operator's own, without what it imports

from qrules.linked.steps import MOST_DIGITS, TooLong, spend, spend_text
from qrules.machine.frames import STATE, Build, Closure, Frame, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


def arithmetic(expr: Any, build: Build) -> Closure:
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
        if type(a) is int and type(b) is int:
            return None if divides and b == 0 else bounded(compute(a, b))
        return _joined(a, b, frame) if adds and a is not None and b is not None else None

    return result


def bounded(number: int) -> int:
    """The number. Raises `TooLong` for one that is larger than any that could be meant."""
    if -MOST_DIGITS < number < MOST_DIGITS:
        return number
    raise TooLong("a number becomes larger than 127 bits")


def _joined(a: Value, b: Value, frame: Frame) -> Value:
    if isinstance(a, str) and isinstance(b, str):
        spend_text(frame[STATE], text := a + b)
        return text
    if isinstance(a, tuple) or isinstance(b, tuple):  # sets: everything in either
        left, right = (v if isinstance(v, tuple) else (v,) for v in (a, b))
        spend(frame[STATE], (len(left) + len(right)) >> 6)
        return tuple({(type(v) is bool, v): v for v in (*left, *right)}.values())  # 1 and on are two
    return None  # a text and a number, say: nothing that could be meant


def negative(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def negative(frame: Frame) -> Value:
        value = inner(frame)
        return -value if type(value) is int else None

    return negative


def extreme(expr: Any, build: Build) -> Closure:
    choose: Callable[[Iterable[Any]], Any] = min if expr[0] == "min" else max
    parts = [build(e) for e in expr[1:]]

    def extreme(frame: Frame) -> Value:
        values = [v for v in (part(frame) for part in parts) if type(v) is int]
        return choose(values) if values else None

    return extreme


def lowered(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def lowered(frame: Frame) -> Value:
        value = inner(frame)
        if not isinstance(value, str):
            return None
        spend_text(frame[STATE], value)
        return value.lower()

    return lowered


def later(expr: Any, build: Build) -> Closure:
    version, years = build(expr[1]), build(expr[2])

    def later(frame: Frame) -> Value:
        """The version so many major ones on: 11.2 for 5.2 and 6."""
        value, more = version(frame), years(frame)
        if not isinstance(value, tuple) or not isinstance(more, int) or isinstance(more, bool):
            return None
        return (value[0] + more, *value[1:])

    return later


def length(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def length(frame: Frame) -> Value:
        value = inner(frame)
        return len(value) if isinstance(value, (str, list, tuple)) else None

    return length


def twice(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def twice(frame: Frame) -> Value:
        """The first character of a text that stands before it, too."""
        value = inner(frame)
        if not isinstance(value, str):
            return None
        spend_text(frame[STATE], value)
        met: set[str] = set()
        for character in value:
            if character in met:
                return character
            met.add(character)
        return None

    return twice


def as_hex(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def as_hex(frame: Frame) -> Value:
        value = inner(frame)
        return f"{value:x}" if type(value) is int else None

    return as_hex


def in_bytes(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def counted(frame: Frame) -> Value:
        """A size as a number: a number itself, or text such as ``64M`` as the emulator reads it."""
        value = inner(frame)
        if type(value) is int or not isinstance(value, str):
            return value if type(value) is int else None
        from qrules.linked.numbers import size

        return size(value)

    return counted
