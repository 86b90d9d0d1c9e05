"""What an editor asks about a place in a rule file: declarations, uses, what is known of a name, what may follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qrules.language.next_words import next_words
from qrules.language.reader import pieces
from qrules.lsp.places import Lines, Position, Range
from qrules.lsp.rulebook import Found, Rulebook
from qrules.lsp.symbols import ATTRIBUTE, KIND, PROPERTY, sort_at, word_at
from qrules.paths import rules_folder
from qrules.rulesets.excerpts import Excerpt, excerpt

_MOST_SHOWN = 8  # declarations and rules of one name
_MOST_OFFERED = 300
_USES = re.compile(r'^uses +"([^"\n]+)')
_FOR = re.compile(r"^ +for ")
_RULE = re.compile(r"^ *(?:rule|needs) +([\w.-]+)")
_PARTIAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*$")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*(?:\.[0-9]+)*")
_KINDS_BEHIND = re.compile(
    r"\b(?:is|is not|some|no|every|count|the|earlier|another|names|for|over|has|creates|provides|accepts|on)\s+$"
)


class Place(NamedTuple):
    """A stretch of a file."""

    path: Path
    range: Range


class Asked(NamedTuple):
    """The name that stands at a place, and as what."""

    name: str
    sort: str
    range: Range


class Offer(NamedTuple):
    """A word that may be written next, what it is, and a line about it."""

    word: str
    what: str
    detail: str = ""


def asked(text: str, position: Position) -> Asked | None:
    """The name at a position."""
    lines = Lines(text)
    line = lines.line(position.line)
    found = word_at(line, lines.index(position))
    if found is None:
        return None
    start, end, name = found
    return Asked(name, sort_at(line, start, end), lines.range(position.line, start, end))


def definitions(book: Rulebook, text: str, position: Position) -> list[Place]:
    """Where what is named at a position is declared; of a file that is used the file."""
    line = Lines(text).line(position.line)
    used = _USES.match(line)
    if used is not None:
        target = rules_folder() / used[1]
        top = Position(0, 0)
        return [Place(path, Range(top, top)) for path in (target,) if path.is_file()]
    name = asked(text, position)
    return [_place(book, f) for f in book.declarations(name.name, name.sort)] if name is not None else []


def references(book: Rulebook, text: str, position: Position, declared: bool = True) -> list[Place]:
    """All places that speak of what is named at a position; `declared`: those that declare it, too."""
    name = asked(text, position)
    if name is None:
        return []
    known = book.declarations(name.name, name.sort)
    sort = known[0].symbol.sort if known else name.sort
    own = {(f.path, f.symbol.line, f.symbol.start) for f in known if not f.symbol.about}
    return [
        Place(used.path, _lines(book, used.path).range(used.mention.line, used.mention.start, used.mention.end))
        for used in book.uses(name.name, sort)
        if declared or (used.path, used.mention.line, used.mention.start) not in own
    ]


def _place(book: Rulebook, found: Found) -> Place:
    symbol = found.symbol
    return Place(found.path, _lines(book, found.path).range(symbol.line, symbol.start, symbol.end))


def _lines(book: Rulebook, path: Path) -> Lines:
    return Lines(book.text(path))


# ------------------------------------------------------------------------------------- hover
def hover(book: Rulebook, text: str, position: Position) -> tuple[str, Range] | None:
    """What is known of the name at a position, as Markdown: its declaration, reason and sources, rules about a kind."""
    name = asked(text, position)
    if name is None:
        return None
    known = book.declarations(name.name, name.sort)
    if not known:
        return None
    sort = known[0].symbol.sort
    parts = [f"**{name.name}** ({_SAID.get(sort, sort)})"]
    first = [f for f in known if not f.symbol.about] or known
    parts += [_shown(book, f) for f in _unlike(book, first)[: 1 if sort != ATTRIBUTE else 4]]
    if len(first) > 1:
        parts.append("declared in " + _listed([f"{book.shown(f.path)}:{f.symbol.line + 1}" for f in first]))
    if sort == KIND:
        rules = list(_rules_about(book, name.name))
        if rules:
            parts += ["rules that name it:", "\n".join(f"- {line}" for line in rules)]
    return "\n\n".join(parts), name.range


_SAID = {KIND: "type, bus kind, machine or group", PROPERTY: "property", "parts": "list of parts", "pool": "what devices claim"}


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_SHOWN
    return ", ".join(names[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _unlike(book: Rulebook, found: list[Found]) -> list[Found]:
    """Declarations whose lines differ, the last file first: of catalogues that is the newest version."""
    seen: dict[str, Found] = {}
    for one in reversed(found):
        seen.setdefault(_lines(book, one.path).line(one.symbol.line), one)
    return list(seen.values())


def _shown(book: Rulebook, found: Found) -> str:
    told = excerpt(book.text(found.path), found.symbol.line)
    parts = [f"```qr\n{told.code}\n```"]
    if told.because:
        parts.append(f"because {told.because}")
    if told.see:
        parts.append("see " + "; ".join(told.see))
    parts.append(f"*{book.shown(found.path)}:{found.symbol.line + 1}*")
    return "\n\n".join(parts)


def _rules_about(book: Rulebook, name: str) -> Iterator[str]:
    """The rules whose lines say that they are about a kind, or that stand in its blocks, with their reasons."""
    told: dict[str, None] = {}
    for used in book.uses(name, KIND):
        if len(told) >= _MOST_SHOWN:
            break
        text = book.text(used.path)
        lines = text.split("\n")
        line = lines[used.mention.line]
        starts = [used.mention.line - 1] if _FOR.match(line) else []
        if line.startswith(("device ", "bus ", "machine ")):
            starts = _inline_rules(lines, used.mention.line)
        for start in starts:
            rule = _RULE.match(lines[start])
            if rule is not None:
                told.setdefault(_sentence(rule[1], excerpt(text, start)))
    yield from list(told)[:_MOST_SHOWN]


def _inline_rules(lines: list[str], head: int) -> list[int]:
    found = []
    for number in range(head + 1, len(lines)):
        if lines[number] and lines[number][0] not in " #":
            break
        if lines[number].startswith("  rule "):
            found.append(number)
    return found


def _sentence(rule: str, told: Excerpt) -> str:
    return f"`{rule}`: {told.because}" if told.because else f"`{rule}`"


# ------------------------------------------------------------------------------------- completion
def offers(book: Rulebook, text: str, position: Position) -> list[Offer]:
    """What may be written at a position: words of the language by its grammar, names by what stands before them."""
    lines = Lines(text)
    before = lines.line(position.line)[: lines.index(position)]
    partial = _PARTIAL.search(before)
    begun = partial[0] if partial is not None else ""
    ahead = before[: len(before) - len(begun)]
    if ahead.count('"') % 2 or "#" in ahead:
        return []
    if ahead.endswith("."):
        return _names(book, begun, (ATTRIBUTE, PROPERTY))
    words, name = next_words(_beginning(lines, position.line, ahead))
    found = [Offer(word, "keyword") for word in words if word.startswith(begun)]
    if name:
        found += _names(book, begun, _sorts(ahead))
    return found[:_MOST_OFFERED]


def _beginning(lines: Lines, number: int, ahead: str) -> str:
    """The statement that a line stands in, from its first line to what stands before a word."""
    text = "\n".join([*(lines.line(n) for n in range(number)), ahead])
    return list(pieces(text))[-1][1].removesuffix("\n")


def _sorts(ahead: str) -> tuple[str, ...]:
    """As what a name may stand behind the beginning of a line."""
    sort = sort_at(ahead, len(ahead), len(ahead))
    if sort:
        return (ATTRIBUTE, PROPERTY) if sort in (ATTRIBUTE, PROPERTY) else (sort,)
    if _KINDS_BEHIND.search(ahead):
        return (KIND,)
    return (ATTRIBUTE, PROPERTY, "term", KIND) if ahead.strip() else (ATTRIBUTE,)


def _names(book: Rulebook, begun: str, sorts: tuple[str, ...]) -> list[Offer]:
    """The names of some sorts that begin so, the likelier sort first."""
    known = book.by_name()
    found: list[tuple[int, str]] = []
    for rank, sort in enumerate(sorts):
        of_sort = sorted(name for name, declared in known.items() if name.startswith(begun) and _has(declared, sort))
        found += [(rank, name) for name in of_sort[: _MOST_OFFERED - len(found)]]
    return [_offer(book, name, next(f for f in known[name] if f.symbol.sort == sorts[rank])) for rank, name in found]


def _has(declared: list[Found], sort: str) -> bool:
    return any(found.symbol.sort == sort for found in declared)


def _offer(book: Rulebook, name: str, found: Found) -> Offer:
    word = name if _PLAIN.fullmatch(name) else f'"{name}"'
    return Offer(word, found.symbol.sort, f"{found.symbol.head} in {book.shown(found.path)}")
