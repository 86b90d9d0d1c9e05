"""An answer with holes: what is the same for all configs of one form, and where their own names and lengths go in."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SPAN = re.compile(r'"span": \{"argument": (\d+), "start": (\d+), "end": (\d+)\}')
_ARTICLE = re.compile(r"(?:\b[Aa]n?|^[Aa]n?) ['\"]?$")
_WORD = re.compile(r'[^ "]+')
_MESSAGE = re.compile(r'"message": "((?:[^"\\]|\\.)*)"')
_LEAST = 8  # characters that there has to be room for
_RUN = 200  # characters of a word from which on a sentence may show less of it (`shortened`)
_TEXT = 2_500  # of a sentence with names in it


class Unfit(Exception):
    """This answer does not say where its names stand."""


class Template:
    """The answer of a config whose values are known by number. Raises `Unfit`.

    `names` are the numbers of the texts that stand for values, `places` says for each word where values stand in it. `longest`
    says how long a value may become before words of a sentence could be shortened.
    """

    __slots__ = ("_names", "_parts", "_positions", "length", "longest")

    def __init__(self, text: str, names: Mapping[str, int], places: Mapping[int, list[tuple[int, int, int]]]) -> None:
        found = re.compile("|".join(map(re.escape, names))) if names else None
        self.longest = _room(text, found)
        self._parts: list[str] = []
        self._names: list[tuple[int, int]] = []  # a place of the parts, and the number of the value that stands there
        self._positions: list[tuple[int, int, tuple[int, ...]]] = []  # a place, a number, and the values whose lengths are added
        at = 0
        for span in _SPAN.finditer(text):
            self._named(text[at : span.start(2)], found, names)
            argument, start, end = (int(group) for group in span.groups())
            self._position(start, places.get(argument, []))
            self._parts.append(text[span.end(2) : span.start(3)])
            self._position(end, places.get(argument, []))
            at = span.end(3)
        self._named(text[at:], found, names)
        self.length = len(text)

    def _named(self, text: str, found: re.Pattern[str] | None, numbers: Mapping[str, int]) -> None:
        at = 0
        for name in found.finditer(text) if found is not None else ():
            before = text[at : name.start()]
            if _ARTICLE.search(before):  # which article it is may depend on the name
                raise Unfit
            self._parts.append(before)
            self._names.append((len(self._parts), numbers[name.group()]))
            self._parts.append("")
            at = name.end()
        self._parts.append(text[at:])

    def _position(self, position: int, places: list[tuple[int, int, int]]) -> None:
        """A position in a word: what stands before it and is of another length moves it."""
        if any(start < position < end for start, end, _ in places):
            raise Unfit
        before = [(end - start, number) for start, end, number in places if end <= position]
        if before:
            base = position - sum(length for length, _ in before)
            self._positions.append((len(self._parts), base, tuple(number for _, number in before)))
        self._parts.append(str(position))

    def filled(self, values: Sequence[str]) -> str:
        """The answer for a config with these values."""
        parts = self._parts[:]
        for at, number in self._names:
            parts[at] = values[number]
        for at, base, numbers in self._positions:
            parts[at] = str(base + sum([len(values[number]) for number in numbers]))
        return "".join(parts)


def _room(text: str, found: re.Pattern[str] | None) -> int:
    """How long a value may be. Raises `Unfit` for an answer in which there is no room."""
    room = _RUN // 2
    for word in _WORD.finditer(text) if found is not None else ():
        inside = found.findall(word.group()) if found is not None else []
        if inside and " " in (text[word.start() - 1], text[word.end() : word.end() + 1]):  # a word of a sentence
            fixed = word.end() - word.start() - sum(map(len, inside))
            room = min(room, (_RUN - fixed) // len(inside))
    if room < _LEAST or any(len(one) > _TEXT for one in _MESSAGE.findall(text)):
        raise Unfit
    return room
