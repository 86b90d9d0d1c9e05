"""JSON as it may be written, and no more: the emulator's own (`emulators`), and that of lines and messages (`strict`).

What both refuse and Python takes: a member that stands twice, ``NaN``, half of a surrogate pair. Strict JSON has no infinite
numbers either. The emulator takes texts in single quotes, and whole numbers that 64 bits hold; others are fractions. See
qemu:qobject/json-lexer.c, json-parser.c, json-streamer.c ("MAX_NESTING") and util/unicode.c ("is_valid_codepoint").
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

MAX_NESTING = 200  # a limit of ours: what is nested deeper nobody wrote (the emulator's is 1024)
_DEEP = f"nested more than {MAX_NESTING} deep"
_SHALLOW = 100  # brackets in all: no text with so few is nested too deeply for the reader of the library
_HALF = re.compile(r"[\ud800-\udfff]")
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef" + "".join(f"{chr(p << 16 | 0xFFFE)}{chr(p << 16 | 0xFFFF)}" for p in range(17)) + "]")
_BLANKS = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![0-9])")
_WORD = re.compile(r"[a-z]+")
_PLAIN = {'"': re.compile(r'[^"\\\x00-\x1f]*'), "'": re.compile(r"[^'\\\x00-\x1f]*")}
_ESCAPES = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_FOUR = re.compile(r"[0-9a-fA-F]{4}")
_WORDS = {"true": True, "false": False, "null": None}


class NotJson(ValueError):
    """A text that is no JSON. `at` is the character (from 0) where that shows, None where no place does."""

    def __init__(self, message: str, at: int | None = None) -> None:
        self.at = at
        super().__init__(message)


def emulators(text: str) -> Any:
    """The value of a text as the emulator reads it. Raises `NotJson`. Costs no Python stack."""
    if text.count("{") + text.count("[") <= _SHALLOW and "'" not in text and "\\" not in text and text.isascii():
        try:
            return _EMULATORS.decode(text)
        except json.JSONDecodeError as error:
            raise NotJson(error.msg, error.pos) from error
    return _Reader(text).whole()


def strict(text: str) -> Any:
    """The value of a text by RFC 8259, with the member that stands twice refused. Raises `NotJson`."""
    try:
        value = _STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(str(error), error.pos) from error
    except RecursionError as error:
        raise NotJson(_DEEP) from error
    except NotJson:
        raise
    except ValueError as error:  # a number of more digits than Python counts
        raise NotJson(str(error)) from error
    if text.count("{") + text.count("[") > MAX_NESTING and _is_deep(value):
        raise NotJson(_DEEP)
    return value


def members(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where each member of an object stands, from its key to the end of its value; none of what is no JSON of double quotes."""
    at = _behind_blanks(text, 1)
    while text[at : at + 1] == '"':
        try:
            key, end = _EMULATORS.raw_decode(text, at)
            colon = _behind_blanks(text, end)
            if text[colon : colon + 1] != ":":
                return
            _, end = _EMULATORS.raw_decode(text, _behind_blanks(text, colon + 1))
        except (ValueError, RecursionError):
            return
        yield key, (at, end)
        comma = _behind_blanks(text, end)
        at = _behind_blanks(text, comma + 1) if text[comma : comma + 1] == "," else len(text)


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found is not None else at


def _is_deep(value: Any) -> bool:
    """Whether lists and objects stand in one another more than `MAX_NESTING` deep."""
    level = [value]
    for _ in range(MAX_NESTING):
        inside = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [inner for inner in inside if isinstance(inner, (list, dict))]
    return bool(level)


def whole_characters(value: Any) -> bool:
    """Whether all texts in a value are of characters, none of halves of surrogate pairs."""
    return _HALF.search(json.dumps(value, ensure_ascii=False)) is None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotJson(f"duplicate key '{twice}'")
    return found


def _no_number(word: str) -> NoReturn:
    raise NotJson(f"{word} is no number")


def _whole(digits: str) -> int | float:
    """A whole number of 64 bits; a longer one is a fraction to the emulator."""
    number = int(digits) if len(digits) < 22 else None
    return number if number is not None and -(1 << 63) <= number < 1 << 64 else float(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise NotJson("a number that is too large")
    return number


_EMULATORS = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number, parse_int=_whole)
_STRICT = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number, parse_float=_finite)


class _Reader:
    """The emulator's grammar, with a stack of its own."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def whole(self) -> Any:
        """The only value of the text."""
        value = self._nested()
        if self._next() != "":
            raise self._wrong("more behind the value")
        return value

    def _wrong(self, message: str) -> NotJson:
        return NotJson(message, self.at)

    def _next(self) -> str:
        match = _BLANKS.match(self.text, self.at)
        self.at = match.end() if match is not None else self.at
        return self.text[self.at : self.at + 1]

    def _nested(self) -> Any:
        open_ones: list[tuple[Any, str | None]] = []  # lists and objects, with the key that an object waits for a value of
        while True:
            first = self._next()
            if first in ("{", "[") and first:
                if len(open_ones) >= MAX_NESTING:
                    raise self._wrong(_DEEP)
                self.at += 1
                made: Any = {} if first == "{" else []
                if self._next() != ("}" if first == "{" else "]"):
                    open_ones.append((made, self._key(made) if first == "{" else None))
                    continue
                self.at += 1
                value = made
            else:
                value = self._single(first)
            while open_ones:
                holder, key = open_ones.pop()
                if key is None:
                    holder.append(value)
                else:
                    holder[key] = value
                behind, self.at = self._next(), self.at + 1
                if behind == ",":
                    open_ones.append((holder, self._key(holder) if key is not None else None))
                    break
                if behind != ("]" if key is None else "}"):
                    self.at -= 1
                    raise self._wrong("expected a comma or the closing bracket")
                value = holder
            else:
                return value

    def _key(self, holder: dict[str, Any]) -> str:
        quote = self._next()
        if quote not in ("'", '"') or not quote:
            raise self._wrong("expected the name of a member, in quotes")
        key = self._text(quote)
        if key in holder:
            raise self._wrong(f"duplicate key '{key}'")
        if self._next() != ":":
            raise self._wrong("expected a colon")
        self.at += 1
        return key

    def _single(self, first: str) -> Any:
        if first and first in "\"'":
            return self._text(first)
        number = _NUMBER.match(self.text, self.at)
        if number is not None:
            self.at = number.end()
            return float(number[0]) if number[1] or number[2] else _whole(number[0])
        word = _WORD.match(self.text, self.at)
        if word is not None and word[0] in _WORDS:
            self.at = word.end()
            return _WORDS[word[0]]
        raise self._wrong("expected a value")

    def _text(self, quote: str) -> str:
        plain, pieces = _PLAIN[quote], []
        self.at += 1
        while True:
            match = plain.match(self.text, self.at)
            assert match is not None
            pieces.append(match[0])
            self.at = match.end()
            stop = self.text[self.at : self.at + 1]
            if stop == quote:
                self.at += 1
                break
            if stop != "\\":
                raise self._wrong("a text that is never closed, or has a control character in it")
            pieces.append(self._escape())
        text = "".join(pieces)
        if _HALF.search(text) or _NO_CHARACTER.search(text):
            raise self._wrong("a text with something in it that is no character")
        return text

    def _escape(self) -> str:
        kind = self.text[self.at + 1 : self.at + 2]
        if kind in _ESCAPES:
            self.at += 2
            return _ESCAPES[kind]
        first = self._four(self.at + 1)
        self.at += 6
        if 0xD800 <= first < 0xDC00 and self.text.startswith("\\u", self.at):
            second = self._four(self.at + 1)
            if 0xDC00 <= second < 0xE000:
                self.at += 6
                return chr(0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF))
        return chr(first)

    def _four(self, at: int) -> int:
        digits = _FOUR.match(self.text, at + 1) if self.text.startswith("u", at) else None
        if digits is None:
            raise self._wrong("an escape that means nothing")
        return int(digits[0], 16)
