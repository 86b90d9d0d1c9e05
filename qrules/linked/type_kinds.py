"""Types of devices: what is checked, filled, claimed, provided and created, in the order in which it happens."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked import clauses
from qrules.linked.clauses import AutoFill, Claim, Part, Points, Property, Provides, Rule
from qrules.linked.described import Described
from qrules.linked.domains import domain_of, is_read
from qrules.linked.expressions import build, build_optional
from qrules.machine.entities import Device
from qrules.machine.frames import Closure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol

    class Types(Protocol):
        """All types of a knowledge."""

        def type(self, name: str) -> TypeKind | None: ...


_WRITINGS = 256  # ways of writing one type that are remembered
_PROPERTIES = 1024  # names that are remembered, with those that a type lacks


class TypeKind(Described):
    """A device type, or a kind of wish: its clauses as closures, built once and shared by all questions of a process."""

    status: str
    bus_kind: str | None
    description: str

    def __init__(self, knowledge: Knowledge, name: str, facts: list[Any]) -> None:
        self.status, self.bus_kind, line, self.description = facts
        super().__init__(knowledge, name, tuple(line))
        self.checks: dict[str, list[Rule | Claim]] = self.by_phase()
        self.properties: dict[str, Property] = {}
        for of in reversed(self.told):
            for prop, raw in of.get("properties", {}).items():
                self.properties[prop] = Property(*raw)
        self.fills: dict[str, list[AutoFill]] = {}
        for fill in self.all_built("fills", clauses.auto_fill):
            self.fills.setdefault(fill.phase, []).append(fill)
        self.provides: list[Provides] = self.all_built("provides", clauses.provides)
        self.points: list[Points] = self.all_built("points", clauses.points)
        created: list[Part] = self.all_built("creates", clauses.part)
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
        self._checks_for: dict[tuple[object, ...], dict[str, list[Rule | Claim]]] = {}
        self._catalogued: dict[str, list[Any] | None] = {}
        self._facts: list[dict[str, list[Any]]] | None = None  # tables of properties that the catalogue has of what it is
        self.read_names: set[str] = set()  # properties whose values are known to be looked at

    def _all(self, what: str) -> Iterator[list[Any]]:
        for of in self.told if what in self.says else ():
            if what in of:
                yield from of[what]

    def checks_for(self, device: Device) -> dict[str, list[Rule | Claim]]:
        """The checks that can apply to a device, by phase, for what was written and how it came."""
        key = (*device.given, device.request is None, device.hotplugged)
        found = self._checks_for.get(key)
        if found is None:
            if len(self._checks_for) >= _WRITINGS:
                self._checks_for.clear()
            found = {}
            for phase, checks in self.checks.items():
                apply = [c for c in checks if c.needs in self.filled or not c.passes_over(device)]
                if apply:
                    found[phase] = apply
            self._checks_for[key] = found  # whole: other threads may look
        return found

    def claims_reading(self, name: str) -> list[Claim]:
        """The claims with a property in their key: a value is free where they can be had."""
        found = self._reading.get(name)
        if found is None:
            every = (c for checks in self.checks.values() for c in checks if isinstance(c, Claim))
            found = self._reading[name] = [c for c in every if name in c.reads]
        return found

    def catalogued(self, name: str) -> list[Any] | None:
        """``[domain, default]`` of a property that only the catalogue knows."""
        try:
            return self._catalogued[name]
        except KeyError:
            if len(self._catalogued) >= _PROPERTIES:
                self._catalogued.clear()
            found = self._catalogued[name] = self._look_up(name)
            return found

    def reads(self, name: str) -> bool:
        """Whether values of a property are looked at. So are those of one that it lacks: they are refused."""
        if name in self.read_names:
            return True
        found = domain_of(self, name, True)
        if found is not None and not is_read(found[0], self.knowledge):
            return False
        if len(self.read_names) < _PROPERTIES:
            self.read_names.add(name)
        return True

    def _look_up(self, name: str) -> list[Any] | None:
        for of in self.told:
            found: list[Any] | None = of.get("catalogue", {}).get(name)
            if found is not None:
                return found
        if self._facts is None:  # not before it has to be: a piece of its own
            properties = self.knowledge.piece("properties")
            self._facts = [facts for kind in self.line if (facts := properties.get(kind))]
        for facts in self._facts:
            if name in facts:
                return facts[name]
        return None

    def leaves_open(self, name: str, value: Any) -> bool:
        """Whether a value for a part of the address is the one that means: choose it for me."""
        if value in (None, -1, ""):
            return True
        fact = self.catalogued(name)
        return fact is not None and bool(fact[1] == value)

    def has_property(self, name: str) -> bool:
        """Whether a type has a property that rules describe: the catalogue knows, where it has properties at all."""
        return self.catalogued(name) is not None or not self.knowledge.piece("properties")

    def provided_kinds(self, types: Types, depth: int = 3) -> set[str]:
        """The bus kinds that a device of this type, or one that it creates, may provide."""
        found = {p.kind for p in self.provides}
        if depth:
            for part in self.creates:
                created = types.type(part.type)
                found |= created.provided_kinds(types, depth - 1) if created else set()
        return found


class WishKind(TypeKind):
    """A kind of wish, or of element. There may be thousands of one, each asked for the same again and again."""

    _written: list[tuple[str, Closure]] | None = None
    _affected: dict[str, _Affected] | None = None

    @property
    def written(self) -> list[tuple[str, Closure]]:
        """What is written of such an element: by place, the nearest kind's line for one place first."""
        if self._written is None:
            found: dict[str, list[Closure]] = {}
            for path, value in self.all_built("stores", lambda raw: (raw[0], build(raw[1]))):
                found.setdefault(path, []).append(value)
            self._written = [(path, _first(values)) for path, values in found.items()]
        return self._written

    def affected(self, name: str) -> _Affected:
        """By attribute, whether a value of this name may decide about it."""
        known = self._affected
        if known is None:
            known = self._affected = {}
        if name not in known:
            known[name] = _Affected(self, name)
        return known[name]

    def attribute(self, name: str, subject: Any, state: Any) -> Any:
        """The value of an attribute; one for which nothing was looked up in the state is worked out once (`Device.known`)."""
        kept = subject.known
        if kept is None or state is None:
            return super().attribute(name, subject, state)
        if name not in kept:
            looks = state.looks
            value = super().attribute(name, subject, state)
            if state.looks != looks:
                return value
            kept[name] = value
        return kept[name]


class _Affected(dict[str, bool]):
    """Whether an attribute may be worked out from a name, be it by way of others: whether that stands in what gives it."""

    def __init__(self, kind: Described, name: str) -> None:
        super().__init__()
        self._kind, self._name = kind, name

    def __missing__(self, of: str) -> bool:
        found, left = {of}, [of]
        while left and self._name not in found:
            for definition in self._kind.definitions(left.pop()):
                own = set(_texts(definition)) - found
                found |= own
                left += own
        answer = self[of] = self._name in found
        return answer


def _texts(expr: Any) -> Iterator[str]:
    """Every text of a compiled expression."""
    if isinstance(expr, str):
        yield expr
    elif isinstance(expr, list):
        for part in expr:
            yield from _texts(part)


def _first(values: list[Closure]) -> Closure:
    """The first of some values that is set."""
    if len(values) == 1:
        return values[0]
    return lambda frame: next((found for value in values if (found := value(frame)) is not None), None)
