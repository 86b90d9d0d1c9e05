"""A config laid out: its buses as pools, the controllers that could be added, and what each of them would bring."""

from __future__ import annotations

from qrules.explain.reasons import Reason
from qrules.machine.entities import Bus, users_own
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.controllers import Tried, additions, try_controller
from qrules.place.fitting import Fitting
from qrules.place.nodes import Nodes, nodes
from qrules.place.sites import Site, Standing, each_bus, sites_of
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board, Outcome


class Setting:
    """A config laid out for the solver. Positions are those of the request's devices.

    `base` is the machine without the config's devices, `written` what the rules make of the config as it is written.
    `sites` has one site of each kind, by the solver's name for that kind; `owned` the pools, by the solver's name; `pools_of`
    the names of the pools that a device brings (None: the machine). `additions` are the types that may be added, by name,
    `offers` the sites that each would bring, `samples` such a device as it has to be written. `apart`, `together`,
    `functions` and `spares` are the wishes by the solver's names for them. `advised` are devices that something speaks
    against where they land as written. Of devices that are `lenient` (behind the last one: what is added) no advice is heeded.
    """

    def __init__(
        self, board: Board, request: Request, wants: Wants, base: State, written: Outcome, lenient: frozenset[int] = frozenset()
    ) -> None:
        self.board, self.request, self.wants, self.base, self.written = board, request, wants, base, written
        self.fitting = Fitting(board, request, wants, lenient)
        self.sites: dict[str, Site] = {}
        self.owned: dict[str, Standing] = {}
        self.additions = {a.device.driver: a for a in additions(self.fitting, base)}
        self.offers: dict[str, tuple[Site, ...]] = {}
        self.samples: dict[str, DeviceRequest] = {}
        self.advised = {r.device for r in written.refusals if r.device is not None}
        self._kinds: dict[tuple[object, ...], str] = {}  # by the key of a site: its kind
        self.refused: set[tuple[object, ...]] = set()  # natures of devices that a site was taken away from
        self._rooms: dict[tuple[str, bool], int] = {}  # by kind: how many places of such a site can be used
        self.held: dict[int, str] = {}  # devices that name a bus which takes them: the kind of its site
        self.firsts: dict[str, set[int]] = {}  # by kind: the first places that took devices
        self.automatic: dict[str, Bus | None] = {}  # by type: the bus that the automatic choice takes where all stands as written
        self.spent = [0]  # the solver's work on all questions about it
        self.grounded: set[int] = set()  # controllers that hung on themselves: these go onto the machine's own buses
        self.nodes = self._lay_out()
        several = wants.apart and any(len(site.buses) > 1 for offered in self.offers.values() for site in offered)
        self.exact = not several and not any(self._grows(name) for name in self.fitting.drivers())
        self.pools_of: dict[int | None, list[str]] = {}
        for name, standing in self.owned.items():
            self.pools_of.setdefault(standing.maker, []).append(name)
        self.apart = _named("apart", wants.apart)
        self.together = _named("together", wants.together)
        self.functions = _named("functions", wants.functions)
        self.spares: dict[str, Spare] = {f"spare {n}": want for n, want in enumerate(wants.spare)}

    @property
    def proves(self) -> bool:
        """Whether the solver's bound is one of the machine: no place is closed that the rules close to some devices alone."""
        return self.exact and all(len(firsts) == 1 for firsts in self.firsts.values())

    # ------------------------------------------------------------------------------ laying out
    def _lay_out(self) -> Nodes:
        machine = self._told_apart(sites_of(self.base, list(self.base.buses)))
        found = nodes(self.fitting, self.request, self.additions, machine)
        self._learn_additions(machine)
        reachable = [*machine, *(s for offered in self.offers.values() for s in offered)]
        brought: dict[tuple[object, ...], Tried | None] = {}  # by the nature of a device
        for index, device in enumerate(self.request.devices):
            self._learn_controller(index, device, reachable, brought)
        for number, site in enumerate(machine):
            self.owned[f"machine.{number}"] = Standing(site, None)
            self.kind_of(site)
        for offered in self.offers.values():
            for site in offered:
                self.kind_of(site)
        return found

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

    def _learn_controller(
        self, index: int, device: DeviceRequest, reachable: list[Site], brought: dict[tuple[object, ...], Tried | None]
    ) -> None:
        """The pools of a controller that the config has; `brought` is what those before it bring."""
        nature = self.fitting.nature(device)
        if nature not in brought:
            others = [s for b in brought.values() if b is not None for s in b.sites]
            brought[nature] = try_controller(self.fitting, index, device, [*reachable, *others], False)
        tried = brought[nature]
        sites = (list(tried.sites) or self._as_it_stands(index)) if tried is not None else []
        for number, site in enumerate(self._told_apart(sites)):
            self.owned[f"device.{index}.{number}"] = Standing(site, index)
            self.kind_of(site)

    def _as_it_stands(self, index: int) -> list[Site]:
        """The sites of a controller that stands as it is written, and not alone, since it needs another device; emptied."""
        stands = self.written.devices[index] if index < len(self.written.devices) else None
        if stands is None:
            return []
        state = self.fitting.copy(self.written.state)
        own = [bus.number for bus in state.buses if users_own(bus.owner) is stands]
        for device in [d for number in own for d in state.children[number] if d.request is not None]:
            state.retract(device)
        return sites_of(state, [bus for bus in state.buses if bus.number in set(own)])

    def _told_apart(self, sites: list[Site]) -> list[Site]:
        """Where it matters which bus of a controller a device is on, each is a pool."""
        return each_bus(sites) if self.wants.together or self.wants.apart else sites

    # ------------------------------------------------------------------------------ kinds of sites
    def kind_of(self, site: Site) -> str:
        """The solver's name for sites that are alike."""
        name = self._kinds.get(site.key)
        if name is None:
            name = self._kinds[site.key] = f"{site.buses[0].kind.name}/{len(self._kinds)}"
            self.sites[name] = site
        return name

    def numbered(self, bus_kind: str) -> bool:
        """Whether buses of a kind have places: addresses, or so many devices and no more."""
        if self.board.kinds.bus(bus_kind).scheme is not None:
            return True
        sites = self.sites_for(bus_kind)
        return bool(sites) and all(isinstance(bus.get("capacity", s.home), int) for s in sites for bus in s.buses)

    def needs_bus(self, driver: str) -> bool:
        """Whether devices of a type stand on a bus."""
        kind = self.board.kinds.named(driver)
        return kind is None or kind.bus_kind is not None

    def sites_for(self, bus_kind: str) -> list[Site]:
        """The sites whose buses are of a kind."""
        return [s for s in self.sites.values() if bus_kind in s.buses[0].kinds]

    def is_users_own(self, site: Site) -> bool:
        """Whether only a device of the config brings such a site: neither the machine nor what could be added."""
        if site.maker is None or site.maker.request is None:
            return False
        return not any(site.key == other.key for offered in self.offers.values() for other in offered)

    def room(self, kind: str, loose: bool = True) -> int:
        """How many places of a kind of site can be used, by those that may stand there: 0 or more.

        Devices that are held elsewhere may not, unless that is `loose`.
        """
        key = (kind, loose)
        if key not in self._rooms:
            self._rooms[key] = self._tried_room(self.sites[kind], kind, loose)
        return self._rooms[key]

    def _tried_room(self, site: Site, kind: str, loose: bool) -> int:
        further = [*self.fitting.further, *self.samples.values()]
        more = len(self.request.devices)  # is the position of any that may come, whichever
        asked = [(i, d) for i, d in enumerate(self.request.devices) if loose or self.held.get(i, kind) == kind]
        devices = [*asked, *((more, device) for device in further)]
        fitting = [(i, d) for i, d in devices if self.fitting.fit(i, d, site).position is not None]
        return self.fitting.room(fitting, site)

    def _grows(self, driver: str) -> bool:
        """Whether a type goes onto buses whose places have names: devices and the machine itself may add to these."""
        kind = self.board.kinds.named(driver)
        scheme = self.board.kinds.bus(kind.bus_kind).scheme if kind is not None and kind.bus_kind is not None else None
        return scheme is not None and scheme.main is not None and scheme.main.within is None

    def strike(self, device: DeviceRequest, kind: str, reasons: tuple[Reason, ...]) -> bool:
        """Takes a kind of site away from devices like this one; tells whether that changes anything."""
        for loose in (False, True):
            self._rooms.pop((kind, loose), None)
        self.exact = False
        self.refused.add(self.fitting.nature(device))
        return kind in self.sites and self.fitting.strike(self.fitting.nature(device), self.sites[kind], reasons)


def _named(word: str, groups: tuple[tuple[int, ...], ...]) -> dict[str, tuple[int, ...]]:
    return {f"{word} {number}": group for number, group in enumerate(groups)}
