"""The form of a config: which values stand in it, which of them are the same, and what is asked of each; and others like it."""

from __future__ import annotations

import random
import re

from qrules.fleet.blanks import BLANK, GROUPS, LONGEST, Blanks, together
from qrules.machine.request import Where
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    Key: TypeAlias = tuple[Any, ...]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NAMES = re.compile(r"(?:[A-Za-z][A-Za-z0-9_-]*(?:\0|\Z))*")
_DIGITS = re.compile(r"[0-9]+(?=\0|\Z)")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_HEX = "0123456789abcdef"
_MOST_KEPT = 64
_TRIES = 40  # to find another value that is judged alike


class Cut(NamedTuple):
    """A command line cut into what is the same for all of its skeleton, and the values of its blanks."""

    skeleton: tuple[str | None, ...]
    values: list[str]


def cut(argv: Sequence[str]) -> Cut | None:
    """A command line as a skeleton and values; None for one with a word that holds the character between words."""
    text = "\0".join(("", *argv))
    if text.count("\0") != len(argv):
        return None
    parts = BLANK.split(text)
    values: list[str] = parts[GROUPS :: GROUPS + 1]
    del parts[GROUPS :: GROUPS + 1]
    return Cut(tuple(parts), values)


class Formed(NamedTuple):
    """What a config has of its own: the values by number, of which others may take the place, and the key of its form."""

    key: Key
    numbers: dict[str, int]  # of the values, in their order
    kept: set[str]  # those of them that stay as they are


class Skeleton:
    """What is known of all configs with one skeleton."""

    def __init__(self, asked: Sequence[Blanks], argv: Sequence[str], parts: Cut, machine: str) -> None:
        places = _places(argv, parts)
        found = [together(blanks) for blanks in zip(*(one.of(list(argv), places, machine) for one in asked), strict=True)]
        self._blanks = found
        self._words = frozenset[str]().union(*(one.observed.words for one in asked))
        self._literal = [at for at, blank in enumerate(found) if blank is None]
        self._named = [at for at, blank in enumerate(found) if blank is not None and blank.identifier and not blank.bus]
        self._free = [at for at, blank in enumerate(found) if blank is not None and not blank.identifier]
        self._bus = [at for at, blank in enumerate(found) if blank is not None and blank.bus]
        self._judged = [(at, judge) for at, blank in enumerate(found) if blank is not None for judge in blank.judges]
        self._tokens = frozenset(_TOKEN.findall("\0".join(part for part in parts.skeleton if part)))
        self._inside: dict[tuple[str, ...], frozenset[str]] = {}
        self.misses = 0  # since a config was like another

    def form(self, values: list[str]) -> Formed:
        """The form of a config with these values."""
        met: dict[str, int] = {}
        own = [values[at] for at in self._named]
        free = [values[at] for at in self._free]
        for value in own:
            met.setdefault(value, len(met))
        names = list(met)
        for value in free:
            met.setdefault(value, len(met))
        literal = tuple([values[at] for at in self._literal])
        kept = self._kept(names, met, literal)
        pattern: list[Any] = [met[value] for value in own] + [met[value] for value in free]
        if kept:
            pattern = [value if value in kept else number for value, number in zip(own + free, pattern, strict=True)]
        for at in self._bus:
            value = values[at]
            head, _, tail = (value, "", "") if value in met else value.rpartition(".")
            pattern.append((met[head], tail) if head in met and head not in kept else value)
        judged = tuple([judge(values[at]) for at, judge in self._judged])
        return Formed((literal, tuple(pattern), judged), met, kept)

    def _kept(self, names: list[str], met: dict[str, int], literal: tuple[str, ...]) -> set[str]:
        """The values that stay as they are: what is no plain name, is a word of the rules, or stands elsewhere in the config."""
        joined = "\0".join(names)
        stems = _DIGITS.sub("", joined).split("\0")
        words = self._words
        if (
            _NAMES.fullmatch(joined)
            and words.isdisjoint(met)
            and words.isdisjoint(stems)
            and self._tokens.isdisjoint(met)
            and met.keys().isdisjoint(literal)
            and max(map(len, met), default=0) <= LONGEST
            and self._pieces(literal).isdisjoint(met)
        ):
            return set()
        elsewhere = self._tokens.union(literal, self._pieces(literal))
        named = set(names)
        return {
            value
            for value in met
            if value in words
            or value in elsewhere
            or len(value) > LONGEST
            or (value in named and (not _NAME.fullmatch(value) or value.rstrip("0123456789") in words))
        }

    def _pieces(self, literal: tuple[str, ...]) -> frozenset[str]:
        """The words that stand in the values that stay as they are."""
        found = self._inside.get(literal)
        if found is None:
            if len(self._inside) >= _MOST_KEPT:
                self._inside.clear()
            found = self._inside[literal] = frozenset(_TOKEN.findall("\0".join(literal)))
        return found

    # ------------------------------------------------------------------------------ other configs of the same form
    def others(self, values: list[str], seed: int) -> list[str] | None:
        """Other values of the same form, no two alike and none a part of another text; None where none are found."""
        formed = self.form(values)
        met, kept = formed.numbers, formed.kept
        rng = random.Random(seed)
        known = "\0".join((*values, *self._tokens))
        chosen: dict[str, str] = {}
        for value in met:
            if value in kept:
                continue
            other = self._other(value, rng, seed, "\0".join((known, *chosen.values())), values)
            if other is None:
                return None
            chosen[value] = other
        out = list(values)
        for at, blank in enumerate(self._blanks):
            if blank is None:
                continue
            if values[at] in chosen:
                out[at] = chosen[values[at]]
            elif blank.bus and (head := values[at].rpartition(".")[0]) in chosen:
                out[at] = chosen[head] + values[at][len(head) :]
        return out if self.form(out).key == formed.key else None

    def _other(self, value: str, rng: random.Random, seed: int, known: str, values: list[str]) -> str | None:
        judges = [judge for at, judge in self._judged if values[at] == value]
        wanted = [judge(value) for judge in judges]
        for attempt in range(_TRIES):
            letters = "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=9 + 5 * (seed % 2)))
            other = f"{'k' if seed % 2 else 'Q'}{letters}Z" if not attempt else "".join(_like(c, rng) for c in value)
            if other not in known and [judge(other) for judge in judges] == wanted:
                return other
        return None

    def numbered(self, argv: Sequence[str], parts: Cut) -> dict[int, list[tuple[int, int, int]]]:
        """For each word of a config the values in it by number, each with where it begins and ends."""
        _, met, kept = self.form(parts.values)
        found: dict[int, list[tuple[int, int, int]]] = {}
        for value, place, blank in zip(parts.values, _places(argv, parts), self._blanks, strict=True):
            if blank is None or value in kept:
                continue
            known = value if value in met else value.rpartition(".")[0] if blank.bus else ""
            if known in met and known not in kept:
                found.setdefault(place.argument, []).append((place.start, place.start + len(known), met[known]))
        return found


def with_values(argv: Sequence[str], parts: Cut, others: list[str]) -> list[str]:
    """A command line with other values in its blanks."""
    out = list(argv)
    for place, other in reversed(list(zip(_places(argv, parts), others, strict=True))):
        text = out[place.argument]
        out[place.argument] = text[: place.start] + other + text[place.end :]
    return out


def _like(character: str, rng: random.Random) -> str:
    """Another character of the same sort."""
    if character in _HEX or character in "ABCDEF":
        return rng.choice("0123456789" if character.isdigit() else "abcdef" if character.islower() else "ABCDEF")
    if character.isalpha():
        return rng.choice("ghjkmnpqrstuvwxyz" if character.islower() else "GHJKMNPQRSTUVWXYZ")
    return character


def _places(argv: Sequence[str], parts: Cut) -> list[Where]:
    """Where the values stand: the word, and the characters of it."""
    starts = [1]
    for text in argv:
        starts.append(starts[-1] + len(text) + 1)
    places: list[Where] = []
    at = word = 0
    fixed = iter(parts.skeleton)
    for value in parts.values:
        at += sum(len(next(fixed) or "") for _ in range(GROUPS))
        while starts[word + 1] <= at:
            word += 1
        places.append(Where(word, at - starts[word], at - starts[word] + len(value)))
        at += len(value)
    return places
