"""A config as a problem of `qrules.solve`: devices are items, buses pools, controllers that could be added expanders."""

from __future__ import annotations

from qrules.explain.reasons import Reason, reason
from qrules.machine.entities import Bus, Device
from qrules.machine.frames import new_frame
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.controllers import Addition, Brought, additions, try_controller
from qrules.place.fitting import Fitting
from qrules.place.sites import Site, functions, main_dimension, node_of, sites_of
from qrules.place.wants import Wants
from qrules.plugging.board import Board, Outcome
from qrules.records import NamedTuple
from qrules.solve.problem import Apart, Expander, Item, Pin, Pool, Problem, Spare, Together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Struck(NamedTuple):
    """A device that no bus takes, whatever else stands: why not, for each kind of bus that was tried."""

    device: int
    reasons: tuple[Reason, ...]


class Setting:
    """A config laid out for the solver, with the way back.

    `owned` maps a pool to the site that it is, and to the position of the device that brings it (None: the machine);
    `items` are the positions of devices that want a place, `struck` those that none takes.
    """

    def __init__(self, board: Board, request: Request, wants: Wants, base: State, written: Outcome) -> None:
        self.board, self.request, self.wants, self.base, self.written = board, request, wants, base, written
        self.fitting = Fitting(board, request, wants)
        self.kinds: dict[tuple[object, ...], str] = {}
        self.sites: dict[str, Site] = {}  # one of each kind
        self.rooms: dict[str, int] = {}  # by kind: how many places of such a site can be used
        self.owned: dict[str, tuple[Site, int | None]] = {}
        self.additions = {a.device.driver: a for a in additions(self.fitting, base)}
        self.offers: dict[str, tuple[Site, ...]] = {}  # by type that may be added
        self.samples: dict[str, DeviceRequest] = {}  # such a type as it has to be written
        self.brought: dict[tuple[object, ...], Brought | None] = {}
        self.struck: list[Struck] = []
        self.nodes: dict[str, list[int]] = {}  # by type that may be added: the NUMA nodes that it can be given
        self.no_nodes: dict[int, tuple[Reason, ...]] = {}  # NUMA nodes that none can be given, and why
        self.steady = False
        self.advised = {r.device for r in written.refusals if r.device is not None}
        self.no_places: dict[str, set[int]] = {}
        self.usable: dict[str, list[int]] = {}  # by expander: the position that each of its places is
        self._lay_out()
        self.pools_of: dict[int | None, list[str]] = {}
        for name, (_, maker) in self.owned.items():
            self.pools_of.setdefault(maker, []).append(name)

    # ------------------------------------------------------------------------------ sites
    def kind_of(self, site: Site) -> str:
        """The solver's name for sites that are alike."""
        name = self.kinds.get(site.key)
        if name is None:
            name = self.kinds[site.key] = f"{site.buses[0].kind.name}/{len(self.kinds)}"
            self.sites[name] = site
        return name

    def _lay_out(self) -> None:
        machine = sites_of(self.base, list(self.base.buses))
        self._learn_nodes(machine)
        self._learn_additions(machine)
        reachable = [*machine, *(s for offered in self.offers.values() for s in offered)]
        for index, device in enumerate(self.request.devices):
            self._learn_controller(index, device, reachable)
        for number, site in enumerate(machine):
            self.owned[f"machine.{number}"] = (site, None)
            self.kind_of(site)
        for offered in self.offers.values():
            for site in offered:
                self.kind_of(site)

    def _learn_additions(self, machine: list[Site]) -> None:
        """What each type that may be added would bring: on the machine's own buses, or on those that others bring."""
        reachable, waiting = list(machine), dict(self.additions)
        grown = True
        while waiting and grown:
            grown = False
            for name, addition in list(waiting.items()):
                brought = try_controller(self.fitting, len(self.request.devices), addition.device, reachable, True)
                if brought is not None and brought.sites:
                    self.offers[name] = brought.sites
                    self.samples[name] = brought.device
                    reachable.extend(brought.sites)
                    del waiting[name]
                    grown = True

    def _learn_nodes(self, sites: list[Site]) -> None:
        """Which of the NUMA nodes that are wanted the rules let be given, and what they say of the others."""
        for name, addition in self.additions.items():
            for node in self.fitting.nodes if addition.node else ():
                given = {**addition.device.properties, addition.node: node}
                device = addition.device._replace(properties=given)
                tried = try_controller(self.fitting, len(self.request.devices), device, sites, True)
                if tried is not None and tried.sites:
                    self.nodes.setdefault(name, []).append(node)
                elif tried is not None:
                    extended = self.request._replace(devices=(*self.request.devices, device))
                    told = tuple(reason(self.board.knowledge, r, extended) for r in tried.refusals)
                    self.no_nodes.setdefault(node, told)

    def _learn_controller(self, index: int, device: DeviceRequest, reachable: list[Site]) -> None:
        """The pools of a controller that the config has."""
        nature = self.fitting.nature(device)
        if nature not in self.brought:
            others = [s for b in self.brought.values() if b is not None for s in b.sites]
            found = try_controller(self.fitting, index, device, [*reachable, *others], False)
            self.brought[nature] = found
        brought = self.brought[nature]
        for number, site in enumerate(brought.sites if brought is not None else ()):
            self.owned[f"device.{index}.{number}"] = (site, index)
            self.kind_of(site)

    # ------------------------------------------------------------------------------ the problem
    def problem(self, steady: bool = False) -> Problem:
        """The whole question. Devices that no bus takes are left out and stand in `struck`.

        A `steady` one keeps each device where it lands as the config is written, wherever that is no mistake.
        """
        self.struck = []
        self.steady = steady
        items = [item for index, device in enumerate(self.request.devices) if (item := self._item(index, device)) is not None]
        named = {item.name for item in items}
        room = {kind: self._room(kind, site) for kind, site in self.sites.items()}
        return Problem(
            tuple(self._pool(name, site, room) for name, (site, _) in self.owned.items()),
            tuple(items),
            tuple(e for name in self.offers for e in self._expanders(name, room)),
            apart=tuple(Apart(f"apart {n}", _names(g, named)) for n, g in enumerate(self.wants.apart)),
            together=(
                *(Together(f"together {n}", _names(g, named)) for n, g in enumerate(self.wants.together)),
                *(Together(f"functions {n}", _names(g, named), "place") for n, g in enumerate(self.wants.functions)),
                *_slots(items),
            ),
            spare=tuple(s for n, want in enumerate(self.wants.spare) if (s := self._spare(n, want)) is not None),
        )

    def _accepts(self, index: int, device: DeviceRequest, hot: bool = False) -> frozenset[str]:
        """The kinds of sites that take a device."""
        found = set()
        for kind, site in self.sites.items():
            fit = self.fitting.fit(index, device, site, hot=hot and site.hotplug)
            if fit.position is not None:
                found.add(kind)
                before = {p for p in site.free() if p < fit.position}  # places that refuse it
                self.no_places.setdefault(kind, set()).update(before)
        return frozenset(found)

    def _item(self, index: int, device: DeviceRequest) -> Item | None:
        kind = self.board.kinds.type(self.board.knowledge.real_name(device.driver))
        if kind is not None and (kind.bus_kind is None or not self._numbered(kind.bus_kind)):
            self._hot_without_place(index, device, kind.bus_kind)
            return None  # it stands on no bus, or on one without places
        pin = self._stays(index) or self._pin(index, device)
        hot = index in self.wants.hotplug
        accepts = self._accepts(index, device, hot)
        if pin is not None:
            site = self.owned[pin.pool][0]
            if self.fitting.fit(index, device, site, advised=False).position is not None:
                accepts |= {self.kind_of(site)}  # what the user wrote stands, whatever advice says
        if not accepts or (told := self._lacks_node(index)):
            self.struck.append(Struck(index, self._why_not(index, device) if not accepts else told))
            return None
        return Item(str(index), accepts, kind.name if kind is not None else "", hot, self.wants.nodes.get(index), pin)

    def _hot_without_place(self, index: int, device: DeviceRequest, bus_kind: str | None) -> None:
        """Strikes a device that is to come while the machine runs, where no bus of its kind takes it then."""
        if index not in self.wants.hotplug or bus_kind is None:
            return
        sites = [s for s in self.sites.values() if bus_kind in s.buses[0].kinds]
        tried = [self.fitting.fit(index, device, site, hot=True) for site in sites]
        if not any(fit.position is not None and site.hotplug for fit, site in zip(tried, sites, strict=True)):
            found = {r.rule: r for fit in tried for r in fit.struck}
            self.struck.append(Struck(index, tuple(found.values())))

    def _lacks_node(self, index: int) -> tuple[Reason, ...]:
        """Why there is no bus of the NUMA node that a device wants, and none can be added; empty where there is one."""
        node = self.wants.nodes.get(index)
        if node not in self.no_nodes or any(node in given for given in self.nodes.values()):
            return ()
        there = {self._node(site, maker) for site, maker in self.owned.values()}
        return () if node in there else self.no_nodes[node]

    def _numbered(self, bus_kind: str) -> bool:
        """Whether buses of a kind have places: addresses, or so many devices and no more."""
        if self.board.kinds.bus(bus_kind).scheme is not None:
            return True
        sites = [s for s in self.sites.values() if bus_kind in s.buses[0].kinds]
        return bool(sites) and all(isinstance(bus.get("capacity", s.home), int) for s in sites for bus in s.buses)

    def _why_not(self, index: int, device: DeviceRequest) -> tuple[Reason, ...]:
        """What the rules say against it on buses of its kind, each reason once; the missing bus where there is none."""
        found: dict[str, Reason] = {}
        for site in self.sites.values():
            for struck in self.fitting.fit(index, device, site).struck:
                if struck.rule != "wrong-bus-kind":
                    found.setdefault(struck.rule, struck)
        if not found:
            written = [r for r in self.written.refusals if r.device == index]
            found = {r.rule: reason(self.board.knowledge, r, self.request) for r in written}
        return tuple(found.values())

    def strike(self, device: DeviceRequest, kind: str, reasons: tuple[Reason, ...]) -> bool:
        """Takes a kind of site away from devices like this one; tells whether that changes anything."""
        self.rooms.pop(kind, None)
        return kind in self.sites and self.fitting.strike(self.fitting.nature(device), self.sites[kind], reasons)

    # ------------------------------------------------------------------------------ pins
    def _pin(self, index: int, device: DeviceRequest) -> Pin | None:
        """The place that the user wrote: a bus, or an address on it."""
        stands = self.written.devices[index]
        bus = stands.bus if stands is not None else self._named(device)
        if bus is None or (not self._addressed(bus, device) and (device.bus is None or bus.id not in device.bus)):
            return None  # no place is named, or on a bus that is not there
        pool = self._pool_of(bus)
        if pool is None:
            return None
        name, site, position = pool
        if not self._addressed(bus, device):
            return Pin(name)
        value, function = self._address(bus, device, stands)
        meant = device.bus is None or bus.id in device.bus
        for place, spot in enumerate(site.spots):
            if spot.value == value and spot.bus == position and (meant or place not in site.held):
                return Pin(name, place, function)
        return Pin(name) if meant else None

    def _stays(self, index: int) -> Pin | None:
        """Where a device lands as written; None where nobody asks to keep it there, or something speaks against it."""
        stands = self.written.devices[index]
        if not self.steady or stands is None or stands.bus is None or index in self.wants.hotplug or index in self.advised:
            return None
        pool = self._pool_of(stands.bus)
        if pool is None:
            return None
        name, site, position = pool
        if main_dimension(stands.bus) is None:
            return Pin(name)
        value, function = self._address(stands.bus, self.request.devices[index], stands)
        spots = (p for p, spot in enumerate(site.spots) if spot.value == value and spot.bus == position)
        place = next(spots, None)
        return None if place is None or value is None else Pin(name, place, function)

    def _named(self, device: DeviceRequest) -> Bus | None:
        """The bus that a refused device names; the one that the automatic choice takes for it, where it names none."""
        from qrules.machine.refusals import Refused
        from qrules.plugging.plug import Plugger

        plugger = Plugger(self.board.kinds, self.written.state)
        if device.bus is not None:
            named = self.written.state.by_name.get(device.bus.split("/")[-1], ())
            if named:
                return named[0]
        try:
            return plugger.find_bus(device._replace(bus=None))
        except Refused:
            return None

    def _addressed(self, bus: Bus, device: DeviceRequest) -> bool:
        scheme = bus.kind.scheme
        dimension = main_dimension(bus)
        if scheme is None or dimension is None:
            return False
        return (scheme.property if scheme.written else dimension.name) in device.properties

    def _address(self, bus: Bus, device: DeviceRequest, stands: Device | None) -> tuple[Any, int | None]:
        scheme, dimension = bus.kind.scheme, main_dimension(bus)
        assert scheme is not None
        assert dimension is not None
        if stands is not None:
            address = stands.address
        elif scheme.written:
            address = scheme.parse(device.properties[scheme.property], new_frame(self.base, bus)) or {}
        else:
            from qrules.linked.domains import integer

            given = device.properties[dimension.name]
            address = {dimension.name: given if dimension.within is None else integer(given)}
        shares = functions(bus, self.base) > 1
        return address.get(dimension.name), (address.get(scheme.dimensions[-1].name) or 0) if shares else None

    def _pool_of(self, bus: Bus) -> tuple[str, Site, int] | None:
        """The pool that a bus of the config as written belongs to, with its position there."""
        owner: Device | None = bus.owner if isinstance(bus.owner, Device) else None
        top = owner
        while top is not None and top.request is None and top.creator is not None:
            top = top.creator
        maker = top.request if top is not None else None
        for name in self.pools_of.get(maker, ()):
            site = self.owned[name][0]
            for position, own in enumerate(site.buses):
                same = own.number == bus.number if maker is None else own.nth == bus.nth and own.kind is bus.kind
                if same:
                    return name, site, position
        return None

    # ------------------------------------------------------------------------------ pools and expanders
    def _room(self, kind: str, site: Site) -> int:
        """How many places of a site can be used, by those that may stand there."""
        if kind not in self.rooms:
            self.rooms[kind] = self._tried_room(site)
        return self.rooms[kind]

    def _tried_room(self, site: Site) -> int:
        further = [DeviceRequest(name) for name in self.fitting.further]
        devices = enumerate((*self.request.devices, *further))
        fitting = [(i, d) for i, d in devices if self.fitting.fit(i, d, site).position is not None]
        return self.fitting.room(fitting, site)

    def _blocked(self, site: Site, room: dict[str, int]) -> set[int]:
        """Positions that nothing can have: held by the machine, refused by the rules, or one too many."""
        kind = self.kind_of(site)
        refused = self.no_places.get(kind, set())
        free = [p for p in site.free() if p not in refused]
        return {*site.held, *refused, *free[room[kind] :]}

    def _pool(self, name: str, site: Site, room: dict[str, int]) -> Pool:
        taken = frozenset(self._blocked(site, room))
        shared = functions(site.buses[0], site.home)
        node = self._node(site, self.owned[name][1]) if self.wants.nodes else None
        return Pool(name, self.kind_of(site), len(site.spots), 0, taken, site.hotplug, node, shared)

    def _node(self, site: Site, maker: int | None) -> int | None:
        """The NUMA node of a site; of a controller's that stands elsewhere than it was tried, the one where it stands."""
        found = node_of(site.buses[0], site.home)
        stands = self.written.devices[maker] if maker is not None else None
        if found is None and stands is not None and stands.bus is not None and maker is not None:
            named = self.request.devices[maker].bus is not None
            found = node_of(stands.bus, self.written.state) if named else None
        return found

    def _expanders(self, name: str, room: dict[str, int]) -> list[Expander]:
        addition: Addition = self.additions[name]
        index = len(self.request.devices)
        accepts = frozenset(
            kind
            for kind, site in self.sites.items()
            if self._for_additions(site) and self.fitting.fit(index, self.samples[name], site).position is not None
        )
        found = []
        for number, site in enumerate(self.offers[name]):
            blocked = self._blocked(site, room)
            usable = [p for p in range(len(site.spots)) if p not in blocked]
            if usable:
                expander = f"{name}|{number}"
                self.usable[expander] = usable
                many = functions(site.buses[0], site.home)
                made = Expander(
                    expander,
                    accepts,
                    self.kind_of(site),
                    size=len(usable),
                    cost=addition.cost,
                    limit=addition.limit,
                    packs=bool(addition.packs),
                    hotplug=site.hotplug,
                    functions=many,
                    nodes=tuple(self.nodes.get(name, ())),
                    nest=addition.nest,
                )
                found.append(made)
        return found

    def _for_additions(self, site: Site) -> bool:
        """Added controllers stand on the machine's own buses or on one another, not on what the user's bring."""
        if site.maker is None or site.maker.request is None:
            return True
        return any(site.key == other.key for offered in self.offers.values() for other in offered)

    def _spare(self, number: int, want: Any) -> Spare | None:
        device, index = DeviceRequest(want.type), len(self.request.devices)
        fits = {k: self.fitting.fit(index, device, s, hot=want.hot, bare=True) for k, s in self.sites.items()}
        kinds = frozenset(kind for kind, fit in fits.items() if fit.position is not None)
        return Spare(f"spare {number}", want.places, kinds, want.hot) if kinds else None


def _slots(items: list[Item]) -> list[Together]:
    """Devices that the user put into functions of one slot: they share it, which others may not."""
    shared: dict[tuple[str, int], list[str]] = {}
    for item in items:
        if item.pin is not None and item.pin.place is not None and item.pin.function is not None:
            shared.setdefault((item.pin.pool, item.pin.place), []).append(item.name)
    return [Together(f"slot {place} of {pool}", tuple(n), "place") for (pool, place), n in shared.items() if len(n) > 1]


def _names(group: tuple[int, ...], known: set[str]) -> tuple[str, ...]:
    return tuple(str(i) for i in group if str(i) in known)
