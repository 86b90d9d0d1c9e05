"""Taking back what was put up: a device that was refused half-way, or that was tried, with all that hangs on it."""

from __future__ import annotations

from qrules.machine.budget import COPIED, current
from qrules.machine.entities import Bus, Device
from qrules.machine.rows import without_latest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.machine.indices import Index
    from qrules.machine.points import Point

SCANNED = 128  # cells that are held of which a look at each counts one step


class Retracting:
    """The half of a state (`qrules.machine.state`) that takes back."""

    __slots__ = (
        "_indices", "_mine", "_queues", "buses", "by_name", "children", "counters", "devices", "holders", "ids", "kinds_watched",
        "owned", "points",
    )  # fmt: skip
    devices: list[Device]
    buses: list[Bus]
    children: dict[int, Sequence[Device]]
    owned: dict[int, tuple[Bus, ...]]
    holders: dict[tuple[Any, ...], Sequence[Device]]
    counters: dict[Any, int]
    by_name: dict[str, Sequence[Bus]]
    ids: dict[str, Device]
    kinds_watched: dict[str, Sequence[Device | Bus]]
    points: dict[int, dict[Any, Point]]
    _queues: dict[int, tuple[list[Any], int, int]]
    _indices: dict[tuple[str, str], Index]
    _mine: set[int]

    def retract(self, device: Device) -> None:
        """Removes a device that was refused half-way, with all that hangs on it and the points that these made.

        Counters do not go back: no number of a device or bus stands for two.
        """
        if self._is_last(device):
            self._take_last(device)
        else:
            self._take_all(device)
        self._indices = {}
        lowest = [key for key in self.counters if isinstance(key, tuple) and key[0] == "lowest"]
        for key in lowest:  # marks of what is surely taken hold no more
            del self.counters[key]

    def _is_last(self, device: Device) -> bool:
        """Whether a device came last, and nothing with it: it owns no bus, offers no point and created nothing before itself."""
        kind, bus = device.kind, device.bus
        if device.number in self.owned or kind.points or kind.creates_before or self.devices[-1:] != [device]:
            return False
        rows = [self.kinds_watched.get(name, ()) for name in kind.watched]
        newest = bus is None or (bool(children := self.children[bus.number]) and children[0] is device)
        return newest and all(row and row[-1] is device for row in rows)

    def _take_last(self, device: Device) -> None:
        """Removes the device that came last: what stands besides is not looked at, but for who holds what."""
        self.devices = self.devices[:-1]
        if device.bus is not None:
            self.children[device.bus.number] = without_latest(self.children[device.bus.number], newest_first=True)
        if device.id and self.ids.get(device.id) is device:
            del self.ids[device.id]
        for name in device.kind.watched:
            self.kinds_watched[name] = without_latest(self.kinds_watched[name], newest_first=False)
        current().spend(len(self.holders) // SCANNED)
        for key in [key for key, held in self.holders.items() if held[-1] is device]:
            kept = tuple(one for one in self.holders[key] if one is not device)
            if kept:
                self.holders[key] = kept
                continue
            del self.holders[key]
            if key[0] == "address" and len(key) == 3 and key[1] in self._queues and key[2] in self.points[key[1]]:
                order, _, free = self._queues[key[1]]
                self._queues[key[1]] = (order, 0, free + 1)

    def _take_all(self, device: Device) -> None:
        """Removes a device with all that hangs on it."""
        gone = self._below(device)
        current().spend((len(self.devices) + len(self.holders)) // COPIED)
        numbers = {d.number for d in gone}
        buses = {b.number for d in gone for b in self.owned.pop(d.number, ())}
        self.devices = [d for d in self.devices if d.number not in numbers]
        self.buses = [b for b in self.buses if b.number not in buses]
        self.holders = {
            k: kept for k, held in self.holders.items() if (kept := tuple(d for d in held if d.number not in numbers))
        }
        self.ids = {k: d for k, d in self.ids.items() if d.number not in numbers}
        self.by_name = {
            name: left for name, named in self.by_name.items() if (left := tuple(b for b in named if b.number not in buses))
        }
        self.children = {
            bus: tuple(d for d in held if d.number not in numbers) for bus, held in self.children.items() if bus not in buses
        }
        self.points = {
            bus: {name: p for name, p in offered.items() if p.maker is None or p.maker.number not in numbers}
            for bus, offered in self.points.items()
            if bus not in buses
        }
        self._queues = {}
        for bus_number, offered in self.points.items():
            free = sum(("address", bus_number, name) not in self.holders for name in offered)
            self._queues[bus_number] = (list(offered), 0, free)
        self._mine = set(self.points)
        for kind, watched in self.kinds_watched.items():
            self.kinds_watched[kind] = tuple(
                e for e in watched if not (e.number in buses if isinstance(e, Bus) else e.number in numbers)
            )

    def _below(self, device: Device) -> list[Device]:
        """A device, what it created, which may stand on no bus at all, and what hangs on any of these."""
        found = [device]
        numbers = {device.number}
        for one in self.devices:  # whoever creates or carries a device stands before it
            bus, creator = one.bus, one.creator
            owner = bus.owner if bus is not None and isinstance(bus.owner, Device) else None
            below = (creator is not None and creator.number in numbers) or (owner is not None and owner.number in numbers)
            if below and one.number not in numbers:
                numbers.add(one.number)
                found.append(one)
        return found
