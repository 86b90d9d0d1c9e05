"""An answer with holes: what is the same for all configs of one form, and where their own names and lengths go in."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SPAN = re.compile(r'"span": \{"argument": (\d+), "start": (\d+), "end": (\d+)\}')
_ARTICLE = re.compile(r"(?:\b[Aa]n?|^[Aa]n?) ['\"]?$")
_RUN = 200  # characters of a word from which on a sentence may show less of it (`shortened`)
_TEXT = 2_500  # of a sentence with names in it


class Unfit(Exception):
    """This answer does not say where its names stand."""


class Hole:
    """A place of an answer that differs: ``{value}`` of a number, or a position with the lengths of the values before it."""

    __slots__ = ("base", "numbers")

    def __init__(self, base: int, numbers: tuple[int, ...]) -> None:
        self.base, self.numbers = base, numbers


class Template:
    """The answer of a config whose values are known by number. Raises `Unfit`.

    `names` are the numbers of the texts that stand for values, `places` says for each word where values stand in it. `longest`
    says how long a value may become before words of a sentence could be shortened.
    """

    __slots__ = ("_holes", "_parts", "length", "longest")

    def __init__(self, text: str, names: Mapping[str, int], places: Mapping[int, list[tuple[int, int, int]]]) -> None:
        self.longest = _room(text, list(names))
        found = re.compile("|".join(map(re.escape, names))) if names else None
        self._parts: list[str] = []
        self._holes: list[tuple[int, int | Hole]] = []  # at a place of the parts
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
            self._hole(numbers[name.group()])
            at = name.end()
        self._parts.append(text[at:])

    def _position(self, position: int, places: list[tuple[int, int, int]]) -> None:
        """A position in a word: what stands before it and is of another length moves it."""
        if any(start < position < end for start, end, _ in places):
            raise Unfit
        before = [(end - start, number) for start, end, number in places if end <= position]
        hole = Hole(position - sum(length for length, _ in before), tuple(number for _, number in before))
        if hole.numbers:
            self._hole(hole)
        else:
            self._parts.append(str(position))

    def _hole(self, what: int | Hole) -> None:
        self._holes.append((len(self._parts), what))
        self._parts.append("")

    def filled(self, values: Sequence[str]) -> str:
        """The answer for a config with these values."""
        parts = self._parts[:]
        for at, what in self._holes:
            if type(what) is int:
                parts[at] = values[what]
            else:
                parts[at] = str(what.base + sum([len(values[number]) for number in what.numbers]))  # type: ignore[union-attr]
        return "".join(parts)


def _room(text: str, names: Sequence[str]) -> int:
    """How long a value may be. Raises `Unfit` for an answer in which there is no room."""
    room = _RUN // 2
    for name in names:
        at = text.find(name)
        while at >= 0:
            begin = max(text.rfind(mark, 0, at) for mark in ' "')
            ends = [end for mark in ' "' if (end := text.find(mark, at)) >= 0]
            word = text[begin + 1 : min(ends, default=len(text))]
            inside = [other for other in names if other in word]
            if text[begin] == " " or text[min(ends, default=len(text)) :][:1] == " ":  # a word of a sentence
                fixed = len(word) - sum(word.count(other) * len(other) for other in inside)
                room = min(room, (_RUN - fixed) // max(1, sum(word.count(other) for other in inside)))
            at = text.find(name, at + len(name))
    if room < 8 or any(len(one) > _TEXT for one in re.findall(r'"message": "((?:[^"\\]|\\.)*)"', text)):
        raise Unfit
    return room
