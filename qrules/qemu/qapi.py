"""QMP's own description of itself, reduced to what can be written to options: `records(query-qmp-schema's answer)`.

The introspection (QEMU, docs/devel/qapi-code-gen.rst, "Client JSON Protocol introspection") gives types numbers instead of names,
so a record that several members share is named by the place where it is met first: `blockdev-backing`. A struct that stands
behind one value of a union's tag alone is written there. Whole numbers of all widths are one type there, and
so are sizes: `qrules.qemu.widths` finds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from qrules.qemu.schema_facts import Case, Member, Part, Record, Shape

Entity: TypeAlias = Mapping[str, Any]
MAX_LISTS = 8
"""Levels of lists within one member; more is no QEMU's, and a binary that says so would never come to an end."""


class Root(NamedTuple):
    """Where a record is found: a command, and whether in its arguments or in what it returns."""

    name: str
    command: str
    part: str


ROOTS = (
    Root("audiodev", "query-audiodevs", "ret-type"),
    Root("blockdev", "blockdev-add", "arg-type"),
    Root("chardev", "chardev-add", "arg-type"),
    Root("display", "query-display-options", "ret-type"),
    Root("netdev", "netdev_add", "arg-type"),
    Root("numa", "set-numa-node", "arg-type"),
    Root("object", "object-add", "arg-type"),
    Root("tpmdev", "query-tpm", "ret-type"),
)
"""The record of an option where a command takes or tells the same (QEMU: qapi/*.json; system/vl.c for the options)."""


def records(schema: Iterable[Entity]) -> tuple[Record, ...]:
    """The records of all roots that the binary has, with those that they speak of, each behind the first that does."""
    entities = {each["name"]: each for each in schema}
    roots: dict[str, str] = {}
    for root in ROOTS:
        found: str = entities.get(root.command, {}).get(root.part, "")
        if found in entities and entities[found]["meta-type"] == "array":
            found = entities[found]["element-type"]
        if found in entities and entities[found]["meta-type"] == "object":
            roots[root.name] = found
    return tuple(_Reduction(entities, roots).all())


class _Reduction:
    """Names and builds the records that are reached from the roots."""

    def __init__(self, entities: Mapping[str, Entity], roots: Mapping[str, str]) -> None:
        self._entities = entities
        self._names: dict[str, str] = {}
        self._queue: list[str] = []
        self._taken: set[str] = set()
        self._uses = _uses(entities, roots.values())
        for name, found in roots.items():
            self._name(found, name)

    def all(self) -> Iterator[Record]:
        done = 0
        while done < len(self._queue):  # it grows while records are built
            found = self._queue[done]
            before = len(self._queue)
            yield self._record(self._names[found], self._entities[found])
            self._queue[done + 1 :] = self._queue[before:] + self._queue[done + 1 : before]
            done += 1

    def _name(self, found: str, wanted: str) -> str:
        if found not in self._names:
            name, number = wanted, 1
            while name in self._taken:
                number += 1
                name = f"{wanted}-{number}"
            self._names[found] = name
            self._taken.add(name)
            self._queue.append(found)
        return self._names[found]

    def _record(self, name: str, entity: Entity) -> Record:
        tag = entity.get("tag", "")
        members = self._members(entity, name)
        told = {variant["case"]: variant["type"] for variant in entity.get("variants", ())}
        grouped: dict[str, list[str]] = {}
        for case, found in told.items():
            grouped.setdefault(found, []).append(case)
        cases = tuple(self._case(name, found, names) for found, names in grouped.items())
        shown = tuple(each._replace(shape=()) if each.name == tag else each for each in members)
        return Record(name, tag, shown, _with_bare(cases, tag, members))

    def _case(self, name: str, found: str, names: list[str]) -> Case:
        entity = self._entities[found]
        if not entity["members"] and "tag" not in entity:
            return Case(tuple(names), "", ())
        if "tag" in entity or self._uses[found] > 1 or found in self._names:
            return Case(tuple(names), self._name(found, f"{name}-{names[0]}"), ())
        return Case(tuple(names), "", self._members(entity, f"{name}-{names[0]}"))

    def _members(self, entity: Entity, path: str) -> tuple[Member, ...]:
        return tuple(
            Member(each["name"], "default" not in each, self._shape(each["type"], f"{path}-{each['name']}"))
            for each in entity["members"]
        )

    def _shape(self, found: str, path: str, lists: int = 0) -> Shape:
        entity = self._entities[found]
        kind = entity["meta-type"]
        if lists > MAX_LISTS:
            return (Part(0, "any"),)
        if kind == "array":
            return self._shape(entity["element-type"], path, lists + 1)
        if kind == "alternate":
            forms = tuple(part for each in entity["members"] for part in self._shape(each["type"], path))
            return (Part(lists, "", (), forms),) if lists else forms
        if kind == "enum":
            return (Part(lists, "", _words(entity)),)
        if kind == "object":
            return (Part(lists, self._name(found, path)),)
        return (Part(lists, found),)


def _with_bare(cases: tuple[Case, ...], tag: str, members: tuple[Member, ...]) -> tuple[Case, ...]:
    """The cases, and one without members for the values of the tag that have nothing of their own."""
    named = {name for case in cases for name in case.names}
    words = next((part.words for each in members if each.name == tag for part in each.shape), ())
    bare = tuple(word for word in words if word not in named)
    kept = [case for case in cases if case.record or case.members]
    empty = [name for case in cases if not (case.record or case.members) for name in case.names]
    return (*([Case((*bare, *empty), "", ())] if bare or empty else ()), *kept)


def _words(entity: Entity) -> tuple[str, ...]:
    return tuple(each["name"] for each in entity["members"]) if "members" in entity else tuple(entity["values"])


def _uses(entities: Mapping[str, Entity], roots: Iterable[str]) -> Counter[str]:
    """How many members and tags' values speak of each type, among the types that are reached from the roots."""
    uses = Counter(roots)
    queue, seen = list(uses), set(uses)
    while queue:
        entity = entities[queue.pop()]
        told = [each["type"] for part in ("members", "variants") for each in entity.get(part, ()) if "type" in each]
        inner = {each["type"] for each in entity.get("variants", ())}
        for found in [*told, *([entity["element-type"]] if "element-type" in entity else ())]:
            uses[found] += 1
            if found not in seen:
                seen.add(found)
                queue.append(found)
        for found in inner:  # several values with one struct are one place
            uses[found] -= sum(each["type"] == found for each in entity["variants"]) - 1
    return uses
