"""Plugging one device: the steps of docs/language.md, "What happens when", in their order.

    type -> bus -> hot-plug -> id -> properties -> before -> pre-plug -> address -> realize -> buses -> what it creates

All that is wrong in one phase is told; the first phase with something wrong ends the device. A refused device leaves
nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from qrules.linked.clauses import AutoFill, Part
from qrules.linked.domains import Wrong, domain_of, integer, read
from qrules.linked.expressions import build
from qrules.linked.fills import applying, choose, note_use
from qrules.linked.kinds import Kinds, TypeKind
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import CONTEXT, Frame, how_many, new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import DeviceRequest, Wish
from qrules.machine.state import State
from qrules.plugging.checks import Checker
from qrules.plugging.lookup import BusLookup
from qrules.plugging.making import provide_all
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.machine.request import Global
    from qrules.plans.swift import Swift


_NOTHING: Mapping[str, object] = {}
_MAX_DEPTH = 8  # devices that create devices that create devices ...


class Order(NamedTuple):
    """A device to be plugged: a user's request, or a part that a machine or another device brings."""

    kind: TypeKind
    given: Mapping[str, object]
    id: str | None
    bus: Bus | str | None
    origin: int
    request: int | None = None
    creator: Device | None = None
    values: Mapping[str, object] = {}
    hotplugged: bool = False
    depth: int = 0
    json: bool = False
    wish: Device | None = None


class Plugger:
    """Plugs devices into a state."""

    def __init__(self, kinds: Kinds, state: State) -> None:
        self.kinds, self.state = kinds, state
        self.knowledge = kinds.knowledge
        self.checker = Checker(self.knowledge, state)
        self.blamed: list[Global] = []
        self.overall: list[Refusal] = []  # what is wrong with values for all devices of a kind: no device falls for it
        self.lookup = BusLookup(kinds, state, self.refuse)
        self.swift = self._by_plan()

    def _by_plan(self) -> Swift | None:
        """What plugs devices like those that were met before; None where nothing has been met twice yet."""
        plans = self.state.machine.plans
        if plans is None or self.state.machine.request.globals:
            return None
        from qrules.plans.swift import Swift

        return Swift(self, plans)

    # ------------------------------------------------------------------------------ refusing
    def refuse(self, rule: str, device: Device | None = None, occasion: str = "says", **context: Any) -> Refused:
        """One of the engine's own refusals, in the words that the rules give it."""
        frame = new_frame(self.state, device, **context)
        return Refused([Refusal(rule, self.knowledge.refusal_note(rule), occasion, frame)])

    # ------------------------------------------------------------------------------ a user's device
    def plug_request(self, index: int, request: DeviceRequest, hotplugged: bool = False) -> Device:
        """Plugs what a user wrote. Raises `Refused`."""
        kind = self._type_of(request.driver)
        json = request.json and (not hotplugged or self.typed_later())
        order = (kind, request.properties, request.id, request.bus, -1, index, None, _NOTHING, hotplugged, 0, json, None)
        return self.plug(Order._make(order))

    def typed_later(self) -> bool:
        """Whether a running machine asks values for their types, as it does those of JSON at the start."""
        return bool(self.state.machine.get("types-of-later-values", self.state))

    def find_bus(self, request: DeviceRequest) -> Bus | None:
        """The bus that a device would go to, by what type, bus and machine say; nothing is plugged. Raises `Refused`."""
        kind = self._type_of(request.driver)
        device = Device(-1, kind, request=0)
        self.checker.check("type", device)
        device.bus = self._bus_of(Order(kind, {}, None, request.bus, -1, 0), device)
        self.checker.check("bus", device)
        self.checker.check("pre-plug", device)
        return device.bus

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
        self._read_properties(device)
        self.checker.check("type", device)
        early = self.checker.check("properties", device)
        cells = self.fill_and_check("pre-plug", device) + self.fill_and_check("realize", device)
        self.state.add_device(device)
        for key in (*early, *cells):
            self.state.hold(key, device)
        made, name = device.get("makes-backend", self.state), device.get("name", self.state)
        if made is not None and name is not None:
            self.state.backends = {**self.state.backends, str(name): str(made)}
        return device

    # ------------------------------------------------------------------------------ the steps
    def plug(self, order: Order) -> Device:
        """Plugs a device, or raises `Refused` and leaves the state as it was (but for what a `before` created)."""
        by_plan = self.swift.plug(order) if self.swift is not None else None
        return by_plan if by_plan is not None else self._step_by_step(order)

    def _step_by_step(self, order: Order) -> Device:
        kind, state = order.kind, self.state
        general = self._general(kind, state.machine.request.globals)
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
        if order.request is not None and device.id is not None and device.id in state.ids:
            raise self.refuse("duplicate-id", device, name=device.id, holder=state.ids[device.id])
        given_address = self._read_properties(device, order.json, self._of_all(device, general.keys() - order.given.keys()))
        early += self.checker.check("properties", device)
        device.address.update(given_address)
        self._create_before(device, order)
        cells = self.fill_and_check("pre-plug", device)
        self._take_address(device, given_address)
        cells += self.fill_and_check("address", device)
        cells += self.fill_and_check("realize", device)
        self._settle(device, [*early, *cells])
        try:
            provide_all(self.kinds, state, device, kind.provides)
            for part in kind.creates:
                self.create(part, device, order.depth)
            self.fill_and_check("plug", device)
        except Refused:
            state.retract(device)
            raise
        return device

    def _general(self, kind: TypeKind, told: Sequence[Global]) -> dict[str, object]:
        """What options say of all devices of a kind: the last one counts, and what the device itself is given more."""
        return {said.property: said.value for said in told if said.driver in kind.kinds}

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

    def _settle(self, device: Device, claims: list[tuple[Any, ...]]) -> None:
        state = self.state
        state.add_device(device)
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if scheme is not None and device.bus is not None:
            scheme.settle(state, device, device.bus)
        for key in claims:
            state.hold(key, device)
        for fill in (f for fills in device.kind.fills.values() for f in fills):
            note_use(fill.fill, state, ("fill", fill.note), device.values.get(fill.property))

    # ------------------------------------------------------------------------------ properties and address
    def _read_properties(self, device: Device, json: bool = False, general: Iterable[str] = ()) -> dict[str, Any]:
        """Types what was written. Gives the parts of the address that were given.

        What is wrong with a `general` value, which is said of all devices of a kind, is told once and goes into `overall`.
        """
        if general:
            self._read_general(device, general)
        scheme = device.bus.kind.scheme if device.bus is not None else None
        frame, written = new_frame(self.state, device), device.request is not None
        wrong: list[Refusal] = []
        address: dict[str, Any] = {}
        for name, value in device.given.items():
            if name in general:
                continue
            if scheme is not None and scheme.written and name == scheme.property:
                if isinstance(value, int) and device.kind.leaves_open(name, value):
                    continue
                parsed = scheme.parse(value, new_frame(self.state, device.bus, device))
                if parsed is None:
                    bad = new_frame(self.state, device.bus, device, text=value, property=name)
                    wrong.append(Refusal(name, scheme.note, "malformed", bad, phase="properties"))
                else:
                    address = parsed
                continue
            typed = self._typed(device, name, value, frame, written, json)
            if isinstance(typed, Refusal):
                wrong.append(typed)
            elif typed is None and value == "":
                device.given = {n: v for n, v in device.given.items() if n != name}
            else:
                device.values[name] = typed
                if scheme is not None and name in scheme.names and not device.kind.leaves_open(name, typed):
                    address[name] = typed
        if wrong:
            raise Refused(wrong)
        return address

    def _of_all(self, device: Device, names: AbstractSet[str]) -> AbstractSet[str]:
        """The general values that are read apart. Addresses are read like a device's own, but for those that can be packed."""
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if not names or scheme is None or scheme.packed:
            return names
        return names - ({scheme.property} if scheme.written else set(scheme.names))

    def _read_general(self, device: Device, names: Iterable[str]) -> None:
        """Types the values that options say of all devices of a kind; a device keeps its default for one that is wrong."""
        frame = new_frame(self.state, device)
        for said in self.state.machine.request.globals:
            name = said.property
            if name not in names or said.driver not in device.kinds:
                continue
            scheme = device.bus.kind.scheme if device.bus is not None else None
            if scheme is not None and scheme.packed and name == scheme.property:
                device.given = {n: v for n, v in device.given.items() if n != name}
                self._blame(said, self.refuse("address-for-all", device, name=said.driver, property=name, text=said.value))
                continue
            if not device.kind.has_property(name) and device.kind.status == "internal":
                continue  # of parts of boards the catalogue does not know all
            if not device.kind.has_property(name):
                wrong = self.refuse(
                    "no-such-global", device, name=said.driver, kind=device.kind.name, property=name, text=said.value
                )
            else:
                typed = self._typed(device, name, said.value, frame, True, False)
                if not isinstance(typed, Refusal):
                    device.values[name] = typed
                    continue
                words = self._words(typed)
                wrong = self.refuse("bad-global", device, name=said.driver, element=words, property=name, text=said.value)
            device.given = {n: v for n, v in device.given.items() if n != name}
            self._blame(said, wrong)

    def _blame(self, said: Global, refused: Refused) -> None:
        if said not in self.blamed:
            self.blamed.append(said)
            self.overall.append(refused.refusals[0]._replace(where=said.where, phase="properties"))

    def _words(self, refusal: Refusal) -> str:
        """What the emulator says of a value: of numbers it reads them here as it reads those of JSON."""
        words = self.knowledge.note(refusal.note).words if refusal.note is not None else {}
        typed = "mistyped" if refusal.occasion == "malformed" and "outside" in words else refusal.occasion
        template = words.get(typed, words.get(refusal.occasion))
        return str(build(template)(refusal.frame)) if template is not None else ""

    def _typed(self, device: Device, name: str, value: object, frame: Frame, written: bool, json: bool) -> Any:
        kind = device.kind
        found = domain_of(kind, name, written)
        if found is None:
            scheme = device.bus.kind.scheme if device.bus is not None else None
            if scheme is not None and name in scheme.names:
                return self._coordinate(device, name, value)
            if not written:
                return value
            refused = self.refuse("no-such-property", device, property=name, name=kind.name, text=value)
            return refused.refusals[0]._replace(phase="properties")
        typed = read(value, *found, kind, frame, json)
        if isinstance(typed, Wrong):
            owner = self._property_owner(kind, name)
            bad = new_frame(self.state, device, None, text=value, property=name, name=owner, low=typed.low, high=typed.high)
            return Refusal(typed.name or name, typed.note, typed.occasion, bad, phase="properties")
        return typed

    def _coordinate(self, device: Device, name: str, value: object) -> Any:
        """A part of an address that is a property of its own, such as a unit: a number, or the name of a point."""
        assert device.bus is not None
        scheme = device.bus.kind.scheme
        assert scheme is not None
        if next(d for d in scheme.dimensions if d.name == name).within is None:
            return str(value)
        number = integer(value)
        if number is not None:
            return number
        bad = new_frame(self.state, device.bus, device, text=value, property=name)
        return Refusal(scheme.property, scheme.note, "malformed", bad, phase="properties")

    def _property_owner(self, kind: TypeKind, name: str) -> str:
        """The type that a property belongs to: of two halves of a device the inner one, where both have it."""
        for part in kind.creates:
            half = self.kinds.type(part.type) if part.sharing else None
            if half is not None and half.catalogued(name) is not None:
                return self._property_owner(half, name)
        return kind.name

    def _take_address(self, device: Device, given: dict[str, Any]) -> None:
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if scheme is None or device.bus is None:
            return
        wrong = scheme.place(self.state, device, device.bus, given)
        if wrong is not None:
            raise Refused([Refusal(scheme.property, wrong.note, wrong.occasion, wrong.frame, phase="address")])

    def fill_and_check(self, phase: str, device: Device) -> list[tuple[Any, ...]]:
        """Fills, then checks; an id comes last, to a device that has passed."""
        fills = device.kind.fills.get(phase, ())
        for fill in fills:
            if fill.property != "id":
                self._fill(device, fill)
        cells = self.checker.check(phase, device)
        for fill in fills:
            if fill.property == "id":
                self._fill(device, fill)
        return cells

    def _fill(self, device: Device, fill: AutoFill) -> None:
        if device.id if fill.property == "id" else device.values.get(fill.property) is not None:
            return
        frame = new_frame(self.state, device)
        step = applying(fill.fill, frame)
        if step is None:
            return
        if fill.property == "id":
            self._fill_id(device, step.argument(frame) if step.argument is not None else None, fill.phase == "plug")
            return
        counter: tuple[Any, ...] = ("fill", fill.note)
        claims = device.kind.claims_reading(fill.property)
        if step.how == "lowest":  # each of the sets in which it is to be free has a lowest one of its own
            counter += tuple((_key_of(c.scope(frame)), *(part(frame) for part in c.key)) for c in claims)

        def free(value: int) -> bool:
            device.values[fill.property] = value
            return all(self.checker.held(claim, frame) is None for claim in claims)

        device.values[fill.property] = value = choose(step, frame, self.state, counter, None, free)
        if value is None:
            raise Refused([Refusal(fill.property, fill.note, "full", frame, phase="realize")])

    def _fill_id(self, device: Device, identity: Any, label_only: bool) -> None:
        """Names a device without an id. One that stands already gets a label: others may have the same."""
        if identity in self.state.ids and not label_only:
            raise self.refuse("duplicate-id", device, name=identity, holder=self.state.ids[identity])
        device.id = identity

    # ------------------------------------------------------------------------------ created devices
    def _create_before(self, device: Device, order: Order) -> None:
        for part in device.kind.creates_before:
            if order.depth < _MAX_DEPTH:
                self.create(part, device, order.depth)

    def create(self, part: Part, creator: Device, depth: int) -> None:
        frame = new_frame(self.state, creator)
        if depth >= _MAX_DEPTH or (part.when is not None and not part.when(frame)):
            return
        for n in range(how_many(part.many, frame)):
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


def _key_of(scope: object) -> object:
    return scope.key if isinstance(scope, Entity) else None
