"""Colour and layout of text for a terminal; plain for a pipe. No library: what is needed is five escape codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from qrules.visible import BREAK, MARK, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


_WIDEST = 240  # characters of a column; what is longer pushes its own row aside alone
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


def width() -> int:
    """How many characters a line has: those of the terminal, 100 at the most; 88 in a pipe."""
    if not sys.stdout.isatty():
        return _PIPE
    try:
        return min(os.get_terminal_size(sys.stdout.fileno()).columns or _PIPE, 100)
    except (OSError, ValueError):
        return _PIPE


def wrapped(text: str, indent: str = "", first: str | None = None, columns: int | None = None) -> str:
    """Text in lines of the terminal's width; words that are longer stay whole."""
    columns = columns or width()
    start = indent if first is None else first
    lines: list[str] = []
    line = start
    empty = True
    for word in text.split(" "):  # at nothing else: a line feed from outside shows
        if not word:
            continue
        if not empty and len(line) + 1 + len(word) > columns:
            lines.append(line)
            line, empty = indent, True
        line += word if empty else " " + word
        empty = False
    return BREAK.join([*lines, line])


def echo(text: str) -> str:
    """What somebody said, at the beginning of a line: in quotes where it could be taken for a verdict of ours."""
    return f"'{text}'" if text.lstrip().startswith(_VERDICTS) else text


def shell(rows: Sequence[str]) -> str:
    """The lines of one command, with backslashes at their ends."""
    return f" \\{BREAK}  ".join(rows)


def table(rows: Sequence[tuple[str, ...]], gap: str = "  ") -> list[str]:
    """Rows in columns as wide as their widest cell; the last column is not padded."""
    if not rows:
        return []
    told = [[cell if MARK in cell else printable(cell) for cell in row] for row in rows]
    widths = [min(_WIDEST, max(len(row[i]) for row in told)) for i in range(len(told[0]))]
    return [gap.join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip() for row in told]
