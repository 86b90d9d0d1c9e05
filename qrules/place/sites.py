"""Buses as places to choose from, each with the state in which it can be tried.

A machine's own buses stand in the machine as built. The buses that a controller brings, the user's or one that could be
added, are tried in a machine that has that controller alone: what a bus accepts does not depend on what else there is.
"""

from __future__ import annotations

from qrules.linked.addresses import within
from qrules.linked.fills import applying
from qrules.machine.entities import Bus, Device
from qrules.machine.frames import new_frame
from qrules.machine.state import State
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.linked.addresses import Dimension

_MOST_PLACES = 4096  # of one bus that are listed: no config fills a bus with more


class Spot(NamedTuple):
    """One place: a bus of the site, and the value of the dimension that numbers what is plugged; None for a bus without."""

    bus: int  # position among the site's buses
    value: Any


class Site:
    """Buses that are alike and come together: one bus, or those of a controller with several.

    `home` is a state in which they stand; `spots` their places in order, `held` the positions that something has already.
    """

    __slots__ = ("buses", "held", "home", "key", "maker", "spots")

    def __init__(self, buses: list[Bus], home: State, key: tuple[object, ...], maker: Device | None) -> None:
        self.buses, self.home, self.key, self.maker = buses, home, key, maker
        self.spots: list[Spot] = []
        self.held: set[int] = set()
        for number, bus in enumerate(buses):
            for value, free in places(home, bus):
                if not free:
                    self.held.add(len(self.spots))
                self.spots.append(Spot(number, value))

    @property
    def hotplug(self) -> bool:
        """Whether something watches these buses while the machine runs."""
        return all(bool(bus.get("hotplug", self.home)) for bus in self.buses)

    def free(self) -> list[int]:
        """The positions that nothing has."""
        return [i for i in range(len(self.spots)) if i not in self.held]

    def positions(self, bus: int, value: Any) -> list[int]:
        """Where a number is among the spots of a bus (by its position); one that has to be written to be had comes last."""
        found = [n for n, spot in enumerate(self.spots) if spot.value == value and spot.bus == bus]
        dimension = main_dimension(self.buses[bus])
        if found or dimension is None or type(value) is not int:
            return found
        reach = within(dimension, new_frame(self.home, self.buses[bus]))
        if reach is None or value not in reach:
            return []
        self.spots.append(Spot(bus, value))
        if any(d.address.get(dimension.name) == value for d in self.home.children[self.buses[bus].number]):
            self.held.add(len(self.spots) - 1)
        return [len(self.spots) - 1]


def each_bus(sites: list[Site]) -> list[Site]:
    """The same places, each bus as a site of its own."""
    return [
        Site([bus], site.home, (*site.key, len(site.buses)), site.maker) if len(site.buses) > 1 else site
        for site in sites
        for bus in site.buses
    ]


class Standing(NamedTuple):
    """A site that stands in the config, or will: `maker` is the position of the user's device that brings it.

    None: the machine brings it.
    """

    site: Site
    maker: int | None


def sites_of(home: State, buses: list[Bus]) -> list[Site]:
    """The sites that buses make: those of one kind that one device brings belong together."""
    groups: dict[tuple[object, ...], list[Bus]] = {}
    for bus in buses:
        if not home.is_full(bus):
            number = bus.owner.number if isinstance(bus.owner, Device) else -1
            groups.setdefault((number, bus.kind.name, bus.origin), []).append(bus)
    found = []
    for group in groups.values():
        owner = group[0].owner
        maker = owner if isinstance(owner, Device) else None
        site = Site(group, home, (group[0].kind.name, group[0].origin, _nature(maker)), maker)
        if site.free():
            found.append(site)
    return found


def _nature(maker: Device | None) -> tuple[object, ...]:
    """What buses of two makers have to have in common to be alike."""
    if maker is None:
        return ()
    own = {name: value for name, value in maker.values.items() if not maker.kind.claims_reading(name)}
    where = maker.bus.origin if maker.bus is not None else -1
    return (maker.kind.name, where, repr(sorted(own.items(), key=lambda item: item[0])), maker.request is None)


def node_of(bus: Bus, state: State) -> int | None:
    """The NUMA node (from 0) that a bus belongs to, None for none: what the nearest bus on the way to the root says."""
    above: Bus | None = bus
    while above is not None:
        said = above.get("numa-node", state)
        if isinstance(said, int) and not isinstance(said, bool):
            return said
        owner = above.owner
        while isinstance(owner, Device) and owner.bus is None and owner.creator is not None:
            owner = owner.creator
        above = owner.bus if isinstance(owner, Device) else None
    return None


# ------------------------------------------------------------------------------------- the places of a bus
def main_dimension(bus: Bus) -> Dimension | None:
    """The dimension that numbers what is plugged; None for a bus without addresses."""
    return bus.kind.scheme.main if bus.kind.scheme is not None else None


def places(home: State, bus: Bus) -> list[tuple[Any, bool]]:
    """Each place of a bus, and whether it is free."""
    dimension = main_dimension(bus)
    capacity = bus.get("capacity", home)
    standing = home.children[bus.number]
    if dimension is None:
        room = capacity if isinstance(capacity, int) else _MOST_PLACES
        return [(None, n >= len(standing)) for n in range(min(room, _MOST_PLACES))]
    held = {d.address.get(dimension.name) for d in standing}
    if dimension.within is None:
        return [(name, name not in held) for name in home.points.get(bus.number, ())]
    frame = new_frame(home, bus)
    reach = within(dimension, frame)
    step = applying(dimension.fill, frame)
    searched = step.argument(frame) if step is not None and step.argument is not None else None
    if step is not None and step.how == "lowest" and isinstance(searched, range):
        reach = searched
    elif step is not None and step.how == "next" and isinstance(searched, int) and reach is not None and searched in reach:
        reach = range(searched, reach.stop)  # below are places that have to be written, each with rules of its own
    if reach is None:
        return [(None, True) for _ in range(_MOST_PLACES)]
    places = [(value, value not in held) for value in reach[:_MOST_PLACES]]
    if isinstance(capacity, int):
        places = places[: max(0, capacity - len(standing)) + len(held)]
    return places


def written_at(bus: Bus, state: State, value: Any, function: int = 0) -> dict[str, object]:
    """The properties that put a device at a place of a bus: `value` is that of its main dimension, None for no address.

    `function` (from 0) is that of several which share the place.
    """
    scheme, dimension = bus.kind.scheme, main_dimension(bus)
    if scheme is None or dimension is None or value is None:
        return {}
    if not scheme.written:
        return {dimension.name: value}
    address: dict[str, Any] = {dimension.name: value}
    frame = new_frame(state, bus)
    for other in scheme.dimensions:
        if other is not dimension:
            step = applying(other.fill, frame)
            filled = step.argument(frame) if step is not None and step.how == "value" and step.argument is not None else None
            address[other.name] = function if function and other is scheme.dimensions[-1] else filled
    return {scheme.property: scheme.text({name: v for name, v in address.items() if v is not None})}


def functions(bus: Bus, state: State) -> int:
    """How many devices can share a place, 1 or more: the reach of the dimension behind the one that is searched."""
    scheme, dimension = bus.kind.scheme, main_dimension(bus)
    if scheme is None or dimension is None or scheme.dimensions[-1] is dimension or len(scheme.dimensions) != 2:
        return 1
    reach = within(scheme.dimensions[-1], new_frame(state, bus))
    return len(reach) if reach is not None and scheme.written else 1
