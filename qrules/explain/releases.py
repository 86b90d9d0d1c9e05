"""What differs between the catalogues of two emulator versions, and between the defaults that two machines fix."""

from __future__ import annotations

from qrules.knowledge.defaults import Pair, Side, shown
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

_DEPRECATED = "deprecated"  # what a catalogue says of a machine


class Property(NamedTuple):
    """A property that several types have."""

    name: str
    types: tuple[str, ...]


class Default(NamedTuple):
    """A default that is another one; empty where none is told."""

    property: str
    types: tuple[str, ...]
    before: str
    after: str


class Meaning(NamedTuple):
    """Another name of machines, and what it stands for; empty where it is none."""

    name: str
    before: str
    after: str


class Releases(NamedTuple):
    """Two versions of one architecture.

    Types are those that users can add; properties and defaults those of types that both versions have. The defaults of
    processors' features are those of their models, and not told.
    """

    old: str
    new: str
    arch: str
    types_gone: tuple[str, ...]
    types_new: tuple[str, ...]
    machines_gone: tuple[str, ...]
    machines_new: tuple[str, ...]
    machines_deprecated: tuple[str, ...]
    aliases: tuple[Meaning, ...]
    properties_gone: tuple[Property, ...]
    properties_new: tuple[Property, ...]
    defaults: tuple[Default, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def releases(old: Knowledge, new: Knowledge) -> Releases:
    """Compares two catalogues."""
    was, now = _types(old), _types(new)
    both = [name for name in now if name in was]
    machines = [{name: facts for name in k.machine_names() if (facts := k.machine(name)) is not None} for k in (old, new)]
    fresh = [n for n in machines[1] if n in machines[0] and _is_deprecated(machines[1][n]) and not _is_deprecated(machines[0][n])]
    names = {name: (_properties(old, was[name]), _properties(new, now[name])) for name in both}

    def differs(name: str, type_: str) -> tuple[str, str] | None:
        before, after = _of_type(old, was[type_], name), _of_type(new, now[type_], name)
        return (before, after) if before != after else None

    return Releases(
        old.version,
        new.version,
        new.arch,
        tuple(name for name in was if name not in now),
        tuple(name for name in now if name not in was),
        tuple(name for name in machines[0] if name not in machines[1]),
        tuple(name for name in machines[1] if name not in machines[0]),
        tuple(fresh),
        tuple(_meanings(machines[0], machines[1])),
        _together((each, name) for name in both for each in sorted(names[name][0] - names[name][1])),
        _together((each, name) for name in both for each in sorted(names[name][1] - names[name][0])),
        _defaults(((each, name) for name in both for each in sorted(names[name][0] & names[name][1])), differs),
    )


def fixed(old: tuple[Knowledge, MachineFacts], new: tuple[Knowledge, MachineFacts]) -> tuple[Default, ...] | None:
    """The defaults that two machines fix otherwise for their guests, by the types that are named; None where one is not known."""
    told = [lines for knowledge, facts in (old, new) if (lines := knowledge.fixed(facts.name)) is not None]
    if len(told) < 2:
        return None
    sides = Pair(Side(*old), Side(*new))
    named = dict.fromkeys((name, type_) for lines in told for types, name, _ in lines for type_ in types)

    def differs(name: str, type_: str) -> tuple[str, str] | None:
        lines = tuple(old[0].line_of(type_)), tuple(new[0].line_of(type_))
        return sides.differs(lines, name) if lines[0] and lines[1] else None

    return _defaults(sorted(named), differs)


def _types(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """The types that users can add, each with all that it is."""
    types = knowledge.shared["types"]
    return {name: tuple(knowledge.line_of(name, aliases=False)) for name in types if types[name][0] == "user"}


def _properties(knowledge: Knowledge, line: tuple[str, ...]) -> set[str]:
    """The properties of a type, those of processors too."""
    return knowledge.features_of(line).keys() | set(knowledge.property_names(line))


def _is_deprecated(facts: MachineFacts) -> bool:
    return _DEPRECATED in facts.words


def _meanings(old: dict[str, MachineFacts], new: dict[str, MachineFacts]) -> Iterator[Meaning]:
    was, now = ({alias: name for name, facts in machines.items() for alias in facts.aliases} for machines in (old, new))
    for alias in sorted({*was, *now}):
        if was.get(alias) != now.get(alias):
            yield Meaning(alias, was.get(alias, ""), now.get(alias, ""))


def _of_type(knowledge: Knowledge, line: tuple[str, ...], name: str) -> str:
    fact = knowledge.catalogued(line, name)
    return shown(fact[1]) if fact is not None else ""


def _together(found: Iterable[tuple[str, str]]) -> tuple[Property, ...]:
    """Pairs of a property and a type, by property."""
    types: dict[str, list[str]] = {}
    for name, type_ in found:
        types.setdefault(name, []).append(type_)
    return tuple(Property(name, tuple(types[name])) for name in sorted(types))


def _defaults(named: Iterable[tuple[str, str]], differs: Callable[[str, str], tuple[str, str] | None]) -> tuple[Default, ...]:
    """The properties of types whose default is another one, those that change alike together."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, type_ in named:
        changed = differs(name, type_)
        if changed is not None:
            found.setdefault((name, *changed), []).append(type_)
    return tuple(Default(name, tuple(types), before, after) for (name, before, after), types in sorted(found.items()))
