"""Colour and layout of text for a terminal; plain for a pipe. No library: what is needed is five escape codes."""

from __future__ import annotations

import os
import sys

from qrules.visible import BREAK, MARK, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO


_WIDEST = 240  # characters of a column; what is longer pushes its own row aside alone
_MOST = 120  # characters of a line of prose
_PIPE = 88  # characters a line where no terminal says otherwise
_VERDICTS = ("accepted", "rejected", "unknown  (", "Yes: ", "No: ", "Unknown: ", "verified (", "not verified (", "qrules: ")
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Style:
    """Paints words, or leaves them as they are. The colours are marks, which `qrules.visible.shown` turns into codes."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, *names: str) -> str:
        if not self.colour or not text:
            return text
        return f"{MARK}{';'.join(_CODES[n] for n in names)}m{text}{MARK}0m"


def wants_colour(stream: TextIO, choice: str = "auto") -> bool:
    """``always``, ``never``, or ``auto``: a terminal that is not dumb, and no NO_COLOR (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def window() -> int | None:
    """How many characters a line of the terminal has; None in a pipe."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError):
        return None


def width() -> int:
    """How many characters a line of prose has: those of the terminal, 120 at the most; 88 in a pipe."""
    return min(window() or _PIPE, _MOST)


def fitted(text: str, indent: str, first: str) -> str:
    """What people search for and copy: in lines of the terminal's width, in a pipe in one."""
    return wrapped(text, indent, first) if window() is not None else first + text


def wrapped(text: str, indent: str = "", first: str | None = None, columns: int | None = None) -> str:
    """Text in lines of the terminal's width; words that are longer stay whole."""
    start = indent if first is None else first
    columns = (columns or width()) + (len(start) - _seen(start) if MARK in start else 0)
    lines: list[str] = []
    line = start
    empty = True
    for word in text.split(" "):  # at nothing else: a line feed from outside shows
        if not word:
            continue
        if not empty and len(line) + 1 + len(word) > columns:
            if not lines:
                columns -= len(start) - _seen(start)
            lines.append(line)
            line, empty = indent, True
        line += word if empty else " " + word
        empty = False
    return BREAK.join([*lines, line])


def _seen(text: str) -> int:
    """How many characters of a text show, its colours left out."""
    first, *marked = text.split(MARK)
    return len(first) + sum(len(part.partition("m")[2]) for part in marked)


def echo(text: str) -> str:
    """What somebody said, at the beginning of a line: in quotes where it could be taken for a verdict of ours."""
    return f"'{text}'" if text.lstrip().startswith(_VERDICTS) else text


def shell(rows: Sequence[str]) -> str:
    """The lines of one command, with backslashes at their ends; an option that a terminal has no room for stands in two."""
    columns = window()
    if columns is not None:
        rows = [row.replace(" ", f" \\{BREAK}    ", 1) if len(row) + 4 > columns else row for row in rows]
    return f" \\{BREAK}  ".join(rows)


def table(rows: Sequence[tuple[str, ...]], gap: str = "  ") -> list[str]:
    """Rows in columns as wide as their widest cell; the last column is not padded.

    What is wider than the terminal has its last cell below it.
    """
    if not rows:
        return []
    told = [[cell if MARK in cell else printable(cell) for cell in row] for row in rows]
    widths = [min(_WIDEST, max(len(row[i]) for row in told)) for i in range(len(told[0]))]
    columns = window()
    if columns is not None and len(widths) > 1 and sum(widths) + len(gap) * len(widths) > columns:
        return [line for row in told for line in _in_two(row, widths, gap, columns)]
    return [gap.join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip() for row in told]


def _in_two(row: list[str], widths: list[int], gap: str, columns: int) -> list[str]:
    first = gap.join(cell.ljust(widths[i]) for i, cell in enumerate(row[:-1])).rstrip()
    indent = " " * (len(first) - len(first.lstrip()) + 6)
    if len(first) + len(gap) + len(row[-1]) + len(gap) <= columns and MARK not in first:
        return [(first + gap + row[-1]).rstrip()]
    return [first, *([wrapped(row[-1], indent)] if row[-1] else [])]
