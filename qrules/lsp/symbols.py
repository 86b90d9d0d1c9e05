"""The names in a rule text: where they are declared, where they are used, and as what.

A scan of lines: it takes milliseconds for the whole of the shipped rules, and knows a name in a text that does not parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NAME = r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*(?:\.[0-9]+)*"
_WORD = re.compile(rf'"(?:[^"\\\n]|\\.)*(?:"|$)|#.*|{_NAME}')
_INSIDE = re.compile(_NAME)
_HOLE = re.compile(r"\{([^{}]*)\}")
_NAMES = rf'((?:"[^"\n]*"|{_NAME})(?:\s*,\s*(?:"[^"\n]*"|{_NAME}))*)'
_HEAD = re.compile(
    r"^(?:(?:abstract|internal) +)?(bus-type|interface|type|alias|machine-type|bus|device|machine|parts|wish|group|term|rule"
    rf"|refusal|profile|domain|backend|message|record|list|enum|element|step|stage) +{_NAMES}"
)
_INNER = re.compile(rf"^ +(?:(rule|needs) +|(property) +|(claims) +|default +[^ ]+ +(as) +){_NAMES}")
_GIVES = re.compile(rf"^ +({_NAME}) = ")

KIND, ROLE, POOL, ATTRIBUTE, PROPERTY = "kind", "role", "pool", "attribute", "property"
_SORTS = {
    **dict.fromkeys(("bus-type", "interface", "type", "alias", "machine-type", "group", "element"), KIND),
    **dict.fromkeys(("record", "list", "enum"), "shape"),
    "needs": "rule",
    "claims": POOL,
    "as": ROLE,
}
_BLOCKS = ("bus", "device", "machine")  # of kinds that are declared elsewhere
_CLAUSES = {
    **dict.fromkeys(("creates", "has", "default", "provides", "accepts", "becomes", "suggests"), KIND),
    **dict.fromkeys(("suppresses", "silences", "opens", "role"), ROLE),
    "includes": "parts",
    "fills": PROPERTY,
    "wish": "wish",
    "backend": "backend",
    "on": KIND,
    "for": KIND,
}
_BEHIND = (  # how what stands before a name ends, and what the name is then
    (re.compile(r"\.$"), ATTRIBUTE),
    (re.compile(rf"^ *without rule +(?:{_NAME} *, *)*$|^ +(?:refused|warned) by +$|^ *(?:rule|needs) +$"), "rule"),
    (re.compile(rf"^ *(?:rule|refusal) +{_NAME} *: *$|^profile +$"), "profile"),
    (re.compile(r"^ +(?:property|fact)\b[^:]*: *(?:bytes +)?$|^domain [^=]*= *$"), "domain"),
    (re.compile(r"^ +property\b[^:=]*$"), PROPERTY),
    (re.compile(r"\bdefault *\( *$|\breplaced *\( *$|^ +default +\S+ +as +$"), ROLE),
    (re.compile(r"\bholds +$|^ +claims +$"), POOL),
    (re.compile(r"^ +(?:default|has|creates|provides)\b.*\bcalled $"), ""),
    (re.compile(r"\b(?:is|is not|some|no|every|count|the|earlier|another|names|over|for each) +$|^test .*"), KIND),
    (re.compile(rf"^(?:bus|device|machine|type|bus-type|machine-type|group)\b[^=]*$|^group +{_NAME} *= *.*$"), KIND),
    (re.compile(rf"^(?:rule\b.*)?\bfor +(?:.*, *)?$|^ +for +(?:{_NAME} +{_NAME}[^,]*, *)*$"), KIND),
)
_CALLS = re.compile(r" *\(")


class Symbol(NamedTuple):
    """A name that is declared, or a block about it (`about`): of which sort, where (lines and indices from 0)."""

    name: str
    sort: str
    line: int
    start: int
    end: int
    head: str
    about: bool = False


class Mention(NamedTuple):
    """A name where it stands (line and indices from 0), and as what; an empty sort: the line does not say."""

    line: int
    start: int
    end: int
    sort: str


def declared(text: str) -> list[Symbol]:
    """All names that a text declares or has a block about."""
    found: list[Symbol] = []
    for number, line in enumerate(text.split("\n")):
        if not line or line[0] == "#":
            continue
        head = _HEAD.match(line) if line[0] != " " else None
        inner = _INNER.match(line) if head is None and line[0] == " " else None
        if head is not None:
            found += _named(number, head[1], head.start(2), head[2], first=head[1] in ("term", "alias", "step", "record"))
        elif inner is not None:
            word = next(w for w in inner.groups() if w)
            found += _named(number, word, inner.start(5), inner[5], first=word in ("claims", "as"))
        elif (gives := _GIVES.match(line)) is not None:
            found.append(Symbol(gives[1], ATTRIBUTE, number, gives.start(1), gives.end(1), "="))
    return found


def _named(number: int, head: str, at: int, names: str, first: bool) -> Iterator[Symbol]:
    sort = KIND if head in _BLOCKS else _SORTS.get(head, head)
    for match in re.finditer(rf'"([^"\n]*)"|({_NAME})', names):
        text = match[1] if match[1] is not None else match[2]
        yield Symbol(text, sort, number, at + match.start(), at + match.end(), head, head in _BLOCKS)
        if first:
            return


def word_at(line: str, index: int) -> tuple[int, int, str] | None:
    """The name at or just before an index of a line: from where to where, and the name without quotes."""
    for match in _WORD.finditer(line):
        if not match.start() <= index <= match.end() or match[0][0] == "#":
            continue
        if match[0][0] != '"':
            return match.start(), match.end(), match[0]
        for hole in _HOLE.finditer(line, match.start(), match.end()):
            for inside in _INSIDE.finditer(line, hole.start(1), hole.end(1)):
                if inside.start() <= index <= inside.end():
                    return inside.start(), inside.end(), inside[0]
        return match.start(), match.end(), match[0].strip('"')
    return None


def mentions(text: str, name: str) -> Iterator[Mention]:
    """Where a text has a name: as a word of the language, in quotes by itself, or in the holes of a sentence."""
    if name not in text:
        return
    for number, line in enumerate(text.split("\n")):
        if name not in line:
            continue
        for match in _WORD.finditer(line):
            first = match[0][0]
            if first == "#":
                break
            if first != '"':
                if match[0] == name:
                    yield Mention(number, match.start(), match.end(), sort_at(line, match.start(), match.end()))
            elif match[0] == f'"{name}"':
                yield Mention(number, match.start(), match.end(), sort_at(line, match.start(), match.end()))
            elif name in match[0]:
                yield from _in_sentence(number, line, match, name)


def _in_sentence(number: int, line: str, sentence: re.Match[str], name: str) -> Iterator[Mention]:
    for hole in _HOLE.finditer(line, sentence.start(), sentence.end()):
        for inside in _INSIDE.finditer(line, hole.start(1), hole.end(1)):
            if inside[0] == name:
                sort = "term" if _CALLS.match(line, inside.end()) else ATTRIBUTE if line[inside.start() - 1] == "." else ""
                yield Mention(number, inside.start(), inside.end(), sort)


def sort_at(line: str, start: int, end: int) -> str:
    """As what a name stands in a line; empty where the words around it do not say."""
    before = line[:start]
    for head in (_HEAD.match(line) if line[:1] != " " else None, _INNER.match(line) if line[:1] == " " else None):
        if head is None:
            continue
        word, at = (head[1], head.start(2)) if head.re is _HEAD else (next(w for w in head.groups()[:4] if w), head.start(5))
        first = re.match(rf'"[^"]*"|{_NAME}', line[at:])
        listed = word not in ("group", "term", "alias", "rule", "refusal", "step", "element", "property")
        if start == at or (listed and start < at + len(head[head.lastindex or 1])):
            return KIND if word in _BLOCKS else _SORTS.get(word, word)
        if first is None:
            return ""
    for form, sort in _BEHIND:
        if form.search(before):
            return sort
    words = before.split()
    if len(words) == 1 and before[:1] == " " and words[0] in _CLAUSES:
        return _CLAUSES[words[0]]
    if _CALLS.match(line, end) and words:
        return "term"
    if not words and before and re.match(r" = ", line[end:]):
        return ATTRIBUTE
    return ""
