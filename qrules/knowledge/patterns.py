"""The patterns of ``like``: regular expressions without anything that needs going back, matched in one pass over the text.

A pattern becomes places, one for each character that it can take, and after each place the places that may follow (Glushkov,
"The abstract theory of automata", 1961). Matching keeps the set of places that the text so far can have come to, so its time is
that of the text's length, whatever the pattern; sets that came up are remembered (a deterministic automaton, made as needed).

What there is: characters, ``.`` (any but a line's end), ``[a-z]`` and ``[^a-z]``, ``\\d \\w \\s`` (ASCII) and escaped
characters, groups ``( )`` and ``(?: )``, ``|``, ``* + ?`` and ``{2}``, ``{2,}``, ``{2,5}``. A text has to match as a whole. There
are no anchors, references back to groups, looks ahead or behind, and no flags.
"""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Test = Callable[[str], bool]

MOST_PLACES = 250  # of a pattern, repetitions written out
_MOST_KEPT = 2_000  # steps that are remembered
_MOST_READ = 5_000  # characters, sets and groups, those of repetitions again each time
_DEEPEST = 40  # groups in one another
_DIGITS = "0123456789"
_WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": " \t\n\r\f\v"}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}


class BadPattern(ValueError):
    """What is wrong with a pattern, as a clause: ``there is nothing to repeat at 3``."""


class _Part(NamedTuple):
    """A part of a pattern as sets of places: the ones that it can begin and end with; `empty`: it may take nothing."""

    first: frozenset[int]
    last: frozenset[int]
    empty: bool


_NOTHING = _Part(frozenset(), frozenset(), True)


class Pattern:
    """A pattern that was read. Raises `BadPattern`."""

    def __init__(self, text: str) -> None:
        reader = _Reader(text)
        whole = reader.whole()
        self._tests, self._after = reader.tests, [_mask(after) for after in reader.after]
        self._first, self._last, self._empty = _mask(whole.first), _mask(whole.last), whole.empty
        self._steps: dict[int, dict[str, int]] = {}  # from a set of places by a character to the next one
        self._kept = 0
        self._head, self._tail = _name(reader, whole)

    def matches(self, text: str) -> bool:
        """Whether the whole text is one that the pattern means."""
        if self._head and text and text[0] in self._head and not text[1:].strip(self._tail):
            return True
        at = -1  # before the first place; else the set of places as a number with a bit for each
        for character in text:
            try:
                come = self._steps[at][character]
            except KeyError:
                come = self._step(at, character)
                if self._kept >= _MOST_KEPT:
                    self._steps, self._kept = {}, 0  # whole: other threads may look
                self._steps.setdefault(at, {})[character] = come
                self._kept += 1
            if not come:
                return False
            at = come
        return self._empty if at < 0 else bool(at & self._last)

    def _step(self, at: int, character: str) -> int:
        reached = self._first if at < 0 else 0
        while at > 0:
            lowest = at & -at
            reached |= self._after[lowest.bit_length() - 1]
            at ^= lowest
        come = 0
        while reached:
            lowest = reached & -reached
            if self._tests[lowest.bit_length() - 1](character):
                come |= lowest
            reached ^= lowest
        return come


def _name(reader: _Reader, whole: _Part) -> tuple[str, str]:
    """Of a pattern that is one character and any number of others, as names are: ASCII's that may come first, and behind it.

    Nothing of any other pattern. What is made of these alone is told without a walk through the text.
    """
    if whole != _Part(frozenset((0,)), frozenset((0, 1)), False) or reader.after != [{1}, {1}]:
        return "", ""
    first, others = (("".join(filter(test, map(chr, range(128))))) for test in reader.tests)
    return first, others


def _mask(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)


class _Reader:
    """Reads a pattern from left to right. `tests` and `after` have an entry for each place."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.tests: list[Test] = []
        self.after: list[set[int]] = []
        self._deep = self._read = 0

    def whole(self) -> _Part:
        part = self._either()
        if self.at < len(self.text):
            raise self._wrong(f"'{self.text[self.at]}' closes nothing")
        return part

    def _wrong(self, what: str) -> BadPattern:
        return BadPattern(f"{what} at {self.at + 1}")

    def _next(self) -> str:
        """The character that comes; nothing at the end."""
        return self.text[self.at : self.at + 1]

    # ------------------------------------------------------------------------------ the grammar
    def _either(self) -> _Part:
        part = self._sequence()
        while self._next() == "|":
            self.at += 1
            other = self._sequence()
            part = _Part(part.first | other.first, part.last | other.last, part.empty or other.empty)
        return part

    def _sequence(self) -> _Part:
        part = _NOTHING
        while self._next() not in ("", "|", ")"):
            part = self._joined(part, self._repeated())
        return part

    def _repeated(self) -> _Part:
        start = self.at
        part = self._single()
        while self._next() in ("*", "+", "?", "{"):
            end = self.at
            least, most = self._times()
            if self._next() in ("*", "+", "?", "{"):
                raise self._wrong("a repetition of a repetition")
            part = self._written_out(part, start, end, least, most)
        return part

    def _times(self) -> tuple[int, int | None]:
        """How often something comes: at least, and at most (None: without a limit)."""
        sign = self._next()
        self.at += 1
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        inside, brace, _ = self.text[self.at :].partition("}")
        low, comma, high = inside.partition(",")
        sound = brace and _number(low) and (_number(high) or not high)
        least, most = (int(low), int(high) if high else None if comma else int(low)) if sound else (1, 0)
        if most is not None and most < least:
            raise self._wrong("no numbers as in {2}, {2,} or {2,5}")
        self.at += len(inside) + 1
        return least, most

    def _written_out(self, part: _Part, start: int, end: int, least: int, most: int | None) -> _Part:
        """A part as often as it may come: its text is read again for each time."""
        behind = self.at
        if most is None:
            self._follow(part.last, part.first)
        pieces = [part]
        for _ in range(max(least, most if most is not None else 1) - 1):
            self.at = start
            piece = self._single()
            assert self.at == end
            if most is None:
                self._follow(piece.last, piece.first)
            pieces.append(piece)
        self.at = behind
        if most == 0:
            return _NOTHING
        whole = _NOTHING
        for number, piece in enumerate(pieces):
            optional = number >= least
            whole = self._joined(whole, _Part(piece.first, piece.last, piece.empty or optional))
        return whole

    def _single(self) -> _Part:
        character = self._next()
        self._read += 1
        if self._read > _MOST_READ:
            raise BadPattern(f"more than {_MOST_READ:,} characters and groups are to be read, repetitions written out")
        if character in "*+?{":
            raise self._wrong("there is nothing to repeat")
        if character in "^$":
            raise self._wrong(f"'{character}': a pattern is about the whole text, and has no anchors,")
        self.at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._place(self._set())
        if character == ".":
            return self._place(lambda c: c != "\n")
        if character == "\\":
            return self._place(self._escaped().__contains__)
        return self._place(character.__eq__)

    def _group(self) -> _Part:
        self._deep += 1
        if self._deep > _DEEPEST:
            raise self._wrong("groups nested too deeply")
        if self._next() == "?":
            if self.text[self.at + 1 : self.at + 2] != ":":
                raise self._wrong("a group that is no plain one")
            self.at += 2
        part = self._either()
        if self._next() != ")":
            raise self._wrong("a '(' that is never closed, found")
        self.at += 1
        self._deep -= 1
        return part

    # ------------------------------------------------------------------------------ characters
    def _escaped(self) -> str:
        """The characters that an escape stands for; the backslash was taken."""
        character = self._next()
        if not character or (character.isalnum() and character not in _CLASSES and character not in _CONTROLS):
            raise self._wrong(f"'\\{character}' means nothing")
        self.at += 1
        return _CLASSES.get(character) or _CONTROLS.get(character, character)

    def _set(self) -> Test:
        """What stands in brackets; the opening one was taken."""
        negated = self._next() == "^"
        self.at += negated
        single: set[str] = set()
        ranges: list[tuple[str, str]] = []
        begun = self.at
        while self._next() != "]" or self.at == begun:
            low = self._member()
            if self._next() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self._member()
                if len(low) != 1 or len(high) != 1 or low > high:
                    raise self._wrong("a range that is none")
                ranges.append((low, high))
            else:
                single.update(low)
        self.at += 1

        def test(character: str) -> bool:
            return (character in single or any(low <= character <= high for low, high in ranges)) is not negated

        return test

    def _member(self) -> str:
        character = self._next()
        if not character:
            raise self._wrong("a '[' that is never closed, found")
        self.at += 1
        return self._escaped() if character == "\\" else character

    # ------------------------------------------------------------------------------ places
    def _place(self, test: Test) -> _Part:
        if len(self.tests) >= MOST_PLACES:
            raise BadPattern(f"it has more than {MOST_PLACES} places, repetitions written out")
        self.tests.append(test)
        self.after.append(set())
        alone = frozenset((len(self.tests) - 1,))
        return _Part(alone, alone, False)

    def _joined(self, left: _Part, right: _Part) -> _Part:
        self._follow(left.last, right.first)
        first = left.first | right.first if left.empty else left.first
        last = left.last | right.last if right.empty else right.last
        return _Part(first, last, left.empty and right.empty)

    def _follow(self, places: frozenset[int], following: frozenset[int]) -> None:
        for place in places:
            self.after[place] |= following


def _number(text: str) -> bool:
    return 0 < len(text) <= 4 and text.isascii() and text.isdigit()
