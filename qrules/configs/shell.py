"""A command line as a shell takes it, pasted or in a file: its words, and where each of their characters stands.

Quotes, backslashes before newlines, comments, ``NAME=value`` before the program (as libvirt writes its ``.args``), and
what runs it (``exec``, ``sudo``). Nothing is expanded: a ``$NAME`` stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from qrules.diagnostics import Span, unusable
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.machine.request import Where

_PLAIN = re.compile(r"[^\s'\"\\;&|<>()]+")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_GOES_ON = re.compile(r"[ \t\r]*-")
_WRAPPERS = ("exec", "sudo", "env", "nohup", "time")
_ENDS = ";&|<>()"  # what ends a simple command


class Word(NamedTuple):
    """A word without its quotes. `pieces` are (offset in the word, offset in the text), in order; `end` is its end there."""

    text: str
    pieces: tuple[tuple[int, int], ...]
    end: int

    def place(self, at: int) -> int:
        """Where a character of the word stands in the text."""
        if at >= len(self.text):
            return self.end
        start, source = self.pieces[bisect_right(self.pieces, (at, len(self.text) + self.end)) - 1]
        return source + at - start


class Command(NamedTuple):
    """The command of a text: its words, and the text that they stand in."""

    words: tuple[Word, ...]
    text: str

    @property
    def argv(self) -> list[str]:
        """The words, without where they stand."""
        return [word.text for word in self.words]

    def position(self, where: Where) -> tuple[int, int]:
        """Line and column (from 1) in the text of what `where` points at."""
        at = self.words[where.argument].place(where.start) if where.argument < len(self.words) else len(self.text)
        return self.text.count("\n", 0, at) + 1, at - (self.text.rfind("\n", 0, at) + 1) + 1


def command(text: str, name: str) -> Command:
    """The first command of a text that runs an emulator, or else its first command. `name` stands for the text in messages.

    Raises `Unusable`: QR435 for a quote that is never closed, QR436 where there is no command at all.
    """
    commands = [found for words in _commands(text, name) if (found := _bare(words))]
    if not commands:
        raise unusable("QR436", "there is no command line in it", name, expected="qemu-system-x86_64 -M q35 ...")
    chosen = next((words for words in commands if _runs_emulator(words[0].text)), commands[0])
    return Command(tuple(chosen), text)


def _runs_emulator(word: str) -> bool:
    program = word.rsplit("/", 1)[-1]
    return "qemu" in program or program == "kvm"


def _bare(words: list[Word]) -> list[Word]:
    """The words from the program on."""
    at = 0
    while at < len(words) and (_ASSIGNMENT.match(words[at].text) or words[at].text in _WRAPPERS):
        at += 1
    return words[at:]


def _commands(text: str, name: str) -> list[list[Word]]:
    """All simple commands. A line that begins with an option goes on with the command before it."""
    scan = _Scan(text, name)
    found: list[list[Word]] = [[]]
    while scan.at < len(text):
        character = text[scan.at]
        if character == "\n":
            scan.at += 1
            if not _GOES_ON.match(text, scan.at):
                found.append([])
        elif character.isspace():
            scan.at += 1
        elif text.startswith(("\\\n", "\\\r\n"), scan.at):
            scan.at = text.index("\n", scan.at) + 1
        elif character == "#":
            end = text.find("\n", scan.at)
            scan.at = len(text) if end < 0 else end
        elif character in _ENDS:
            scan.at += 1
            found.append([])
        else:
            found[-1].append(scan.word())
    return found


class _Scan:
    """A place in a text, moving over words."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name, self.at = text, name, 0

    def word(self) -> Word:
        """The word that begins here."""
        text = self.text
        parts: list[str] = []
        pieces: list[tuple[int, int]] = []
        length = 0

        def add(start: int, end: int) -> None:
            nonlocal length
            if end > start:
                parts.append(text[start:end])
                pieces.append((length, start))
                length += end - start

        while self.at < len(text) and not text[self.at].isspace() and text[self.at] not in _ENDS:
            character = text[self.at]
            if character == "'":
                end = self._closing("'")
                add(self.at + 1, end)
                self.at = end + 1
            elif character == '"':
                self._double(add)
            elif character == "\\":
                if text.startswith(("\\\n", "\\\r\n"), self.at):
                    self.at = text.index("\n", self.at) + 1
                    continue
                add(self.at + 1, self.at + 2)
                self.at += 2
            else:
                match = _PLAIN.match(text, self.at)
                assert match is not None
                add(match.start(), match.end())
                self.at = match.end()
        return Word("".join(parts), tuple(pieces), min(self.at, len(text)))

    def _closing(self, quote: str) -> int:
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            raise self._open()
        return end

    def _double(self, add: Add) -> None:
        opened = start = self.at + 1
        at = opened
        while True:
            match = _IN_QUOTES.search(self.text, at)
            if match is None:
                raise self._open()
            if match[0] == '"':
                add(start, match.start())
                self.at = match.end()
                return
            add(start, match.start())
            start = at = match.end()
            if match[0] not in ("\\\n", "\\\r\n"):
                start = match.end() - 1

    def _open(self) -> Exception:
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - (self.text.rfind("\n", 0, self.at) + 1) + 1
        message = "the shell would not read this: a quotation mark is never closed"
        return unusable("QR435", message, Span(self.name, line, column), expected="balanced quotes")


_IN_QUOTES = re.compile(r'"|\\(?:["\\$`]|\r?\n)')
if TYPE_CHECKING:
    from collections.abc import Callable

    Add = Callable[[int, int], None]
