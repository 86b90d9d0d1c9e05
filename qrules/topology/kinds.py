"""Types, bus kinds and machine families with their clauses as closures, built when first met and kept.

A `TypeKind` is the plan of one device type: what is checked, filled, claimed, provided and created, in the order in
which it happens. Plans are shared by all questions of a process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from qrules.knowledge.model import (
    ClaimsClause,
    FillsClause,
    Knowledge,
    PartClause,
    PointsClause,
    PropertyClause,
    ProvidesClause,
    RuleClause,
)
from qrules.topology.addresses import Scheme
from qrules.topology.entities import Bus, Entity
from qrules.topology.expressions import SUBJECT, Closure, build, build_optional, new_frame
from qrules.topology.fills import Fill, build_fill


class OtherDevice(NamedTuple):
    """The second device of a rule: found on a bus or anywhere, by parts of its address where the rule fixes them."""

    kind: str
    which: str
    on: Closure | None
    bound: tuple[tuple[str, Closure], ...]
    slot: int


class Rule(NamedTuple):
    others: tuple[OtherDevice, ...]
    violated: Closure
    note: int


class Claim(NamedTuple):
    pool: str
    key: tuple[Closure, ...]
    scope: Closure
    limit: Closure | None
    when: Closure | None
    note: int
    reads: frozenset[str]  # the device's own attributes that the key is made of


class AutoFill(NamedTuple):
    property: str
    fill: Fill
    note: int


class Provides(NamedTuple):
    clause: ProvidesClause
    many: Closure | None
    called: Closure | None
    otherwise: Closure | None
    when: Closure | None
    attributes: dict[str, Closure]


class Points(NamedTuple):
    range: Closure
    template: Closure | None
    on: Closure | None
    when: Closure | None
    attributes: dict[str, Closure]
    note: int


class Part(NamedTuple):
    clause: PartClause
    many: Closure | None
    place: Closure | None
    id: Closure | None
    when: Closure | None
    values: dict[str, Closure]
    at: Closure | None


class _Described:
    """Attributes that clauses give a kind: the nearest clause with a value wins."""

    name: str

    def __init__(self, knowledge: Knowledge, name: str, line: tuple[str, ...]) -> None:
        self.knowledge = knowledge
        self.name = name
        self.line = line
        self.kinds = frozenset(line)
        self._attributes: dict[str, list[Closure]] = {}

    def attribute(self, name: str, subject: Entity, state: Any) -> Any:
        closures = self._attributes.get(name)
        if closures is None:
            closures = self._attributes[name] = list(self._definitions(name))
        if closures:
            frame = new_frame(state, subject)
            for closure in closures:
                value = closure(frame)
                if value is not None:
                    return value
        return None

    def _definitions(self, name: str) -> Iterator[Closure]:
        kinds = self.knowledge.shared["kinds"]
        for kind in self.line:
            of = kinds.get(kind)
            if of:
                yield from _attribute_closures(of, name)
                if name in of.get("properties", ()):
                    default = PropertyClause(*of["properties"][name]).default
                    if default is not None:
                        yield build(default)
                if name in of.get("catalogue", ()):
                    yield build(of["catalogue"][name][1])


def _attribute_closures(of: dict[str, Any], name: str) -> Iterator[Closure]:
    for value, _ in of.get("attributes", {}).get(name, ()):
        yield build(value)


class BusKind(_Described):
    """A kind of bus: its address scheme and how its instances are called."""

    def __init__(self, knowledge: Knowledge, name: str) -> None:
        facts = knowledge.shared["buses"].get(name)
        super().__init__(knowledge, name, tuple(facts[1]) if facts else (name,))
        raw = knowledge.nearest(self.line, "addressed")
        self.scheme = Scheme(raw) if raw else None
        called, otherwise = knowledge.nearest(self.line, "called") or (None, None)
        self.called, self.otherwise = called, otherwise
        self.checks = _by_phase(knowledge, self.line)  # about the devices that are plugged into such a bus
        self.whole_rules = [_rule(RuleClause(*raw)) for raw in knowledge.clauses(self.line, "whole-rules")]

    def accepted(self, bus: Bus, state: Any) -> list[str]:
        """The device types that a bus says it accepts, the instance's own words before those of its kind."""
        if bus.provided is not None and bus.provided.accepts:
            return [name for names in bus.provided.accepts for name in names]
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
        self.facts = {name for raw in (piece, *(knowledge.shared["kinds"].get(k, {}) for k in line)) for name in raw.get("facts", ())}
        self.properties: dict[str, PropertyClause] = {}
        for of in reversed([piece, *(knowledge.shared["kinds"].get(k, {}) for k in line)]):
            self.properties.update({n: PropertyClause(*p) for n, p in of.get("properties", {}).items()})

    def _definitions(self, name: str) -> Iterator[Closure]:
        yield from _attribute_closures(self.piece, name)
        if name in self.piece.get("properties", ()):
            default = PropertyClause(*self.piece["properties"][name]).default
            if default is not None:
                yield build(default)
        yield from super()._definitions(name)

    def _all(self, what: str) -> Iterator[list[Any]]:
        yield from self.piece.get(what, ())
        yield from self.knowledge.clauses(self.line, what)

    def parts(self) -> list[Part]:
        return [_part(raw) for raw in self._all("parts")]

    def provides(self) -> list[Provides]:
        return [_provides(raw) for raw in self._all("provides")]

    def rules(self, *phases: str | None) -> list[Rule]:
        """The machine's own rules: of no phase (asked when it stands), of ``start`` or of ``judge`` (when all is plugged)."""
        return [_rule(clause) for clause in (RuleClause(*raw) for raw in self._all("rules")) if clause.phase in phases]

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
        clauses = knowledge.clauses
        self.checks: dict[str, list[Rule | Claim]] = _by_phase(knowledge, self.line)
        self.properties: dict[str, PropertyClause] = {}
        for kind in reversed(self.line):
            for prop, raw in knowledge.shared["kinds"].get(kind, {}).get("properties", {}).items():
                self.properties[prop] = PropertyClause(*raw)
        self.fills: dict[str, list[AutoFill]] = {}
        for raw in clauses(self.line, "fills"):
            clause = FillsClause(*raw)
            self.fills.setdefault(clause.phase or "realize", []).append(_auto_fill(clause))
        self.provides = [_provides(raw) for raw in clauses(self.line, "provides")]
        self.points = [_points(PointsClause(*raw)) for raw in clauses(self.line, "points")]
        created = [_part(raw) for raw in clauses(self.line, "creates")]
        self.creates_before = [p for p in created if p.clause.before]
        self.creates = [p for p in created if not p.clause.before]
        self.unknowns = [(build(text), build_optional(when), note) for text, when, note in clauses(self.line, "unknown")]

    def catalogued(self, name: str) -> list[Any] | None:
        """``[domain, default]`` of a property that only the catalogue knows."""
        for kind in self.line:
            found = self.knowledge.shared["kinds"].get(kind, {}).get("catalogue", {}).get(name)
            if found is not None:
                fact: list[Any] = found
                return fact
        return self.knowledge.catalogued(self.line, name)

    def has_property(self, name: str) -> bool:
        """Whether a type has a property that rules describe: the catalogue knows, where it has properties at all."""
        return self.catalogued(name) is not None or not self.knowledge.piece("properties")

    def provided_kinds(self, kinds: Kinds, depth: int = 3) -> set[str]:
        """The bus kinds that a device of this type, or one that it creates, may provide."""
        found = {p.clause.kind for p in self.provides}
        if depth:
            for part in self.creates:
                created = kinds.type(part.clause.type)
                found |= created.provided_kinds(kinds, depth - 1) if created else set()
        return found

    def suppressed_roles(self) -> list[tuple[list[str], Closure | None, int]]:
        return [(roles, build_optional(when), note) for roles, when, note in self.knowledge.clauses(self.line, "suppresses")]


def _by_phase(knowledge: Knowledge, line: tuple[str, ...]) -> dict[str, list[Rule | Claim]]:
    """Rules and claims by phase: those of the most general kind first, in the order of the text."""
    found: dict[str, list[Rule | Claim]] = {}
    kinds = knowledge.shared["kinds"]
    for kind in reversed(line):
        of = kinds.get(kind)
        if not of:
            continue
        own: list[tuple[int, str, Rule | Claim]] = []
        for raw in of.get("rules", ()):
            rule = RuleClause(*raw)
            own.append((rule.note, rule.phase or "realize", _rule(rule)))
        for raw in of.get("claims", ()):
            claim = ClaimsClause(*raw)
            own.append((claim.note, claim.phase or "realize", _claim(claim)))
        for _, phase, check in sorted(own, key=lambda entry: entry[0]):
            found.setdefault(phase, []).append(check)
    return found


def _rule(clause: RuleClause) -> Rule:
    others = tuple(
        OtherDevice(kind, which, build_optional(on), tuple((dimension, build(value)) for dimension, value in bound), slot)
        for kind, which, on, bound, slot in clause.others
    )
    return Rule(others, build(clause.violated), clause.note)


def _claim(clause: ClaimsClause) -> Claim:
    key = tuple(build(k) for k in clause.key)
    return Claim(
        clause.pool, key, build(clause.scope), build_optional(clause.limit), build_optional(clause.when), clause.note,
        frozenset(_own_attributes(clause.key)),
    )  # fmt: skip


def _own_attributes(compiled: Any) -> Iterator[str]:
    if isinstance(compiled, list):
        if compiled[:1] == ["attr"] and compiled[1] == ["var", SUBJECT]:
            yield compiled[2]
        for part in compiled:
            yield from _own_attributes(part)


def _auto_fill(clause: FillsClause) -> AutoFill:
    return AutoFill(clause.property, build_fill(clause.fill), clause.note)


def _provides(raw: list[Any]) -> Provides:
    clause = ProvidesClause(*raw)
    attributes = {name: build(value) for name, (value, _) in clause.attributes.items()}
    return Provides(
        clause, build_optional(clause.many), build_optional(clause.called), build_optional(clause.otherwise),
        build_optional(clause.when), attributes,
    )  # fmt: skip


def _points(clause: PointsClause) -> Points:
    attributes = {name: build(value) for name, (value, _) in clause.attributes.items()}
    return Points(
        build(clause.range),
        build_optional(clause.template),
        build_optional(clause.on),
        build_optional(clause.when),
        attributes,
        clause.note,
    )


def _part(raw: list[Any]) -> Part:
    clause = PartClause(*raw)
    return Part(
        clause, build_optional(clause.many), build_optional(clause.place), build_optional(clause.id), build_optional(clause.when),
        {name: build(value) for name, value in clause.values.items()}, build_optional(clause.at),
    )  # fmt: skip


class Kinds:
    """All plans of one knowledge, built when first asked for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._types: dict[str, TypeKind | None] = {}
        self._buses: dict[str, BusKind] = {}
        self._families: dict[tuple[int, tuple[str, ...]], Family] = {}

    def type(self, name: str) -> TypeKind | None:
        """The plan of a type by its own name; None where the catalogue has no such type."""
        if name not in self._types:
            facts = self.knowledge.type_facts(name)
            self._types[name] = None if facts is None else TypeKind(self.knowledge, name, facts)
        return self._types[name]

    def bus(self, name: str) -> BusKind:
        if name not in self._buses:
            self._buses[name] = BusKind(self.knowledge, name)
        return self._buses[name]

    def family(self, index: int, line: tuple[str, ...]) -> Family:
        key = (index, line)
        if key not in self._families:
            self._families[key] = Family(self.knowledge, self.knowledge.family(index), line)
        return self._families[key]
