"""Asks a binary for its types: `gather("qemu-system-x86_64")`.

Type facts only: names, parents, interfaces, properties, machine types. Which bus a machine has and what may stand
where is the business of the rules: nothing here looks at a machine with parts, so a catalogue is no oracle in disguise.
Everything is asked over QMP, from two sessions whose machine has no parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from qrules.qemu.factor import (
    Listed,
    ancestors,
    below,
    own_properties,
    stated_kinds,
    with_agreed_defaults,
    with_shared,
)
from qrules.qemu.facts import TOLD, BusType, Default, DeviceType, Facts, MachineType, Property, Status
from qrules.qemu.process import DEFAULT_TIMEOUT
from qrules.qemu.qmp import Session

EMPTY_MACHINE = ("-machine", "none", "-nodefaults")
# To list the options of a machine type, QEMU makes an instance; once the machine is done, some of them abort at that.
UNFINISHED_MACHINE = (*EMPTY_MACHINE, "-preconfig")
# QAPI's CpuInstanceProperties: the numbers that place a processor in its machine.
_TWIN = "legacy-"  # how the human-readable twin of another property is called
_PROCESSOR_PLACE = (
    "node-id", "drawer-id", "book-id", "socket-id", "die-id", "cluster-id", "module-id", "core-id", "thread-id",
)  # fmt: skip
MACHINE_SUFFIX = "-machine"
# What `info qdm` prints for a device type. A description may contain anything.
_QDM = re.compile(
    r'^name "(?P<name>[^"]+)"(?:, bus (?P<kind>[^,\n]+))?(?:, alias "(?P<alias>[^"]+)")?'
    r'(?:, desc "(?P<description>.*)")?(?P<internal>, no-user)?$',
    re.MULTILINE,
)


class Listing(NamedTuple):
    """A line of `info qdm`: the bus kind is empty for a type without a bus, the alias for one without."""

    kind: str
    alias: str
    description: str
    internal: bool


def gather(binary: str, timeout: float = DEFAULT_TIMEOUT) -> Facts:
    """The facts behind the catalogue text. Raises what `Session` raises."""
    with Session(binary, UNFINISHED_MACHINE, timeout) as session:
        machine_properties = _machine_properties(session, Tree(session))
    with Session(binary, EMPTY_MACHINE, timeout) as session:
        tree = Tree(session)
        devices = Devices(session, tree)
        number = session.execute("query-version")["qemu"]
        return Facts(
            version=f"{number['major']}.{number['minor']}.{number['micro']}",
            arch=session.execute("query-target")["arch"],
            bus_types=tuple(BusType(name, tree.parents[name], name in tree.abstract) for name in tree.under("bus")),
            interfaces=tuple(sorted({each for has in devices.interfaces.values() for each in has})),
            types=tuple(devices.types()),
            aliases=devices.aliases(),
            machine_types=tuple(sorted(_machine_types(session, tree, machine_properties))),
        )


def parse_qdm(printed: str) -> dict[str, Listing]:
    """The concrete device types of `info qdm`, by name; lines of another shape, such as headings, are passed over."""
    return {
        match["name"]: Listing(
            match["kind"] or "", match["alias"] or "", match["description"] or "", match["internal"] is not None
        )
        for match in _QDM.finditer(printed)
    }


class Tree:
    """The names of QEMU's object model, the parent of each, and which are abstract."""

    def __init__(self, session: Session) -> None:
        types = session.execute("qom-list-types", abstract=True)
        self.parents: dict[str, str] = {each["name"]: each.get("parent", "") for each in types}
        self.abstract = {each["name"] for each in types if each.get("abstract")}

    def under(self, root: str) -> list[str]:
        """The names below `root`, without it, sorted."""
        return sorted(name for name in self.parents if name != root and root in ancestors(name, self.parents))


class Devices:
    """The device types of one session: what was asked once, and what follows from it."""

    def __init__(self, session: Session, tree: Tree) -> None:
        self._ask = session.execute
        self._tree = tree
        self._names = tree.under("device")
        self._listing = parse_qdm(session.hmp("info qdm"))
        self.interfaces = self._interfaces()

    def aliases(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((each.alias, name) for name, each in self._listing.items() if each.alias))

    def types(self) -> Iterator[DeviceType]:
        parents = {name: self._tree.parents[name] for name in self._names}  # without the root, which is not written
        kinds = stated_kinds({name: each.kind for name, each in self._listing.items()}, parents)
        listed = self._properties()
        for name in self._names:
            added = self.interfaces[name] - self.interfaces.get(parents[name], set())
            yield DeviceType(
                name,
                (parents[name], *sorted(added)),
                self._status(name),
                kinds.get(name, ""),
                self._listing[name].description if name in self._listing else "",
                own_properties(name, listed, parents),
            )

    def users(self) -> list[str]:
        """The types that users can make, sorted."""
        return [name for name in self._names if self._status(name) == "user"]

    def internal(self) -> list[str]:
        """The types that only boards make, sorted."""
        return [name for name in self._names if self._status(name) == "internal"]

    def _status(self, name: str) -> Status:
        if name in self._tree.abstract:
            return "abstract"
        return "user" if name in self._listing and not self._listing[name].internal else "internal"

    def _interfaces(self) -> dict[str, set[str]]:
        """The interfaces of each device type, inherited ones too; those that all devices have are left out."""
        found: dict[str, set[str]] = {name: set() for name in self._names}
        for interface in self._tree.under("interface"):
            having = {each["name"] for each in self._ask("qom-list-types", implements=interface, abstract=True)}
            if "device" not in having:
                for name in having & found.keys():
                    found[name].add(interface)
        return found

    def _properties(self) -> dict[str, dict[str, Property]]:
        """The properties of abstract types, of user-creatable ones and of their parents.

        Of processors only what says where one goes: each model has hundreds of features besides.
        """
        processors = set(self._tree.under("cpu"))
        names = [name for name in self._names if name not in processors]
        users = [name for name in names if self._status(name) == "user"]
        with_heirs = below(users, self._tree.parents)
        of_all = {each["name"] for each in self._ask("qom-list-properties", typename="device")}
        listed = {}
        for name in names:
            if self._status(name) == "user":
                listed[name] = settable(listing(self._ask, name), of_all)
            elif name in self._tree.abstract or name in with_heirs:
                listed[name] = settable(self._ask("qom-list-properties", typename=name), of_all)
        for name in processors & self._tree.abstract:
            told = settable(self._ask("qom-list-properties", typename=name), of_all)
            listed[name] = {each: told[each] for each in told if each in _PROCESSOR_PLACE}
        listed = with_agreed_defaults(listed, users, self._tree.parents)
        return with_shared(listed, users, self._tree.parents)


def _machine_properties(session: Session, tree: Tree) -> dict[str, dict[str, Property]]:
    names = ["machine", *tree.under("machine")]
    of_all = {each["name"] for each in session.execute("qom-list-properties", typename="object")}
    listed = {name: settable(session.execute("qom-list-properties", typename=name), of_all) for name in names}
    return with_shared(listed, [name for name in names if name not in tree.abstract], tree.parents)


def _machine_types(session: Session, tree: Tree, listed: Listed) -> Iterator[MachineType]:
    told = {each["name"]: each for each in session.execute("query-machines")}

    def written(name: str) -> str:
        """What -machine takes for a concrete type; an abstract one keeps its name in the object model."""
        return name if name in tree.abstract else name.removesuffix(MACHINE_SUFFIX)

    for name in listed:
        entry: Mapping[str, Any] = {} if name in tree.abstract else told.get(written(name), {})
        yield MachineType(
            name=written(name),
            parent="" if name == "machine" else written(tree.parents[name]),
            abstract=name in tree.abstract,
            alias=entry.get("alias", ""),
            default=entry.get("is-default", False),
            deprecated=entry.get("deprecated", False),
            cpu_max=entry.get("cpu-max"),
            hotpluggable_cpus=entry.get("hotpluggable-cpus"),
            properties=own_properties(name, listed, tree.parents),
            more=tuple((word, entry[key]) for key, word in TOLD.items() if key in entry),
        )


def listing(ask: Callable[..., Any], name: str) -> list[Mapping[str, Any]]:
    """What a session (its `execute`) tells of the properties of a device.

    Up to 10.0 ``device-list-properties`` passes over all that are called like a twin for people's eyes, be they one or not.
    """
    told: list[Mapping[str, Any]] = ask("device-list-properties", typename=name)
    known = {each["name"] for each in told}
    hidden = [each for each in ask("qom-list-properties", typename=name) if each["name"].startswith(_TWIN)]
    return [*told, *(each for each in hidden if each["name"] not in known)]


def settable(answer: Iterable[Mapping[str, Any]], without: set[str]) -> dict[str, Property]:
    """The properties of an answer that a user can set, by name."""
    told = list(answer)
    names = {each["name"] for each in told}
    return {
        each["name"]: Property(each["name"], _domain(each["type"]), _default(each.get("default-value")))
        for each in told
        if each["name"] not in without
        and not (each["name"].startswith(_TWIN) and each["name"].removeprefix(_TWIN) in names)
        and "[" not in each["name"]  # an element of an array, such as a pin
        and not each["type"].startswith("child<")
    }


def _domain(word: str) -> str:
    return "link" if word.startswith("link<") else word


def _default(value: object) -> Default:
    """Lists have no counterpart in the language: theirs is left out."""
    return value if isinstance(value, (bool, int, str)) else None
