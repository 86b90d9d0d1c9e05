"""What a binary says about its types, as data: the stage between asking it and writing its catalogue."""

from __future__ import annotations

from typing import Literal, NamedTuple

Default = bool | int | str | None
Status = Literal["user", "internal", "abstract"]
"""Can be given with -device; concrete, but only boards make it; abstract."""

NOWHERE = "nothing"
"""The bus kind of a type that goes on no bus, though its parent's others do."""


class Property(NamedTuple):
    """`domain` is QEMU's own word for the type of the value; a `default` of None is one that QEMU does not tell."""

    name: str
    domain: str
    default: Default


class BusType(NamedTuple):
    """A kind of bus. The parent is a bus kind, or QEMU's root of them."""

    name: str
    parent: str
    abstract: bool


class DeviceType(NamedTuple):
    """A device type, with what it adds to its parent.

    `parents` are the parent in QEMU's object model, then the interfaces that the parent lacks; `kind` is the bus
    kind, empty where it is the parent's.
    """

    name: str
    parents: tuple[str, ...]
    status: Status
    kind: str
    description: str
    properties: tuple[Property, ...]


TOLD = {
    "numa-mem-supported": "numa-mem-supported",
    "default-cpu-type": "default-cpu-type",
    "default-ram-id": "default-ram-id",
    "acpi": "has-acpi",  # the option of the name is another thing
}
"""What query-machines tells besides, with the word that a catalogue has for it; absent where the emulator leaves it out."""


class MachineType(NamedTuple):
    """A machine type. `cpu_max` and `hotpluggable_cpus` are None for an abstract one."""

    name: str
    parent: str
    abstract: bool
    alias: str
    default: bool
    deprecated: bool
    cpu_max: int | None
    hotpluggable_cpus: bool | None
    properties: tuple[Property, ...]
    more: tuple[tuple[str, bool | str], ...] = ()  # what else query-machines tells of it, by the words of a catalogue


class Facts(NamedTuple):
    """All that is harvested from one binary; every part is sorted by name. `aliases` are (alias, type name)."""

    version: str
    arch: str
    bus_types: tuple[BusType, ...]
    interfaces: tuple[str, ...]
    types: tuple[DeviceType, ...]
    aliases: tuple[tuple[str, str], ...]
    machine_types: tuple[MachineType, ...]
