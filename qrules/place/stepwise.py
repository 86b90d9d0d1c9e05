"""Devices put down one by one on the machine itself, each at the first place that the rules take, controllers added on the way.

This is no search for the least: it is asked where the solver's answer does not hold on the machine, or where there is none.
"""

from __future__ import annotations

from qrules.explain.printed import spot
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.place.chains import Chains
from qrules.place.controllers import Addition, complete
from qrules.place.ordering import Stands, Stepped, ordered
from qrules.place.pinning import fresh_id, pinned
from qrules.place.pins import addressed, maker_named, reservations
from qrules.place.serving import written_as
from qrules.place.setting import Setting
from qrules.place.sites import functions, main_dimension, node_of, places
from qrules.place.vain import Vain
from qrules.place.writing import Written
from qrules.plugging.plug import Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_DEEPEST = 4  # controllers behind one another that are added for one device
_HOPELESS = ("type", "bus", "hotplug", "properties")  # phases in which another place of the same bus changes nothing
_STEPS = 6_000  # devices that are put down before the walk ends
_FOR_ONE = 600  # of them for one device that lacks a bus


def step_by_step(setting: Setting, failed: list[int] | None = None) -> Stepped | None:
    """A config with a place for every device and a room for every spare one; None where the walk came to an end before.

    `failed` gets the position of the device that found no place.
    """
    walk = _Walk(setting)
    found = walk.run()
    if failed is not None:
        failed += walk.failed
    return found


def as_many_as_stand(setting: Setting) -> tuple[int, ...]:
    """The positions of devices that have places together, those that find none passed over."""
    walk = _Walk(setting)
    walk.run(passing=True)
    return tuple(sorted(walk.stands))


class _Walk:
    def __init__(self, setting: Setting) -> None:
        self.setting, self.request, self.wants = setting, setting.request, setting.wants
        self.fitting, self.kinds = setting.fitting, setting.board.kinds
        self.state = self.fitting.copy(setting.base)
        self.stands: dict[int, Stands] = {}  # by position
        self.order: list[Stands] = []
        self.ids = {*self.state.ids, *(d.id for d in self.request.devices if d.id)}
        self.numbers: dict[tuple[str, str], int] = {}
        self.vain = Vain()
        self.chains = Chains(self.kinds, tuple(setting.additions.values()))
        self.steps = 0
        self.failed: list[int] = []
        self.end = _FOR_ONE  # of the steps for the device that is being placed
        self.cost = 0
        self.waiting: set[int] = set()
        self.reserved = reservations(setting)

    def run(self, passing: bool = False) -> Stepped | None:
        """The walk to the first device that has no place, or to the end, `passing` over these."""
        devices = self.request.devices
        for json in (False, True):
            mine = [n for n, d in enumerate(devices) if d.json is json]
            for index in (*(n for n in mine if addressed(self.kinds, devices[n])), *mine):
                if index not in self.stands and not self._take(index):
                    self.failed.append(index)
                    if not passing:
                        return None
            if not json:
                self.setting.board.bring_late(Plugger(self.kinds, self.state))
        if self.failed or not all(self._spared(s.device, s.places, s.hot) for s in self.wants.spare):
            return None
        return Stepped(self._listed(ordered(self.order)), self._listed(self.order), self.cost)

    def _listed(self, listed: list[Stands]) -> Written:
        request = self.request._replace(devices=tuple(s.request for s in listed))
        return Written(request, tuple(s.origin for s in listed), tuple(spot(s.device) for s in listed))

    # ------------------------------------------------------------------------------ one device
    def _take(self, index: int) -> bool:
        device = self.request.devices[index]
        maker = maker_named(self.request, device, self.stands)
        if maker is not None and maker not in self.waiting and maker != index:
            self.waiting.add(index)
            taken = self._take(maker)
            self.waiting.discard(index)
            if not taken:
                return False
        kind = self.kinds.named(device.driver)
        if kind is None:
            return False
        if device.id is None and kind.provided_kinds(self.kinds):
            device = device._replace(id=fresh_id(self.ids, f"{device.driver}-".replace(",", "-"), 0))
        written = device.bus is not None or addressed(self.kinds, device)
        for strict in (True, False) if written else (True,):  # what the user wrote stands, whatever advice says
            if (found := self._placed(index, device, kind.bus_kind, strict)) is not None:
                self.stands[index] = found
                self.order.append(found)
                return True
        return False

    def _placed(self, index: int, device: DeviceRequest, bus_kind: str | None, strict: bool) -> Stands | None:
        written = device.bus is not None or addressed(self.kinds, device)
        grouped = any(index in g for g in (*self.wants.functions, *self.wants.together, *self.wants.apart))
        if bus_kind is None or written or not grouped:
            stands = self._plug(index, device, strict)
            if stands is not None:
                return Stands(index, pinned(device, stands, self.state), stands)
        if bus_kind is None or (addressed(self.kinds, device) and device.bus is not None):
            return None  # what the user wrote stands
        found = self._anywhere(index, device, self._buses(bus_kind, device), strict)
        return found or self._behind_added(index, device, bus_kind, strict)

    def _plug(self, index: int, device: DeviceRequest, strict: bool) -> Device | None:
        """Plugs a device as it is written."""
        hot = index in self.wants.hotplug
        try:
            stands = self.fitting.plugger(self.state, True).plug_request(index, device, hotplugged=hot)
        except Refused:
            return None
        return self._kept(index, stands, strict, addressed(self.kinds, device))

    def _kept(self, index: int, stands: Device, strict: bool, written: bool = False) -> Device | None:
        """A device that just came, unless it stands where it is not wanted: then it is taken back."""
        self.steps += 1
        if self._wanted(index, stands, written) and not self._advised(stands, strict):
            return stands
        self.state.retract(stands)
        return None

    def _advised(self, stands: Device, strict: bool) -> bool:
        told = [r for r in self.setting.board.advice(self.state, stands) if self.fitting.heeded(r)]
        knowledge, strict = self.setting.board.knowledge, strict and stands.request not in self.fitting.lenient
        return any(strict or r.note is None or not knowledge.is_advice(knowledge.note(r.note).profile) for r in told)

    def _wanted(self, index: int, stands: Device, written: bool) -> bool:
        bus, wants = stands.bus, self.wants
        if bus is None or index >= len(self.request.devices):
            return True
        if index in wants.hotplug and not bus.get("hotplug", self.state):
            return False
        if wants.nodes.get(index, node_of(bus, self.state)) != node_of(bus, self.state):
            return False
        dimension = main_dimension(bus)
        if not written and dimension is not None and (bus.id, stands.address.get(dimension.name)) in self.reserved:
            return False
        standing = {i: s.device.bus for i, s in self.stands.items()}
        if any(standing.get(i, bus) is not bus for g in wants.together if index in g for i in g):
            return False
        return not any(standing.get(i) is bus for g in wants.apart if index in g for i in g if i != index)

    # ------------------------------------------------------------------------------ other buses and places
    def _buses(self, kind: str, device: DeviceRequest) -> list[Bus]:
        """Those of a kind that have room and that a device gets by their name."""
        found = [b for b in self.state.buses if kind in b.kinds and not self.state.is_full(b)]
        return [b for b in found if written_as(self.fitting, self.state, device, b) == b.id]

    def _anywhere(self, index: int, device: DeviceRequest, buses: list[Bus], strict: bool) -> Stands | None:
        """A device on the first bus that takes it, where it names none or no place on it."""
        if device.bus is not None:
            buses = [b for b in buses if b.id == device.bus]
        wants = self.wants  # what holds for a device holds for those that are alike, where no wish speaks of it
        named = any(index in some for some in (wants.hotplug, wants.nodes, *wants.functions, *wants.together, *wants.apart))
        nature = (self.fitting.nature(device), strict) if not named else None
        for bus in buses:
            if (bus.number, nature, None) in self.vain:
                continue
            for value, function, more in self._free(index, bus):
                if (bus.number, nature, value) in self.vain:
                    continue
                given = device._replace(properties={**device.properties, **more})
                if addressed(self.kinds, device):
                    stands = self._plug(index, given._replace(bus=bus.id), strict)
                    if stands is None:
                        self.vain.note(bus.number, nature, None)
                        break
                    return Stands(index, given._replace(bus=bus.id), stands)
                hopeless, found = self._at(index, given, bus, value, function, strict)
                if found is not None:
                    return Stands(index, pinned(given, found, self.state, bus), found)
                self.vain.note(bus.number, nature, value)
                if hopeless or self.steps > _STEPS:
                    break
        return None

    def _free(self, index: int, bus: Bus) -> Iterator[tuple[Any, int, dict[str, object]]]:
        """Places of a bus to try: number, function, and what the first function of several has to say."""
        group = next((g for g in self.wants.functions if index in g), ())
        mates = [self.stands[i].device for i in group if i in self.stands]
        dimension = main_dimension(bus)
        switch: dict[str, object] = {}
        if group and not mates:
            device = self.request.devices[index]
            kind = self.kinds.named(device.driver)
            named = kind.attribute("functions-switch", Device(-1, kind, request=index), self.state) if kind is not None else None
            switch = {named: True} if isinstance(named, str) and named not in device.properties else {}
        if mates and dimension is not None and mates[0].bus is bus:
            yield from ((mates[0].address.get(dimension.name), n, {}) for n in range(1, functions(bus, self.state)))
        elif not mates:
            yield from ((value, 0, switch) for value, free in places(self.state, bus) if free)

    def _at(
        self, index: int, device: DeviceRequest, bus: Bus, value: Any, function: int, strict: bool
    ) -> tuple[bool, Device | None]:
        """Puts a device at a place; whether no other place of that bus would do either, and the device where it stands."""
        hot = index in self.wants.hotplug
        refusals = self.fitting.put(self.state, index, device, bus, value, None, hot, function, hasty=True)
        if refusals:
            self.steps += 1
            return any(r.phase in _HOPELESS for r in refusals), None
        return False, self._kept(index, self._newest(index), strict)

    def _newest(self, index: int) -> Device:
        return next(d for d in reversed(self.state.devices) if d.request == index)

    # ------------------------------------------------------------------------------ controllers
    def _behind_added(self, index: int, device: DeviceRequest, bus_kind: str, strict: bool) -> Stands | None:
        """A device on a bus that is added for it, with what that needs in turn: the shortest chain first."""
        if device.bus is not None:
            return None
        self.end = self.steps + _FOR_ONE
        standing = {kind for bus in self.state.buses for kind in bus.kinds}
        for depth in range(1, _DEEPEST + 1):
            if not self.chains.lead(standing, bus_kind, depth):
                continue
            before, cost, count, ids = self.state.copy(), self.cost, len(self.order), set(self.ids)
            for buses in self._chains(bus_kind, depth, strict, standing):
                found = self._anywhere(index, device, buses, strict)
                if found is not None:
                    return found
                self._back(before, cost, count, ids)
                if self.steps > self.end:
                    break
            self._back(before, cost, count, ids)
        return None

    def _back(self, before: State, cost: int, count: int, ids: set[str]) -> None:
        """Everything as it was before something was added; buses that come now may get the numbers of those that went."""
        self.state, self.cost, self.ids = before.copy(), cost, set(ids)
        del self.order[count:]
        self.vain.keep(before.children)

    def _chains(self, bus_kind: str, depth: int, strict: bool, standing: set[str]) -> Iterator[list[Bus]]:
        """Adds so many controllers behind one another; the buses of the wanted kind that the last one brings.

        `standing` are the kinds of buses that stood before the first.
        """
        for addition, onto in self.chains.bringing(bus_kind):
            if not self.chains.lead(standing, onto, depth - 1):
                continue
            for _ in (None,) if depth == 1 else self._chains(onto, depth - 1, strict, standing):
                if self.steps > self.end:
                    return
                known = {b.number for b in self.state.buses}
                if self._add(addition, onto, strict):
                    yield [b for b in self.state.buses if b.number not in known and bus_kind in b.kinds]

    def _add(self, addition: Addition, bus_kind: str, strict: bool) -> bool:
        index = len(self.request.devices)
        there = sum(s.origin is None and s.request.driver == addition.device.driver for s in self.order)
        ids = set(self.ids)  # the id is taken once something has it
        if addition.node or (addition.limit is not None and there >= addition.limit):
            return False
        device = addition.device._replace(id=fresh_id(ids, addition.stem, 1))
        nature = (device.driver, strict)
        for bus in [b for b in self._buses(bus_kind, device) if (b.number, nature, None) not in self.vain]:
            for value in [v for v, free in places(self.state, bus) if free and (bus.id, v) not in self.reserved][:4]:
                done, refusals = complete(
                    self.fitting, self.state, index, device, bus, value, None, 0, self.numbers, self.setting.written.state
                )
                self.steps += 1
                if done is not None:
                    stands = self._newest(index)
                    if self._kept(index, stands, strict) is not None:
                        self.order.append(Stands(None, pinned(done, stands, self.state, bus), stands))
                        self.cost += addition.cost
                        self.ids = ids
                        return True
                elif any(r.phase in _HOPELESS for r in refusals):
                    break
            self.vain.note(bus.number, nature, None)
        return False

    # ------------------------------------------------------------------------------ room for more
    def _spared(self, device: DeviceRequest, number: int, hot: bool) -> bool:
        """Makes room for so many more of a type: they are put down, controllers are added for them, and they go again."""
        kind = self.kinds.named(device.driver)
        if kind is None or kind.bus_kind is None:
            return False
        index = len(self.request.devices) + 1
        self.wants = self.wants._replace(hotplug=self.wants.hotplug | ({index} if hot else frozenset()))
        guests: list[Device] = []
        for _ in range(number):
            found = self._placed(index, device, kind.bus_kind, True)
            if found is None or (hot and found.device.bus is not None and not found.device.bus.get("hotplug", self.state)):
                return False
            guests.append(found.device)
        for guest in guests:
            self.state.retract(guest)
        return True
