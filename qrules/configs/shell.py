"""A text as a shell takes it apart: words and what stands between them, quoted or not, and where each character stands.

Nothing is expanded here: a word tells what is to be filled in (`configs.script` does), and what only a running shell knows.
"""

from __future__ import annotations

import re

from qrules.diagnostics import Span, unusable
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = re.compile(r"[^ \t\n\r'\"\\;&|<>()$`]+|\r")
_BLANKS = re.compile(r"(?:[ \t]|\r(?=\n|\Z))+")  # all that a shell knows; a no-break space is none
_IN_QUOTES = re.compile(r'["$`]|\\(?:["\\$`]|\r?\n)')
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\[[@*]\])?(:?[-=?].*)?", re.DOTALL)
_TO_LIST = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_GOES_ON = re.compile(r"[ \t\r]*-")
_MARK = re.compile(r";;&|;;|;&|&&|\|\||\|&|[;&|()]")
_REDIRECTION = re.compile(r"&>>|&>|<<<|<<-|<<|>>|<&|>&|<>|>\||<|>")
_BREAKS = (";", "&", "|", "<", ">", "(", ")")
_SPECIAL = frozenset("0123456789@*#?$!-")
_CLOSERS = {"$(": ")", "${": "}", "(": ")", "`": "`", '"': '"'}
_NESTED = re.compile(r"\\.|\$\(|\$\{|[()}`'\"]", re.DOTALL)
_ANSI = re.compile(r"([^\\']*(?:\\.[^\\']*)*)'", re.DOTALL)
_ESCAPED = re.compile(
    r"\\(?:[abefnrtvE\\'\"?]|[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|c[\x00-\x7f])|\\|[^\\]+"
)
_LETTERS = {"a": 7, "b": 8, "e": 27, "E": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34, "?": 63}


class Part(NamedTuple):
    """A piece of a word, from `at` to `end` in the text.

    Of the kind ``text`` it is these characters; ``name``, ``all`` and ``joined`` stand for a variable's value, all members of a
    list, and these in one word; ``other`` for what only a running shell knows, as it is written. What is `quoted` stays one word.
    """

    kind: str
    text: str
    at: int
    end: int
    quoted: bool = False


class Token(NamedTuple):
    """A word: its parts, and where it stands. Where it gives a variable a list, `members` are the words of that."""

    parts: tuple[Part, ...]
    at: int
    end: int
    members: tuple[Token, ...] | None = None

    @property
    def plain(self) -> str:
        """The word, where nothing in it is quoted or to be filled in; else empty."""
        return self.parts[0].text if len(self.parts) == 1 and self.parts[0].kind == "text" and not self.parts[0].quoted else ""


class Mark(NamedTuple):
    """What stands between commands: ``;``, ``&&``, a line's end, a parenthesis, ..."""

    text: str
    at: int


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Both from 1."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def tokens(text: str, name: str) -> Iterator[Token | Mark]:
    """All words and marks; a line that begins with an option goes on with the line before it. `name` is the text's in messages.

    Raises `Unusable` (QR435) for a quotation mark or a parenthesis that is never closed.
    """
    return _Scan(text, name).tokens()


class _Scan:
    """A place in a text, moving over words."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name, self.at = text, name, 0
        self.in_list = False  # one in another is no shell's
        self.here: list[tuple[str, bool]] = []  # delimiters of texts that follow this line, and whether tabs are let go

    def tokens(self) -> Iterator[Token | Mark]:
        text = self.text
        while self.at < len(text):
            character = text[self.at]
            if character == "\n":
                yield from self._line_end()
            elif blanks := _BLANKS.match(text, self.at):
                self.at = blanks.end()
            elif text.startswith(("\\\n", "\\\r\n"), self.at):
                self.at = text.index("\n", self.at) + 1
            elif character == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            elif (redirection := _REDIRECTION.match(text, self.at)) and not text.startswith(("<(", ">("), self.at):
                self._redirection(redirection[0])
            elif mark := _MARK.match(text, self.at):
                self.at = mark.end()
                yield Mark(mark[0], mark.start())
            elif (word := self._word()) is not None:
                yield word

    def _line_end(self) -> Iterator[Mark]:
        text, at = self.text, self.at
        self.at += 1
        for delimiter, tabs in self.here:
            while self.at < len(text):
                end = text.find("\n", self.at)
                end = len(text) if end < 0 else end
                line = text[self.at : end].rstrip("\r")
                self.at = end + 1
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break
        if self.here or not _GOES_ON.match(text, self.at):
            yield Mark("\n", at)
        self.here = []

    def _redirection(self, operator: str) -> None:
        """What is read or written is nobody's word."""
        text = self.text
        self.at += len(operator)
        while self.at < len(text) and text[self.at] in " \t":
            self.at += 1
        if self._goes_on():
            target = self._word()
            if operator in ("<<", "<<-") and target is not None:
                self.here.append(("".join(part.text for part in target.parts), operator == "<<-"))

    def _word(self) -> Token | None:
        """The word that begins here; None for the number of a redirection."""
        text, start = self.text, self.at
        parts: list[Part] = []
        if text.startswith(("<(", ">("), start):
            self._nested("(", start + 1, parts, quoted=False, began=start)
        while self._goes_on():
            character = text[self.at]
            if character == "'":
                end = text.find("'", self.at + 1)
                if end < 0:
                    raise self._open(self.at)
                parts.append(Part("text", text[self.at + 1 : end], self.at + 1, end, True))
                self.at = end + 1
            elif character == '"':
                self._double(parts)
            elif character == "\\":
                self._escaped(parts)
            elif character in "$`":
                self._expansion(parts, quoted=False)
            else:
                match = _PLAIN.match(text, self.at)
                assert match is not None
                parts.append(Part("text", match[0], match.start(), match.end()))
                self.at = match.end()
        found = Token(tuple(parts), start, self.at)
        if not self.in_list and text.startswith("(", self.at) and _TO_LIST.fullmatch(found.plain):
            return self._list(found)
        number = found.plain.isascii() and found.plain.isdecimal()
        return None if number and text.startswith(("<", ">"), self.at) else found

    def _goes_on(self) -> bool:
        """Whether what stands here is of a word."""
        character = self.text[self.at : self.at + 1]
        if character in ("", "\n", *_BREAKS):
            return False
        return character not in " \t\r" or _BLANKS.match(self.text, self.at) is None

    def _escaped(self, parts: list[Part]) -> None:
        if self.text.startswith(("\\\n", "\\\r\n"), self.at):
            self.at = self.text.index("\n", self.at) + 1
            return
        start = min(self.at + 1, len(self.text) - 1)  # at the end of the text a backslash is one
        parts.append(Part("text", self.text[start : start + 1], start, start + 1, True))
        self.at = start + 1

    def _list(self, name: Token) -> Token:
        opened, self.in_list = self.at, True
        self.at += 1
        members: list[Token] = []
        for token in self.tokens():
            if isinstance(token, Token):
                members.append(token)
            elif token.text == ")":
                self.in_list = False
                return name._replace(end=self.at, members=tuple(members))
            elif token.text != "\n":
                break
        raise self._open(opened)

    def _double(self, parts: list[Part]) -> None:
        opened, at = self.at, self.at + 1
        start = at
        while match := _IN_QUOTES.search(self.text, at):
            if match.start() > start or (match[0] == '"' and start == opened + 1):
                parts.append(Part("text", self.text[start : match.start()], start, match.start(), True))
            at = start = match.end()
            if match[0] == '"':
                self.at = at
                return
            if match[0] in "$`":
                self.at = match.start()
                self._expansion(parts, quoted=True)
                at = start = self.at
            elif match[0] not in ("\\\n", "\\\r\n"):
                start = at - 1
        raise self._open(opened)

    # --------------------------------------------------------------------------------- what is to be filled in
    def _expansion(self, parts: list[Part], quoted: bool) -> None:
        text, at = self.text, self.at
        if text[at] == "`":
            self._nested("`", at, parts, quoted)
        elif text.startswith("$'", at) and not quoted:
            self._escapes(parts)
        elif text.startswith('$"', at) and not quoted:
            self.at += 1
            self._double(parts)
        elif name := _NAME.match(text, at + 1):
            parts.append(Part("name", name[0], at, name.end(), quoted))
            self.at = name.end()
        elif text.startswith("${", at):
            self._braced(parts, quoted)
        elif text.startswith("$(", at):
            self._nested("$(", at, parts, quoted)
        elif text[at + 1 : at + 2] in _SPECIAL and at + 1 < len(text):
            parts.append(Part("other", text[at : at + 2], at, at + 2, quoted))
            self.at = at + 2
        else:
            parts.append(Part("text", "$", at, at + 1, quoted))
            self.at = at + 1

    def _braced(self, parts: list[Part], quoted: bool) -> None:
        at = self.at
        self._nested("${", at, parts, quoted)
        written = parts.pop()
        named = _BRACED.fullmatch(self.text, at + 2, written.end - 1)
        if named is not None:
            written = Part({"[@]": "all", "[*]": "joined"}.get(named[2], "name"), named[1], at, written.end, quoted)
        parts.append(written)

    def _nested(self, opener: str, at: int, parts: list[Part], quoted: bool, began: int | None = None) -> None:
        """What stands in parentheses, braces or backticks, with all that stands in it: kept as it is written."""
        start = at if began is None else began
        closers = [_CLOSERS[opener]]
        at += len(opener)
        while closers:
            match = _NESTED.search(self.text, at)
            if match is None:
                raise self._open(start)
            at, found = match.end(), match[0]
            if found == closers[-1]:
                closers.pop()
            elif found == "'" and closers[-1] != '"':
                at = self.text.find("'", at) + 1
                if not at:
                    raise self._open(match.start())
            elif found in ("$(", "${", '"', "`") or (found == "(" and closers[-1] == ")"):
                closers.append(_CLOSERS[found])
        parts.append(Part("other", self.text[start:at], start, at, quoted))
        self.at = at

    def _escapes(self, parts: list[Part]) -> None:
        """``$'...'`` of bash and POSIX 2024: one part, whose characters all stand where it begins."""
        match = _ANSI.match(self.text, self.at + 2)
        if match is None:
            raise self._open(self.at)
        raw = b"".join(_bytes(piece[0]) for piece in _ESCAPED.finditer(match[1]))
        parts.append(Part("text", raw.decode("utf-8", "surrogateescape"), self.at, match.end(), True))
        self.at = match.end()

    def _open(self, at: int) -> Exception:
        message = "the shell would not read this: a quotation mark or a parenthesis is never closed"
        return unusable("QR435", message, Span(self.name, *line_and_column(self.text, at)), expected="balanced quotes")


def _bytes(written: str) -> bytes:
    """What an escape of ``$'...'`` stands for, or a run of other characters."""
    told = written[1:]
    if not written.startswith("\\") or not told:
        return written.encode("utf-8", "surrogatepass")
    if told[0] in _LETTERS:
        return bytes([_LETTERS[told[0]]])
    if told[0] in "xuU":
        number = int(told[1:], 16)
        return bytes([number]) if told[0] == "x" else chr(min(number, 0x10FFFF)).encode("utf-8", "surrogatepass")
    return bytes([ord(told[1]) & 0x1F if told[0] == "c" else int(told, 8) & 0xFF])
