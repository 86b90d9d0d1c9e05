"""Plugging by plans: the steps of `qrules.plugging.plug` for devices of shapes that have been met before.

It only ever says yes. Where anything is in the way nothing has been changed, and the plugger goes through its steps one by
one to find the words for it.
"""

from __future__ import annotations

from qrules.linked.domains import Wrong
from qrules.linked.fills import note_use
from qrules.machine.entities import Bus, Device
from qrules.machine.frames import Closure, Frame, new_frame
from qrules.machine.refusals import Refused
from qrules.plans.plan import Plan, Plans
from qrules.plugging.checks import cells_of, held
from qrules.plugging.making import provide_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.linked.clauses import Claim
    from qrules.machine.state import State
    from qrules.plugging.lookup import BusLookup
    from qrules.plugging.plug import Order, Plugger

    Cells = list[tuple[Any, ...]]


class FastPath:
    """Plugs devices by plans, into a state. It keeps no plugger: the two would be a circle, left to the collector."""

    def __init__(self, state: State, plans: Plans) -> None:
        self.state, self.plans = state, plans
        self.is_identifier = plans.kinds.knowledge.is_identifier

    def plug(self, order: Order, plugger: Plugger) -> Device | None:
        """Plugs a device; None where it is not certain that it can be plugged. Raises `Refused` for a part of it that can't.

        What it brings is made by `plugger`, whose state is the same.
        """
        bus = self._bus(order, plugger.lookup)
        if bus is None and order.kind.bus_kind is not None:
            return None
        found = self._planned(order, bus)
        if found is None:
            return None
        device, plan = found
        frame = new_frame(self.state, device)
        cells = self._ready(plan, device, frame)
        if cells is None:
            return None
        self._settle(plan, device, cells)
        try:
            if plan.provides or device.kind.points:
                provide_all(plugger.kinds, self.state, device, plan.provides)
            for part in plan.creates:
                plugger.create(part, device, order.depth)
            if plan.fills or (plan.plugged and _any(plan.plugged, frame)):
                plugger.filler.fill_and_check("plug", device)
        except Refused:
            self.state.retract(device)
            raise
        return device

    def _bus(self, order: Order, lookup: BusLookup) -> Bus | None:
        """The bus of an order, if it takes the device without a question."""
        bus, kind = order.bus, order.kind.bus_kind
        if kind is None:
            return None
        if bus is None:
            return lookup.first_with_room(kind)
        if isinstance(bus, Bus):
            return bus
        named = self.state.by_name.get(bus, ())
        if len(named) != 1 or kind not in named[0].kinds or self.state.is_full(named[0]):
            return None
        return named[0]

    def _planned(self, order: Order, bus: Bus | None) -> tuple[Device, Plan] | None:
        """The device of an order as it comes to its bus, with the plan for it."""
        kind, given, request, creator, named = order.kind, order.given, order.request, order.creator, order.id
        shape: Any = (bus.shape or self.plans.shapes.of_bus(bus)) if bus is not None else None
        if bus is not None and shape is None:
            return None
        key = (kind.name, shape, request is None, creator is None, not named, order.json, order.hotplugged, *given)
        plan = self.plans.made.get(key)
        checks = plan.checks if plan is not None else None
        number = self.state.counters.get("devices", 0)
        device = Device(number, kind, named or None, given, None, order.origin, request, creator, order.hotplugged, checks)
        device.bus = bus
        if plan is None:
            plan = self.plans.plan(key, device, shape, order.json)
        if plan is None or not plan.possible or (request is not None and named is not None and self._looked_at(named)):
            return None
        device.plan = plan
        return device, plan

    def _looked_at(self, name: str) -> bool:
        """Whether an id is looked at one by one: one that is taken, and one that is none."""
        return name in self.state.ids or not self.is_identifier(name)

    def _ready(self, plan: Plan, device: Device, frame: Frame) -> Cells | None:
        """All that is asked before a device stands, with its address taken. Gives the cells that it will hold."""
        if plan.early and _any(plan.early, frame):
            return None
        address = _read(plan, device, frame)
        if address is None:
            return None
        cells: Cells = []
        device.address.update(address)
        if (plan.before and _any(plan.before, frame)) or (plan.before_claims and not _take(plan.before_claims, frame, cells)):
            return None
        bus = device.bus
        scheme = bus.kind.scheme if bus is not None else None
        if bus is not None and scheme is not None and scheme.place(self.state, device, bus, address) is not None:
            return None
        if (plan.after and _any(plan.after, frame)) or (plan.after_claims and not _take(plan.after_claims, frame, cells)):
            return None
        return cells

    def _settle(self, plan: Plan, device: Device, cells: Cells) -> None:
        state = self.state
        state.counters["devices"] = device.number + 1
        state.add_device(device)
        bus = device.bus
        if bus is not None and bus.kind.scheme is not None:
            bus.kind.scheme.settle(state, device, bus)
        for key in cells:
            state.hold(key, device)
        for fill in plan.counting:
            note_use(fill.fill, state, ("fill", fill.note), device.values.get(fill.property))


def _any(tests: tuple[Closure, ...], frame: Frame) -> bool:
    for test in tests:  # noqa: SIM110  a generator would cost more than most tests
        if test(frame):
            return True
    return False


def _take(claims: tuple[Claim, ...], frame: Frame, cells: Cells) -> bool:
    """Adds the cells that claims take; False where one is held."""
    for claim in claims:
        taken = cells_of(claim, frame)
        if taken:
            if held(claim, frame, taken) is not None:
                return False
            cells += taken
    return True


def _read(plan: Plan, device: Device, frame: Frame) -> dict[str, Any] | None:
    """Types what was written. Gives the parts of the address that were given; None where something is wrong."""
    values = device.values
    address: dict[str, Any] = {}
    for name, value in device.given.items():
        known = plan.readers.get(name)
        if known is None:
            parsed = _parsed(device, value, frame)
            if parsed is None:
                return None
            address = parsed
            continue
        texts, reader, coordinate = known
        if texts is not None:
            if type(value) is not str:
                return None
            typed: Any = texts[value]
        else:
            typed = value if reader is None else reader(value, frame)
        if type(typed) is Wrong:
            return None
        values[name] = typed
        if coordinate and not device.kind.leaves_open(name, typed):
            address[name] = typed
    return address


def _parsed(device: Device, value: object, frame: Frame) -> dict[str, Any] | None:
    """The address that a text spells."""
    scheme = device.bus.kind.scheme if device.bus is not None else None
    if scheme is None or type(value) is not str:
        return None
    return scheme.parse(value, frame)
