"""A config that is laid out as a problem of `qrules.solve`: devices are items, buses pools, what could be added expanders."""

from __future__ import annotations

from qrules.explain.reasons import Reason, reason
from qrules.machine.request import DeviceRequest
from qrules.place.nodes import lacking, node_where
from qrules.place.pins import landing_pin, written_pin
from qrules.place.setting import Setting
from qrules.place.sites import Site, Standing, functions
from qrules.place.wants import Spare as Wanted
from qrules.records import NamedTuple
from qrules.solve.problem import Apart, Expander, Item, Pool, Problem, Spare, Together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Struck(NamedTuple):
    """A device that no bus takes, whatever else stands: why not, for each kind of bus that was tried."""

    device: int
    reasons: tuple[Reason, ...]


class Offer(NamedTuple):
    """The pool of a controller that could be added: its type, a site like it, and which of the site's spots its places are."""

    driver: str
    site: Site
    usable: tuple[int, ...]


class Question(NamedTuple):
    """A whole question to the solver, with the way back.

    An item has the name of the position that its device has in the request, a pool one of `Setting.owned`, a wish one of
    `Setting.apart`, `together`, `functions` or `spares`, an expander one of `offers`. Devices that no bus takes are no items
    but `struck`.
    """

    problem: Problem
    struck: tuple[Struck, ...]
    offers: Mapping[str, Offer]


class Asking:
    """Makes questions to the solver of what a setting knows by now.

    An `unmoved` question keeps each device where it lands as the config is written, wherever that is no mistake. Who names a bus
    that takes it is asked for no other one, unless the question is `loose`: which of these wishes to give up.
    """

    def __init__(self, setting: Setting, unmoved: bool = False, loose: bool = False) -> None:
        self.setting, self.unmoved, self.loose = setting, unmoved, loose
        self.board, self.request, self.wants, self.fitting = setting.board, setting.request, setting.wants, setting.fitting
        self.struck: list[Struck] = []
        self.refused: dict[str, set[int]] = {}  # by kind of site: places that some device refused before it took one
        self.rooms: dict[str, int] = {}
        self.offers: dict[str, Offer] = {}
        self._taken: dict[tuple[object, ...], frozenset[str]] = {}  # by nature: the kinds of sites that take such a device
        found = [self._item(index, device) for index, device in enumerate(self.request.devices)]
        self.items = [item for item in found if item is not None]

    def question(self, behind: bool = False) -> Question:
        """Controllers are added on the machine's own buses and on one another; `behind` the user's as well."""
        setting, items = self.setting, self.items
        named = {item.name for item in items}
        self.rooms = {kind: setting.room(kind, self.loose) for kind in setting.sites}
        self.offers = {}
        problem = Problem(
            tuple(self._pool(name, standing) for name, standing in setting.owned.items()),
            tuple(items),
            tuple(e for name in setting.offers for e in self._expanders(name, behind)),
            apart=tuple(Apart(name, _items(group, named)) for name, group in setting.apart.items()),
            together=(
                *(Together(name, _items(group, named)) for name, group in setting.together.items()),
                *(Together(name, _items(group, named), "place") for name, group in setting.functions.items()),
                *_slots(items),
            ),
            spare=tuple(self._spare(name, want) for name, want in setting.spares.items() if setting.needs_bus(want.type)),
        )
        return Question(problem, tuple(self.struck), self.offers)

    # ------------------------------------------------------------------------------ items
    def _item(self, index: int, device: DeviceRequest) -> Item | None:
        setting = self.setting
        kind = self.board.kinds.named(device.driver)
        if kind is not None and (kind.bus_kind is None or not setting.numbered(kind.bus_kind)):
            self._hot_without_place(index, device, kind.bus_kind)
            return None  # it stands on no bus, or on one without places
        written = written_pin(setting, index, device)
        pin = (landing_pin(setting, index) if self.unmoved else None) or written
        hot = index in self.wants.hotplug
        accepts: frozenset[str] = frozenset()
        if pin is not None:
            site = setting.owned[pin.pool].site
            if self.fitting.fit(index, device, site, advised=False).position is not None:
                accepts = frozenset({setting.kind_of(site)})  # what the user wrote stands, whatever advice says
        if self.loose or not accepts:
            accepts |= self._accepts(index, device, hot, setting.sites)
            beside = setting.written.devices[index] is not None and self.fitting.nature(device) not in setting.refused
            if not accepts and beside:  # it needs another device, which is there
                accepts = self._accepts(index, device, hot, setting.sites, bare=True)
        else:
            self._accepts(index, device, hot, dict.fromkeys(accepts, site))
            if written is not None:
                setting.held[index] = setting.kind_of(setting.owned[written.pool].site)
        if not accepts or (told := self._lacks_node(index)):
            self.struck.append(Struck(index, self._why_not(index, device) if not accepts else told))
            return None
        return Item(str(index), accepts, kind.name if kind is not None else "", hot, self.wants.nodes.get(index), pin)

    def _accepts(
        self, index: int, device: DeviceRequest, hot: bool, sites: Mapping[str, Site], bare: bool = False
    ) -> frozenset[str]:
        """Which of these sites take a device, by their kinds; notes the places that they refuse it."""
        own = (index in self.setting.grounded, index in self.fitting.lenient)
        alike = (self.fitting.nature(device), hot, bare, *own, *sites)
        if alike not in self._taken:
            self._taken[alike] = self._tried(index, device, hot, sites, bare)
        return self._taken[alike]

    def _tried(self, index: int, device: DeviceRequest, hot: bool, sites: Mapping[str, Site], bare: bool) -> frozenset[str]:
        found = set()
        for kind, site in sites.items():
            fit = self.fitting.fit(index, device, site, hot=hot and site.hotplug, bare=bare)
            if fit.position is not None:
                found.add(kind)
            if fit.first is not None:
                self.setting.firsts.setdefault(kind, set()).add(fit.first)
                self.refused.setdefault(kind, set()).update(p for p in site.free() if p < fit.first)
        makers = {kind: self.setting.sites[kind].maker for kind in found}
        own = {kind for kind, maker in makers.items() if maker is None or maker.request is None}
        return frozenset(own if own and index in self.setting.grounded else found)

    def _hot_without_place(self, index: int, device: DeviceRequest, bus_kind: str | None) -> None:
        """Strikes a device that is to come while the machine runs, where no bus of its kind takes it then."""
        if index not in self.wants.hotplug or bus_kind is None:
            return
        sites = self.setting.sites_for(bus_kind)
        tried = [self.fitting.fit(index, device, site, hot=True) for site in sites]
        if not any(fit.position is not None and site.hotplug for fit, site in zip(tried, sites, strict=True)):
            found = {r.rule: r for fit in tried for r in fit.struck}
            self.struck.append(Struck(index, tuple(found.values())))

    def _lacks_node(self, index: int) -> tuple[Reason, ...]:
        """Why there is no bus of the NUMA node that a device wants, and none can be added; empty where there is one."""
        setting = self.setting
        return lacking(setting.nodes, self.wants.nodes.get(index), setting.owned.values(), self.request, setting.written)

    def _why_not(self, index: int, device: DeviceRequest) -> tuple[Reason, ...]:
        """What the rules say against it on buses of its kind, each reason once; the missing bus where there is none."""
        found: dict[str, Reason] = {}
        for site in self.setting.sites.values():
            hot = index in self.wants.hotplug
            for struck in self.fitting.fit(index, device, site, hot=hot and site.hotplug).struck:
                if struck.rule != "wrong-bus-kind":
                    found.setdefault(struck.rule, struck)
        if not found:
            written = [r for r in self.setting.written.refusals if r.device == index]
            found = {r.rule: reason(self.board.knowledge, r, self.request) for r in written}
        return tuple(found.values())

    # ------------------------------------------------------------------------------ pools and expanders
    def _blocked(self, site: Site) -> set[int]:
        """Positions that nothing can have: held by the machine, refused by the rules, or one too many."""
        kind = self.setting.kind_of(site)
        refused = self.refused.get(kind, set())
        free = [p for p in site.free() if p not in refused]
        return {*site.held, *refused, *free[self.rooms[kind] :]}

    def _pool(self, name: str, standing: Standing) -> Pool:
        site = standing.site
        taken = frozenset(self._blocked(site))
        shared = functions(site.buses[0], site.home)
        node = node_where(standing, self.request, self.setting.written) if self.wants.nodes else None
        return Pool(name, self.setting.kind_of(site), len(site.spots), 0, taken, site.hotplug, node, shared)

    def _expanders(self, name: str, behind: bool) -> list[Expander]:
        """A type that may be added, once for each kind of pool that it brings; notes what they are in `offers`.

        It stands on the machine's own buses or on what is added; on the user's (`behind`) only where that is asked.
        """
        setting, addition = self.setting, self.setting.additions[name]
        index = len(self.request.devices)
        accepts = frozenset(
            kind
            for kind, site in setting.sites.items()
            if (behind or not setting.is_users_own(site))
            and self.fitting.fit(index, setting.samples[name], site).position is not None
        )
        found = []
        for number, site in enumerate(setting.offers[name]):
            blocked = self._blocked(site)
            one = bool(self.wants.together)  # those of one bus: the others are not together with them
            usable = tuple(p for p, spot in enumerate(site.spots) if p not in blocked and not (one and spot.bus))
            if usable:
                expander = f"{name}|{number}"
                self.offers[expander] = Offer(name, site, usable)
                made = Expander(
                    expander,
                    accepts,
                    setting.kind_of(site),
                    size=len(usable),
                    cost=addition.cost,
                    limit=addition.limit,
                    packs=bool(addition.packs),
                    hotplug=site.hotplug,
                    functions=functions(site.buses[0], site.home),
                    nodes=tuple(setting.nodes.given.get(name, ())),
                    nest=addition.nest,
                )
                found.append(made)
        return found

    def _spare(self, name: str, want: Wanted) -> Spare:
        device, index = want.device, len(self.request.devices)
        fits = {k: self.fitting.fit(index, device, s, hot=want.hot, bare=True) for k, s in self.setting.sites.items()}
        kinds = frozenset(kind for kind, fit in fits.items() if fit.position is not None)
        return Spare(name, want.places, kinds, want.hot)  # without kinds it is a wish that nothing serves


def _items(group: tuple[int, ...], known: set[str]) -> tuple[str, ...]:
    """The items that the devices of a group are, those that are none left out."""
    return tuple(str(i) for i in group if str(i) in known)


def _slots(items: list[Item]) -> list[Together]:
    """Devices that the user put into functions of one slot: they share it, which others may not."""
    shared: dict[tuple[str, int], list[str]] = {}
    for item in items:
        if item.pin is not None and item.pin.place is not None and item.pin.function is not None:
            shared.setdefault((item.pin.pool, item.pin.place), []).append(item.name)
    return [Together(f"slot {place} of {pool}", tuple(n), "place") for (pool, place), n in shared.items() if len(n) > 1]
