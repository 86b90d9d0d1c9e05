"""A search for places that shares nothing with the solver: devices are put down one by one, anywhere that `check` takes them."""

from __future__ import annotations

import random

from qrules.explain.verdicts import judge_outcome
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.wants import Wants
from qrules.plugging.board import Board, NoRules
from qrules.plugging.plug import Plugger

DEEPEST = 3  # controllers behind one another that are added for one device
# Properties by which a controller may be had that needs one, each tried after none.
HELP = ({}, {"serial": "s"}, {"chassis_nr": "77"}, {"bus_nr": "128"})


def search(board: Board, request: Request, wants: Wants, rng: random.Random, tries: int) -> Request | None:
    """A config that the rules take, with controllers added wherever a bus was missing; None where `tries` found none."""
    if wants.spare or wants.hotplug or wants.nodes:
        return None
    for number in range(tries):
        found = _Attempt(board, request, wants, rng, shuffled=number > 0).run()
        if found is not None:
            return found
    return None


class _Attempt:
    def __init__(self, board: Board, request: Request, wants: Wants, rng: random.Random, shuffled: bool) -> None:
        self.board, self.request, self.wants, self.rng, self.shuffled = board, request, wants, rng, shuffled
        self.written: list[DeviceRequest] = []
        self.added = 0

    def run(self) -> Request | None:
        facts = self.board.knowledge.machine(self.request.machine)
        assert facts is not None
        try:
            state, refusals = self.board.build_machine(facts, self.request)
        except NoRules:
            return None
        if refusals:
            return None
        state.backends = self.request.backends
        order = list(range(len(self.request.devices)))
        makers = [i for i in order if self._makes(self.request.devices[i])]
        order = [*makers, *(i for i in order if i not in set(makers))]
        if self.shuffled and self.rng.random() < 0.5:
            self.rng.shuffle(order)
        home: dict[int, Device] = {}
        for index in order:
            stands = self._put(state, self.request.devices[index], index, home)
            if stands is None:
                return None
            home[index] = stands
        result = self.request._replace(devices=tuple(self.written))
        verdict, _ = judge_outcome(self.board, result, self.wants.profiles)
        return result if verdict.verdict == "accept" else None  # place goes against no guideline that is asked

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
                self.written.append(tried)
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
                before, kept = state.copy(), list(self.written)
                maker = DeviceRequest(driver, id=f"found{self.added}", properties=dict(more))
                stands = self._put(state, maker, -1, {}, depth + 1) if depth + 1 < DEEPEST else None
                if stands is not None:
                    found = self._put(state, device, index, home, DEEPEST)
                    if found is not None:
                        return found
                    self.written = kept
                    state.retract(stands)
                del before
        return None

    def _makers(self, bus_kind: str | None) -> list[str]:
        found = []
        for name, facts in self.board.knowledge.shared["types"].items():
            if facts[0] == "user" and (kind := self.board.kinds.type(name)) is not None:
                made = kind.provided_kinds(self.board.kinds)
                if any(bus_kind in self.board.kinds.bus(m).kinds for m in made):
                    found.append(name)
        return found

    def _forms(
        self, state: State, device: DeviceRequest, same: Bus | None, group: tuple[int, ...], home: dict[int, Device]
    ) -> list[DeviceRequest]:
        kind = self.board.kinds.named(device.driver)
        if kind is None or kind.bus_kind is None:
            return [device]
        placed = [home[i] for i in group if i in home]
        if group:
            forms = []
            if not placed:
                for bus in self._buses(state, kind.bus_kind):
                    forms += [
                        device._replace(bus=bus.id, properties={**device.properties, "addr": f"{s:x}.0", "multifunction": "on"})
                        for s in range(1, 32)
                    ]
            elif placed[0].bus is not None:
                slot = placed[0].address.get("slot")
                forms += [
                    device._replace(bus=placed[0].bus.id, properties={**device.properties, "addr": f"{slot:x}.{f}"})
                    for f in range(1, 8)
                ]
            return forms
        if same is not None:
            return [device._replace(bus=same.id)]
        if device.bus is not None:
            return [device]
        forms = [device._replace(bus=bus.id) for bus in self._buses(state, kind.bus_kind)]
        if self.shuffled:
            self.rng.shuffle(forms)
        return [device, *forms]

    def _buses(self, state: State, kind: str) -> list[Bus]:
        return [b for b in state.buses if kind in b.kinds and len(state.by_name.get(b.id, ())) == 1]

    def _try(self, state: State, device: DeviceRequest, index: int, others: set[int]) -> Device | None:
        try:
            stands = Plugger(self.board.kinds, state).plug_request(max(index, 0), device)
        except Refused:
            return None
        if id(stands.bus) in others:
            state.retract(stands)
            return None
        return stands
