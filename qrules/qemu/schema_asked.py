"""What one session says of options, objects, processors and properties: type words, members and descriptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from qrules.qemu import enums
from qrules.qemu.errors import CommandFailed
from qrules.qemu.factor import own_properties, with_shared
from qrules.qemu.facts import Property
from qrules.qemu.harvest import Devices, Tree, settable
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Member, Option, Part, Processor, Told

Listing: TypeAlias = dict[str, Mapping[str, Any]]
"""Properties of a type by name, as QMP tells them."""
Said: TypeAlias = tuple[str, str, str]
"""A type, one of its properties, and what is told of it (nothing: empty)."""

# Lists of options whose name is not the option's (QEMU, system/vl.c); the members of a machine are its properties.
_OPTION_NAMES = {"boot-opts": "-boot", "smp-opts": "-smp", "memory": "-m", "machine": "", "": ""}
_READ_AS_RECORDS = ("audiodev", "blockdev", "display", "netdev", "numa", "object")
_ACCELERATOR = "-accel"


class Asked:
    """A session whose machine is done and has nothing in it. What is costly to ask is asked once."""

    def __init__(self, session: Session) -> None:
        self._ask = session.execute
        self.tree = Tree(session)
        self.schema: list[Mapping[str, Any]] = session.execute("query-qmp-schema")
        self._of_all = {each["name"] for each in session.execute("qom-list-properties", typename="device")}
        self._of_object = {each["name"] for each in session.execute("qom-list-properties", typename="object")}
        self._models = self.tree.under("cpu")
        users = [name for name in Devices(session, self.tree).users() if name not in set(self._models)]
        self.devices = {name: self._listing("device-list-properties", name, self._of_all) for name in users}

    def _listing(self, command: str, name: str, without: set[str]) -> Listing:
        told = self._ask(command, typename=name)
        wanted = settable(told, without)
        return {each["name"]: each for each in told if each["name"] in wanted}

    # ------------------------------------------------------------------------------ options and objects
    def options(self, records: Iterable[str]) -> Iterator[Option]:
        """The options that read a record, of those that there are, and those whose flat keys QEMU knows; by name."""
        found = {f"-{name}": Option(f"-{name}", name, ()) for name in records if name in _READ_AS_RECORDS}
        for each in self._ask("query-command-line-options"):
            name = _OPTION_NAMES.get(each["option"], f"-{each['option']}")
            keys = {key["name"]: Member(key["name"], False, (Part(0, key["type"]),)) for key in each["parameters"]}
            if name and keys and name not in found:
                found[name] = Option(name, "", tuple(sorted(keys.values(), key=lambda key: (key.shape, key.name))))
        return (found[name] for name in sorted(found))

    def objects(self) -> tuple[str, ...]:
        """The types that `-object` can make as far as the binary was built with them."""
        return tuple(sorted(each["name"] for each in self._ask("qom-list-types", implements="user-creatable", abstract=False)))

    def accelerators(self) -> Iterator[tuple[str, tuple[Property, ...]]]:
        for name in self.tree.under("accel"):
            if name not in self.tree.abstract:
                told = settable(self._ask("qom-list-properties", typename=name), self._of_object)
                yield name.removesuffix(_ACCELERATOR), _without_defaults(told)

    def words(self) -> Iterator[str]:
        """The words of all enums of the schema."""
        return (word for each in self.schema if each["meta-type"] == "enum" for word in each["values"])

    # ------------------------------------------------------------------------------ processors
    def processors(self) -> Iterator[Processor]:
        """The models by type. Where the binary can't list them, a concrete type is called like its name without its family's."""
        try:
            told = self._ask("query-cpu-definitions")
        except CommandFailed:
            told = [{"name": name, "typename": type_} for type_, name in self._named_by_family()]
        names: dict[str, list[str]] = defaultdict(list)
        deprecated = set()
        for each in told:
            names[each["typename"]].append(each["name"])
            if each.get("deprecated"):
                deprecated.add(each["typename"])
        return (Processor(type_, tuple(sorted(names[type_])), type_ in deprecated) for type_ in sorted(names))

    def _named_by_family(self) -> Iterator[tuple[str, str]]:
        for type_ in self._models:
            family = next((above for above in _above(type_, self.tree) if type_.endswith(f"-{above}")), "")
            if family and type_ not in self.tree.abstract:
                yield type_, type_.removesuffix(f"-{family}")

    def features(self) -> Iterator[tuple[tuple[str, ...], tuple[Property, ...]]]:
        """The properties of processors, each with the highest types that it holds for."""
        listed: dict[str, dict[str, Property]] = {"cpu": {}}
        for name in self._models:
            told = settable(self._ask("qom-list-properties", typename=name), self._of_all)
            listed[name] = {each.name: each for each in _without_defaults(told)}
        concrete = [name for name in self._models if name not in self.tree.abstract]
        shared = with_shared(listed, concrete, self.tree.parents)
        grouped: dict[tuple[Property, ...], list[str]] = defaultdict(list)
        for name in ("cpu", *self._models):
            grouped[own_properties(name, shared, self.tree.parents)].append(name)
        return ((tuple(names), own) for own, names in grouped.items() if own)

    # ------------------------------------------------------------------------------ properties
    def enums(self) -> Iterator[enums.Asked]:
        """One property of each type that may be an enum: the one whose description lists most words."""
        found: dict[str, enums.Asked] = {}
        for device, properties in self.devices.items():
            for each in properties.values():
                if enums.may_be_enum(each["type"]):
                    asked = enums.Asked(
                        each["type"], device, each["name"], each.get("description", ""), str(each.get("default-value", ""))
                    )
                    known = found.setdefault(each["type"], asked)
                    if len(enums.described(asked.description)) > len(enums.described(known.description)):
                        found[each["type"]] = asked
        return (found[type_] for type_ in sorted(found))

    def links(self, machines: Mapping[str, Listing]) -> Iterator[Said]:
        """Which type of object each link leads to."""
        for kind, properties in (*self.devices.items(), *machines.items()):
            for each in properties.values():
                if each["type"].startswith("link<"):
                    yield kind, each["name"], each["type"][5:-1]

    def forms(self, machines: Mapping[str, Listing]) -> Iterator[Said]:
        """How each value that is no switch, word or link is described."""
        for kind, properties in (*self.devices.items(), *machines.items()):
            for each in properties.values():
                if each["type"] != "bool" and not each["type"].startswith("link<") and not enums.may_be_enum(each["type"]):
                    yield kind, each["name"], " ".join(each.get("description", "").split())


def told(said: Iterable[Said]) -> tuple[Told, ...]:
    """What is told of properties of one name, stated once for all types where most have it so, else for the types that differ."""
    kinds: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind, name, what in said:
        kinds[name][what].append(kind)
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for name, by_what in kinds.items():
        usual = min(by_what, key=lambda what: (-len(by_what[what]), what))
        for what, having in by_what.items():
            if what or usual != what:
                grouped[what, () if what == usual else tuple(sorted(having))].append(name)
    return tuple(sorted(Told(what, tuple(sorted(names)), having) for (what, having), names in grouped.items()))


def _above(name: str, tree: Tree) -> Iterator[str]:
    while name in tree.parents:
        name = tree.parents[name]
        yield name


def _without_defaults(properties: Mapping[str, Property]) -> tuple[Property, ...]:
    return tuple(properties[name]._replace(default=None) for name in sorted(properties))
