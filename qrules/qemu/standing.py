"""What stands, by the rules and by the emulator's own tree: buses in their order, and every device with its place.

A device is told apart by its type, its id, its bus and each part of its address; buses without addresses hold so many of each.
What hangs on a device or bus that only one side has is a consequence, and not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qrules.explain.verdicts import placement
from qrules.machine.entities import Bus, Device
from qrules.machine.state import State
from qrules.qemu import qtree
from qrules.qemu.qtree import BusPlace, DevicePlace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    What: TypeAlias = Literal["bus", "bus-order", "part", "address"]
    Found: TypeAlias = tuple[What, str, str, str, int | None]  # what, subject, rules, binary, note
    Place: TypeAlias = tuple[str, ...]  # type, bus, id, and each part of the address


class Standing:
    """Both sides of a start that both of them accept."""

    def __init__(self, state: State, tree: tuple[qtree.Bus, ...]) -> None:
        self._state = state
        self._made = [b for root in state.buses if not isinstance(root.owner, Device) for b in state.preorder(root)]
        self._my_buses = [_bus_place(bus) for bus in self._made]
        self._their_buses = qtree.bus_places(tree)
        shown = {id(bus) for bus in self._made}
        self._schemes = {bus.kind.name: bus.kind.scheme for bus in state.buses}
        self._mine = [(_place(d), d) for d in state.devices if id(d.bus) in shown]
        self._theirs = [self._seen(place) for place in qtree.device_places(tree)]

    def differences(self) -> Iterator[Found]:
        """Where they differ: parts and places first, then buses."""
        only_mine, only_theirs = self._unmatched()
        my_buses, their_buses = {b.id for b in self._my_buses}, {b.id for b in self._their_buses}
        for place, device in only_mine:
            match = next((t for t in only_theirs.elements() if t[:2] == place[:2]), None)
            if match is not None:
                only_theirs[match] -= 1
                yield "address", device.label, _told(place), _told(match), device.origin
            elif place[1] in their_buses:
                yield "part", place[0], _told(place), "", device.origin
        for place in only_theirs.elements():
            if place[1] in my_buses:
                yield "part", place[0], "", _told(place), None
        mine = {(place[0], place[1]) for place, _ in only_mine}
        theirs = {(place[0], place[1]) for place in only_theirs.elements()}
        yield from self._buses(mine, theirs)

    def _unmatched(self) -> tuple[list[tuple[Place, Device]], Counter[Place]]:
        """The devices that only the rules have, and those that only the emulator has."""
        theirs = Counter(self._theirs)
        extra = []
        for place, device in self._mine:
            if theirs[place]:
                theirs[place] -= 1
            else:
                extra.append((place, device))
        return extra, theirs

    def _seen(self, place: DevicePlace) -> Place:
        scheme = self._schemes.get(place.kind)
        names = tuple(scheme.public(dict.fromkeys(scheme.names, 0))) if scheme is not None else ()
        at = (f"{name}={place.address[name]}" for name in sorted(names) if name in place.address)
        return (place.type, place.bus, place.id, *at)

    def _buses(self, mine: set[tuple[str, str]], theirs: set[tuple[str, str]]) -> Iterator[Found]:
        """Buses that only one side has; where both have the same ones, their order, by which the emulator chooses."""
        for bus, place in zip(self._made, self._my_buses, strict=True):
            if place not in self._their_buses and (place.parent_type, place.parent_bus) not in mine:
                yield "bus", bus.id, _bus_told(place), "", bus.origin
        for place in self._their_buses:
            if place not in self._my_buses and (place.parent_type, place.parent_bus) not in theirs:
                yield "bus", place.id, "", _bus_told(place), self._maker(place)
        if self._my_buses != self._their_buses and Counter(self._my_buses) == Counter(self._their_buses):
            at = next(n for n, (a, b) in enumerate(zip(self._my_buses, self._their_buses, strict=True)) if a != b)
            yield "bus-order", self._my_buses[at].id, _ids(self._my_buses), _ids(self._their_buses), self._made[at].origin

    def _maker(self, place: BusPlace) -> int | None:
        """Where the rules bring the device that makes the bus, though without that bus."""
        owner = next((d for d in self._state.devices if d.kind.name == place.parent_type), None)
        return owner.origin if owner else None


def _bus_place(bus: Bus) -> BusPlace:
    owner = bus.owner if isinstance(bus.owner, Device) else None
    parent = bus.parent
    return BusPlace(bus.id, bus.kind.name, owner.kind.name if owner else "", parent.id if parent else "")


def _bus_told(place: BusPlace) -> str:
    return place.kind + (f" of {place.parent_type} on {place.parent_bus}" if place.parent_type else "")


def _ids(places: Sequence[BusPlace]) -> str:
    return " ".join(place.id for place in places)


def _place(device: Device) -> Place:
    assert device.bus is not None
    at = placement(-1, device).address
    return (device.kind.name, device.bus.id, device.id or "", *(f"{name}={value}" for name, value in sorted(at.items())))


def _told(place: Place) -> str:
    return " ".join((place[1], *([f"id={place[2]}"] if place[2] else ()), *place[3:]))
