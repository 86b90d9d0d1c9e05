"""Reads what QEMU's human monitor prints for `info qtree`: which bus is where, and what stands on it.

    bus: root-bus
      type root-bus-kind
      dev: bridge, id ""
        hole-size = 34359738368 (32 GiB)
        bus: bus.0
          type bus-kind
          dev: card, id "net0"
            addr = 02.0

QEMU prints the newest sibling first; every function here keeps that order.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

ADDRESS_PROPERTIES = frozenset(
    ("addr", "cad", "channel", "dev_id", "index", "lun", "nr", "nsid", "port", "reg", "scsi-id", "slot", "unit")
)
"""The properties that hold a device's address, on the one bus or the other."""

_HEAD = re.compile(r'( *)(?:bus: (?P<bus>.*)|dev: (?P<dev>.+), id "(?P<id>.*)")')
_KIND = re.compile(r" *type (.+)")
_PROPERTY = re.compile(r"([^\s=]+) = (.*)")
_IN_WORDS = re.compile(r"(-?\d+) \(.*\)")  # 64 (0x40), 4096 (4 KiB)
# What hubs and hosts print instead of the property: it is empty where the user left the port to QEMU.
_PORT = re.compile(r"addr \d+\.\d+, port (?P<port>[0-9.]+), speed ")


class Bus(NamedTuple):
    """A bus: `kind` is the name of its type."""

    id: str
    kind: str
    devices: tuple[Device, ...]


class Device(NamedTuple):
    """A device: `id` is empty where it has none, `remarks` are the lines that are no properties.

    Property values are text, as QEMU prints them, without quotation marks and without the second form of a number.
    """

    type: str
    id: str
    properties: dict[str, str]
    remarks: tuple[str, ...]
    buses: tuple[Bus, ...]


class BusPlace(NamedTuple):
    """A bus with what it hangs on; both are empty for a root."""

    id: str
    kind: str
    parent_type: str
    parent_bus: str


class DevicePlace(NamedTuple):
    """A device with where it stands: the bus, the kind of the bus, and the properties that are its address."""

    type: str
    id: str
    bus: str
    kind: str
    address: dict[str, str]


class _Block(NamedTuple):
    """The line that opens a bus or a device, and the lines up to the next such line."""

    indent: int
    head: re.Match[str]
    lines: list[str]


def parse(text: str) -> tuple[Bus, ...]:
    """The root buses. Lines that fit nowhere are passed over, whatever their indentation."""
    blocks: deque[_Block] = deque()
    for line in text.splitlines():
        if head := _HEAD.fullmatch(line.rstrip()):
            blocks.append(_Block(len(head[1]), head, []))
        elif blocks and line.strip():
            blocks[-1].lines.append(line.strip())
    return _buses(blocks, -1)


def walk(buses: Iterable[Bus], owner: Device | None = None, above: Bus | None = None) -> Iterator[
    tuple[Bus, Device | None, Bus | None]
]:  # fmt: skip
    """Each bus with the device that has it and the bus that this device is on, from the roots down."""
    for bus in buses:
        yield bus, owner, above
        for device in bus.devices:
            yield from walk(device.buses, device, bus)


def bus_places(buses: Iterable[Bus]) -> list[BusPlace]:
    """All buses in the order printed."""
    return [
        BusPlace(bus.id, bus.kind, owner.type if owner else "", above.id if above else "") for bus, owner, above in walk(buses)
    ]


def device_places(buses: Iterable[Bus], names: Collection[str] = ADDRESS_PROPERTIES) -> list[DevicePlace]:
    """All devices, bus by bus. `names` are the properties that count as an address.

    Where QEMU tells the port of a plugged device beside its properties, it is there as "usb-port".
    """
    return [
        DevicePlace(device.type, device.id, bus.id, bus.kind, _address(device, names))
        for bus, _, _ in walk(buses)
        for device in bus.devices
    ]


def _address(device: Device, names: Collection[str]) -> dict[str, str]:
    address = {name: value for name, value in device.properties.items() if name in names}
    for remark in device.remarks:
        if port := _PORT.match(remark):
            address["usb-port"] = port["port"]
    return address


def _buses(blocks: deque[_Block], indent: int) -> tuple[Bus, ...]:
    """Takes the blocks that stand deeper than `indent`, and returns the buses among them."""
    found = []
    while blocks and blocks[0].indent > indent:
        block = blocks.popleft()
        if block.head["bus"] is not None:
            kinds = (kind[1] for line in block.lines if (kind := _KIND.fullmatch(line)))
            found.append(Bus(block.head["bus"], next(kinds, ""), _devices(blocks, block.indent)))
    return tuple(found)


def _devices(blocks: deque[_Block], indent: int) -> tuple[Device, ...]:
    """Takes the blocks that stand deeper than `indent`, and returns the devices among them."""
    found = []
    while blocks and blocks[0].indent > indent:
        block = blocks.popleft()
        if block.head["dev"] is not None:
            matches = [(line, _PROPERTY.fullmatch(line)) for line in block.lines]
            found.append(
                Device(
                    block.head["dev"],
                    block.head["id"],
                    {match[1]: _value(match[2]) for _, match in matches if match},
                    tuple(line for line, match in matches if not match),
                    _buses(blocks, block.indent),
                )
            )
    return tuple(found)


def _value(printed: str) -> str:
    if len(printed) >= 2 and printed[0] == printed[-1] == '"':
        return printed[1:-1]
    number = _IN_WORDS.fullmatch(printed)
    return number[1] if number else printed
