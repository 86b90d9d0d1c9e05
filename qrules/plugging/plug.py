"""Plugging one device: the steps of docs/language.md, "What happens when", in their order.

They are those of qemu:system/qdev-monitor.c "qdev_device_add_from_qdict" and of qemu:hw/core/qdev.c "device_set_realized".

    type -> bus -> hot-plug -> id -> properties -> before -> pre-plug -> address -> realize -> buses -> what it creates

All that is wrong in one phase is told; the first phase with something wrong ends the device. A refused device leaves
nothing behind.
"""

from __future__ import annotations

from qrules.linked.clauses import Part
from qrules.linked.kinds import Kinds
from qrules.machine.budget import DEVICE, current
from qrules.machine.entities import Bus, Device
from qrules.machine.frames import CONTEXT, Frame, new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import DeviceRequest, Wish
from qrules.machine.state import MORE_STEPS, State
from qrules.plugging.checks import Checker
from qrules.plugging.filling import Filler
from qrules.plugging.lookup import BusLookup
from qrules.plugging.making import how_many, provide_all
from qrules.plugging.orders import Order as Order
from qrules.plugging.paying import Paid
from qrules.plugging.properties import PropertyReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from typing import Any

    from qrules.linked.kinds import TypeKind
    from qrules.machine.contracts import Cell
    from qrules.plugging.orders import FastPath

_NOTHING: Mapping[str, object] = {}
_MAX_DEPTH = 8  # devices that create devices that create devices ...


class Plugger:
    """Plugs devices into a state. `told`: what is wrong with values for all devices of a type was told by another one."""

    def __init__(self, kinds: Kinds, state: State, told: bool = False) -> None:
        self.kinds, self.state = kinds, state
        self.knowledge = kinds.knowledge
        self.checker = self._checker()
        refuse = self.checker.refuse  # not our own method: a circle would keep each state that something was tried on
        self.properties = PropertyReader(kinds, state, refuse, told)
        self.filler = Filler(state, self.checker, refuse)
        self.lookup = BusLookup(kinds, state, refuse)
        self.fast_path = self._fast_path()
        self.budget = current()
        self._backends: dict[str, str] = {}  # those of the state, once some have been added here

    def _checker(self) -> Checker:
        return Checker(self.knowledge, self.state)

    def _fast_path(self) -> FastPath | None:
        """What plugs devices like those that were met before; None where nothing has been met twice yet."""
        machine = self.state.machine
        if machine.plans is None or machine.request.globals:
            return None
        found: FastPath = machine.plans.fast_path(self.state)
        return found

    # ------------------------------------------------------------------------------ refusing
    def refuse(self, rule: str, device: Device | None = None, occasion: str = "says", **context: Any) -> Refused:
        """One of the engine's own refusals, in the words that the rules give it."""
        return self.checker.refuse(rule, device, occasion, **context)

    # ------------------------------------------------------------------------------ a user's device
    def plug_request(self, index: int, request: DeviceRequest, hotplugged: bool = False) -> Device:
        """Plugs what a user wrote. Raises `Refused`."""
        kind = self._type_of(request.driver)
        json = request.json and (not hotplugged or self.typed_later())
        order = (kind, request.properties, request.id, request.bus, -1, index, None, _NOTHING, hotplugged, 0, json, None)
        return self.plug(Order._make(order))

    def _look_at_id(self, device: Device, name: str) -> None:
        """Raises `Refused` for an id that another device has, and for one that is none where the machine looks at all of them."""
        looks = not self.knowledge.is_identifier(name) and self.state.machine.get("looks-at-all-ids", self.state)
        if looks:
            raise self.refuse("unfit-id", device, name=name)
        if name in self.state.ids:
            raise self.refuse("duplicate-id", device, name=name, holder=self.state.ids[name])

    def typed_later(self) -> bool:
        """Whether a running machine asks values for their types, as it does those of JSON at the start."""
        return bool(self.state.machine.get("types-of-later-values", self.state))

    def find_bus(self, request: DeviceRequest, values: bool = True) -> Bus | None:
        """The bus that a device would go to, by what type, bus and machine say; nothing is plugged. Raises `Refused`.

        Without `values` it is not asked what has to be written with it (where the rule says what: ``repair set`` and its like).
        """
        kind = self._type_of(request.driver)
        device = Device(-1, kind, request=0)
        self.checker.check("type", device)
        device.bus = self._bus_of(Order(kind, {}, None, request.bus, -1, 0), device)
        self.checker.check("bus", device)
        try:
            self.checker.check("pre-plug", device)
        except Refused as refused:
            if values or not all(self._wants_value(r) for r in refused.refusals):
                raise
        return device.bus

    def _wants_value(self, refusal: Refusal) -> bool:
        """Whether a value of a property, or an option that says more, is all that a refusal asks for."""
        steps = self.knowledge.note(refusal.note).repairs if refusal.note is not None else []
        return any(action in ("set", "free", "say") for action, *_ in steps)

    def _type_of(self, driver: str) -> TypeKind:
        if not driver:
            raise self.refuse("no-driver")
        kind = self.kinds.named(driver)
        if kind is None:
            raise self.refuse("no-such-type", name=driver)
        if kind.status in ("abstract", "internal"):
            rule = "abstract-type" if kind.status == "abstract" else "not-creatable"
            raise self.refuse(rule, Device(-1, kind, request=0), name=driver)
        return kind

    def wish(self, kind: TypeKind, asked: Wish) -> Device:
        """Makes what an option asks for: a device on no bus, with its values, fills and claims. Raises `Refused`."""
        device = Device(self.state.next_number("devices"), kind, None, asked.values)
        device.where = asked.where
        with Paid(self.budget, self.state, f"reading {kind.name}", DEVICE + kind.heavy):
            return self._wished(device)

    def _wished(self, device: Device) -> Device:
        self._read_properties(device, False, ())
        device.known = {}  # what it says of itself is asked again and again
        self.checker.check("type", device)
        early = self.checker.check("properties", device)
        cells = self.filler.fill_and_check("pre-plug", device) + self.filler.fill_and_check("realize", device)
        self.state.add_device(device)
        for key in (*early, *cells):
            self.state.hold(key, device)
        made, name = device.get("makes-backend", self.state), device.get("name", self.state)
        if made is not None and name is not None:
            if self.state.backends is not self._backends:  # shared with the request, or another state
                self.state.backends = self._backends = dict(self.state.backends)
            self._backends[str(name)] = str(made)
        return device

    # ------------------------------------------------------------------------------ the steps
    def plug(self, order: Order) -> Device:
        """Plugs a device, or raises `Refused`: then nothing of it stands or is held, but for what a `before` created.

        Counters do not go back, those of devices and buses neither: no number stands for two things, which is how
        `BusLookup` sees what is new. Raises `TooLarge` where the question's budget is spent.
        """
        state, budget, kind = self.state, self.budget, order.kind
        if order.request is not None:
            state.grant(MORE_STEPS)
        if self.fast_path is None or state.paid > budget.left:
            with Paid(budget, state, f"plugging {kind.name}", DEVICE + kind.heavy):
                return self._step_by_step(order)
        try:  # what `Paid` does where the question has more left than rules may take
            return self.fast_path.plug(order, self) or self._step_by_step(order)
        finally:
            budget.last = f"plugging {kind.name}"
            budget.charge(state, DEVICE + kind.heavy)

    def _step_by_step(self, order: Order) -> Device:
        kind, state = order.kind, self.state
        general = self.properties.general(kind) if state.machine.request.globals else {}
        device = Device(
            state.next_number("devices"),
            kind,
            order.id or None,
            {**general, **order.given} if general else order.given,
            order.values,
            order.origin,
            order.request,
            order.creator,
            order.hotplugged,
        )
        device.wish = order.wish
        self.checker.check("type", device)
        device.bus = self._bus_of(order, device)
        early = self.checker.check("bus", device)
        if order.hotplugged:
            early += self.checker.check("hotplug", device)
        device.bus = self._standing_in(device.bus)
        if order.request is not None and device.id is not None:
            self._look_at_id(device, device.id)
        apart = self.properties.told_apart(device, general.keys() - order.given.keys()) if general else ()
        given_address = self._read_properties(device, order.json, apart)
        early += self.checker.check("properties", device)
        device.address.update(given_address)
        self._create_before(device, order)
        cells = self.filler.fill_and_check("pre-plug", device)
        self._take_address(device, given_address)
        cells += self.filler.fill_and_check("address", device)
        cells += self.filler.fill_and_check("realize", device)
        self._settle(device, [*early, *cells])
        try:
            provide_all(self.kinds, state, device, kind.provides)
            for part in kind.creates:
                self.create(part, device, order.depth)
            self.filler.fill_and_check("plug", device)
        except Refused:
            state.retract(device)
            raise
        return device

    def _bus_of(self, order: Order, device: Device) -> Bus | None:
        if isinstance(order.bus, Bus):
            return order.bus
        if order.bus is not None:
            return self.lookup.named(order.bus, device)
        return self.lookup.automatic(device) if order.kind.bus_kind is not None else None

    def _standing_in(self, bus: Bus | None) -> Bus | None:
        """The bus that a device ends up on: some buses only stand in for another."""
        instead = bus.get("stands-in-for", self.state) if bus is not None else None
        return instead if isinstance(instead, Bus) else bus

    def _settle(self, device: Device, cells: list[Cell]) -> None:
        state = self.state
        state.add_device(device)
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if scheme is not None and device.bus is not None:
            scheme.settle(state, device, device.bus)
        for key in cells:
            state.hold(key, device)
        self.filler.note_use(device)

    # ------------------------------------------------------------------------------ properties and address
    def _read_properties(self, device: Device, json: bool, general: Container[str]) -> dict[str, Any]:
        return self.properties.read(device, json, general)

    def _take_address(self, device: Device, given: dict[str, Any]) -> None:
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if scheme is None or device.bus is None:
            return
        wrong = scheme.place(self.state, device, device.bus, given)
        if wrong is not None:
            raise Refused([Refusal(scheme.property, wrong.note, wrong.occasion, wrong.frame, phase="address")])

    # ------------------------------------------------------------------------------ created devices
    def _create_before(self, device: Device, order: Order) -> None:
        for part in device.kind.creates_before:
            if order.depth < _MAX_DEPTH:
                self.create(part, device, order.depth)

    def create(self, part: Part, creator: Device, depth: int) -> None:
        frame = new_frame(self.state, creator)
        if depth >= _MAX_DEPTH or (part.when is not None and not part.when(frame)):
            return
        for n in range(how_many(part, frame, self.kinds)):
            self.place_part(part, frame, creator, depth + 1, n)

    def place_part(
        self,
        part: Part,
        frame: Frame,
        creator: Device | None,
        depth: int = 0,
        n: int = 0,
        instead: str | None = None,
        wish: Device | None = None,
    ) -> Device:
        """Plugs a device that a machine or another device brings; `instead` names another type than the part's own."""
        kind = self.kinds.type(instead or part.type)
        if kind is None:
            raise self.refuse("no-such-type", name=instead or part.type)
        frame[CONTEXT["n"]] = n
        given: dict[str, object] = {}
        if creator is not None and part.sharing:
            given = {name: creator.values.get(name, value) for name, value in creator.given.items()}
        if creator is not None and part.sharing and creator.bus is not None and creator.bus.kind.scheme is not None:
            given.pop(creator.bus.kind.scheme.property, None)
        values = {name: closure(frame) for name, closure in part.values.items()}
        given.update({name: value for name, value in values.items() if value is not None})
        bus = part.place(frame) if part.place is not None else None
        if part.at is not None:
            if bus is None and kind.bus_kind is not None:
                bus = self.lookup.automatic(Device(-1, kind))
            target = self.lookup.named(bus, None) if isinstance(bus, str) else bus
            if isinstance(target, Bus) and target.kind.scheme is not None:
                given[target.kind.scheme.property] = part.at(frame)
        identity = part.id.filled(frame) if part.id is not None else None
        order = (kind, given, identity, bus, part.note, None, creator, _NOTHING, False, depth, False, wish)
        return self.plug(Order._make(order))
