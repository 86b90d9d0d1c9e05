"""Tokens of a shell on their way to words: values are filled in, and what is not known stays as it is written, and is told."""

from __future__ import annotations

import re
from bisect import bisect_right

from qrules.configs.shell import Part, Token
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_BRACES = re.compile(r"[{},]|\.\.")
_BLANKS = re.compile(r"[ \t\n]+")  # those that split an unquoted value, where IFS is not set


class Unknown(NamedTuple):
    """What is not known: why, where in the text that is decided, and what is written there."""

    why: str
    at: int
    written: str = ""


class Word(NamedTuple):
    """A word without its quotes, made of what stands from `at` to `end` in the text, perhaps with others.

    `pieces` are (offset in the word, offset in the text, whether the text goes on as the word does), in order.
    """

    text: str
    pieces: tuple[tuple[int, int, bool], ...]
    at: int
    end: int

    def place(self, at: int) -> int:
        """Where a character of the word stands in the text."""
        if at >= len(self.text):
            return self.end
        start, source, goes_on = self.pieces[bisect_right(self.pieces, at, key=lambda piece: piece[0]) - 1]
        return source + at - start if goes_on else source


class Value(NamedTuple):
    """What a variable stands for: its words (one, but for a list), from where to where that is said, and what it was made of."""

    words: tuple[str, ...]
    at: int
    end: int
    made_of: tuple[Value, ...]


class Filled(NamedTuple):
    """What words are made of a token: themselves, what is not known in them, and the constants that they were made of."""

    words: list[Word]
    unknown: list[Unknown]
    made_of: list[Value]


def all_of(values: list[Value]) -> tuple[tuple[int, int], ...]:
    """Where the constants are said that values were made of, in the order of the text."""
    found: set[tuple[int, int]] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if (value.at, value.end) not in found:
            found.add((value.at, value.end))
            waiting += value.made_of
    return tuple(sorted(found))


def fill(token: Token, filled: Filled, value: Callable[[Part], Value | Unknown], shown: str) -> None:
    """Adds the words of a token. `value` tells what a variable stands for, `shown` is the text as its author has it."""
    _Filling(filled, token, value, shown).fill()


class _Filling:
    """A token on its way to words."""

    def __init__(self, filled: Filled, token: Token, value: Callable[[Part], Value | Unknown], shown: str) -> None:
        self.filled, self.token, self.value, self.shown = filled, token, value, shown
        self.texts: list[str] = []
        self.pieces: list[tuple[int, int, bool]] = []
        self.length = 0
        self.begun = False

    def fill(self) -> None:
        """Adds the words of the token."""
        token = self.token
        if _expands("".join(p.text if p.kind == "text" and not p.quoted else "-" for p in token.parts)):
            self._unknown(Part("other", "", token.at, token.end), "unquoted braces make several words of it, so put it in quotes")
            self._word()
            return
        for part in token.parts:
            if part.kind == "text":
                self._add(part.text, part.at, len(part.text) == part.end - part.at, part.quoted)
            elif part.kind == "other":
                self._unknown(part, _why(part.text))
            else:
                self._variable(part)
        self._word()

    def _variable(self, part: Part) -> None:
        value = self.value(part)
        if isinstance(value, Unknown):
            self._unknown(part, value.why)
            return
        self.filled.made_of.append(value)
        if part.quoted and part.kind != "all":
            self._add(" ".join(value.words) if part.kind == "joined" else "".join(value.words[:1]), part.at, False, True)
            return
        for number, word in enumerate(value.words if part.kind != "name" else value.words[:1]):
            if number:
                self._word()
            if part.quoted:
                self._add(word, part.at, False, True)
            else:
                self._split(word, part.at)

    def _split(self, text: str, at: int) -> None:
        """An unquoted value: blanks end a word."""
        for number, word in enumerate(_BLANKS.split(text)):
            if number:
                self._word()
            self._add(word, at, False, False)

    def _unknown(self, part: Part, why: str) -> None:
        written = self.shown[part.at : part.end]
        self.filled.unknown.append(Unknown(why, part.at, written))
        self._add(written, part.at, True, True)

    def _add(self, text: str, at: int, goes_on: bool, quoted: bool) -> None:
        if text or quoted:
            self.begun = True
        if text:
            self.texts.append(text)
            self.pieces.append((self.length, at, goes_on))
            self.length += len(text)

    def _word(self) -> None:
        """Ends a word, where one has begun."""
        if self.begun:
            self.filled.words.append(Word("".join(self.texts), tuple(self.pieces), self.token.at, self.token.end))
        self.texts, self.pieces, self.length, self.begun = [], [], 0, False


def _expands(text: str) -> bool:
    """Whether a shell makes several words of braces in a text: where a comma or two dots stand right in a pair of them."""
    open_ones: list[bool] = []  # whether there was one in each
    for found in _BRACES.finditer(text) if "{" in text else ():
        if found[0] == "{":
            open_ones.append(False)
        elif open_ones and found[0] != "}":
            open_ones[-1] = True
        elif open_ones and open_ones.pop():
            return True
    return False


def _why(written: str) -> str:
    """Why something is not known that is no variable."""
    if written.startswith(("$(", "`", "<(", ">(")) and not written.startswith("$(("):
        return "it is what a command prints"
    if len(written) == 2:
        return "it is what the script is called with" if written[1] in "0123456789@*#" else "it is known only when this runs"
    return "it is worked out by the shell"
