"""The user's own words with carets under what is meant: of a text as in messages about rule files, or as the words stand.

vm.sh:2:11: error: device 1, e1000: ICH9-LPC sits at 1f.0 of pcie.0, ...
  2 |   -device e1000,addr=1f.0
    |                 ^^^^^^^^^
"""

from __future__ import annotations

from qrules.report.style import Style, window
from qrules.visible import seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.configs.commands import Command
    from qrules.machine.request import Where

_SHOWN = 160  # characters of a line that are shown: output has to stay in proportion to what was asked
_LEAST = 40  # however narrow a terminal is
_MARGIN = 10  # columns before what is shown
_AROUND = _MARGIN + len("...") + len(" ...")
_BEFORE = 60  # of them before what is meant, where that is further on


class Excerpts:
    """What of the user's input is shown beside a reason: of the text `name` that `command` stands in, or else of `words`."""

    def __init__(self, words: list[str] | None = None, command: Command | None = None, name: str = "") -> None:
        self._words, self._command, self._name = words, command, name
        self._lines: list[str] | None = None
        self._keys: tuple[Where, dict[str, tuple[int, int] | None]] | None = None  # of the list that was asked about last

    def place(self, where: Where | None, about: str = "") -> str:
        """``vm.sh:2:17: ``; empty where the words stand in no text."""
        if self._command is None or where is None:
            return ""
        line, column = self._command.position(self._narrowed(where, about))
        return f"{self._name}:{line}:{column}: "

    def lines(self, where: Where | None, style: Style, about: str = "", more: str = "") -> Iterator[str]:
        """The line that `where` is in, and carets below it; `about` is the key that is meant of several, `more` comes last."""
        if where is None or self._words is None or where.argument >= len(self._words):
            return
        narrow = self._narrowed(where, about)
        if self._command is not None and narrow.argument < len(self._command.words):
            yield from self._of_text(narrow, style, more)
            return
        word, before = self._words[where.argument], self._option(where.argument)
        text, start, end = cut(before + word, len(before) + narrow.start, len(before) + max(narrow.end, narrow.start + 1))
        yield "  " + style("in", "dim") + "      " + text + more
        if (start, end) != (0, len(text)):
            yield " " * (10 + start) + style("^" * (end - start), "bold", "red")

    def _of_text(self, where: Where, style: Style, more: str) -> Iterator[str]:
        assert self._command is not None
        line, column = self._command.position(where)
        until, last = self._command.position(where._replace(start=max(where.start, where.end - 1)))
        if self._lines is None:
            self._lines = self._command.text.split("\n")
        whole = self._lines[line - 1].rstrip("\r") if line <= len(self._lines) else ""
        end = last if until == line else len(whole)
        text, start, end = cut(whole, column - 1, max(end, column))
        number, bar = str(line), style("|", "dim")
        yield f"  {style(number, 'dim')} {bar} {text}{more}"
        yield f"  {' ' * len(number)} {bar} {' ' * start}{style('^' * (end - start), 'bold', 'red')}"

    def _narrowed(self, where: Where, about: str) -> Where:
        """The place of ``about=...`` in a list of keys, where it stands there once; else the place as it is."""
        if not about or self._words is None or where.argument >= len(self._words):
            return where
        if self._keys is None or self._keys[0] != where:
            self._keys = where, _keys(self._words[where.argument][where.start : where.end])
        found = self._keys[1].get(about)
        return where._replace(start=where.start + found[0], end=where.start + found[1]) if found is not None else where

    def _option(self, argument: int) -> str:
        """The option before an argument, with a blank; nothing where the word is one itself."""
        assert self._words is not None
        before = self._words[argument - 1] if argument > 0 else ""
        own = before.startswith("-") and not self._words[argument].startswith("-")
        return before + " " if own and len(before) <= _SHOWN else ""


def _keys(text: str) -> dict[str, tuple[int, int] | None]:
    """Where each key of a list, or of a JSON object, stands with its value; None for one that stands there again."""
    found: dict[str, tuple[int, int] | None] = {}
    if text.startswith("{"):
        from qrules.configs.json_text import members

        return dict(members(text))
    at = 0
    for part in text.split(","):
        key = part.split("=", 1)[0]
        found[key] = None if key in found else (at, at + len(part))
        at += len(part) + 1
    return found


def cut(line: str, start: int, end: int) -> tuple[str, int, int]:
    """What of a line is shown, and where the carets begin and end in it: a terminal that breaks the line shows them nowhere."""
    columns = window()
    most = _SHOWN if columns is None else max(_LEAST, min(_SHOWN, columns - _AROUND))
    if len(line) <= (most if columns is None else most + _AROUND - _MARGIN):
        return _plain(line), start, max(start + 1, min(end, len(line)))
    first = max(0, start - min(_BEFORE, most // 3)) if end > most else 0
    shown = _plain(line[first : first + most])
    start -= first
    return ("..." if first else "") + shown + " ...", start + 3 * bool(first), min(end - first, most) + 3 * bool(first)


def _plain(text: str) -> str:
    """As many characters, of which each is seen."""
    return "".join(c if seen(c) else " " if c.isspace() else "\ufffd" for c in text)
