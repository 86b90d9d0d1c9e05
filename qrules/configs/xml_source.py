"""A text with stretches of it, which have lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

from qrules.diagnostics import Span
from qrules.records import NamedTuple


class Extent(NamedTuple):
    """A stretch of a document: `line` and `column` (from 1) of its first character, offsets of that and of the one behind it."""

    line: int
    column: int
    start: int
    end: int


class Source:
    """A text whose lines are counted once somebody asks."""

    __slots__ = ("_lines", "text", "where")

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self._lines: list[int] | None = None

    def extent(self, start: int, end: int) -> Extent:
        """The stretch from one offset to another."""
        if self._lines is None:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, start)
        return Extent(line, start - self._lines[line - 1] + 1, start, end)

    def offset(self, line: int, column: int) -> int:
        """The offset of a place by line and column, which are in the text."""
        self.extent(0, 0)
        assert self._lines is not None
        return self._lines[line - 1] + column - 1

    def span(self, start: int, end: int) -> Span:
        """The same as diagnostics have it."""
        first, last = self.extent(start, start), self.extent(end, end)
        return Span(self.where, first.line, first.column, last.line, last.column)
