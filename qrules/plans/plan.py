"""Plans: how devices of one shape are plugged on one machine, with all that is certain of them folded away.

A plan is made when a shape is met for the second time, so that a single question never waits for it. It knows which
properties are read in which way, which conditions are left to ask of the state, and what the device provides and creates.
"""

from __future__ import annotations

from collections.abc import Iterable

from qrules.linked.addresses import POOL
from qrules.linked.clauses import AutoFill, Part, Provides
from qrules.linked.domains import domain_of, innermost, read
from qrules.linked.expressions import build
from qrules.linked.fills import counts
from qrules.linked.rules import Claim, OtherDevice, Rule
from qrules.linked.steps import spend, weight
from qrules.machine.entities import Device, Machine
from qrules.machine.frames import SELF, STATE, SUBJECT, Closure, Frame, new_frame
from qrules.plans.folding import Scope, fold
from qrules.plans.ordering import cheapest_first
from qrules.plans.shapes import BusShape, DeviceShape, Shapes
from qrules.plugging.checks import candidates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from qrules.linked.kinds import Kinds

    Reader = Callable[[Any, Frame], Any]

_BEFORE = ("properties", "pre-plug")  # before an address is taken
_AFTER = ("address", "realize")
_MOST = 4096  # plans of one machine, shapes that came once, and values of one property, that are kept


class Texts(dict[str, object]):
    """What texts mean for a property: each is read once."""

    def __init__(self, meaning: Callable[[str], object]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, text: str) -> object:
        if len(self) >= _MOST:
            self.clear()
        value = self[text] = self._meaning(text)
        return value


class Plan:
    """What is left to do for a device of a shape. Tests are true where something is wrong; claims give cells."""

    __slots__ = (
        "after", "after_claims", "before", "before_claims", "checks", "counting", "creates", "early", "fills",
        "plugged", "possible", "provides", "readers", "unknown", "whole",
    )  # fmt: skip
    possible: bool  # whether devices of this shape can be plugged by a plan at all
    checks: dict[str, list[Rule | Claim]]
    early: tuple[Closure, ...]
    readers: dict[str, tuple[Texts | None, Reader | None, bool]]  # by texts, else by a function, and whether it is a coordinate
    before: tuple[Closure, ...]
    before_claims: tuple[Claim, ...]
    after: tuple[Closure, ...]
    after_claims: tuple[Claim, ...]
    plugged: tuple[Closure, ...]
    fills: tuple[AutoFill, ...]  # those when it is plugged
    counting: tuple[AutoFill, ...]
    provides: tuple[Provides, ...]
    creates: tuple[Part, ...]
    unknown: bool  # whether something of it may not be modelled
    whole: tuple[Closure, ...]  # tests of the rules that see the whole config


class Plans:
    """The plans of a machine. Devices with numbers below `own` are those that it brings itself."""

    def __init__(self, kinds: Kinds, machine: Machine, own: int) -> None:
        """`machine` is built: its options do not change any more."""
        self.kinds, self.own = kinds, own
        self.shapes = Shapes(machine)
        self.made: dict[object, Plan] = {}  # by shape
        self._met: set[object] = set()  # shapes that came once

    def plan(self, key: object, device: Device, bus: BusShape | None, json: bool) -> Plan | None:
        """The plan for devices like this one; None where they have not been met often enough."""
        made = self.made.get(key)
        if made is None:
            if not self._met_before(key):
                return None
            if len(self.made) >= _MOST:
                self.made.clear()
            made = self.made[key] = _Maker(self, device, bus, json).plan
        return made

    def _met_before(self, key: object) -> bool:
        """Whether a shape comes a second time. What comes once only is forgotten in time: most configs are one of a kind."""
        if key in self._met:
            self._met.discard(key)
            return True
        if len(self._met) >= _MOST:
            self._met.clear()
        self._met.add(key)
        return False

    def standing(self, device: Device) -> Plan:
        """What is left to ask of a device that stands already: its plan as far as rules see the whole config."""
        bus = self.shapes.of_bus(device.bus) if device.bus is not None else None
        return _Maker(self, device, bus, False, whole_only=True).plan


class _Maker:
    """Makes one plan."""

    def __init__(self, plans: Plans, device: Device, bus: BusShape | None, json: bool, whole_only: bool = False) -> None:
        self.machine, self.kinds = plans.shapes.machine, plans.kinds
        self.device, self.kind, self.bus = device, device.kind, bus
        self.shape = DeviceShape(device, bus, self.machine)
        self.placed = DeviceShape(device, bus, self.machine, placed=True)
        self.plan = plan = Plan()
        plan.checks = device.checks
        plan.whole = self._tests(("start", "judge"), self.placed)[0]
        plan.unknown = any(fold(when, self.placed.scope()) is not False for when in self.kind.unknown_conditions)
        if whole_only:
            return
        self._add_steps(json)
        self._add_parts()

    def _add_steps(self, json: bool) -> None:
        plan, kind = self.plan, self.kind
        boardless = DeviceShape(self.device, None, self.machine, read=False)
        unread = DeviceShape(self.device, self.bus, self.machine, read=False)
        early, claimed = self._tests(("type",), boardless)
        on_bus, claimed_too = self._tests(("bus", "hotplug") if self.device.hotplugged else ("bus",), unread)
        plan.early = early + on_bus
        plan.before, plan.before_claims = self._tests(_BEFORE, self.shape)
        plan.after, plan.after_claims = self._tests(_AFTER, self.placed)
        plan.plugged, at_plug = self._tests(("plug",), self.placed)
        plan.readers = {}
        plan.possible = not (claimed or claimed_too or at_plug) and self._add_readers(json)
        fills = [self._filled(fill) for fills in kind.fills.values() for fill in fills]
        left = [fill for fill in fills if fill is not None]
        plan.fills = tuple(fill for fill in left if fill.phase == "plug")
        plan.possible = plan.possible and len(plan.fills) == len(left) and self._stands_itself()
        plan.counting = tuple(f for fills in kind.fills.values() for f in fills if counts(f.fill))

    def _stands_itself(self) -> bool:
        return self.bus is None or self.bus.attribute("stands-in-for") is None

    def _add_parts(self) -> None:
        plan, kind, scope = self.plan, self.kind, self.shape.scope()
        plan.provides = tuple(p for p in kind.provides if fold(p.condition, scope) is not False)
        plan.creates = tuple(p for p in kind.creates if fold(p.condition, scope) is not False)
        before = [fold(p.condition, scope) for p in kind.creates_before]
        plan.before += tuple(build(True if c is None else c) for c in before if c is not False)  # what comes before is no plan's

    # ------------------------------------------------------------------------------ properties
    def _add_readers(self, json: bool) -> bool:
        """Adds how each property that was written is read; False where one is not known."""
        scheme = self.bus.kind.scheme if self.bus is not None else None
        for name in self.device.given:
            if scheme is not None and scheme.written and name == scheme.property:
                continue
            coordinate = scheme is not None and name in scheme.names
            found = domain_of(self.kind, name, self.device.request is not None)
            if found is None and (coordinate or self.device.request is not None):
                return False
            self.plan.readers[name] = (*self._reader(found, json), coordinate)
        return True

    def _reader(self, found: tuple[list[Any], int | None] | None, json: bool) -> tuple[Texts | None, Reader | None]:
        if found is None:
            return None, None
        domain, note, kind = *found, self.kind
        if json or self.device.request is None:
            return None, lambda value, frame: read(value, domain, note, kind, frame, json)
        asked = innermost(domain, kind.knowledge)
        if not asked:
            return None, None
        bounds = asked[1:3] if asked[0] in ("range", "bytes") else ()
        if asked[0] == "backend" or any(isinstance(fold(bound, self.shape.scope()), list) for bound in bounds):
            return None, lambda value, frame: read(value, domain, note, kind, frame)
        frame = new_frame(None, self.device)
        return Texts(lambda text: read(text, domain, note, kind, frame)), None

    # ------------------------------------------------------------------------------ conditions
    def _tests(self, phases: Iterable[str], shape: DeviceShape) -> tuple[tuple[Closure, ...], tuple[Claim, ...]]:
        """What is left of the rules and claims of some phases."""
        tests: list[Closure] = []
        claims: list[Claim] = []
        for phase in phases:
            if self.bus is not None:
                scope = Scope(self.machine, {SELF: self.bus, SUBJECT: shape})
                for check in self.bus.kind.checks.get(phase, ()):
                    self._add(check, scope, tests, claims, about_bus=True)
            for check in self.plan.checks.get(phase, ()):
                self._add(check, shape.scope(), tests, claims)
        return tuple(tests), tuple(claims)

    def _add(self, check: Rule | Claim, scope: Scope, tests: list[Closure], claims: list[Claim], about_bus: bool = False) -> None:
        if isinstance(check, Claim):
            left = check.folded(lambda expr: fold(expr, scope))
            if left is not None:
                claims.append(left)
            return
        test = _test(check, scope)
        if test is not None:
            tests.append(_on_bus(test) if about_bus else test)

    def _filled(self, fill: AutoFill) -> AutoFill | None:
        """A fill without the steps that never decide; None where none does."""
        return fill.folded(lambda expr: fold(expr, self.shape.scope()))


def _on_bus(test: Closure) -> Closure:
    """A test of the bus's rules, asked in a frame about the device."""

    def about_bus(frame: Frame) -> Any:
        return test(new_frame(frame[STATE], frame[SUBJECT].bus, frame[SUBJECT]))

    return about_bus


def _test(rule: Rule, scope: Scope) -> Closure | None:
    """What is left of a rule; None where it is never violated."""
    for other in rule.others:
        scope = scope.without(other.slot)
    left = cheapest_first(fold(rule.condition, scope))
    if left is False:
        return None
    if not rule.others:
        return build(left)
    other = rule.others[0]
    parts = left[1:] if isinstance(left, list) and left[0] == "and" else [left]
    about_other = [part for part in parts if _mentions(part, other.slot)]
    first, then = (build(_all([p for p in parts if (p in about_other) is about])) for about in (False, True))
    slot, fixed, each = other.slot, _prefix(other, scope), 1 + weight(left)

    def violated(frame: Frame) -> bool:
        if first(frame):
            if fixed is not None:
                place = (POOL, frame[SUBJECT].bus.number, *[part(frame) for part in fixed])
                if place not in frame[STATE].crowded:
                    return False
            for candidate in candidates(other, frame):
                spend(frame[STATE], each)
                frame[slot] = candidate
                if then(frame):
                    return True
        return False

    return violated


def _all(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else ["and", *parts] if parts else True


def _prefix(other: OtherDevice, scope: Scope) -> list[Closure] | None:
    """All parts of the addresses at which the second device may stand but the last, where the rule fixes those and no more."""
    bus = scope.entity(["attr", ["var", SUBJECT], "bus"])
    scheme = bus.kind.scheme if isinstance(bus, BusShape) else None
    bound = dict(other.compiled)
    if scheme is None or not other.on_own_bus or len(scheme.names) < 2 or bound.keys() != set(scheme.names[:-1]):
        return None
    return [build(fold(bound[name], scope)) for name in scheme.names[:-1]]


def _mentions(expr: Any, slot: int) -> bool:
    return isinstance(expr, list) and (expr[:2] == ["var", slot] or any(_mentions(part, slot) for part in expr))
