"""Expressions that take texts apart, and read what stands in them: pieces, numbers, addresses of networks.

Each function takes a compiled expression and the builder of its parts, and gives a closure over a frame. What is no text has no
pieces, and what can't be read is unset.
"""

from __future__ import annotations

import re

from qrules.linked.steps import spend_text
from qrules.machine.frames import STATE, Build, Closure, Frame, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PART = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")
_MOST = 126  # what two is raised to: larger numbers are no rule's


def piece(expr: Any, build: Build) -> Closure:
    text, separator, which = (build(e) for e in expr[1:])

    def piece(frame: Frame) -> Value:
        """What stands between two separators of a text, counted from 0."""
        value, between, number = text(frame), separator(frame), which(frame)
        if not isinstance(value, str) or not isinstance(between, str) or not between or type(number) is not int or number < 0:
            return None
        spend_text(frame[STATE], value)
        pieces = value.split(between, number + 1)
        return pieces[number] if number < len(pieces) else None

    return piece


def number(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def number(frame: Frame) -> Value:
        """The number that a text spells as C reads it: decimal, ``0x`` hexadecimal or ``0`` octal."""
        value = inner(frame)
        if type(value) is int or not isinstance(value, str):
            return value if type(value) is int else None
        from qrules.linked.numbers import integer

        return integer(value)

    return number


def ipv4(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def ipv4(frame: Frame) -> Value:
        """The 32 bits of an address as inet_aton of C reads it: up to four numbers, the last with the bits that are left."""
        value = inner(frame)
        if not isinstance(value, str) or len(value) > 64:
            return None
        parts = value.split(".")
        if len(parts) > 4 or not all(_PART.fullmatch(part) for part in parts):
            return None
        from qrules.linked.numbers import integer

        *high, low = (integer(part) for part in parts)
        if low is None or low >= 1 << 8 * (4 - len(high)) or any(part is None or part > 255 for part in high):
            return None
        return low + sum(part << 8 * (3 - at) for at, part in enumerate(high) if part is not None)

    return ipv4


def two_to(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def two_to(frame: Frame) -> Value:
        value = inner(frame)
        return 1 << value if type(value) is int and 0 <= value <= _MOST else None

    return two_to


def strange(expr: Any, build: Build) -> Closure:
    text, known = build(expr[1]), build(expr[2])

    def strange(frame: Frame) -> Value:
        """The first character of a text that is none of the known ones."""
        value, among = text(frame), known(frame)
        if not isinstance(value, str) or not isinstance(among, str):
            return None
        spend_text(frame[STATE], value)
        return next((character for character in value if character not in among), None)

    return strange
