"""Which device may stand where: tried on the rules, each pair of alike devices and alike buses once."""

from __future__ import annotations

from qrules.explain.reasons import Reason, reason
from qrules.explain.verdicts import judges
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.sites import Site, written_at
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from qrules.plugging.plug import Order, Plugger
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from qrules.linked.kinds import Kinds, TypeKind
    from qrules.machine.contracts import BusKind

    _Sign: TypeAlias = tuple[object, ...]  # what tells one piece of advice from another

_TRIES = 3  # places of a bus that are tried: some refuse their first
_ITS_OWN = ("properties", "realize")  # phases that ask what a device has, not where it stands
_AGAIN = 3
_FEW = 16  # properties of which it is worked out as quickly as remembered what they have in common
_MOST = 4_096  # natures that are remembered
_SAMPLE = 40  # devices that are put on one bus to see how many it takes


class Fit(NamedTuple):
    """What became of a device on a site: the first place that took it, or the rules that struck it out.

    Both positions are those of the site's spots, from 0. `first` took the device by itself, also where the rules refused
    it there after all and `position` is None.
    """

    position: int | None
    struck: tuple[Reason, ...] = ()
    first: int | None = None


class Fitting:
    """Tries devices of one request. `profiles` are those that are heeded, `further` types that may come later.

    Of devices at positions that are `lenient` no advice is heeded. What was tried is remembered, and changes only by `strike`.
    """

    def __init__(self, board: Board, request: Request, wants: Wants, lenient: frozenset[int] = frozenset()) -> None:
        self.board, self.request, self.profiles, self.lenient = board, request, wants.profiles, lenient
        self.nodes = tuple(sorted({*wants.nodes.values()}))  # NUMA nodes that buses are wanted of
        self.further = tuple(spare.device for spare in wants.spare)
        self.compared = frozenset(board.knowledge.shared["compared"])
        self._known: dict[tuple[object, ...], Fit] = {}
        self._natures: dict[int, tuple[object, tuple[str, bool], tuple[object, ...]]] = {}  # by what holds the properties
        self._before: dict[int, tuple[State, frozenset[_Sign]]] = {}  # by home; the home is kept, so that its id stays its own

    def drivers(self) -> set[str]:
        """The types of the devices that want a place, and of those that places are to be left over for."""
        return {*(d.driver for d in self.request.devices), *(d.driver for d in self.further)}

    # ------------------------------------------------------------------------------ alike devices
    def nature(self, device: DeviceRequest) -> tuple[object, ...]:
        """What two devices have to have in common to fit the same places: all but what names them and their hosts."""
        if len(device.properties) < _FEW:
            return self._nature(device)
        kept = self._natures.get(id(device.properties))
        if kept is None or kept[0] is not device.properties or kept[1] != (device.driver, device.json):
            if len(self._natures) >= _MOST:
                self._natures.clear()
            own = (device.driver, device.json)
            kept = self._natures[id(device.properties)] = (device.properties, own, self._nature(device))
        return kept[2]

    def _nature(self, device: DeviceRequest) -> tuple[object, ...]:
        kind = self.board.kinds.named(device.driver)
        if kind is None:
            return (device.driver,)
        kept = []
        for name, value in device.properties.items():
            clause = kind.properties.get(name)
            own = clause is not None and (clause.domain[:1] == ["backend"] or self._names_host(clause.domain))
            alike = own or kind.claims_reading(name) or self._free_text(kind, name)
            kept.append((name, "..." if alike else repr(value)))
        return (kind.name, device.json, *sorted(kept))

    def _free_text(self, kind: TypeKind, name: str) -> bool:
        """Whether a property is any text, and no rule asks what it says, only whether it is given."""
        shared = self.board.knowledge.shared
        clause = kind.properties.get(name)
        domain = clause.domain if clause is not None else ["named", *(kind.catalogued(name) or ())[:1]]
        while domain[:1] == ["named"] and domain[1:] and domain[1] in shared["domains"]:
            domain = shared["domains"][domain[1]][0]
        return domain == ["string"] and name not in self.compared

    def _names_host(self, domain: list[Any]) -> bool:
        domains = self.board.knowledge.shared["domains"]
        return domain[:1] == ["named"] and domain[1] in domains and domains[domain[1]][0][:1] == ["backend"]

    # ------------------------------------------------------------------------------ one device, one site
    def fit(
        self, index: int, device: DeviceRequest, site: Site, advised: bool = True, hot: bool = False, bare: bool = False
    ) -> Fit:
        """Whether a device, freed of its own place, may stand on a site.

        Without `advised` advice is not heeded; of a `bare` device what it lacks besides a place, such as a drive, isn't asked.
        """
        advised = advised and index not in self.lenient
        key = (self.nature(device), site.key, advised, hot, bare)
        found = self._known.get(key)
        if found is None:
            found = self._try(index, device, site, advised, hot)
            if bare and found.position is None and all(r.phase in _ITS_OWN for r in found.struck):
                found = Fit(site.free()[0], (), site.free()[0])
            self._known[key] = found
        return found

    def strike(self, nature: tuple[object, ...], site: Site, reasons: tuple[Reason, ...]) -> bool:
        """Notes that devices of a nature do not fit a site after all; tells whether that was news."""
        news = False
        for key, fit in self._known.items():
            if key[:2] == (nature, site.key) and fit.position is not None:
                self._known[key] = Fit(None, reasons, fit.first)
                news = True
        return news

    def _try(self, index: int, device: DeviceRequest, site: Site, advised: bool, hot: bool) -> Fit:
        struck: list[Refusal] = []
        for position in site.free()[:_TRIES]:
            spot = site.spots[position]
            copy = self.copy(site.home)
            before = self.advice_before(site.home) if advised else None
            refusals = self.put(copy, index, device._replace(id=None), site.buses[spot.bus], spot.value, before, hot)
            if not refusals:
                return Fit(position, (), position)
            struck = struck or refusals
            if any(r.phase in ("type", "bus", "hotplug", "properties") for r in refusals):
                break  # another place of the same bus changes nothing
        extended = self.request._replace(devices=(*self.request.devices, device))
        first: dict[tuple[str, str], Refusal] = {}  # of a rule one is told
        for refusal in struck:
            first.setdefault((refusal.rule, refusal.phase), refusal)
        return Fit(None, tuple(reason(self.board.knowledge, r, extended) for r in first.values()))

    def copy(self, home: State) -> State:
        """A state to try things in, with the backends of the request."""
        copy = home.copy()
        copy.backends = self.request.backends
        return copy

    def put(
        self,
        state: State,
        index: int,
        device: DeviceRequest,
        bus: Bus,
        value: Any,
        before: frozenset[_Sign] | None,
        hot: bool = False,
        function: int = 0,
        hasty: bool = False,
    ) -> list[Refusal]:
        """Puts a device at a place of a bus; what speaks against it. `hasty`: of its values, one that is wrong is enough.

        `before` is the advice that was given before it came, None where advice is not asked.
        """
        plugger = self.plugger(state, hasty)
        kind = self.board.kinds.named(device.driver)
        if kind is None:
            return plugger.refuse("no-such-type", name=device.driver).refusals
        if kind.bus_kind is None or kind.bus_kind not in bus.kinds:
            stand_in = Device(-1, kind, request=index)
            return plugger.refuse("wrong-bus-kind", stand_in, kind=bus.kind.name, name=bus.id, path=bus.id).refusals
        given = {**without_address(device, bus.kind), **written_at(bus, state, value, function)}
        try:
            plugger.plug(Order(kind, given, device.id, bus, -1, index, hotplugged=hot))
        except Refused as refused:
            return refused.refusals
        return [] if before is None else self.advised(state, before)

    def plugger(self, state: State, hasty: bool) -> Plugger:
        """What plugs devices to see whether they stand; `hasty`: of values, one that is wrong is enough."""
        plugger = Plugger(self.board.kinds, state, told=True)
        if hasty:
            plugger.properties.most = 0
        return plugger

    def advised(self, state: State, before: frozenset[_Sign]) -> list[Refusal]:
        """What is advised against now and was not before, of the profiles that are heeded."""
        return self.not_before(self.board.judged(state), before)

    def not_before(self, told: list[Refusal], before: frozenset[_Sign]) -> list[Refusal]:
        """What is new of some advice, of the profiles that are heeded."""
        return [r for r in told if _sign(r) not in before and self.heeded(r)]

    def advice_before(self, home: State) -> frozenset[_Sign]:
        """What is advised against in a home before anything is tried there."""
        known = self._before.get(id(home))
        if known is None:
            known = self._before[id(home)] = (home, self.advice(home))
        return known[1]

    def advice(self, state: State) -> frozenset[_Sign]:
        """What is advised against in a state as it is."""
        return frozenset(_sign(r) for r in self.board.judged(state))

    def asks_advice(self) -> bool:
        """Whether profiles are heeded that decide nothing, but advise."""
        return judges(self.board.knowledge, self.profiles)

    def heeded(self, refusal: Refusal) -> bool:
        """Whether a refusal is one of the profiles that are heeded."""
        knowledge = self.board.knowledge
        if refusal.note is None:
            return True
        profile = knowledge.note(refusal.note).profile or knowledge.profile
        return not self.profiles or profile in self.profiles

    # ------------------------------------------------------------------------------ several devices, one site
    def room(self, devices: list[tuple[int, DeviceRequest]], site: Site) -> int:
        """How many places of a site can be used: all that are free, unless the rules stop sooner.

        The devices are put there in turn, and again, as if there were more of them.
        """
        free = site.free()
        copy, before, standing, at = self.copy(site.home), self.advice_before(site.home), 0, 0
        for index, device in (devices * _AGAIN)[:_SAMPLE]:
            while at < len(free):
                spot = site.spots[free[at]]
                heeded = None if index in self.lenient else before
                refusals = self.put(copy, index, device._replace(id=None), site.buses[spot.bus], spot.value, heeded)
                if refusals and all(r.phase in _ITS_OWN for r in refusals):
                    break  # it lacks something else, such as a free drive
                at += 1
                if not refusals:
                    standing += 1
                    break
                if standing or at == _TRIES:
                    return max(1, standing)
        return len(free)


def without_address(device: DeviceRequest, kind: BusKind) -> dict[str, object]:
    """What was written for a device, but for its address on buses of a kind."""
    scheme = kind.scheme
    return {name: value for name, value in device.properties.items() if scheme is None or not scheme.says(name)}


def without_place(kinds: Kinds, device: DeviceRequest) -> DeviceRequest:
    """A device freed of bus and address, as if nobody had written where it is to stand."""
    kind = kinds.named(device.driver)
    if kind is None or kind.bus_kind is None:
        return device._replace(bus=None, properties=dict(device.properties))
    return device._replace(bus=None, properties=without_address(device, kinds.bus(kind.bus_kind)))


def _sign(refusal: Refusal) -> _Sign:
    subject = refusal.frame[2]
    return (refusal.rule, subject.number if isinstance(subject, Device) else None, refusal.note)
