"""Plugging one device: the steps of docs/language.md, "What happens when", in their order.

    type -> bus -> hot-plug -> id -> properties -> before -> pre-plug -> address -> realize -> buses -> what it creates

All that is wrong in one phase is told; the first phase with something wrong ends the device. A refused device leaves
nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from qrules.topology.entities import Bus, Device, Entity
from qrules.topology.expressions import CONTEXT, Frame, holes, new_frame
from qrules.topology.fills import applying, choose, note_use
from qrules.topology.kinds import AutoFill, BusKind, Claim, Kinds, OtherDevice, Part, Points, Provides, Rule, TypeKind
from qrules.topology.lookup import BusLookup
from qrules.topology.refusals import Refusal, Refused
from qrules.topology.request import DeviceRequest
from qrules.topology.state import Point, State
from qrules.topology.values import Wrong, integer, read

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


class Plugger:
    """Plugs devices into a state."""

    def __init__(self, kinds: Kinds, state: State) -> None:
        self.kinds, self.state = kinds, state
        self.knowledge = kinds.knowledge
        self.lookup = BusLookup(kinds, state, self.refuse)

    # ------------------------------------------------------------------------------ refusing
    def refuse(self, rule: str, device: Device | None = None, occasion: str = "says", **context: Any) -> Refused:
        """One of the engine's own refusals, in the words that the rules give it."""
        frame = new_frame(self.state, device, **context)
        return Refused([Refusal(rule, self.knowledge.refusal_note(rule), occasion, frame)])

    # ------------------------------------------------------------------------------ a user's device
    def plug_request(self, index: int, request: DeviceRequest, hotplugged: bool = False) -> Device:
        """Plugs what a user wrote. Raises `Refused`."""
        kind = self._type_of(request.driver)
        order = Order(kind, request.properties, request.id, request.bus, -1, index, hotplugged=hotplugged)
        return self.plug(order)

    def find_bus(self, request: DeviceRequest) -> Bus | None:
        """The bus that a device would go to, by what type, bus and machine say; nothing is plugged. Raises `Refused`."""
        kind = self._type_of(request.driver)
        device = Device(-1, kind, request=0)
        self._check("type", device, True)
        device.bus = self._bus_of(Order(kind, {}, None, request.bus, -1, 0), device)
        self._check("bus", device, True)
        self._check("pre-plug", device, True)
        return device.bus

    def _type_of(self, driver: str) -> TypeKind:
        kind = self.kinds.type(self.knowledge.real_name(driver))
        if kind is None:
            raise self.refuse("no-such-type", name=driver)
        stand_in = Device(-1, kind, request=0)
        if kind.status == "abstract":
            raise self.refuse("abstract-type", stand_in, name=driver)
        if kind.status == "internal":
            raise self.refuse("not-creatable", stand_in, name=driver)
        return kind

    # ------------------------------------------------------------------------------ the steps
    def plug(self, order: Order) -> Device:
        """Plugs a device, or raises `Refused` and leaves the state as it was (but for what a `before` created)."""
        kind, state = order.kind, self.state
        device = Device(
            state.next_number("devices"),
            kind,
            order.id or None,
            order.given,
            order.values,
            order.origin,
            order.request,
            order.creator,
            order.hotplugged,
        )
        written = order.request is not None
        self._check("type", device, written)
        device.bus = self._bus_of(order, device)
        early = self._check("bus", device, written)
        if order.hotplugged:
            early += self._check("hotplug", device, written)
        if device.id is not None and device.id in state.ids:
            raise self.refuse("duplicate-id", device, name=device.id, holder=state.ids[device.id])
        given_address = self._read_properties(device, written)
        early += self._check("properties", device, written)
        self._create_before(device, order)
        cells = self._fill_and_check("pre-plug", device, written)
        self._take_address(device, given_address)
        cells += self._fill_and_check("address", device, written)
        cells += self._fill_and_check("realize", device, written)
        self._settle(device, [*early, *cells])
        try:
            self._provide(device)
            for part in kind.creates:
                self._create(part, device, order.depth)
            self._check("plug", device, written)
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

    def _settle(self, device: Device, claims: list[tuple[Any, ...]]) -> None:
        state = self.state
        state.add_device(device)
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if scheme is not None and device.bus is not None:
            if device.address:
                state.hold(scheme.key(device.bus, device.address), device)
            scheme.note_use(state, device.bus, device.address)
        for key in claims:
            state.hold(key, device)
        for fill in (f for fills in device.kind.fills.values() for f in fills):
            note_use(fill.fill, state, ("fill", fill.property), device.values.get(fill.property))

    # ------------------------------------------------------------------------------ properties and address
    def _read_properties(self, device: Device, written: bool) -> dict[str, Any]:
        """Types what was written. Gives the parts of the address that were given."""
        scheme = device.bus.kind.scheme if device.bus is not None else None
        frame = new_frame(self.state, device)
        wrong: list[Refusal] = []
        address: dict[str, Any] = {}
        for name, value in device.given.items():
            if scheme is not None and scheme.written and name == scheme.property:
                parsed = scheme.parse(value, new_frame(self.state, device.bus, device))
                if parsed is None:
                    bad = new_frame(self.state, device.bus, device, text=value, property=name)
                    wrong.append(Refusal(name, scheme.note, "malformed", bad, phase="properties"))
                else:
                    address = parsed
                continue
            typed = self._typed(device, name, value, frame, written)
            if isinstance(typed, Refusal):
                wrong.append(typed)
            else:
                device.values[name] = typed
                if scheme is not None and name in scheme.names and typed not in (None, -1, ""):
                    address[name] = typed
        if wrong:
            raise Refused(wrong)
        return address

    def _typed(self, device: Device, name: str, value: object, frame: Frame, written: bool) -> Any:
        kind = device.kind
        clause = kind.properties.get(name)
        if clause is not None and (not written or kind.has_property(name)):
            domain, note = clause.domain, clause.note
        else:
            fact = kind.catalogued(name) if written else None
            scheme = device.bus.kind.scheme if device.bus is not None else None
            if fact is None and scheme is not None and name in scheme.names:
                return self._coordinate(device, name, value)
            if not written:
                return value
            if fact is None:
                refused = self.refuse("no-such-property", device, property=name, name=kind.name, text=value)
                return refused.refusals[0]._replace(phase="properties")
            domain, note = ["named", fact[0]], None
        typed = read(value, domain, note, kind, frame)
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
        if next(d for d in scheme.dimensions if d.name == name).range is None:
            return str(value)
        number = integer(value)
        if number is not None:
            return number
        bad = new_frame(self.state, device.bus, device, text=value, property=name)
        return Refusal(scheme.property, scheme.note, "malformed", bad, phase="properties")

    def _property_owner(self, kind: TypeKind, name: str) -> str:
        """The type that a property belongs to: of two halves of a device the inner one, where both have it."""
        for part in kind.creates:
            half = self.kinds.type(part.clause.type) if part.clause.sharing else None
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

    def _fill_and_check(self, phase: str, device: Device, written: bool) -> list[tuple[Any, ...]]:
        for fill in device.kind.fills.get(phase, ()):
            self._fill(device, fill)
        return self._check(phase, device, written)

    def _fill(self, device: Device, fill: AutoFill) -> None:
        if device.id if fill.property == "id" else device.values.get(fill.property) is not None:
            return
        frame = new_frame(self.state, device)
        step = applying(fill.fill, frame)
        if step is None:
            return
        if fill.property == "id":
            self._fill_id(device, step.argument(frame) if step.argument is not None else None)
            return
        counter = ("fill", fill.property)
        every = (c for checks in device.kind.checks.values() for c in checks if isinstance(c, Claim))
        claims = [c for c in every if fill.property in c.reads]

        def free(value: int) -> bool:
            device.values[fill.property] = value
            return all(self._held(claim, frame) is None for claim in claims)

        device.values[fill.property] = value = choose(step, frame, self.state, counter, None, free)
        if value is None:
            raise Refused([Refusal(fill.property, fill.note, "full", frame, phase="realize")])

    def _fill_id(self, device: Device, identity: Any) -> None:
        if identity in self.state.ids:
            raise self.refuse("duplicate-id", device, name=identity, holder=self.state.ids[identity])
        device.id = identity

    # ------------------------------------------------------------------------------ rules and claims
    def _check(self, phase: str, device: Device, written: bool) -> list[tuple[Any, ...]]:
        """Tests the rules and claims of a phase. Gives the cells that the device will hold; raises all that is wrong."""
        own = device.kind.checks.get(phase)
        of_bus = device.bus.kind.checks.get(phase) if device.bus is not None else None
        if not own and not of_bus:
            return []
        frame = new_frame(self.state, device)
        on_bus = new_frame(self.state, device.bus, device)
        wrong: list[Refusal] = []
        cells: list[tuple[Any, ...]] = []
        for check, frame in (*((c, on_bus) for c in of_bus or ()), *((c, frame) for c in own or ())):
            if isinstance(check, Claim):
                found = self._held(check, frame)
                if isinstance(found, Refusal):
                    wrong.append(found._replace(phase=phase))
                else:
                    cells.extend(self._cells(check, frame))
            elif self._violated(check, frame):
                note = self.knowledge.note(check.note)
                wrong.append(Refusal(note.name, check.note, "says", list(frame), phase=phase))
        if wrong:
            raise Refused(wrong)
        return cells

    def judged(self, rules: Iterable[Rule | Claim], subject: Entity, phase: str) -> list[Refusal]:
        """What rules say of something that stands already."""
        frame = new_frame(self.state, subject)
        index = subject.request if isinstance(subject, Device) else None
        broken = [r for r in rules if isinstance(r, Rule) and self._violated(r, frame)]
        return [Refusal(self.knowledge.note(r.note).name, r.note, "says", list(frame), index, phase) for r in broken]

    def _violated(self, rule: Rule, frame: Frame) -> bool:
        if not rule.others:
            return bool(rule.violated(frame))
        other = rule.others[0]
        for candidate in self._candidates(other, frame):
            frame[other.slot] = candidate
            if rule.violated(frame):
                return True
        return False

    def _candidates(self, other: OtherDevice, frame: Frame) -> Iterable[Entity]:
        device = frame[2]
        bus = other.on(frame) if other.on is not None else None
        before = device.number if other.which == "earlier" and isinstance(device, Device) else None
        if not isinstance(bus, Bus):
            found = self.state.of_kind(other.kind) if other.on is None else ()
            return (d for d in found if d is not device and (before is None or d.number < before))
        scheme = bus.kind.scheme
        bound = dict(other.bound)
        if scheme is not None and bound and scheme.names and all(n in bound or n == scheme.names[-1] for n in scheme.names):
            return self._at(bus, [bound.get(n) for n in scheme.names], other, frame)
        children = self.state.children[bus.number]
        return (d for d in children if d is not device and other.kind in d.kinds and (before is None or d.number < before))

    def _at(self, bus: Bus, bound: list[Any], other: OtherDevice, frame: Frame) -> Iterator[Entity]:
        """Devices at addresses of which all parts, or all but the last, are fixed."""
        scheme = bus.kind.scheme
        assert scheme is not None
        fixed = [closure(frame) for closure in bound if closure is not None]
        last = scheme.dimensions[-1]
        within = last.range(new_frame(self.state, bus, frame[2])) if last.range is not None and len(fixed) < len(bound) else None
        for tail in [()] if within is None else [(v,) for v in within]:
            for holder in self.state.holders.get(("address", bus.number, *fixed, *tail), ()):
                earlier = other.which != "earlier" or holder.number < frame[2].number
                if earlier and other.kind in holder.kinds and holder is not frame[2]:
                    yield holder

    def _cells(self, claim: Claim, frame: Frame) -> Iterator[tuple[Any, ...]]:
        """The cells that a claim takes: one, or one for each number of a range in its key."""
        if claim.when is not None and not claim.when(frame):
            return
        scope = claim.scope(frame)
        keys = [closure(frame) for closure in claim.key]
        if not isinstance(scope, Entity) or any(k is None for k in keys):
            return
        spans = [list(k) if isinstance(k, range) else [k] for k in keys]
        combined: list[tuple[Any, ...]] = [()]
        for span in spans:
            combined = [(*c, v) for c in combined for v in span]
        for cell in combined:
            yield (claim.pool, scope.key, *cell)

    def _held(self, claim: Claim, frame: Frame) -> Refusal | None:
        limit = claim.limit(frame) if claim.limit is not None else 1
        for cell in self._cells(claim, frame):
            held = self.state.holders.get(cell, ())
            if len(held) >= limit:
                said = list(frame)
                said[CONTEXT["holder"]] = held[0] if held else None
                said[CONTEXT["limit"]] = limit
                said[CONTEXT["key"]] = cell[2] if len(cell) == 3 else cell[2:]
                return Refusal(claim.pool, claim.note, "held", said)
        return None

    # ------------------------------------------------------------------------------ buses and created devices
    def _provide(self, device: Device) -> None:
        for provides in device.kind.provides:
            self.provide(provides, device, device.bus)
        for points in device.kind.points:
            self._add_points(points, device)

    def provide(self, provides: Provides, owner: Entity, beside: Bus | None) -> None:
        """Makes the buses of a ``provides`` line."""
        frame = new_frame(self.state, owner)
        if provides.when is not None and not provides.when(frame):
            return
        many = provides.many(frame) if provides.many is not None else 1
        for n in range(many or 0):
            frame[CONTEXT["n"]] = n
            bus_kind = self.kinds.bus(provides.clause.kind)
            name = self._bus_name(provides, bus_kind, owner, frame)
            bus = Bus(
                self.state.next_number("buses"),
                bus_kind,
                name,
                owner,
                n,
                provides.attributes,
                provides.clause.note,
                provides.clause,
            )
            self.state.add_bus(bus)

    def _bus_name(self, provides: Provides, kind: BusKind, owner: Entity, frame: Frame) -> str:
        """The first name whose holes can all be filled; the counter of a kind moves only when its name is used."""
        nth = len(self.state.owned.get(owner.number, ())) if isinstance(owner, Device) else 0
        counter = ("named", kind.name)
        frame[CONTEXT["nth"]] = nth
        frame[CONTEXT["counter"]] = self.state.counters.get(counter, 0)
        templates = [provides.clause.called, provides.clause.otherwise] if provides.clause.called is not None else []
        frame_of_kind = list(frame)
        frame_of_kind[1] = Bus(-1, kind, "", owner, nth, {}, -1, None)
        for template in templates:
            text = _filled(template, frame)
            if text is not None:
                return self._counted(template, text, counter)
        for template in (kind.called, kind.otherwise):
            text = _filled(template, frame_of_kind)
            if text is not None:
                return self._counted(template, text, counter)
        return f"{kind.name}.{nth}"

    def _counted(self, template: Any, text: str, counter: object) -> str:
        if _mentions(template, CONTEXT["counter"]):
            self.state.counters[counter] = self.state.counters.get(counter, 0) + 1
        return text

    def _add_points(self, points: Points, device: Device) -> None:
        frame = new_frame(self.state, device)
        if points.when is not None and not points.when(frame):
            return
        bus = points.on(frame) if points.on is not None else self.state.first_bus(device)
        numbers = points.range(frame)
        if not isinstance(bus, Bus) or numbers is None:
            return
        made = []
        for n in numbers:
            frame[CONTEXT["n"]] = n
            name = points.template(frame) if points.template is not None else str(n)
            made.append(Point(name, n, bus, device, points.attributes, points.note))
        self.state.add_points(bus, made)

    def _create_before(self, device: Device, order: Order) -> None:
        for part in device.kind.creates_before:
            if order.depth < _MAX_DEPTH:
                self._create(part, device, order.depth)

    def _create(self, part: Part, creator: Device, depth: int) -> None:
        frame = new_frame(self.state, creator)
        if depth >= _MAX_DEPTH or (part.when is not None and not part.when(frame)):
            return
        self.place_part(part, frame, creator, depth + 1)

    def place_part(
        self, part: Part, frame: Frame, creator: Device | None, depth: int = 0, n: int = 0, instead: str | None = None
    ) -> Device:
        """Plugs a device that a machine or another device brings; `instead` names another type than the part's own."""
        clause = part.clause
        kind = self.kinds.type(instead or clause.type)
        if kind is None:
            raise self.refuse("no-such-type", name=instead or clause.type)
        frame[CONTEXT["n"]] = n
        given: dict[str, object] = dict(creator.given) if creator is not None and clause.sharing else {}
        if creator is not None and clause.sharing and creator.bus is not None and creator.bus.kind.scheme is not None:
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
        identity = _filled(clause.id, frame)
        return self.plug(Order(kind, given, identity, bus, clause.note, creator=creator, values={}, depth=depth))


def _filled(template: Any, frame: Frame) -> str | None:
    if template is None:
        return None
    if isinstance(template, str):
        return template
    from qrules.topology.expressions import build

    if any(hole(frame) is None for hole in holes(template)):
        return None
    text: str = build(template)(frame)
    return text


def _mentions(template: Any, slot: int) -> bool:
    if not isinstance(template, list):
        return False
    return template[:2] == ["var", slot] or any(_mentions(part, slot) for part in template)
