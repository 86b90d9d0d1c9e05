"""Expressions that compute: numbers, texts, sets put together.

Whatever is computed with an unset value is unset, and what needs a number is unset for a switch, too.
Each function takes a compiled expression and the builder of its parts, and gives a closure over a frame.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from qrules.machine.frames import Build, Closure, Frame, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
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
            return None if divides and b == 0 else compute(a, b)
        return _joined(a, b) if adds and a is not None and b is not None else None

    return result


def _joined(a: Value, b: Value) -> Value:
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    if isinstance(a, tuple) or isinstance(b, tuple):  # sets: everything in either
        left, right = (v if isinstance(v, tuple) else (v,) for v in (a, b))
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
        return value.lower() if isinstance(value, str) else None

    return lowered


def length(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def length(frame: Frame) -> Value:
        value = inner(frame)
        return len(value) if isinstance(value, str) else None

    return length


def as_hex(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def as_hex(frame: Frame) -> Value:
        value = inner(frame)
        return f"{value:x}" if type(value) is int else None

    return as_hex


_UNITS = {"b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50, "e": 60}


def in_bytes(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def counted(frame: Frame) -> Value:
        """A size as a number: a number itself, or text such as ``64M`` (units are powers of 1024)."""
        value = inner(frame)
        if type(value) is int:
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
