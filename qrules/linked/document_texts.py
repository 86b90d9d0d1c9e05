"""Functions of expressions that look into texts: prefixes, patterns, letters as numbers, what stands between separators."""

from __future__ import annotations

from qrules.knowledge.patterns import Pattern
from qrules.linked.steps import spend_text
from qrules.machine.frames import STATE, Build, Closure, Frame, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LETTERS = 26
_MOST = 1 << 31  # a number in letters is smaller
_MOST_LETTERS = 7


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
