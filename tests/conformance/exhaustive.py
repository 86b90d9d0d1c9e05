"""The least that has to be added, by trying all there is: every set of controllers, everywhere, each config judged as a whole.

It shares nothing with the solver: devices are plugged into the machine itself. Slots are left to the machine, so what is found
is right, and what is not found is not there as long as no bus is short of slots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from qrules.explain.verdicts import judge_outcome
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger

# Properties that a controller may need, with a number of its own in it, where its type has them.
NEEDED = {"chassis": "{n}", "chassis_nr": "{n}", "serial": "s{n}"}
STEPS = 3_000  # devices that are plugged before nobody knows


class TooMany(Exception):
    """The steps are used up."""


class Least(NamedTuple):
    """What the cheapest config costs, and the config."""

    cost: int
    request: Request


def least(board: Board, request: Request, profiles: tuple[str, ...], costs: Mapping[str, int], most: int) -> Least | None:
    """The cheapest config with all devices, controllers of the types in `costs` added; None where none costs `most` or less.

    Raises `TooMany` where trying all takes too long.
    """
    steps = [STEPS]
    for cost, chosen in sorted(_choices(sorted(costs.items()), most), key=lambda choice: (choice[0], len(choice[1]))):
        found = _Trial(board, request, profiles, chosen, steps).run()
        if found is not None:
            return Least(cost, found)
    return None


def _choices(costs: list[tuple[str, int]], most: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every multiset of types that costs so much at most."""
    if most >= 0:
        yield 0, ()
    for at, (name, cost) in enumerate(costs):
        if cost <= most:
            yield from ((cost + more, (name, *rest)) for more, rest in _choices(costs[at:], most - cost) if cost)


class _Trial:
    def __init__(
        self, board: Board, request: Request, profiles: tuple[str, ...], chosen: tuple[str, ...], steps: list[int]
    ) -> None:
        self.board, self.request, self.profiles, self.steps = board, request, profiles, steps
        self.added = [self._added(name, n) for n, name in enumerate(chosen, 41)]

    def _added(self, name: str, n: int) -> DeviceRequest:
        kind = self.board.kinds.type(name)
        assert kind is not None
        given = {p: text.format(n=n) for p, text in NEEDED.items() if kind.catalogued(p) is not None}
        return DeviceRequest(name, id=f"added{n}", properties=dict(given))

    def run(self) -> Request | None:
        facts = self.board.knowledge.machine(self.request.machine)
        assert facts is not None
        state, refusals = self.board.build_machine(facts, self.request)
        if refusals:
            return None
        state.backends = self.request.backends
        devices = [
            d if d.id is not None or not self._makes(d) else d._replace(id=f"own{n}") for n, d in enumerate(self.request.devices)
        ]
        makers = [*self.added, *(d for d in devices if self._makes(d))]
        others = [d for d in devices if not self._makes(d)]
        return self._next(state, makers, others, [])

    def _makes(self, device: DeviceRequest) -> bool:
        kind = self.board.kinds.named(device.driver)
        return kind is not None and bool(kind.provided_kinds(self.board.kinds))

    def _next(
        self, state: State, makers: list[DeviceRequest], others: list[DeviceRequest], done: list[DeviceRequest]
    ) -> Request | None:
        """Makers in every order, then the others in theirs, each on every bus."""
        if not makers and not others:
            result = self.request._replace(devices=tuple(done))
            verdict, _ = judge_outcome(self.board, result, self.profiles)
            return result if verdict.verdict == "accept" else None
        tried: set[object] = set()
        for at, device in enumerate(makers or others[:1]):
            alike = (device.driver, device.bus, device in self.added, *(() if device in self.added else (device.id,)))
            if alike in tried:
                continue
            tried.add(alike)
            for form in self._forms(state, device):
                after = self._plugged(state, form)
                if after is None:
                    continue
                left = ([*makers[:at], *makers[at + 1 :]], others) if makers else (makers, others[1:])
                found = self._next(after, *left, [*done, form])
                if found is not None:
                    return found
        return None

    def _plugged(self, state: State, device: DeviceRequest) -> State | None:
        self.steps[0] -= 1
        if self.steps[0] < 0:
            raise TooMany
        after = state.copy()
        after.backends = self.request.backends
        try:
            Plugger(self.board.kinds, after).plug_request(0, device)
        except Refused:
            return None
        return after

    def _forms(self, state: State, device: DeviceRequest) -> Iterator[DeviceRequest]:
        kind = self.board.kinds.named(device.driver)
        if kind is None or kind.bus_kind is None or device.bus is not None:
            yield device
            return
        signs: set[object] = set()
        for bus in state.buses:
            if kind.bus_kind not in bus.kinds or len(state.by_name.get(bus.id, ())) > 1 or state.is_full(bus):
                continue
            sign = _sign(state, bus)
            if sign not in signs:
                signs.add(sign)
                yield device._replace(bus=bus.id)
        if not signs:
            yield device


def _sign(state: State, bus: Bus) -> tuple[object, ...]:
    """What makes two buses alike: all that stands on the way to the root, and on them."""
    owner = bus.owner if isinstance(bus.owner, Device) else None
    own = owner.id if owner is not None and owner.request is not None and not str(owner.id).startswith("added") else None
    children = tuple(sorted((d.kind.name, d.id or "") for d in state.children[bus.number]))
    above = _sign(state, owner.bus) if owner is not None and owner.bus is not None else ()
    return (bus.kind.name, bus.nth, owner.kind.name if owner is not None else bus.id, own, children, above)
