"""Whole numbers in texts from outside: ASCII digits alone, and never so many that reading them costs or fails."""

from __future__ import annotations

_DIGITS = 18  # as many as always fit into 64 bits


def whole_number(text: str) -> int | None:
    """The number that a text of 1 to 18 ASCII digits is; None for every other text, a longer one too. Raises nothing."""
    return int(text) if len(text) <= _DIGITS and text.isascii() and text.isdigit() else None
