"""A machine with its options, and then a whole config on it.

``build_machine`` makes the buses and devices that the machine brings; ``run`` plugs a config's devices into it, goes on
after a refusal, and tells which refusals are only consequences of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.linked.clauses import Part
from qrules.linked.domains import Wrong, read
from qrules.linked.kinds import Family, Kinds, TypeKind
from qrules.machine.entities import Device, Machine
from qrules.machine.frames import CONTEXT, Closure, Frame, how_many, new_frame
from qrules.machine.refusals import NEEDS, Refusal, Refused
from qrules.machine.request import DeviceRequest, Request, Wish
from qrules.machine.state import State
from qrules.plugging.making import provide
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_MOST_KEPT = 256  # machines with options that are kept built; bulk checking meets a handful
_LOOKED_UP = "no-such-command-option"  # names of options are looked up before any option is read
_BLAMED = (
    2  # refused devices of a type, without an id, that another may be a consequence of: one and, for that one itself, the next
)


class Outcome(NamedTuple):
    """What became of a config. `devices` has a place for each request, None where it was refused.

    `assumed` is what was taken as given, since the host alone can tell; it refuses nothing.
    """

    state: State
    devices: tuple[Device | None, ...]
    refusals: tuple[Refusal, ...]
    assumed: tuple[Refusal, ...] = ()


class NoRules(Exception):
    """The machine exists, but no rules describe it."""

    def __init__(self, facts: MachineFacts) -> None:
        self.facts = facts
        super().__init__(facts.name)


class Board:
    """The machines of one knowledge, built on demand. `many` configs are to come: plans for their devices are worth making."""

    def __init__(self, knowledge: Knowledge, many: bool = False) -> None:
        self.knowledge = knowledge
        self.many = many
        self.kinds = Kinds(knowledge)
        self.watched = frozenset(knowledge.shared["watched"])
        deciding, profiles = knowledge.shared["deciding"], knowledge.shared["profiles"]
        patterns = (profiles[name].get("identifier") for name in deciding if name in profiles)
        self._provided: dict[tuple[str, str], bool] = {}  # whether a type brings a bus of a kind
        self._identifier = next((re.compile(pattern) for pattern in patterns if pattern), None)
        self._built: dict[str, tuple[State, list[Refusal]]] = {}

    # ------------------------------------------------------------------------------ the machine
    def family(self, facts: MachineFacts) -> Family:
        """The family of a machine. Raises `NoRules`."""
        if facts.family is None:
            raise NoRules(facts)
        return self.kinds.family(facts.family, facts.line)

    def build_machine(self, facts: MachineFacts, request: Request) -> tuple[State, list[Refusal]]:
        """The machine before any device of the request is plugged. Raises `NoRules`.

        A machine depends on its options alone, so each is built once and handed out as a copy.
        """
        silenced = {**request.silenced, **self._suppressed(request)}
        options, facts_told, opened = (tuple(given.items()) for given in (request.options, request.facts, request.opened))
        told = (sorted(silenced), sorted(request.silenced))  # what devices and what options silence
        asked: tuple[object, ...] = ()
        if request.wishes or request.globals:
            asked = (tuple(request.globals), tuple(request.wishes), tuple(request.backends.items()))
        key = repr((facts.name, options, facts_told, opened, request.nodefaults, told, asked))
        if key in self._built:
            self._planning(self._built[key][0])
        else:
            if len(self._built) >= _MOST_KEPT:
                self._built.clear()
            self._built[key] = self._build(facts, request, silenced)
        base, refusals = self._built[key]
        state = base.copy()
        state.backends = base.backends if request.wishes else request.backends
        state.said = request.said
        return state, list(refusals)

    def _planning(self, base: State) -> None:
        """Makes plans for the devices of a machine that several configs ask for."""
        if self.many and base.machine.plans is None:
            from qrules.plans.plan import Plans

            base.machine.plans = Plans(self.kinds, base.machine, base.counters.get("devices", 0))

    def _build(self, facts: MachineFacts, request: Request, silenced: Mapping[str, object]) -> tuple[State, list[Refusal]]:
        family = self.family(facts)
        machine = Machine(facts.name, facts.version, self.knowledge.version, self.knowledge.arch, family, request, silenced)
        state = State(machine, self.watched)
        state.backends = request.backends
        machine.values.update(facts.facts)
        options = self._read_options(machine, family, state, facts)
        plugger = Plugger(self.kinds, state)
        refusals = plugger.checker.judged(family.rules("type"), machine, "type")
        wishes, late = self._wishes(plugger, request, refusals)
        refusals += options + late
        for provides in family.provides():
            provide(self.kinds, state, provides, machine)
        for part in family.parts():
            if not part.after:
                refusals.extend(self._bring(part, plugger, state))
        for wish in wishes:
            found = plugger.checker.judged(wish.kind.checks.get("plug", ()), wish, "plug")
            refusals.extend(r._replace(where=wish.where) for r in found)
        refusals.extend(_unknowns(family.unknowns(), new_frame(state, machine), None))
        refusals.extend(plugger.checker.judged(family.rules(None), machine, "machine"))
        refusals.extend(_lacking(plugger, state, None))
        return state, refusals

    def _wishes(self, plugger: Plugger, request: Request, refusals: list[Refusal]) -> tuple[list[Device], list[Refusal]]:
        """What options ask the machine for, kind after kind in the order of the rules; each kind in the order written.

        What is wrong is added to `refusals`; what the emulator looks at after the machine's options comes back apart.
        """
        order = list(self.knowledge.shared["wishes"]) if request.wishes else []
        made: list[Device] = []
        late: list[Refusal] = []
        for asked in sorted(request.wishes, key=lambda wish: order.index(wish.kind)):
            found: list[Refusal] = []
            wish = self._wish(plugger, asked, found)
            stand_in = wish if wish is not None else Device(-1, self.kinds.wish(asked.kind))
            (late if stand_in.get("after-options", plugger.state) else refusals).extend(found)
            if wish is not None:
                made.append(wish)
        return made, late

    def _wish(self, plugger: Plugger, asked: Wish, refusals: list[Refusal]) -> Device | None:
        """What an option asks the machine for, as an entity that parts and rules look at; None where it can't be meant."""
        try:
            identity = asked.values.get("id")
            if identity is not None and self._ill_formed(str(identity)):
                raise plugger.refuse("malformed-id", None, name=identity, kind="")
            device = plugger.wish(self.kinds.wish(asked.kind), asked)
        except Refused as refused:
            reading = {"type": "reading"}  # rules at type are asked of a wish when its option is read
            refusals.extend(r._replace(where=asked.where, phase=reading.get(r.phase, r.phase)) for r in refused.refusals)
            return None
        found = _unknowns(device.kind.unknowns, new_frame(plugger.state, device), None)
        refusals.extend(r._replace(where=asked.where) for r in found)
        return device

    def lacking(self, state: State) -> list[Refusal]:
        """What a machine with its options still needs to start: before devices are made, and after."""
        return _lacking(Plugger(self.kinds, state), state, None, "start")

    def _suppressed(self, request: Request) -> dict[str, str]:
        """The roles that explicit devices take: read from the request before anything is plugged."""
        found: dict[str, str] = {}
        for device in request.devices:
            kind = self.kinds.type(device.driver) or self.kinds.type(self.knowledge.real_name(device.driver))
            if kind is not None and kind.suppressed_roles:
                found.update(dict.fromkeys(_roles(kind), device.driver))
        for told in request.globals:  # these silence as devices do
            kind = self.kinds.type(told.driver)
            if kind is not None:
                found.update(dict.fromkeys(_roles(kind), told.driver))
        return found

    def _read_options(self, machine: Machine, family: Family, state: State, facts: MachineFacts) -> list[Refusal]:
        """Types the options of -machine, and what other options say of the machine, into the machine's values."""
        refusals: list[Refusal] = []
        given = machine.request
        for name, value in (*given.facts.items(), *given.options.items()):
            if name in family.facts and name in given.options:
                found: Any = self._no_such_option(state, facts, name, value)
            else:
                found = self._option(machine, family, state, facts, name, value)
            if isinstance(found, Refusal):
                refusals.append(found)
            else:
                machine.values[name] = found
        return refusals

    def _option(self, machine: Machine, family: Family, state: State, facts: MachineFacts, name: str, value: object) -> Any:
        clause = family.properties.get(name)
        fact = None if name in family.facts else self.knowledge.catalogued(facts.line, name)
        listed = any(kind in self.knowledge.piece("properties") for kind in facts.line)  # else the rules alone know options
        described = clause is not None and (name in family.facts or not listed)
        if fact is None and not described:
            return self._no_such_option(state, facts, name, value)
        domain, note = (clause.domain, clause.note) if clause else (["named", fact[0]] if fact else [], None)
        typed = read(value, domain, note, family, new_frame(state, machine))
        if not isinstance(typed, Wrong):
            return typed
        bad = new_frame(state, machine, None, text=value, property=name, low=typed.low, high=typed.high)
        return Refusal(typed.name or name, typed.note, typed.occasion, bad, phase="options")

    def _no_such_option(self, state: State, facts: MachineFacts, name: str, value: object) -> Refusal:
        refused = Plugger(self.kinds, state).refuse("no-such-option", None, property=name, name=facts.name, text=value)
        return refused.refusals[0]._replace(phase="options")

    def _bring(self, part: Part, plugger: Plugger, state: State) -> list[Refusal]:
        """Plugs a part of the machine. What a machine brings is not asked whether it may, but it can lack room."""
        role = part.role
        if role is not None and not state.machine.role_open(role):
            return []
        instead = state.machine.role_type(role) if role is not None else None
        refusals: list[Refusal] = []
        for frame, wish in _wished(part, state):
            if part.when is not None and not part.when(frame):
                continue
            if part.named is not None:
                instead = self._named(part, frame)
                if instead is None:
                    continue
            for n in range(how_many(part.many, frame)):
                try:
                    plugger.place_part(part, frame, None, n=n, instead=instead, wish=wish)
                except Refused as refused:
                    told = (("part", part.type), ("part-note", part.note))
                    where = wish.where if wish is not None else None
                    refusals.extend(r._replace(facts=told, where=where) for r in refused.refusals)
                refusals.extend(_overall(plugger))
        return refusals

    def _named(self, part: Part, frame: Frame) -> str | None:
        """The type that a part's expression names; None where no type of the part's kind has that name."""
        assert part.named is not None
        name = part.named(frame)
        return self.knowledge.real_name(name) if isinstance(name, str) and part.type in self.knowledge.line_of(name) else None

    # ------------------------------------------------------------------------------ a whole config
    def run(self, facts: MachineFacts, request: Request, judged: bool = True) -> Outcome:
        """Plugs all devices of a config in the emulator's order. Raises `NoRules`.

        With `judged` the profiles that decide nothing are asked too.
        """
        state, refusals = self.build_machine(facts, request)
        devices: list[Device | None] = [None] * len(request.devices)
        refused: dict[int, DeviceRequest] = {}  # what others may be a consequence of: not each of many alike
        nameless: dict[str, int] = {}
        plugger = Plugger(self.kinds, state)
        unread = self._unread(plugger, request)
        refusals = _as_read(_misread(plugger, request) + [r for found in unread.values() for r in found] + refusals, request)
        refusals += self._tried(plugger, request)
        plain, typed = _order(request)
        plugger.blamed.extend(told for told in request.globals if any(r.where == told.where for r in refusals))
        for index in (*plain, None, *typed):
            if index is None:
                refusals.extend(self.bring_late(plugger, state))
                continue
            device = request.devices[index]
            found = [] if index in unread else self._plug(plugger, index, device, devices)
            if devices[index] is None and (device.id is not None or nameless.get(device.driver, 0) < _BLAMED):
                refused[index] = device
                nameless[device.driver] = nameless.get(device.driver, 0) + 1
            refusals.extend(self._told(found, index, device, refused) if found else ())
        if any(r.consequence_of is not None for r in refusals):
            from qrules.plugging.supposing import Supposing

            supposed = Supposing(self.kinds, self.build_machine(facts, request)[0], request, refusals)
            supposed.plug(i for i in plain if i not in unread)
            self.bring_late(Plugger(self.kinds, supposed.state), supposed.state)
            supposed.plug(typed)
            refusals.extend(supposed.found)
        refusals.extend(_whole(plugger, state, judged))
        return Outcome(state, tuple(devices), tuple(refusals), tuple(_assumed(state)))

    def _tried(self, plugger: Plugger, request: Request) -> list[Refusal]:
        """What is wrong with values for all devices of a type that the machine makes one of, to look at it."""
        found: list[Refusal] = []
        tried = plugger.state.machine.get("tries", plugger.state) if request.globals else None
        for told in request.globals:
            kind = self.kinds.type(told.driver)
            if tried and kind is not None and not kind.kinds.isdisjoint(tried) and not kind.has_property(told.property):
                context: dict[str, Any] = {
                    "name": told.driver,
                    "kind": told.driver,
                    "property": told.property,
                    "text": told.value,
                }
                refused = plugger.refuse("no-such-global", None, **context)
                found += [r._replace(where=told.where, phase="properties") for r in refused.refusals]
        return found

    def bring_late(self, plugger: Plugger, state: State) -> list[Refusal]:
        """What the machine brings once all ``k=v`` devices stand."""
        family = state.machine.family
        late = family.late_parts() if family is not None else ()
        return [refusal for part in late for refusal in self._bring(part, plugger, state)]

    def judged(self, state: State) -> list[Refusal]:
        """What the rules that see the whole, advice among them, say of what stands."""
        return _whole(Plugger(self.kinds, state), state, True)

    def _plug(self, plugger: Plugger, index: int, request: DeviceRequest, devices: list[Device | None]) -> list[Refusal]:
        try:
            device = devices[index] = plugger.plug_request(index, request)
        except Refused as refused:
            return [r._replace(device=index) for r in (*_overall(plugger), *refused.refusals)]
        found = [r._replace(device=index) for r in _overall(plugger)] if plugger.overall else []
        if device.plan is None or device.plan.unknown:
            found += _unknowns(device.kind.unknowns, new_frame(plugger.state, device), index)
        return found

    def hotplug(
        self, state: State, index: int, request: DeviceRequest, judged: bool = True
    ) -> tuple[Device | None, list[Refusal]]:
        """Plugs one more device into a running machine; a refused one leaves the state as it was."""
        plugger = Plugger(self.kinds, state)
        before = len(state.devices)
        try:
            if request.id is not None and not plugger.typed_later() and self._ill_formed(request.id):
                raise plugger.refuse("malformed-id", None, name=request.id)
            device = plugger.plug_request(index, request, hotplugged=True)
        except Refused as refused:
            return None, [r._replace(device=index) for r in refused.refusals]
        found = _unknowns(device.kind.unknowns, new_frame(state, device), index)
        advised = state.devices[before:] if judged else ()
        return device, found + [r for new in advised for r in _of_device(plugger, new, "judge")]

    def advice(self, state: State, device: Device) -> list[Refusal]:
        """What the profiles that decide nothing say of a device that stands."""
        return _of_device(Plugger(self.kinds, state), device, "judge")

    def _unread(self, plugger: Plugger, request: Request) -> dict[int, list[Refusal]]:
        """Options with ill-formed ids, or two with one id, fail when they are read, before any device is made.

        JSON ones do not: their ids are not looked at, and clash when they are made.
        """
        found: dict[int, list[Refusal]] = {}
        seen: set[str] = set()
        for index, device in enumerate(request.devices):
            if device.id is None or device.json:
                continue
            name = "malformed-id" if self._ill_formed(device.id) else "duplicate-option-id" if device.id in seen else None
            seen.add(device.id)
            if name is not None:
                refused = plugger.refuse(name, None, name=device.id, kind="device")
                found[index] = [r._replace(device=index, phase="reading") for r in refused.refusals]
        return found

    def _ill_formed(self, identity: str) -> bool:
        return self._identifier is not None and self._identifier.fullmatch(identity) is None

    def _told(
        self, found: list[Refusal], index: int, device: DeviceRequest, refused: Mapping[int, DeviceRequest]
    ) -> list[Refusal]:
        """The refusals of a device; those that only follow from another device's refusal say so."""
        others = [(i, r) for i, r in refused.items() if i != index]
        return [r._replace(consequence_of=self._cause(r, device, others)) for r in found] if others else found

    def _cause(self, refusal: Refusal, device: DeviceRequest, others: list[tuple[int, DeviceRequest]]) -> int | None:
        """The refused device that this refusal is a consequence of."""
        if refusal.rule in ("bus-not-found", "device-not-found"):
            element = str(refusal.frame[CONTEXT["element"]])
            return next((i for i, r in others if r.id and _named_after(element, r.id)), None)
        if refusal.rule in ("no-bus", "every-bus-full"):
            return next((i for i, r in others if self._would_provide(r, refusal)), None)
        for name, value in device.properties.items():
            cause = next((i for i, r in others if r.id and isinstance(value, str) and _named_after(value, r.id)), None)
            if cause is not None and self._speaks_of(refusal, name):
                return cause
        return None

    def _speaks_of(self, refusal: Refusal, name: str) -> bool:
        """Whether a refusal's words are about what was written for a property."""
        if refusal.note is None:
            return False
        return refusal.frame[CONTEXT["property"]] == name or _reads(
            self.knowledge.note(refusal.note).words.get(refusal.occasion), name
        )

    def _would_provide(self, request: DeviceRequest, refusal: Refusal) -> bool:
        wanted = str(refusal.frame[CONTEXT["kind"]])
        known = self._provided.get((request.driver, wanted))
        if known is None:
            kind = self.kinds.type(self.knowledge.real_name(request.driver))
            known = kind is not None and any(wanted in self.kinds.bus(k).kinds for k in kind.provided_kinds(self.kinds))
            self._provided[request.driver, wanted] = known
        return known


def _roles(kind: TypeKind) -> list[str]:
    """The roles whose default devices a type takes the place of."""
    return [role for roles, when in kind.suppressed_roles if when is None or when(new_frame(None, None)) for role in roles]


def _reads(template: object, name: str) -> bool:
    """Whether a compiled sentence has an attribute of this name in it."""
    if not isinstance(template, list):
        return False
    return (template[:1] == ["attr"] and template[2] == name) or any(_reads(inner, name) for inner in template)


def _named_after(element: str, identity: str) -> bool:
    return element == identity or element.startswith(identity + ".")


def _order(request: Request) -> tuple[list[int], list[int]]:
    """All ``k=v`` devices come first, then all JSON ones, each in the order written."""
    indices = range(len(request.devices))
    return [i for i in indices if not request.devices[i].json], [i for i in indices if request.devices[i].json]


def _wished(part: Part, state: State) -> Iterator[tuple[Frame, Device | None]]:
    """A frame for each wish that a part is brought for, in their order; one frame for other parts."""
    if part.each is None:
        yield new_frame(state, state.machine), None
        return
    wishes = [w for w in state.of_kind(part.each.kind) if isinstance(w, Device)]
    order = part.each.order
    if order is not None:
        wishes.sort(key=lambda w: number if isinstance(number := w.get(order, state), int) else 0)
    for wish in wishes:
        frame = new_frame(state, state.machine)
        frame[part.each.slot] = wish
        yield frame, wish


def _as_read(refusals: list[Refusal], request: Request) -> list[Refusal]:
    """What is refused while options are read comes first, in the order in which they stand: their names before the rest."""

    def place(refusal: Refusal) -> tuple[bool, int]:
        where = refusal.where if refusal.device is None else request.devices[refusal.device].where
        return refusal.rule != _LOOKED_UP, where.argument if where is not None else 0

    reading = [r for r in refusals if r.phase == "reading"]
    return sorted(reading, key=place) + [r for r in refusals if r.phase != "reading"]


def _misread(plugger: Plugger, request: Request) -> list[Refusal]:
    """What the reader of the command line could not take as it stands, in the emulator's words."""
    return [
        refusal._replace(where=wrong.where, phase="reading")
        for wrong in request.misread
        for refusal in plugger.refuse(wrong.refusal, None, **wrong.context).refusals
    ]


def _overall(plugger: Plugger) -> list[Refusal]:
    """What was found wrong with values for all devices of a kind since the last time."""
    found = plugger.overall[:]
    plugger.overall.clear()
    return found


def _unknowns(clauses: list[tuple[Closure, Closure | None, int]], frame: list[Any], index: int | None) -> list[Refusal]:
    found = []
    for text, when, note in clauses:
        if when is None or when(frame):
            said = list(frame)
            said[CONTEXT["text"]] = text(frame)
            found.append(Refusal("not-modelled", note, "says", said, device=index, unknown=True))
    return found


def _assumed(state: State) -> Iterator[Refusal]:
    """What is taken as given of the devices that stand; of a part the device that brought it is told."""
    for device in state.devices:
        if device.kind.assumptions:
            owner: Device | None = device
            while owner is not None and owner.request is None:
                owner = owner.creator
            found = _unknowns(device.kind.assumptions, new_frame(state, device), owner.request if owner is not None else None)
            yield from (r._replace(rule="assumed", where=device.where) for r in found)


def _lacking(plugger: Plugger, state: State, *phases: str | None) -> list[Refusal]:
    """What the machine needs to start and was not given, each with the options that would give it."""
    family = state.machine.family
    found = []
    for rule, words in family.needs(*phases) if family else ():
        found += [r._replace(facts=(("sample", words),)) for r in plugger.checker.judged((rule,), state.machine, NEEDS)]
    return found


def _whole(plugger: Plugger, state: State, judged: bool) -> list[Refusal]:
    """Rules that see the whole config, after the last device: those of the start, and of profiles that decide nothing."""
    phases = ("start", "judge") if judged else ("start",)
    family = state.machine.family
    found = plugger.checker.judged(family.rules(*phases), state.machine, "start") if family else []
    found.extend(_lacking(plugger, state, "start"))
    for bus in (b for b in state.buses if b.kind.whole_rules):
        found.extend(plugger.checker.judged(bus.kind.whole_rules, bus, "start"))
    plans = state.machine.plans
    for device in state.devices:
        if device.plan is None and plans is not None and device.number < plans.own:
            device.plan = plans.standing(device)
        plan = device.plan
        may = not device.checks.keys().isdisjoint(phases) if plan is None else plan.whole and _speaks(plan.whole, state, device)
        if may:
            found.extend(_of_device(plugger, device, *phases))
    return found


def _speaks(tests: tuple[Closure, ...], state: State, device: Device) -> bool:
    return any(test(new_frame(state, device)) for test in tests)


def _of_device(plugger: Plugger, device: Device, *phases: str) -> list[Refusal]:
    return [r for phase in phases for r in plugger.checker.judged(device.checks.get(phase, ()), device, "start")]
