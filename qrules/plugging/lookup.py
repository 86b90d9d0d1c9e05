"""Finding the bus that a device goes to: by name or path as written, or by the automatic choice.

The order is the emulator's (qemu:system/qdev-monitor.c "qbus_find_recursive"): from the root down, a bus before those
below it, the newest device and its newest bus first; the first of the kind that is not full. There is no second try.
"""

from __future__ import annotations

from _collections_abc import Callable, Iterator

from qrules.linked.kinds import Kinds
from qrules.machine.budget import COPIED, current
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Missing, Refused
from qrules.machine.state import State

Refuse = Callable[..., Refused]


class BusLookup:
    """Looks for buses in one state. `refuse` words what is not found."""

    def __init__(self, kinds: Kinds, state: State, refuse: Refuse) -> None:
        self._kinds, self._state, self._refuse = kinds, state, refuse
        self._found: dict[str, Bus] = {}  # the first bus of a kind with room, as far as is known
        self._full: dict[str, tuple[tuple[int, ...], Bus | None]] = {}  # kinds without room, when, and the first bus of each
        self._fits: dict[str, tuple[tuple[int, ...], tuple[Bus, ...]]] = {}  # by kind: buses with room, and when
        self._seen = 0  # buses with lower numbers are known to `_found`

    # ------------------------------------------------------------------------------ automatic
    def automatic(self, device: Device) -> Bus:
        """The bus that a device without ``bus=`` goes to. Raises `Refused`."""
        kind = device.kind.bus_kind
        assert kind is not None
        found = self.first_with_room(kind)
        if found is not None:
            return found
        first = self._full[kind][1]
        if first is not None:
            raise _for_want(self._refuse("every-bus-full", device, kind=kind, name=first.id), Missing(bus_kind=kind))
        raise _for_want(self._refuse("no-bus", device, kind=kind), Missing(bus_kind=kind))

    def first_with_room(self, kind: str) -> Bus | None:
        """The first bus of a kind that is not full."""
        self._look_at_new_buses()
        remembered = self._found.get(kind)
        if remembered is not None and remembered.number in self._state.children and not self._state.is_full(remembered):
            return remembered
        known, now = self._full.get(kind), self._stands()
        if known is not None and known[0] == now:
            return None
        first = None
        for bus in self._all():
            if kind in bus.kinds:
                if not self._state.is_full(bus):
                    self._found[kind] = bus
                    return bus
                first = first or bus
        self._full[kind] = (now, first)
        return None

    def _stands(self) -> tuple[int, ...]:
        """What changes with everything that comes; a device that was refused leaves it as it was."""
        state = self._state
        return (len(state.devices), len(state.buses), state.counters.get("buses", 0), len(state.holders))

    def _look_at_new_buses(self) -> None:
        """A bus that came since the last look may stand before the one that was found, unless it stands below that."""
        made = self._state.counters.get("buses", 0)
        if made == self._seen:
            return
        for bus in reversed(self._state.buses):
            if bus.number < self._seen:
                break
            for kind in bus.kinds & self._found.keys():
                if not _stands_below(bus, self._found[kind]):
                    del self._found[kind]
        self._seen = made

    def _all(self) -> Iterator[Bus]:
        """All buses, one by one: what stands below the last that is asked for is not looked at."""
        current().spend(len(self._state.buses) // COPIED)
        roots = [b for b in self._state.buses if b.parent is None and not isinstance(b.owner, Device)]
        return (b for root in roots for b in self._state.preorder(root))

    # ------------------------------------------------------------------------------ named
    def named(self, path: str, device: Device | None) -> Bus:
        """The bus of a name or path such as ``pci.0`` or ``pcie.0/r/r``. Raises `Refused`."""
        first, *rest = path.split("/")
        if first == "" and path.startswith("/"):
            bus = self._state.buses[0]
        else:
            found = self._by_name(first)
            if found is None:
                refused = self._refuse("bus-not-found", device, element=first, path=path, buses=self._fitting(device))
                raise _for_want(refused, Missing(first))
            bus = found
        steps = [step for step in rest if step]
        while steps:
            bus = self._step(bus, steps, path, device)
        if self._state.is_full(bus):
            raise self._refuse("bus-full", device, path=path, name=bus.id, buses=self._fitting(device))
        wanted = device.kind.bus_kind if device is not None else None
        if device is not None and (wanted is None or wanted not in bus.kinds):
            fitting = self._fitting(device)
            raise self._refuse("wrong-bus-kind", device, kind=bus.kind.name, name=bus.id, path=path, buses=fitting)
        return bus

    def _fitting(self, device: Device | None) -> tuple[Bus, ...] | None:
        """The buses that a device could be told to go to, for the words of a refusal; None where there are none."""
        kind = device.kind.bus_kind if device is not None else None
        if kind is None:
            return None
        known, now = self._fits.get(kind), self._stands()
        if known is None or known[0] != now:
            current().spend(len(self._state.buses) // COPIED)
            found = tuple(b for b in self._state.buses if kind in b.kinds and not self._state.is_full(b))
            known = self._fits[kind] = (now, found)
        return known[1] or None

    def _by_name(self, name: str) -> Bus | None:
        same = self._state.by_name.get(name, ())
        if len(same) < 2:
            return same[0] if same else None
        candidates = [b for b in self._all() if b.id == name]
        return next((b for b in candidates if not self._state.is_full(b)), candidates[0] if candidates else None)

    def _step(self, bus: Bus, steps: list[str], path: str, device: Device | None) -> Bus:
        element = steps.pop(0)
        below = self._device_on(bus, element)
        if below is None:
            raise _for_want(self._refuse("device-not-found", device, element=element, path=path), Missing(element))
        owned = self._state.owned.get(below.number, ())
        if not steps:
            if len(owned) == 1:
                return owned[0]
            raise self._refuse("several-child-buses" if owned else "no-child-bus", device, element=element, path=path)
        wanted = steps.pop(0)
        for child in owned:
            if child.id == wanted:
                return child
        raise _for_want(self._refuse("bus-not-found", device, element=wanted, path=path), Missing(wanted))

    def _device_on(self, bus: Bus, element: str) -> Device | None:
        children = self._state.children[bus.number]
        current().spend(len(children) // COPIED)
        real = self._kinds.knowledge.real_name(element)
        by_id = [d for d in children if d.id == element]
        by_type = [d for d in children if d.kind.name in (element, real)]
        return next(iter((*by_id, *by_type)), None)


def _for_want(refused: Refused, missing: Missing) -> Refused:
    return Refused([refusal._replace(missing=missing) for refusal in refused.refusals])


def _stands_below(bus: Bus, other: Bus) -> bool:
    above = bus.parent
    while above is not None and above is not other:
        above = above.parent
    return above is other
