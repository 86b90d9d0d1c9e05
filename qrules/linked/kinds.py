"""Types, bus kinds and machine families with their clauses as closures, built when first met and kept.

A `TypeKind` is the plan of one device type: what is checked, filled, claimed, provided and created, in the order in
which it happens. Plans are shared by all questions of a process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qrules.knowledge.model import PART, Knowledge
from qrules.linked import clauses
from qrules.linked.addresses import Scheme
from qrules.linked.clauses import AutoFill, Claim, Part, Points, Property, Provides, Rule
from qrules.linked.expressions import build, build_optional
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import Closure, new_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_PLANS = 256  # ways of writing one type that are remembered
_PROPERTIES = 1024  # names that are remembered, with those that a type lacks


class _Described:
    """Attributes that clauses give a kind: the nearest clause with a value wins."""

    name: str

    def __init__(self, knowledge: Knowledge, name: str, line: tuple[str, ...]) -> None:
        self.knowledge = knowledge
        self.name = name
        self.line = line
        self.kinds = frozenset(line)
        self.watched = tuple(kind for kind in knowledge.shared["watched"] if kind in self.kinds)
        described = knowledge.shared["kinds"]
        self._telling = [kind for kind in line if kind in described]  # the kinds of the line that have clauses at all
        self._attributes: dict[str, tuple[list[Closure], Any]] = {}
        self._defined: dict[str, bool] = {}

    def attribute(self, name: str, subject: Entity, state: Any) -> Any:
        known = self._attributes.get(name)
        if known is None:
            known = self._attributes[name] = self._settled(name)
        closures, constant = known
        if closures:
            frame = new_frame(state, subject)
            for closure in closures:
                value = closure(frame)
                if value is not None:
                    return value
        return constant

    def _settled(self, name: str) -> tuple[list[Closure], Any]:
        """What is asked for an attribute in turn, and the constant that it is where none of that gives a value."""
        closures: list[Closure] = []
        for definition in self.definitions(name):
            if not isinstance(definition, list):
                if definition is not None:
                    return closures, definition
            else:
                closures.append(build(definition))
        return closures, None

    def defines(self, name: str) -> bool:
        """Whether an attribute can have a value where nobody wrote one."""
        found = self._defined.get(name)
        if found is None:
            kinds = self.knowledge.shared["kinds"]
            found = self._defined[name] = any(_gives(kinds[kind], name) for kind in self._telling)
        return found

    def definitions(self, name: str) -> Iterator[Any]:
        """What the kind's clauses give an attribute, compiled, the nearest first."""
        for kind in self._telling:
            of = self.knowledge.shared["kinds"][kind]
            yield from _attribute_values(of, name)
            if name in of.get("properties", ()):
                yield Property(*of["properties"][name]).default
            if name in of.get("catalogue", ()):
                yield of["catalogue"][name][1]

    # ------------------------------------------------------------------------------ clauses, built once a kind
    def _of_kind(self, kind: str, what: str, build_one: Callable[[list[Any]], Any]) -> list[Any]:
        """What one kind's clauses say. Types share what their ancestors say: it is built once for all of them."""
        built = self.knowledge.built
        key = (kind, what)
        if key not in built:
            raw = self.knowledge.shared["kinds"].get(kind, {}).get(what, ())
            built[key] = [build_one(r) for r in raw]
        return built[key]

    def _each(self, what: str, build_one: Callable[[list[Any]], Any]) -> list[Any]:
        return [each for kind in self._telling for each in self._of_kind(kind, what, build_one)]

    def _by_phase(self) -> dict[str, list[Rule | Claim]]:
        """Rules and claims by phase: those of the most general kind first, in the order of the text."""
        found: dict[str, list[Rule | Claim]] = {}
        for kind in reversed(self._telling):
            own = self._of_kind(kind, "rules", clauses.Rule) + self._of_kind(kind, "claims", clauses.Claim)
            for check in sorted(own, key=lambda c: c.note):
                found.setdefault(check.phase or "realize", []).append(check)
        return found


def _gives(of: dict[str, Any], name: str) -> bool:
    """Whether the clauses of a kind give an attribute: by itself, or as the default of a property."""
    catalogue, properties = of.get("catalogue", {}), of.get("properties", {})
    return (
        name in of.get("attributes", ())
        or (name in catalogue and catalogue[name][1] is not None)
        or (name in properties and properties[name][1] is not None)
    )


def _attribute_values(of: dict[str, Any], name: str) -> Iterator[Any]:
    for value, _ in of.get("attributes", {}).get(name, ()):
        yield value


class BusKind(_Described):
    """A kind of bus: its address scheme and how its instances are called."""

    def __init__(self, knowledge: Knowledge, name: str) -> None:
        facts = knowledge.shared["buses"].get(name)
        super().__init__(knowledge, name, tuple(facts[1]) if facts else (name,))
        raw = knowledge.nearest(self.line, "addressed")
        self.scheme = Scheme(raw) if raw else None
        self.called = clauses.templates(*(knowledge.nearest(self.line, "called") or ()))
        self.checks = self._by_phase()  # about the devices that are plugged into such a bus
        self.whole_rules: list[Rule] = self._each("whole-rules", clauses.Rule)

    def accepted(self, bus: Bus, state: Any) -> list[str]:
        """The device types that a bus says it accepts, the instance's own words before those of its kind."""
        if bus.provided is not None and bus.provided.accepts:
            return list(bus.provided.accepts)
        found: dict[str, None] = dict.fromkeys(bus.get("accepted", state) or ())
        for names, when, _ in self.knowledge.nearest(self.line, "accepts") or ():
            if when is None or build(when)(new_frame(state, bus)):
                found.update(dict.fromkeys(names))
        return list(found)


class Family(_Described):
    """The definition that a machine's versions share, with the abstract machines above it."""

    def __init__(self, knowledge: Knowledge, piece: dict[str, Any], line: tuple[str, ...]) -> None:
        super().__init__(knowledge, piece["name"], line)
        self.piece = piece
        self._late: list[Part] | None = None
        self._rules: list[Rule] | None = None
        self._needs: list[tuple[Rule, tuple[str, ...]]] | None = None
        described = [piece, *(knowledge.shared["kinds"].get(k, {}) for k in line)]
        self.facts = {name for of in described for name in of.get("facts", ())}
        self.properties: dict[str, Property] = {}
        for of in reversed(described):
            self.properties.update({n: Property(*p) for n, p in of.get("properties", {}).items()})

    def definitions(self, name: str) -> Iterator[Any]:
        yield from _attribute_values(self.piece, name)
        if name in self.piece.get("properties", ()):
            yield Property(*self.piece["properties"][name]).default
        yield from super().definitions(name)

    def _all(self, what: str) -> Iterator[list[Any]]:
        yield from self.piece.get(what, ())
        yield from self.knowledge.clauses(self.line, what)

    def parts(self) -> list[Part]:
        """What the machine brings, before any device and once all ``k=v`` devices stand."""
        return [clauses.part(raw) for raw in self._all("parts")]

    def late_parts(self) -> list[Part]:
        """Those of them that come when all ``k=v`` devices stand; built once."""
        if self._late is None:
            self._late = [clauses.part(raw) for raw in self._all("parts") if raw[-1]]
        return self._late

    def roles(self) -> dict[int, str]:
        """The roles of default devices, by the note of the line that brings them."""
        role, note = PART.index("role"), PART.index("note")
        return {raw[note]: raw[role] for raw in self._all("parts") if raw[role] is not None}

    def provides(self) -> list[Provides]:
        return [clauses.provides(raw) for raw in self._all("provides")]

    def rules(self, *phases: str | None) -> list[Rule]:
        """The machine's own rules: of no phase (asked when it stands), of ``start`` or of ``judge`` (when all is plugged)."""
        if self._rules is None:
            self._rules = [clauses.Rule(raw) for raw in self._all("rules")]
        return [rule for rule in self._rules if rule.phase in phases]

    def needs(self, *phases: str | None) -> list[tuple[Rule, tuple[str, ...]]]:
        """What the machine has to be given to start, each with options that give it."""
        if self._needs is None:
            self._needs = [(clauses.Rule(raw), tuple(words)) for raw, words in self._all("needs")]
        return [(rule, words) for rule, words in self._needs if rule.phase in phases]

    def unknowns(self) -> list[tuple[Closure, Closure | None, int]]:
        return [(build(text), build_optional(when), note) for text, when, note in self._all("unknown")]


class TypeKind(_Described):
    """The plan of a device type."""

    status: str
    bus_kind: str | None
    description: str

    def __init__(self, knowledge: Knowledge, name: str, facts: list[Any]) -> None:
        self.status, self.bus_kind, line, self.description = facts
        super().__init__(knowledge, name, tuple(line))
        self.checks: dict[str, list[Rule | Claim]] = self._by_phase()
        self.properties: dict[str, Property] = {}
        for kind in reversed(self.line):
            for prop, raw in knowledge.shared["kinds"].get(kind, {}).get("properties", {}).items():
                self.properties[prop] = Property(*raw)
        self.fills: dict[str, list[AutoFill]] = {}
        for fill in self._each("fills", clauses.auto_fill):
            self.fills.setdefault(fill.phase, []).append(fill)
        self.provides: list[Provides] = self._each("provides", clauses.provides)
        self.points: list[Points] = self._each("points", clauses.points)
        created: list[Part] = self._each("creates", clauses.part)
        self.creates_before = [p for p in created if p.before]
        self.creates = [p for p in created if not p.before]
        self.filled = frozenset(fill.property for fills in self.fills.values() for fill in fills)
        self.unknowns = [(build(text), build_optional(when), note) for text, when, note in self._all("unknown")]
        self.unknown_conditions = [when for _, when, _ in self._all("unknown")]
        self.assumptions = [(build(text), build_optional(when), note) for text, when, note in self._all("assumes")]
        self.suppressed_roles: list[tuple[list[str], Closure | None]] = [
            (roles, build_optional(when)) for roles, when, _ in self._all("suppresses")
        ]
        self._reading: dict[str, list[Claim]] = {}
        self._plans: dict[tuple[object, ...], dict[str, list[Rule | Claim]]] = {}
        self._catalogued: dict[str, list[Any] | None] = {}

    def _all(self, what: str) -> Iterator[list[Any]]:
        return self.knowledge.clauses(self.line, what)

    def plan(self, device: Device) -> dict[str, list[Rule | Claim]]:
        """The checks that can apply to a device, by phase, for what was written and how it came."""
        key = (*device.given, device.request is None, device.hotplugged)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            plan = self._plans[key] = {}
            for phase, checks in self.checks.items():
                apply = [c for c in checks if c.needs in self.filled or not c.passes_over(device)]
                if apply:
                    plan[phase] = apply
        return plan

    def claims_reading(self, name: str) -> list[Claim]:
        """The claims with a property in their key: a value is free where they can be had."""
        found = self._reading.get(name)
        if found is None:
            every = (c for checks in self.checks.values() for c in checks if isinstance(c, Claim))
            found = self._reading[name] = [c for c in every if name in c.reads]
        return found

    def catalogued(self, name: str) -> list[Any] | None:
        """``[domain, default]`` of a property that only the catalogue knows."""
        if name not in self._catalogued:
            if len(self._catalogued) >= _PROPERTIES:
                self._catalogued.clear()
            self._catalogued[name] = self._look_up(name)
        return self._catalogued[name]

    def _look_up(self, name: str) -> list[Any] | None:
        for kind in self.line:
            found = self.knowledge.shared["kinds"].get(kind, {}).get("catalogue", {}).get(name)
            if found is not None:
                fact: list[Any] = found
                return fact
        return self.knowledge.catalogued(self.line, name)

    def leaves_open(self, name: str, value: Any) -> bool:
        """Whether a value for a part of the address is the one that means: choose it for me."""
        if value in (None, -1, ""):
            return True
        fact = self.catalogued(name)
        return fact is not None and bool(fact[1] == value)

    def has_property(self, name: str) -> bool:
        """Whether a type has a property that rules describe: the catalogue knows, where it has properties at all."""
        return self.catalogued(name) is not None or not self.knowledge.piece("properties")

    def provided_kinds(self, kinds: Kinds, depth: int = 3) -> set[str]:
        """The bus kinds that a device of this type, or one that it creates, may provide."""
        found = {p.kind for p in self.provides}
        if depth:
            for part in self.creates:
                created = kinds.type(part.type)
                found |= created.provided_kinds(kinds, depth - 1) if created else set()
        return found


class Kinds:
    """All plans of one knowledge, built when first asked for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._types: dict[str, TypeKind | None] = {}
        self._named: dict[str, TypeKind] = {}  # by driver as users write it
        self._buses: dict[str, BusKind] = {}
        self._wishes: dict[str, TypeKind] = {}
        self._families: dict[tuple[int, tuple[str, ...]], Family] = {}

    def type(self, name: str) -> TypeKind | None:
        """The plan of a type by its own name; None where the catalogue has no such type."""
        if name not in self._types:
            facts = self.knowledge.type_facts(name)
            self._types[name] = None if facts is None else TypeKind(self.knowledge, name, facts)
        return self._types[name]

    def named(self, driver: str) -> TypeKind | None:
        """The plan of a type by its name or an alias of it."""
        kind = self._named.get(driver)
        if kind is None:
            kind = self.type(self.knowledge.real_name(driver))
            if kind is not None:
                self._named[driver] = kind
        return kind

    def wish(self, name: str) -> TypeKind:
        """The plan of a kind of wish, which stands on no bus."""
        if name not in self._wishes:
            description, line = self.knowledge.shared["wishes"][name]
            self._wishes[name] = TypeKind(self.knowledge, name, ["internal", None, line, description])
        return self._wishes[name]

    def bus(self, name: str) -> BusKind:
        if name not in self._buses:
            self._buses[name] = BusKind(self.knowledge, name)
        return self._buses[name]

    def family(self, index: int, line: tuple[str, ...]) -> Family:
        key = (index, line)
        if key not in self._families:
            self._families[key] = Family(self.knowledge, self.knowledge.family(index), line)
        return self._families[key]
