"""A topology as one value that is drawn in many ways: buses, what stands on them, what is free.

`topology` makes it of a machine, with or without devices of a config; the terminal's tree, DOT, SVG and JSON are made of it.
"""

from __future__ import annotations

import re

from qrules.explain.inventory import rule_line
from qrules.explain.reasons import RuleLine
from qrules.explain.room import Slots, free_places, slots
from qrules.machine.entities import Bus, Device
from qrules.machine.state import State
from qrules.numerals import whole_number
from qrules.plugging.board import Board
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FEW = 3  # so many small parts of the machine are told in one breath
_NAMELESS, _NAMED = 4, 9  # so many neighbours that are alike are drawn as one, without and with ids of their own


class BusNode(NamedTuple):
    """A bus with what stands on it, by address. `free` are its free places as addresses show them, neighbours as a range."""

    id: str
    type: str
    hotpluggable: bool
    slots: Slots | None
    free: tuple[str, ...]
    devices: tuple[DeviceNode, ...]
    line: RuleLine | None


class DeviceNode(NamedTuple):
    """A device with the buses that it brings. `by` is who put it there: machine, config, or added (by `qrules place`).

    `position` is that among the -device options, None for what none of them asks for.
    """

    type: str
    id: str | None
    address: str
    by: str
    position: int | None
    buses: tuple[BusNode, ...]
    line: RuleLine | None


class Topology(NamedTuple):
    """A machine with all that stands in it. `busless` need no bus; `refused` are positions of devices that don't stand."""

    machine: str
    arch: str
    qemu: str
    roots: tuple[BusNode, ...]
    busless: tuple[DeviceNode, ...] = ()
    refused: tuple[int, ...] = ()


def topology(board: Board, state: State, refused: tuple[int, ...] = (), added: Iterable[int] = ()) -> Topology:
    """The topology of a state. `added` are positions of devices that nobody asked for but the placement."""
    drawn = _Drawer(board, state, frozenset(added))
    roots = tuple(drawn.bus(b) for b in state.buses if not isinstance(b.owner, Device))
    busless = tuple(drawn.device(d) for d in state.devices if d.bus is None and d.request is not None)
    knowledge = board.knowledge
    return Topology(state.machine.name, knowledge.arch, knowledge.version, roots, busless, refused)


def renamed(drawn: Topology, buses: Mapping[str, str], devices: Mapping[str, str]) -> Topology:
    """The same with other names beside the ids that have one."""

    def bus(one: BusNode) -> BusNode:
        called = f"{one.id} = {buses[one.id]}" if one.id in buses else one.id
        return one._replace(id=called, devices=tuple(map(device, one.devices)))

    def device(one: DeviceNode) -> DeviceNode:
        name = devices.get(one.id or "")
        called = f"{one.id} = {name}" if name is not None else one.id
        return one._replace(id=called, buses=tuple(map(bus, one.buses)))

    return drawn._replace(roots=tuple(map(bus, drawn.roots)), busless=tuple(map(device, drawn.busless)))


class _Drawer:
    def __init__(self, board: Board, state: State, added: frozenset[int]) -> None:
        self.board, self.state, self.added = board, state, added

    def bus(self, bus: Bus) -> BusNode:
        state = self.state
        standing = sorted(state.children[bus.number], key=lambda device: (self._order(device), device.number))
        return BusNode(
            bus.id,
            bus.kind.name,
            bool(bus.get("hotplug", state)),
            slots(state, bus),
            free_places(state, bus),
            tuple(self.device(d) for d in standing),
            rule_line(self.board, bus.origin),
        )

    def _order(self, device: Device) -> list[tuple[int, int | str]]:
        """By address; those of a bus without addresses in the order in which they came."""
        parts: list[tuple[int, int | str]] = []
        for name in device.bus.kind.scheme.names if device.bus is not None and device.bus.kind.scheme is not None else ():
            value = device.address.get(name, 0)
            if isinstance(value, int):
                parts.append((0, value))
            else:  # the port 1.10 of a hub comes after 1.9
                steps = str(value).split(".")
                parts += [(1, step) if (number := whole_number(step)) is None else (0, number) for step in steps]
        return parts

    def device(self, device: Device) -> DeviceNode:
        by = "machine"
        if device.request is not None:
            by = "added" if device.request in self.added else "config"
        elif device.where is not None or (device.wish is not None and device.wish.where is not None):
            by = "config"
        return DeviceNode(
            device.kind.name,
            device.id,
            self.state.shown_address(device),
            by,
            device.request,
            tuple(self.bus(b) for b in self._buses(device)),
            rule_line(self.board, device.origin),
        )

    def _buses(self, device: Device) -> list[Bus]:
        """What others can stand on: of a bus that only the device's own other half has, the buses of that half."""
        found: list[Bus] = []
        for bus in reversed(self.state.owned.get(device.number, ())):
            halves = self.state.children[bus.number]
            if halves and self.state.is_full(bus) and all(h.creator is device for h in halves):
                for half in reversed(halves):
                    found += self._buses(half)
            else:
                found.append(bus)
        return found


# ------------------------------------------------------------------------------------- neighbours that are alike
def device_runs(devices: tuple[DeviceNode, ...]) -> list[tuple[DeviceNode, ...]]:
    """Devices with neighbours that are alike put together, where these are many; nobody reads 250 lines that say the same."""
    runs: list[list[DeviceNode]] = []
    for device in devices:
        if runs and _alike(runs[-1][-1], device):
            runs[-1].append(device)
        else:
            runs.append([device])
    found: list[tuple[DeviceNode, ...]] = []
    for run in runs:
        least = _NAMED if any(d.id for d in run) else _NAMELESS
        found += [tuple(run)] if len(run) >= least else [(d,) for d in run]
    return found


def split(bus: BusNode) -> tuple[tuple[tuple[str, int], ...], list[tuple[DeviceNode, ...]]]:
    """The devices of a bus as one draws them: first the machine's own small parts, by type with their number, then the others.

    Small parts have no address, no id and no bus, so that there is nothing to say of them one by one.
    """
    small = [d for d in bus.devices if d.by == "machine" and not (d.address or d.id or d.buses)]
    if len(small) < _FEW:
        return (), device_runs(bus.devices)
    counts: dict[str, int] = {}
    for device in small:
        counts[device.type] = counts.get(device.type, 0) + 1
    return tuple(counts.items()), device_runs(tuple(d for d in bus.devices if d not in small))


def _alike(one: DeviceNode, other: DeviceNode) -> bool:
    if (one.type, one.by, len(one.buses)) != (other.type, other.by, len(other.buses)) or _stem(one.id) != _stem(other.id):
        return False
    return all(_bare(a) and _bare(b) and _same(a, b) for a, b in zip(one.buses, other.buses, strict=True))


def bus_runs(buses: tuple[BusNode, ...]) -> list[tuple[BusNode, ...]]:
    """Buses of one device; neighbours that are alike and empty put together."""
    runs: list[list[BusNode]] = []
    for bus in buses:
        if runs and _bare(bus) and _bare(runs[-1][-1]) and _same(bus, runs[-1][-1]):
            runs[-1].append(bus)
        else:
            runs.append([bus])
    return [piece for run in runs for piece in ([tuple(run)] if len(run) > 2 else [(b,) for b in run])]


def _bare(bus: BusNode) -> bool:
    return not bus.devices


def _same(one: BusNode, other: BusNode) -> bool:
    return (one.type, one.hotpluggable, one.slots) == (other.type, other.hotpluggable, other.slots)


def _stem(identity: str | None) -> str | None:
    return None if identity is None else re.sub(r"\d+", "#", identity)


def span(first: str, last: str) -> str:
    """``ide.0 to ide.5``; one name where both are the same."""
    return first if first == last else f"{first} to {last}"
