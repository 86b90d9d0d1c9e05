"""What one session says of options, objects, processors and properties: type words, members and descriptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeAlias

from qrules.qemu import enums
from qrules.qemu.errors import CommandFailed, Died
from qrules.qemu.factor import own_properties, with_shared
from qrules.qemu.facts import Property
from qrules.qemu.harvest import Devices, Tree, listing, settable
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Member, Option, Part, Processor, Told

Listing: TypeAlias = dict[str, Mapping[str, Any]]
"""Properties of a type by name, as QMP tells them."""
Said: TypeAlias = tuple[str, str, str]
"""A type, one of its properties, and what is told of it (nothing: empty)."""

# Lists of options whose name is not the option's (QEMU, system/vl.c); the members of a machine are its properties.
_OPTION_NAMES = {"boot-opts": "-boot", "smp-opts": "-smp", "memory": "-m", "machine": "", "": ""}
_READ_AS_RECORDS = ("audiodev", "blockdev", "compat", "display", "netdev", "numa", "object")
_ACCELERATOR = "-accel"
MAX_ENDED = 20
"""Emulators that may end over a question before that is taken for more than a quirk."""


class Patient:
    """Sessions, each of which follows one that ended over a question. A context manager."""

    def __init__(self, binary: str, argv: Sequence[str], timeout: float) -> None:
        self._start = (binary, argv, timeout)
        self._ended = 0
        self._session: Session | None = None

    def __enter__(self) -> Patient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._session is not None:
            self._session.__exit__(kind, error, trace)
            self._session = None

    def execute(self, command: str, /, **arguments: object) -> Any:
        """As `Session.execute`; None where the emulator ends over it, up to `MAX_ENDED` times."""
        if self._session is None:
            self._session = Session(*self._start).__enter__()
        try:
            return self._session.execute(command, **arguments)
        except Died:
            self._ended += 1
            if self._ended > MAX_ENDED:
                raise
            self.__exit__(None, None, None)
            return None


class Asked:
    """A session whose machine is done and has nothing in it. What is costly to ask is asked once."""

    def __init__(self, session: Session) -> None:
        self._ask = session.execute
        self.tree = Tree(session)
        self.schema: list[Mapping[str, Any]] = session.execute("query-qmp-schema")
        self._of_all = {each["name"] for each in session.execute("qom-list-properties", typename="device")}
        self._of_object = {each["name"] for each in session.execute("qom-list-properties", typename="object")}
        self._models = self.tree.under("cpu")
        devices = Devices(session, self.tree)
        users, models, self._internal = devices.users(), frozenset(self._models), devices.internal()
        self.devices = {name: self._listing(name) for name in users if name not in models}
        self._model = {name: self._listing(name) for name in [each for each in users if each in models][:1]}

    def _listing(self, name: str) -> Listing:
        told = listing(self._ask, name)
        wanted = settable(told, self._of_all)
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
        """The models by type. Where the binary can't list them, or tells no type, a model is called like its type without its
        family.
        """
        by_family = dict(self._named_by_family())
        try:
            told = self._ask("query-cpu-definitions")
        except CommandFailed:
            told = [{"name": name, "typename": type_} for name, type_ in by_family.items()]
        names: dict[str, list[str]] = defaultdict(list)
        deprecated = set()
        for each in told:
            type_ = each["typename"] or by_family.get(each["name"], "")
            names[type_].append(each["name"])
            if each.get("deprecated"):
                deprecated.add(type_)
        return (Processor(type_, tuple(sorted(names[type_])), type_ in deprecated) for type_ in sorted(names))

    def _named_by_family(self) -> Iterator[tuple[str, str]]:
        for type_ in self._models:
            family = next((above for above in _above(type_, self.tree) if type_.endswith(f"-{above}")), "")
            if family and type_ not in self.tree.abstract:
                yield type_.removesuffix(f"-{family}"), type_

    def features(self, sessions: Patient) -> Iterator[tuple[tuple[str, ...], tuple[Property, ...]]]:
        """The properties of processors, each with the highest types that it holds for.

        To list them QEMU makes one of each, and some end it: `sessions` are there for that. Nothing is known of those.
        """
        listed: dict[str, dict[str, Property]] = {"cpu": {}}
        for name in self._models:
            if (told := sessions.execute("qom-list-properties", typename=name)) is not None:
                listed[name] = {each.name: each for each in _without_defaults(settable(told, self._of_all))}
        concrete = [name for name in listed if name != "cpu" and name not in self.tree.abstract]
        shared = with_shared(listed, concrete, self.tree.parents)
        grouped: dict[tuple[Property, ...], list[str]] = defaultdict(list)
        for name in ("cpu", *self._models):
            grouped[own_properties(name, shared, self.tree.parents)].append(name)
        return ((tuple(names), own) for own, names in grouped.items() if own)

    def internals(self, sessions: Patient) -> Iterator[tuple[tuple[str, ...], tuple[Property, ...]]]:
        """The properties of the parts of boards, those of parts that have the same together. Of parts that end the emulator when
        they are looked at nothing is known.
        """
        processors = {"cpu", *self._models}
        above: dict[str, dict[str, Property]] = {}
        grouped: dict[tuple[Property, ...], list[str]] = defaultdict(list)
        for name in (each for each in self._internal if each not in processors):
            told = sessions.execute("qom-list-properties", typename=name)
            known = {each for parent in _above(name, self.tree) for each in self._known_of(parent, above)}
            if told is not None:
                own = _without_defaults(settable(told, self._of_all))
                grouped[tuple(each for each in own if each.name not in known)].append(name)
        return ((tuple(names), own) for own, names in grouped.items())

    def _known_of(self, parent: str, above: dict[str, dict[str, Property]]) -> dict[str, Property]:
        """The properties of a kind that several types are."""
        if parent not in above:
            abstract = parent in self.tree.abstract and parent not in ("object", "device")
            above[parent] = settable(self._ask("qom-list-properties", typename=parent), self._of_all) if abstract else {}
        return above[parent]

    # ------------------------------------------------------------------------------ properties
    def enums(self) -> Iterator[enums.Asked]:
        """One property of each type that may be an enum: the one whose description lists most words."""
        found: dict[str, enums.Asked] = {}
        for device, properties in (*self.devices.items(), *self._model.items()):
            for each in properties.values():
                if enums.may_be_enum(each["type"]):
                    asked = enums.Asked(
                        each["type"], device, each["name"], each.get("description", ""), str(each.get("default-value", ""))
                    )
                    known = found.setdefault(each["type"], asked)
                    if len(enums.described(asked.description)) > len(enums.described(known.description)):
                        found[each["type"]] = asked
        return (found[type_] for type_ in sorted(found))

    def types(self, machines: Mapping[str, Listing], accelerators: Iterable[tuple[str, tuple[Property, ...]]]) -> set[str]:
        """The words for the types of all properties."""
        listings = (*self.devices.values(), *machines.values())
        told = {each["type"] for properties in listings for each in properties.values()}
        return told | {each.domain for _, properties in accelerators for each in properties}

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
