"""A search for places that shares nothing with the solver: devices are put down one by one, anywhere that `check` takes them."""

from __future__ import annotations

import random

from qrules.explain.printed import proof, spot
from qrules.explain.verdicts import judge_outcome
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.sites import node_of
from qrules.place.wants import Wants
from qrules.plugging.board import Board, NoRules
from qrules.plugging.plug import Plugger

DEEPEST = 3  # controllers behind one another that are added for one device
STEPS = 1_500  # devices that one attempt plugs
# Properties by which a controller may be had that needs one, each tried after none.
HELP: tuple[dict[str, str], ...] = (
    {},
    {"serial": "s"},
    {"chassis_nr": "77"},
    {"bus_nr": "128"},
    {"chassis": "{n}"},
    {"chassis_nr": "{n}"},
)


def search(board: Board, request: Request, wants: Wants, rng: random.Random, tries: int) -> Request | None:
    """A config that the rules take, with controllers added wherever a bus was missing; None where `tries` found none."""
    for number in range(tries):
        found = _Attempt(board, request, wants, rng, shuffled=number > 0).run()
        if found is not None:
            return found
    return None


class _Ended(Exception):
    pass


class _Attempt:
    """One walk. Devices that room is wanted for are put down as guests, behind the last of the config's, and leave at the end."""

    def __init__(self, board: Board, request: Request, wants: Wants, rng: random.Random, shuffled: bool) -> None:
        self.board, self.request, self.wants, self.rng, self.shuffled = board, request, wants, rng, shuffled
        self.written: list[tuple[int, DeviceRequest]] = []
        self.added = self.steps = 0
        guests = [(s.type, s.hot) for s in wants.spare for _ in range(s.places)]
        self.devices = [*request.devices, *(DeviceRequest(name) for name, _ in guests)]
        self.own = len(request.devices)
        self.hot = {*wants.hotplug, *(self.own + n for n, (_, hot) in enumerate(guests) if hot)}

    def run(self) -> Request | None:
        facts = self.board.knowledge.machine(self.request.machine)
        if facts is None:
            return None  # an emulator that has no such machine any more
        try:
            state, refusals = self.board.build_machine(facts, self.request)
        except NoRules:
            return None
        if refusals:
            return None
        state.backends = self.request.backends
        home: dict[int, Device] = {}
        try:
            for index in self._order():
                stands = self._put(state, self.devices[index], index, home)
                if stands is None:
                    return None
                home[index] = stands
        except _Ended:
            return None
        return self._judged()

    def _order(self) -> list[int]:
        """Those that bring buses first; of the others those whose place is written, then the rest, often in any order."""
        order = list(range(len(self.devices)))
        makers = [i for i in order if self._makes(self.devices[i])]
        others = [i for i in order if i not in set(makers)]
        if self.shuffled and self.rng.random() < 0.5:
            self.rng.shuffle(others)
            self.rng.shuffle(makers)
        return sorted([*makers, *others], key=lambda i: (not self._makes(self.devices[i]), self.devices[i].bus is None))

    def _judged(self) -> Request | None:
        listed = [(n, d) for n, d in self.written if n < self.own]
        result = self.request._replace(devices=tuple(d for _, d in listed))
        verdict, outcome = judge_outcome(self.board, result, self.wants.profiles)
        if verdict.verdict not in ("accept", "warn") or outcome is None:
            return None
        later = frozenset(at for at, (n, _) in enumerate(listed) if n in self.wants.hotplug)
        if later:
            found = proof(self.board, result, [spot(d) for d in outcome.devices], None, self.wants.profiles, later)
            return result if found.holds else None
        return result

    def _makes(self, device: DeviceRequest) -> bool:
        kind = self.board.kinds.named(device.driver)
        return kind is not None and bool(kind.provided_kinds(self.board.kinds))

    def _put(self, state: State, device: DeviceRequest, index: int, home: dict[int, Device], depth: int = 0) -> Device | None:
        if device.id is None and self._makes(device):
            self.added += 1
            device = device._replace(id=f"found{self.added}")
        together = next((g for g in self.wants.together if index in g), ())
        apart = {i for g in self.wants.apart if index in g for i in g if i != index}
        same = next((home[i].bus for i in together if i in home), None)
        others = {id(home[i].bus) for i in apart if i in home}
        group = next((g for g in self.wants.functions if index in g), ())
        for tried in self._forms(state, device, same, group, home):
            stands = self._try(state, tried, index, others)
            if stands is not None:
                self.written.append((index, tried))
                return stands
        kind = self.board.kinds.named(device.driver)
        if kind is None or depth >= DEEPEST or same is not None or device.bus is not None:
            return None
        return self._behind_new(state, device, index, home, kind.bus_kind, depth)

    def _behind_new(
        self, state: State, device: DeviceRequest, index: int, home: dict[int, Device], bus_kind: str | None, depth: int
    ) -> Device | None:
        makers = self._makers(bus_kind)
        self.rng.shuffle(makers)
        for driver in makers[:3]:
            for more in HELP:
                self.added += 1
                kept = list(self.written)
                given: dict[str, object] = {name: value.format(n=self.added) for name, value in more.items()}
                maker = DeviceRequest(driver, id=f"found{self.added}", properties=given)
                stands = self._put(state, maker, -1, {}, depth + 1) if depth + 1 < DEEPEST else None
                if stands is not None:
                    found = self._put(state, device, index, home, DEEPEST)
                    if found is not None:
                        return found
                    self.written = kept
                    state.retract(stands)
        return None

    def _makers(self, bus_kind: str | None) -> list[str]:
        known = self.board.knowledge.built.setdefault(("makers", str(bus_kind)), [])
        if not known:
            for name, facts in self.board.knowledge.shared["types"].items():
                if facts[0] == "user" and (kind := self.board.kinds.type(name)) is not None:
                    made = kind.provided_kinds(self.board.kinds)
                    if any(bus_kind in self.board.kinds.bus(m).kinds for m in made):
                        known.append(name)
        return list(known)

    def _forms(
        self, state: State, device: DeviceRequest, same: Bus | None, group: tuple[int, ...], home: dict[int, Device]
    ) -> list[DeviceRequest]:
        kind = self.board.kinds.named(device.driver)
        if kind is None or kind.bus_kind is None:
            return [device]
        if group:
            return self._functions(state, device, kind.bus_kind, [home[i] for i in group if i in home])
        if same is not None:
            return [device._replace(bus=same.id)]
        if device.bus is not None:
            return [device]
        forms = [device._replace(bus=bus.id) for bus in self._buses(state, kind.bus_kind)]
        if self.shuffled:
            self.rng.shuffle(forms)
        return [device, *forms]

    def _functions(self, state: State, device: DeviceRequest, bus_kind: str, mates: list[Device]) -> list[DeviceRequest]:
        """A first function at every slot, or the next ones of a slot."""
        if not mates:
            return [
                device._replace(bus=bus.id, properties={**device.properties, "addr": f"{s:x}.0", "multifunction": "on"})
                for bus in self._buses(state, bus_kind)
                for s in range(32)
            ]
        slot = mates[0].address.get("slot")
        if mates[0].bus is None or slot is None:
            return []
        bus = mates[0].bus.id
        return [device._replace(bus=bus, properties={**device.properties, "addr": f"{slot:x}.{f}"}) for f in range(1, 8)]

    def _buses(self, state: State, kind: str) -> list[Bus]:
        return [b for b in state.buses if kind in b.kinds and len(state.by_name.get(b.id, ())) == 1]

    def _try(self, state: State, device: DeviceRequest, index: int, others: set[int]) -> Device | None:
        self.steps += 1
        if self.steps > STEPS:
            raise _Ended
        try:
            stands = Plugger(self.board.kinds, state).plug_request(max(index, 0), device)
        except Refused:
            return None
        bus = stands.bus
        wrong = id(bus) in others or (index in self.hot and bus is not None and not bus.get("hotplug", state))
        node = self.wants.nodes.get(index)
        if wrong or (node is not None and (bus is None or node_of(bus, state) != node)):
            state.retract(stands)
            return None
        return stands
