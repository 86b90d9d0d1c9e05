"""Values as whole numbers, where they are any."""

from __future__ import annotations


def integer_or_none(value: object) -> int | None:
    """A bound that a rule computes: anything but a number bounds nothing."""
    return value if type(value) is int else None


def integer(value: object) -> int | None:
    """The number that a value is, or that its text spells as the emulator reads it (`qrules.linked.numbers`)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    if value.isdigit() and value.isascii() and value[0] != "0" and len(value) < 19:  # nearly all that people write
        return int(value)
    from qrules.linked import numbers

    return numbers.integer(value)
