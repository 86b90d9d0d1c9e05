"""How much room a bus has: how many places, how many of them free, and which. Asked by inventories and by sentences."""

from __future__ import annotations

from qrules.machine.frames import new_frame
from qrules.numerals import whole_number
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from qrules.machine.entities import Bus
    from qrules.machine.state import State


class Slots(NamedTuple):
    """Places of a bus: `total` it has, `free` are left. None where a bus does not number what stands on it."""

    total: int
    free: int


def slots(state: State, bus: Bus) -> Slots | None:
    """How many places a bus has and how many are free.

    A bus with numbered places counts those of its first dimension that can be searched (PCI slots, not functions); one
    with points counts points; one with a capacity counts devices. Many sentences name one bus: while nothing comes and nothing
    goes, it is counted once.
    """
    stands = (len(state.devices), len(state.holders), state.counters.get("devices", 0))
    kept = state.rooms.get(bus.number)
    if kept is None or kept[0] != stands:
        kept = state.rooms[bus.number] = (stands, _slots(state, bus))
    found: Slots | None = kept[1]
    return found


def _slots(state: State, bus: Bus) -> Slots | None:
    capacity = bus.get("capacity", state)
    if isinstance(capacity, int):
        return Slots(capacity, max(0, capacity - len(state.children[bus.number])))
    if state.points.get(bus.number):
        return Slots(len(state.points[bus.number]), state.free_points(bus))
    places = list(_places(state, bus))
    taken = _taken(state, bus) if places else ()
    return Slots(len(places), sum(1 for p in places if p not in taken)) if places else None


def _places(state: State, bus: Bus) -> Iterator[int]:
    """The values of the dimension that numbers what is plugged: the one that is searched when no address is given."""
    scheme = bus.kind.scheme
    if scheme is None:
        return
    dimension = scheme.main
    if dimension is None or dimension.within is None:
        return
    within: Any = dimension.within(new_frame(state, bus))
    if within is None or len(within) > 4096:
        return
    first = bus.get("first-slot", state)
    found = [v for v in within if not isinstance(first, int) or v >= first]
    of_use = bus.get("places-of-use", state)
    yield from found[:of_use] if isinstance(of_use, int) else found


def _taken(state: State, bus: Bus) -> set[int]:
    """The values that are held in the dimension which numbers what is plugged."""
    scheme = bus.kind.scheme
    dimension = scheme.main if scheme is not None else None
    name = dimension.name if dimension is not None else None
    return {d.address[name] for d in state.children[bus.number] if name in d.address}


def free_places(state: State, bus: Bus) -> tuple[str, ...]:
    """The free places of a bus as addresses show them, neighbours as ``03 to 1e``; none where they have no numbers."""
    scheme = bus.kind.scheme
    if scheme is None or state.is_full(bus):
        return ()
    points = state.points.get(bus.number)
    if points:
        held = {value for device in state.children[bus.number] for value in device.address.values()}
        return _ranges([(str(name), _number(name)) for name in points if name not in held])
    dimension = scheme.main
    if dimension is None:
        return ()
    return _ranges([(scheme.place_text(dimension.name, value), value) for value in free_numbers(state, bus)])


def free_numbers(state: State, bus: Bus) -> list[int]:
    """The free places of a bus that numbers them; none where it does not, or is full."""
    if bus.kind.scheme is None or state.is_full(bus):
        return []
    taken = _taken(state, bus)
    return [value for value in _places(state, bus) if value not in taken]


def _number(name: object) -> int | None:
    return whole_number(str(name))


def _ranges(places: list[tuple[str, int | None]]) -> tuple[str, ...]:
    """Names with their numbers, in order; three neighbours or more as a range."""
    runs: list[list[tuple[str, int | None]]] = []
    for place in places:
        before = runs[-1][-1][1] if runs else None
        if before is not None and place[1] == before + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    found: list[str] = []
    for run in runs:
        found += [f"{run[0][0]} to {run[-1][0]}"] if len(run) > 2 else [text for text, _ in run]
    return tuple(found)
