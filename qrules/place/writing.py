"""A solution as a config: added controllers first, then the user's devices in their order, each with bus and address."""

from __future__ import annotations

from qrules.explain.printed import spot
from qrules.explain.reasons import Reason, reason
from qrules.machine.entities import Bus, Device, brings
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.controllers import Addition, complete
from qrules.place.pinning import pinned
from qrules.place.problem import Question
from qrules.place.setting import Setting
from qrules.place.sites import Site
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple
from qrules.solve.answers import Added, Place, Placement

TYPE_CHECKING = False
if TYPE_CHECKING:
    _Maker = int | str  # what brings a pool: the position of a device in the config as asked, or the name of an added one


class Written(NamedTuple):
    """The config, and for each of its devices the position that it had in the config as asked; None for an added one.

    `spots` say where each stands (`qrules.explain.printed`), `stands` what that was when it was tried.
    """

    request: Request
    origin: tuple[int | None, ...]
    spots: tuple[tuple[object, ...] | None, ...] = ()
    stands: tuple[Device, ...] = ()


class Stopped(NamedTuple):
    """The rules refuse a step after all: the device, the kind of site that it was to stand on (empty: none), and why.

    `origin` is the position of the device in the config as asked; None for an added one. `circle`: positions of controllers
    that were to hang on themselves.
    """

    device: DeviceRequest
    kind: str
    reasons: tuple[Reason, ...]
    origin: int | None = None
    circle: frozenset[int] = frozenset()


class _Step(NamedTuple):
    """One device to plug. `maker` is what it is known by as one that brings buses, `place` None where it needs none."""

    maker: _Maker
    device: DeviceRequest
    place: Place | None

    @property
    def origin(self) -> int | None:
        """The position in the config as asked; None for an added one."""
        return self.maker if isinstance(self.maker, int) else None


def write(setting: Setting, question: Question, solution: Placement) -> Written | Stopped:
    """An answer to a question as a config: plugs everything, each bus before what stands on it."""
    return _Writer(setting, question, solution).run()


class _Writer:
    def __init__(self, setting: Setting, question: Question, solution: Placement) -> None:
        self.setting, self.question, self.solution = setting, question, solution
        self.state: State = setting.fitting.copy(setting.base)
        self.made: dict[_Maker, Device] = {}  # what stands
        self.brought: dict[int, list[Bus]] = {}  # by the number of what stands: the buses that it and its parts have
        self.seen = len(self.state.buses)
        self.numbers: dict[tuple[str, str], int] = {}
        self.ids = {*setting.base.ids, *(d.id for d in setting.request.devices if d.id)}
        self.devices: list[DeviceRequest] = []
        self.origin: list[int | None] = []
        self.spots: list[tuple[object, ...] | None] = []
        self.stands: list[Device] = []
        self.expanders = {added.name: added for added in solution.added}
        self.bringing = {self._maker(place.pool) for place in (*solution.places.values(), *(a.place for a in solution.added))}
        self.reseated: set[tuple[str, int]] = set()  # places that were taken instead of those of the solution
        self.named: dict[str, int] = {}  # the last number that was given, by what is in front of it

    def run(self) -> Written | Stopped:
        steps = self._in_order()
        if isinstance(steps, Stopped):
            return steps
        for step in steps:
            refused = self._take(step)
            if refused is not None:
                return refused
        request = self.setting.request._replace(devices=tuple(self.devices))
        return Written(request, tuple(self.origin), tuple(self.spots), tuple(self.stands))

    # ------------------------------------------------------------------------------ the order
    def _in_order(self) -> list[_Step] | Stopped:
        """Added controllers, then the user's devices in their order; whatever another stands on comes before it.

        It stops where a controller was to stand on a bus that hangs on itself: the solver knows pools, not what hangs on what.
        """
        steps: dict[_Maker, _Step] = {a.name: _Step(a.name, self._addition(a), a.place) for a in self.solution.added}
        for index, device in enumerate(self.setting.request.devices):
            steps[index] = _Step(index, device, self.solution.places.get(str(index)))
        ordered: dict[_Maker, _Step] = {}
        for step in steps.values():
            chain, known = [step], {step.maker}
            while (place := chain[-1].place) is not None:
                maker = self._maker(place.pool)
                if maker is None or maker in ordered:
                    break
                below = steps[maker]
                if maker in known:
                    circle = frozenset(s.origin for s in chain[chain.index(below) :] if s.origin is not None)
                    return Stopped(self.setting.request.devices[0], "", (), None, circle)
                chain.append(below)
                known.add(maker)
            for needed in reversed(chain):
                ordered.setdefault(needed.maker, needed)
        return list(ordered.values())

    def _maker(self, pool: str) -> _Maker | None:
        """What brings a pool; None for the machine's own."""
        return pool if pool in self.expanders else self.setting.owned[pool].maker

    def _addition(self, added: Added) -> DeviceRequest:
        addition = self.setting.additions[self.question.offers[added.expander].driver]
        given = dict(addition.device.properties)
        if addition.node and added.node is not None:
            given[addition.node] = added.node
        if addition.number:
            given[addition.number] = self._apart(addition)
        return addition.device._replace(id=self._fresh(addition.stem, 1), properties=given)

    def _apart(self, addition: Addition) -> int:
        """The next number for an added controller, a step after the last, that none of the user's devices has."""
        key = (addition.device.driver, addition.number)
        taken = {d.values.get(addition.number) for d in self.setting.written.state.devices}
        number = self.numbers.get(key, 0) + addition.step
        while number in taken:
            number += addition.step
        self.numbers[key] = number
        return number

    def _fresh(self, stem: str, first: int) -> str:
        """An id that nothing has: the text with the next number."""
        number = self.named.get(stem, first - 1) + 1
        while f"{stem}{number}" in self.ids:
            number += 1
        self.named[stem] = number
        self.ids.add(f"{stem}{number}")
        return f"{stem}{number}"

    # ------------------------------------------------------------------------------ one device
    def _take(self, step: _Step) -> Stopped | None:
        setting = self.setting
        index = step.origin if step.origin is not None else len(setting.request.devices)
        device = self._named(step)
        if step.place is None:
            return self._without_place(step, index, device)
        site, bus, value = self._bus(step.place)
        if step.origin is not None:
            refusals = setting.fitting.put(self.state, index, device, bus, value, None, function=step.place.function)
            completed: DeviceRequest | None = device if not refusals else None
        else:
            function = step.place.function
            completed, refusals = complete(
                setting.fitting, self.state, index, device, bus, value, None, function, self.numbers, setting.written.state
            )
        if completed is None:
            completed, bus = self._reseated(step, index, device, refusals, bus)
        if completed is None:
            return self._refused(step, site, refusals)
        stands = self._newest(index)
        self._stands(step.maker, stands)
        self._write(step, pinned(completed, stands, self.state, bus), stands)
        return None

    def _reseated(
        self, step: _Step, index: int, device: DeviceRequest, refusals: list[Refusal], bus: Bus
    ) -> tuple[DeviceRequest | None, Bus]:
        """A device on another place of its pool, where it is only its place that something has: a part of a device before it."""
        place = step.place
        if place is None or not any(r.phase == "address" for r in refusals) or self._is_pinned(step):
            return None, bus
        taken = {
            p.number for p in (*self.solution.places.values(), *(a.place for a in self.solution.added)) if p.pool == place.pool
        }
        for number in self._numbers(place.pool):
            if number in taken or (place.pool, number) in self.reseated:
                continue
            _, other, value = self._bus(place._replace(number=number))
            if step.origin is not None:
                wrong = self.setting.fitting.put(self.state, index, device, other, value, None)
                completed: DeviceRequest | None = device if not wrong else None
            else:
                completed, _ = complete(
                    self.setting.fitting,
                    self.state,
                    index,
                    device,
                    other,
                    value,
                    None,
                    0,
                    self.numbers,
                    self.setting.written.state,
                )
            if completed is not None:
                self.reseated.add((place.pool, number))
                return completed, other
        return None, bus

    def _is_pinned(self, step: _Step) -> bool:
        """Whether the user wrote an address, or several share the place."""
        scheme = None
        kind = self.setting.board.kinds.named(step.device.driver)
        if kind is not None and kind.bus_kind is not None:
            scheme = self.setting.board.kinds.bus(kind.bus_kind).scheme
        grouped = step.origin is not None and any(step.origin in g for g in self.setting.wants.functions)
        return grouped or (scheme is not None and any(scheme.says(name) for name in step.device.properties))

    def _numbers(self, pool: str) -> list[int]:
        """The places of a pool that nothing of the machine has."""
        added = self.expanders.get(pool)
        if added is not None:
            return list(range(len(self.question.offers[added.expander].usable)))
        return self.setting.owned[pool].site.free()

    def _named(self, step: _Step) -> DeviceRequest:
        """A controller without an id gets one, so that what stands on it can name its buses; a first function its switch."""
        device = self._switched(step)
        if device.id is None and step.maker in self.bringing:
            return device._replace(id=self._fresh(f"{device.driver}-".replace(",", "-"), 0))
        return device

    def _switched(self, step: _Step) -> DeviceRequest:
        """A device that others join as functions of its place says that it has several."""
        device, wanted = step.device, {index for group in self.setting.wants.functions for index in group}
        if step.origin not in wanted or step.place is None or step.place.function:
            return device
        kind = self.setting.board.kinds.named(device.driver)
        if kind is None:
            return device
        switch = kind.attribute("functions-switch", Device(-1, kind, request=step.origin), self.state)
        if not isinstance(switch, str) or switch in device.properties:
            return device
        return device._replace(properties={**device.properties, switch: True})

    def _bus(self, place: Place) -> tuple[Site, Bus, object]:
        """The site of a place, the bus as it stands now, and the number of the place on it."""
        added = self.expanders.get(place.pool)
        if added is not None:
            offer = self.question.offers[added.expander]
            spot = offer.site.spots[offer.usable[place.number]]
            return offer.site, self._same(offer.site.buses[spot.bus], self.made[place.pool]), spot.value
        site, maker = self.setting.owned[place.pool]
        spot = site.spots[place.number]
        if maker is None:
            return site, site.buses[spot.bus], spot.value
        return site, self._same(site.buses[spot.bus], self.made[maker]), spot.value

    def _same(self, tried: Bus, maker: Device) -> Bus:
        """The bus of a controller that stands which corresponds to the one that was tried."""
        return next(b for b in self.brought[maker.number] if b.kind is tried.kind and b.nth == tried.nth)

    def _stands(self, maker: _Maker, device: Device) -> None:
        """Takes note of what was plugged last, and of the buses that came with it."""
        self.made[maker] = device
        self.brought[device.number] = [bus for bus in self.state.buses[self.seen :] if brings(device, bus)]
        self.seen = len(self.state.buses)

    def _newest(self, index: int) -> Device:
        return next(d for d in reversed(self.state.devices) if d.request == index)

    def _without_place(self, step: _Step, index: int, device: DeviceRequest) -> Stopped | None:
        """A device that needs no place, or whose bus has none: as it was written."""
        try:
            stands = Plugger(self.setting.board.kinds, self.state, told=True).plug_request(index, device)
        except Refused as raised:
            return self._refused(step, None, raised.refusals)
        self._stands(step.maker, stands)
        self._write(step, device, stands)
        return None

    def _write(self, step: _Step, device: DeviceRequest, stands: Device) -> None:
        self.devices.append(device)
        self.spots.append(spot(stands))
        self.stands.append(stands)
        self.origin.append(step.origin)

    def _refused(self, step: _Step, site: Site | None, refusals: list[Refusal]) -> Stopped:
        request = self.setting.request
        extended = request._replace(devices=(*request.devices, step.device))
        reasons = tuple(reason(self.setting.board.knowledge, r, extended) for r in refusals)
        return Stopped(step.device, self.setting.kind_of(site) if site is not None else "", reasons, step.origin)
