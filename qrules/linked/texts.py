"""Functions of expressions that look into texts: prefixes, patterns, letters as numbers, pieces, addresses of networks.

Each takes a compiled expression and the builder of its parts, and gives a closure over a frame. What is no text has no pieces,
and what can't be read is unset.
"""

from __future__ import annotations

from qrules.knowledge.patterns import Pattern
from qrules.linked import numbers
from qrules.linked.steps import spend_text
from qrules.machine.frames import STATE, Build, Closure, Frame, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LETTERS = 26
_MOST = 1 << 31  # a number in letters is smaller
_MOST_LETTERS = 7
_DIGITS = frozenset("0123456789")
_LARGEST = 126  # what two may be raised to


def _two(expr: Any, build: Build, of: Callable[[str, str], Value]) -> Closure:
    """A function of two texts; unset where one of them is none."""
    first, second = build(expr[1]), build(expr[2])

    def function(frame: Frame) -> Value:
        text, other = first(frame), second(frame)
        if not isinstance(text, str) or not isinstance(other, str):
            return None
        spend_text(frame[STATE], text)
        return of(text, other)

    return function


def begins(expr: Any, build: Build) -> Closure:
    return _two(expr, build, lambda text, prefix: text.startswith(prefix))


def matches(expr: Any, build: Build) -> Closure:
    patterns: dict[str, Pattern] = {}

    def fits(text: str, written: str) -> bool:
        if written not in patterns:
            patterns[written] = Pattern(written)
        return patterns[written].matches(text)

    return _two(expr, build, fits)


def after(expr: Any, build: Build) -> Closure:
    return _two(expr, build, lambda text, prefix: text[len(prefix) :] if text.startswith(prefix) else None)


def before_last(expr: Any, build: Build) -> Closure:
    return _two(expr, build, lambda text, separator: text.rpartition(separator)[0] if separator in text else None)


def split(expr: Any, build: Build) -> Closure:
    return _two(expr, build, lambda text, separator: tuple(text.split(separator)) if separator else None)


def lettered(expr: Any, build: Build) -> Closure:
    """The number that letters stand for: a is 0, z is 25, aa is 26."""
    inner = build(expr[1])

    def lettered(frame: Frame) -> Value:
        text = inner(frame)
        if not isinstance(text, str) or not text or len(text) > _MOST_LETTERS or not text.isascii() or not text.islower():
            return None
        if not text.isalpha():
            return None
        number = 0
        for letter in text:
            number = number * _LETTERS + ord(letter) - ord("a") + 1
        return number - 1 if number <= _MOST else None

    return lettered


def number(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def number(frame: Frame) -> Value:
        value = inner(frame)
        if isinstance(value, str):
            return numbers.integer(value)
        return value if type(value) is int else None

    return number


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


def ipv4(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def ipv4(frame: Frame) -> Value:
        """The 32 bits of an address as inet_aton of C reads it: up to four numbers, the last with the bits that are left."""
        value = inner(frame)
        if not isinstance(value, str) or len(value) > 64:
            return None
        parts = value.split(".")
        if len(parts) > 4 or not all(part[:1] in _DIGITS and part for part in parts):
            return None
        *high, low = (numbers.integer(part) for part in parts)
        if low is None or low >= 1 << 8 * (4 - len(high)) or any(part is None or part > 255 for part in high):
            return None
        return low + sum(part << 8 * (3 - at) for at, part in enumerate(high) if part is not None)

    return ipv4


def two_to(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])

    def two_to(frame: Frame) -> Value:
        value = inner(frame)
        return 1 << value if type(value) is int and 0 <= value <= _LARGEST else None

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


def emulator_has(expr: Any, build: Build) -> Closure:
    """Whether the emulator that is meant has a device type."""
    inner = build(expr[1])

    def has(frame: Frame) -> bool:
        name = inner(frame)
        return isinstance(name, str) and frame[STATE].emulator_has(name)

    return has


def emulator_machine(expr: Any, build: Build) -> Closure:
    """The emulator's own name of a machine; unset where it has none of that name."""
    inner = build(expr[1])

    def named(frame: Frame) -> Value:
        name = inner(frame)
        return frame[STATE].emulator_machine(name) if isinstance(name, str) else None

    return named
