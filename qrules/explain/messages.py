"""An emulator's message back to the rules that speak of it: what it means, where that stands, what to do.

The sentences of all rules are patterns already (piece ``phrases``); a message is found in them by the texts between
their holes, and the holes give the names that the explanation speaks of.
"""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from qrules.explain.filled import UNTOLD, filled, fitting, shown, texts_of, vague, values_of, words_of
from qrules.explain.narrowing import Scope, named
from qrules.explain.reasons import RuleLine, Source
from qrules.knowledge.model import Knowledge
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_COLON = re.compile(r":(?=\s)\s*+")
_COLONS = 24  # in a line, the last ones: what stands before more of them is no message
_LONG = 2_000  # characters that are compared with other messages
_GUESSED = 100  # lines for which something near is looked for, where no line is known
_MOST_MEANINGS = 20  # explanations of one message
_MOST = 3  # near misses
_OPTION = re.compile(r"(?:^|[\s:(])(-{1,2}[a-z][\w-]*) (.+?): ")
_QUOTES = {'"': '"', "'": "'", "`": "'", "“": "”", "‘": "’"}


class Meaning(NamedTuple):
    """A rule that says such a thing. `template` shows the rule's words with the names of the holes, `values` what filled them."""

    rule: str
    profile: str
    template: str
    values: dict[str, str]
    because: tuple[str, ...]
    instead: tuple[str, ...]
    where: RuleLine
    see: tuple[Source, ...]


class Explained(NamedTuple):
    """One message: the option it was said of, what rules say such a thing (best first), else the nearest ones."""

    text: str
    option: str
    meanings: tuple[Meaning, ...]
    near: tuple[Meaning, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class _Phrase(NamedTuple):
    note: int
    parts: list[Any]
    literal: str  # the longest text between holes: what a message must have in it
    weight: int  # characters that are no holes


class Phrases:
    """All that the rules of one target have the emulator say."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.told: dict[str, Any] = knowledge.piece("phrases")
        self.scope = Scope(knowledge, self.told)
        self.all = [
            _Phrase(int(note), parts, max(texts_of(parts), key=len), sum(map(len, texts_of(parts))))
            for note, told in self.told.items()
            for _, parts in told["says"]
        ]
        self.all.sort(key=lambda phrase: self.told[str(phrase.note)].get("of") != [])  # of no option: before what rules say

    # ------------------------------------------------------------------------------ finding
    def matching(
        self, texts: Sequence[str], option: str, written: dict[str, str], holds: Callable[[str], bool]
    ) -> tuple[str, list[Meaning]]:
        """The first of the texts that some rule says, and the rules that say it, the one with the most words in common first.

        `option` is what the message is said of (empty where it tells none), `written` what that says; `holds` tells whether one
        of the texts may have words in it.
        """
        found: list[tuple[Any, ...]] = []
        told = {**written, "type": written["driver"]} if "driver" in written else written
        likely = [(order, phrase) for order, phrase in enumerate(self.all) if holds(phrase.literal)]
        for text in texts:
            for order, phrase in likely:
                if phrase.literal in text:
                    groups = filled(phrase.parts, text)
                    values = values_of(phrase.parts, groups) if groups is not None else None
                    if values is not None:
                        agreeing = sum(told.get(name) == value for name, value in values.items())
                        found.append((-phrase.weight, -agreeing, len(text), len(values), order, text, phrase, values))
        best = [f for f in sorted(found, key=lambda f: f[:5]) if self.scope.allows(f[-2].note, option)]
        if best:
            own = self.scope.of_property({**written, **best[0][-1]})
            best = [f for f in best if self.scope.of_value(f[-2].note, own)] or best
            best = [f for f in best if self.scope.names(f[-2].note, option)] or best
            best = [f for f in best if not self.scope.is_there(f[-2].note, {**written, **f[-1]})] or best
        meanings = self._meanings((p, {**self._written(p, v, written), **v}) for *_, p, v in best)
        alike = all(f[0] == best[0][0] for f in best)  # as many words in common
        if alike or any("of" in self.told[str(f[-2].note)] for f in best):  # or no rule decides it
            meanings.sort(key=_silent)  # what speaks of the message comes first
        return best[0][-3] if best else "", meanings

    def _written(self, phrase: _Phrase, values: dict[str, str], written: dict[str, str]) -> dict[str, str]:
        """What the option adds to a message: the device, and what was given for the property that it is about."""
        note = self.knowledge.note(phrase.note).name
        about = values.get("property", note)
        own = {name: value for name, value in written.items() if name not in ("driver", "id", "bus")}
        said = [("type", "driver"), ("text", about)]
        if note.startswith("no-such-") or "of" in self.told[str(phrase.note)]:
            said.append(("name", "driver"))  # the option's first word is the very name that there is not
        return {**own, **{new: written[old] for new, old in said if old in written}}

    def named(self, rule: str) -> list[Meaning]:
        """The rules of a name, as they stand."""
        return self._standing(note for note in map(int, self.told) if self.knowledge.note(note).name == rule)

    def by_name(self) -> dict[str, tuple[list[Meaning], list[str]]]:
        """All rules by name, as they stand, each with the messages that it says."""
        notes: dict[str, list[int]] = {}
        for note in map(int, self.told):
            notes.setdefault(self.knowledge.note(note).name, []).append(note)
        return {name: (self._standing(own), self._said(own)) for name, own in notes.items()}

    def _standing(self, notes: Iterable[int]) -> list[Meaning]:
        told = [(note, self.told[str(note)]["says"]) for note in notes]
        return [m for note, says in told for m in self._meanings([(_Phrase(note, says[0][1] if says else [], "", 0), {})])]

    def _said(self, notes: Iterable[int]) -> list[str]:
        return list(dict.fromkeys(shown(parts, {}) for note in notes for _, parts in self.told[str(note)]["says"]))

    def near(self, text: str) -> list[Meaning]:
        """What is most like it, where nothing matches."""
        import difflib

        words = set(words_of(text))
        shared = [(len(words & set(words_of(" ".join(texts_of(p.parts))))), -n, p) for n, p in enumerate(self.all)]
        likely = [p for count, _, p in sorted(shared, key=lambda s: s[:2], reverse=True)[:40] if count > 1]
        ranked = [(difflib.SequenceMatcher(None, text, shown(p.parts, {})).ratio(), p) for p in likely]
        close = [(p, dict[str, str]()) for ratio, p in sorted(ranked, key=lambda r: -r[0]) if ratio > 0.5]
        return self._meanings(close)

    def _meanings(self, found: Iterable[tuple[_Phrase, dict[str, str]]]) -> list[Meaning]:
        out: list[Meaning] = []
        for phrase, values in found:
            note, told = self.knowledge.note(phrase.note), self.told[str(phrase.note)]
            values = {**named(self.knowledge, note.name, phrase.note, values), **values}
            meaning = Meaning(
                note.name,
                note.profile or self.knowledge.profile,
                shown(phrase.parts, {}),
                values,
                fitting(told["because"], values),
                fitting([case for case in told["instead"] if not vague(case[0], values)], values),
                RuleLine(note.file, note.line),
                tuple(Source(*s) for s in note.see),
            )
            if all((m.where, m.because) != (meaning.where, meaning.because) for m in out):
                out.append(meaning)
        return out


def _silent(meaning: Meaning) -> bool:
    """Whether a meaning speaks of something that the message does not tell."""
    return bool(meaning.because) and all(UNTOLD in text for text in meaning.because)


class _Kept:
    """The rule sets that are asked in turn: one that is not needed is not loaded, one that was is kept."""

    def __init__(self, phrases: Iterable[Phrases]) -> None:
        self._kept: list[Phrases] = []
        self._rest = iter(phrases)

    def __iter__(self) -> Iterator[Phrases]:
        yield from self._kept
        for one in self._rest:
            self._kept.append(one)
            yield one


def explain(phrases: Iterable[Phrases], text: str) -> list[Explained]:
    """Explains every message of a pasted text; lines that say nothing known are told only where no line does.

    Of several rule sets (one an architecture) the first one that knows a message answers.
    """
    sets = _Kept(phrases)
    lines = [line for line in (unquoted(line.strip()) for line in text.splitlines()) if line]
    known: dict[str, Explained] = {}  # logs say the same again and again
    found = [e for number in range(len(lines)) if (e := _once(known, sets, lines, number)).meanings]
    if found or not lines:
        return found
    return [
        Explained(_tail(line), _option(line), (), tuple(near[:_MOST]))
        for line in list(dict.fromkeys(lines))[:_GUESSED]
        if (near := next(iter(sets)).near(_tail(line)[:_LONG])) or line is lines[0]
    ]


def _once(known: dict[str, Explained], sets: Iterable[Phrases], lines: list[str], number: int) -> Explained:
    text = "\n".join(lines[number : number + 4])
    if text not in known:
        known[text] = _line(sets, lines, number)
    return known[text]


def _line(sets: Iterable[Phrases], lines: list[str], number: int) -> Explained:
    """What one line says, alone or with the lines after it: some messages have several."""
    rest = "\n".join(lines[number : number + 4])
    option = _option(lines[number])
    written, name = _pairs(option), option.partition(" ")[0]
    together = _tails(rest, len(lines[number])) if number + 1 < len(lines) else ()
    texts = (*together, *_tails(lines[number]))
    longest = max(texts, key=len)  # the others are parts of it, so what is not in it is in none
    holds = functools.cache(longest.__contains__)  # the rules of all architectures have most words in common
    for one in sets:
        text, meanings = one.matching(texts, name, written, holds)
        if meanings:
            return Explained(text, option, tuple(meanings[:_MOST_MEANINGS]), ())
    return Explained(lines[number], "", (), ())


def _tails(text: str, end: int | None = None) -> Iterator[str]:
    """A text, and what stands behind each colon: programs put their names, options and dates before what they say."""
    yield text
    ends = deque((match.end() for match in _COLON.finditer(text[:end])), _COLONS)
    for behind in ends:
        yield unquoted(text[behind:].strip())


def _tail(line: str) -> str:
    """The message itself, as far as its form tells."""
    option = _OPTION.search(line)
    if option is not None:
        return line[option.end() :]
    return re.sub(r"^(?:\S*qemu\S*|[Ee]rror): ", "", line)


def _option(line: str) -> str:
    match = _OPTION.search(line)
    return f"{match[1]} {match[2]}" if match is not None else ""


def _pairs(option: str) -> dict[str, str]:
    """What an option says, key by key."""
    from qrules.configs.options import pairs

    argument = option.partition(" ")[2]
    return {p.key: str(p.value) for p in pairs(argument, "driver")} if argument and not argument.startswith("{") else {}


def unquoted(text: str) -> str:
    """A text without the quotes around it; of an answer of QMP its description."""
    if text.startswith("{") and '"desc"' in text:
        import json

        try:
            return str(json.loads(text)["error"]["desc"])
        except (ValueError, KeyError, TypeError):
            return text
    return text[1:-1] if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text.count(text[0]) <= 2 else text
