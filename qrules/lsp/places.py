"""Places in a text as editors count them (from 0, columns in units of UTF-16), and as everything else here does (from 1)."""

from __future__ import annotations

from qrules.diagnostics import Span
from qrules.records import NamedTuple


class Position(NamedTuple):
    """A line and a column, both from 0; `column` counts units of UTF-16."""

    line: int
    column: int


class Range(NamedTuple):
    """From where to where, the end not included."""

    start: Position
    end: Position


class Change(NamedTuple):
    """Another text in place of a stretch."""

    range: Range
    text: str


def units(text: str) -> int:
    """How many units of UTF-16 a text has."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF) if not text.isascii() else len(text)


class Lines:
    """A text with its lines, which end at line feeds alone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")

    def line(self, number: int) -> str:
        """A line by its number from 0; empty behind the last."""
        return self.lines[number].removesuffix("\r") if 0 <= number < len(self.lines) else ""

    def index(self, position: Position) -> int:
        """The index in its line of what stands at a position."""
        line = self.line(position.line)
        if line.isascii():
            return min(max(position.column, 0), len(line))
        left = position.column
        for index, character in enumerate(line):
            if left <= 0:
                return index
            left -= 2 if ord(character) > 0xFFFF else 1
        return len(line)

    def position(self, line: int, index: int) -> Position:
        """The position of an index in a line, both from 0."""
        number = min(max(line, 0), len(self.lines) - 1)
        return Position(number, units(self.line(number)[: max(index, 0)]))

    def range(self, line: int, start: int, end: int) -> Range:
        """A stretch of one line."""
        return Range(self.position(line, start), self.position(line, end))

    def of_span(self, span: Span) -> Range:
        """A span; one without an end goes to the end of the word that stands there, one of a whole file is its first line."""
        if not span.line:
            return self.range(0, 0, len(self.line(0)))
        line, column = span.line - 1, span.column - 1
        start = self.position(line, column)
        if span.end_line:
            end = self.position(span.end_line - 1, span.end_column - 1)
            return Range(start, end if end > start else self.position(line, column + 1))
        text = self.line(line)
        stop = column
        while stop < len(text) and (text[stop].isalnum() or text[stop] in "_-."):
            stop += 1
        return Range(start, self.position(line, max(stop, min(column + 1, len(text)))))

    def whole(self) -> Range:
        """All of the text."""
        return Range(Position(0, 0), self.position(len(self.lines) - 1, len(self.lines[-1])))


def changed(text: str, changes: tuple[Change, ...]) -> str:
    """A text with changes that do not overlap."""
    lines = Lines(text)
    starts = [0]
    for line in lines.lines:
        starts.append(starts[-1] + len(line) + 1)
    for change in sorted(changes, key=lambda c: c.range.start, reverse=True):
        start, end = (starts[p.line] + lines.index(p) for p in change.range)
        text = text[:start] + change.text + text[end:]
    return text


def difference(before: str, after: str) -> tuple[Change, ...]:
    """The lines that differ between two texts as one change, without what is the same at both ends."""
    if before == after:
        return ()
    old, new = before.split("\n"), after.split("\n")
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    lines = Lines(before)
    gone, come = old[first : len(old) - last], new[first : len(new) - last]
    if gone and come:
        end = lines.position(first + len(gone) - 1, len(gone[-1]))
        return (Change(Range(Position(first, 0), end), "\n".join(come)),)
    if come:
        if first < len(old):
            here = Position(first, 0)
            return (Change(Range(here, here), "\n".join(come) + "\n"),)
        here = lines.whole().end
        return (Change(Range(here, here), "\n" + "\n".join(come)),)
    if first + len(gone) < len(old):
        return (Change(Range(Position(first, 0), Position(first + len(gone), 0)), ""),)
    start = lines.position(first - 1, len(old[first - 1])) if first else Position(0, 0)
    return (Change(Range(start, lines.whole().end), ""),)
