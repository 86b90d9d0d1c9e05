"""What one version's catalogue and schema say that another one's do not: machines, types, properties, options, buses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.knowledge.schema import Schemas
from qrules.knowledge.vendors import versions_of

Kind: TypeAlias = Literal[
    "machine", "default machine", "default processor", "alias", "deprecated", "type", "internal type", "property", "default",
    "machine option", "option", "key", "object", "bus kind", "interface",
]  # fmt: skip
How: TypeAlias = Literal["new", "gone", "changed"]
_CREATABLE, _INTERNAL = "user", "internal"
_MARK = "deprecated"


class News(NamedTuple):
    """Something that a version changes. `names` are all of which it is so; `before` and `after` are texts, empty for nothing.

    `spoken` says whether some rule speaks of one of the names; of what is gone it is no matter.
    """

    what: Kind
    how: How
    names: tuple[str, ...]
    detail: str = ""
    before: str = ""
    after: str = ""
    spoken: bool = True


def news(old: Knowledge, new: Knowledge) -> list[News]:
    """All that differs, by kind."""
    found = [*_machines(old, new), *_types(old, new), *_properties(old, new), *_machine_options(old, new), *_options(old, new)]
    return [*found, *_names("bus kind", old.shared["buses"], new.shared["buses"])]


def new_types(old: Knowledge, new: Knowledge) -> list[str]:
    """The types that users can add now and could not before."""
    return [name for name in new.shared["types"] if _status(new, name) == _CREATABLE and _status(old, name) != _CREATABLE]


def new_options(old: Knowledge, new: Knowledge, machine: MachineFacts) -> list[str]:
    """The options that a machine has now, and that no machine of its family had before."""
    before = {name for facts in _facts(old) if facts.line[1:2] == machine.line[1:2] for name in old.property_names(facts.line)}
    return [name for name in new.property_names(machine.line) if before and name not in before]


# ------------------------------------------------------------------------------------- machines
def _facts(knowledge: Knowledge) -> list[MachineFacts]:
    return [facts for name in knowledge.machine_names() if (facts := knowledge.machine(name)) is not None]


def _machines(old: Knowledge, new: Knowledge) -> Iterator[News]:
    was, now = ({f.name: f for f in _facts(k)} for k in (old, new))
    described = tuple(n for n in now if n not in was and now[n].family is not None)
    for names, spoken in ((described, True), (tuple(n for n in now if n not in was and now[n].family is None), False)):
        if names:
            yield News("machine", "new", names, spoken=spoken)
    gone = tuple(n for n in was if n not in now)
    if gone:
        yield News("machine", "gone", gone)
    marked = tuple(n for n in now if _MARK in now[n].words and n in was and _MARK not in was[n].words)
    if marked:
        yield News("deprecated", "new", marked)
    for what, word in (("default machine", "default"),):
        before, after = (next((n for n, f in listed.items() if word in f.words), "") for listed in (was, now))
        if before.rpartition("-")[0] != after.rpartition("-")[0]:
            yield News("default machine", "changed", (after or before,), what, before, after)
    for name, facts in now.items():
        newest = versions_of(new, name)
        if newest and newest[-1] != name:
            continue
        twin = was.get(name) or was.get((versions_of(old, name) or [""])[-1])
        cpu = [str(f.facts.get("default-cpu-type", "")) if f is not None else "" for f in (twin, facts)]
        if twin is not None and cpu[0] != cpu[1]:
            yield News("default processor", "changed", (name,), "", cpu[0], cpu[1])


# ------------------------------------------------------------------------------------- types
def _status(knowledge: Knowledge, name: str) -> str:
    facts = knowledge.type_facts(name)
    return str(facts[0]) if facts is not None else ""


def _types(old: Knowledge, new: Knowledge) -> Iterator[News]:
    kinds = new.shared["kinds"]
    fresh = new_types(old, new)
    for names, spoken in (
        (tuple(n for n in fresh if n in kinds), True),
        (tuple(n for n in fresh if n not in kinds), False),
    ):
        if names:
            yield News("type", "new", names, spoken=spoken)
    gone = tuple(n for n in old.shared["types"] if _status(old, n) == _CREATABLE and _status(new, n) != _CREATABLE)
    if gone:
        yield News("type", "gone", gone)
    opened = tuple(n for n in fresh if _status(old, n) == _INTERNAL)
    if opened:
        yield News("internal type", "changed", opened, "users can add them now")


def _properties(old: Knowledge, new: Knowledge) -> Iterator[News]:
    """Properties of the types that both have, those of many types together."""
    found: dict[tuple[How, str, str, str], list[str]] = {}
    kinds = new.shared["kinds"]
    both = [n for n in new.shared["types"] if _status(new, n) == _CREATABLE == _status(old, n)]
    for name in both:
        for key in _changed(old, new, tuple(old.line_of(name)), tuple(new.line_of(name))):
            found.setdefault(key, []).append(name)
    spoken = {p for of in kinds.values() for p in of.get("properties", ())}
    for (how, name, before, after), types in sorted(found.items(), key=lambda item: (item[0][0], item[0][1])):
        what: Kind = "default" if how == "changed" else "property"
        yield News(what, how, tuple(types), name, before, after, how != "new" or name in spoken)


def _changed(old: Knowledge, new: Knowledge, was: tuple[str, ...], now: tuple[str, ...]) -> Iterator[tuple[How, str, str, str]]:
    before, after = ({n: k.catalogued(line, n) for n in k.property_names(line)} for k, line in ((old, was), (new, now)))
    for name in (*after, *(n for n in before if n not in after)):
        one, other = before.get(name), after.get(name)
        if one is None and other is not None:
            yield "new", name, "", str(other[0])
        elif other is None and one is not None:
            yield "gone", name, str(one[0]), ""
        elif one is not None and other is not None and one[1] != other[1] and None not in (one[1], other[1]):
            yield "changed", name, str(one[1]), str(other[1])


def _machine_options(old: Knowledge, new: Knowledge) -> Iterator[News]:
    """Options of the machines that both have, and of the newest of each family."""
    found: dict[tuple[How, str, str, str], list[str]] = {}
    was = {f.name: f for f in _facts(old)}
    for facts in _facts(new):
        newest = versions_of(new, facts.name)
        if newest and newest[-1] != facts.name:
            continue
        twin = was.get(facts.name) or was.get((versions_of(old, facts.name) or [""])[-1])
        for key in _changed(old, new, twin.line, facts.line) if twin is not None else ():
            found.setdefault(key, []).append(facts.name)
    places = [*new.shared["kinds"].values(), *_families(new)]
    spoken = {p for of in places for p in of.get("properties", ())}
    for (how, name, before, after), names in sorted(found.items(), key=lambda item: (item[0][0], item[0][1])):
        yield News("machine option", how, tuple(names), name, before, after, how != "new" or name in spoken)


def _families(knowledge: Knowledge) -> list[dict[str, object]]:
    numbers = dict.fromkeys(f.family for f in _facts(knowledge) if f.family is not None)
    return [knowledge.family(number) for number in numbers]


# ------------------------------------------------------------------------------------- the command line
def _options(old: Knowledge, new: Knowledge) -> Iterator[News]:
    before, after = (Schemas(knowledge.piece).options() for knowledge in (old, new))
    yield from _names("option", before, after)
    for option in (o for o in after if o in before):
        keys = [set(_keys(k, option)) for k in (old, new)]
        for how, names in (("new", keys[1] - keys[0]), ("gone", keys[0] - keys[1])):
            if names:
                yield News("key", "new" if how == "new" else "gone", tuple(sorted(names)), option, spoken=how != "new")
    yield from _names("object", old.objects(), new.objects())


def _keys(knowledge: Knowledge, option: str) -> Iterator[str]:
    record = knowledge.option(option)
    if record is not None:
        yield from (member.name for member in record.members)
        for case in record.cases:
            yield f"{record.tag}={case}"
            inner = record.case(case)
            yield from (f"{case}: {member.name}" for member in inner.members) if inner is not None else ()


def _names(what: Kind, before: Iterable[str], after: Iterable[str]) -> Iterator[News]:
    was, now = list(before), list(after)
    fresh, gone = tuple(n for n in now if n not in was), tuple(n for n in was if n not in now)
    if fresh:
        yield News(what, "new", fresh, spoken=False)
    if gone:
        yield News(what, "gone", gone)
