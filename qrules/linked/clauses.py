"""Compiled clauses with their expressions as closures. `qrules.knowledge.clauses` writes the lists that are read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qrules.linked.expressions import build, build_optional, holes
from qrules.linked.fills import Fill, build_fill
from qrules.machine.frames import CONTEXT, SUBJECT, Closure, Frame
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.machine.entities import Device


class Property(NamedTuple):
    """A property that rules describe; `domain` and `default` stay compiled."""

    domain: list[Any]
    default: Any
    note: int


class OtherDevice(NamedTuple):
    """The second device of a rule: found on a bus or anywhere, by parts of its address where the rule fixes them."""

    kind: str
    which: str
    on: Closure | None
    bound: tuple[tuple[str, Closure], ...]
    slot: int
    on_own_bus: bool  # of the device that the rule is about
    compiled: tuple[tuple[str, Any], ...]  # `bound` before it became closures


class _Check:
    """A rule or a claim. Its closures are built when it is first tested: most never are.

    `needs` names a property (or ``written``, ``hotplugged``) without which it can't apply to a device.
    """

    __slots__ = ("_raw", "needs", "note", "phase")
    phase: str | None
    note: int
    needs: str | None

    def __getattr__(self, name: str) -> Any:
        """A slot that nothing has filled yet."""
        if name.startswith("_"):
            raise AttributeError(name)
        self._build()
        return object.__getattribute__(self, name)

    def _build(self) -> None:
        raise NotImplementedError

    def passes_over(self, device: Device) -> bool:
        """Whether the device lacks what the check is about."""
        needs = self.needs
        if needs is None or needs in device.values or needs in device.given:
            return False
        if needs == "written":
            return device.request is None
        if needs == "hotplugged":
            return not device.hotplugged
        return not device.kind.defines(needs)


class Rule(_Check):
    """What is violated where its condition holds; `others` are the second device that it looks for, if any."""

    __slots__ = ("others", "violated")
    others: tuple[OtherDevice, ...]
    violated: Closure

    def __init__(self, raw: list[Any]) -> None:
        self._raw = raw
        self.phase, _, _, self.note, self.needs = raw

    @property
    def condition(self) -> Any:
        """What is violated, compiled."""
        return self._raw[2]

    @property
    def reads(self) -> frozenset[str]:
        """The device's own attributes that the condition speaks of."""
        return frozenset(_own(self._raw[2]))

    def _build(self) -> None:
        self.others = tuple(_other(o) for o in self._raw[1])
        self.violated = build(self._raw[2])


class Claim(_Check):
    """One holder a key (or `limit` of them). `reads` are the device's own attributes that the key is made of."""

    __slots__ = ("key", "limit", "pool", "reads", "scope", "when")
    pool: str
    key: tuple[Closure, ...]
    scope: Closure
    limit: Closure | None
    when: Closure | None
    reads: frozenset[str]

    def __init__(self, raw: list[Any]) -> None:
        self._raw = raw
        self.pool, self.phase, self.note, self.needs = raw[0], raw[4], raw[6], raw[7]

    def _build(self) -> None:
        _, key, scope, limit, _, when, _, _ = self._raw
        self.key, self.reads = tuple(build(k) for k in key), frozenset(_own(key))
        self.scope, self.limit, self.when = build(scope), build_optional(limit), build_optional(when)

    def folded(self, fold: Callable[[Any], Any]) -> Claim | None:
        """The claim with its expressions folded; None where it can take nothing."""
        pool, key, scope, limit, phase, when, note, needs = self._raw
        condition, keys = fold(when), [fold(k) for k in key]
        if condition is False or None in keys:
            return None
        left = condition if isinstance(condition, list) else None
        return Claim([pool, keys, fold(scope), fold(limit), phase, left, note, needs])


class AutoFill(NamedTuple):
    """How a property is filled that nobody wrote; `raw` is the fill before it became closures."""

    property: str
    fill: Fill
    phase: str
    note: int
    raw: Any

    def folded(self, fold: Callable[[Any], Any]) -> AutoFill | None:
        """The same without the steps that never decide; None where none does."""
        raw = _folded_steps(self.raw, fold)
        return None if raw is None else self._replace(fill=build_fill(raw), raw=raw)


def _folded_steps(raw: Any, fold: Callable[[Any], Any]) -> Any:
    if raw is None:
        return None
    how, argument, unless, when, otherwise = raw
    condition = fold(when)
    if condition is False:
        return _folded_steps(otherwise, fold)
    if not isinstance(condition, list):
        return [how, argument, unless, None, None]
    return [how, argument, unless, condition, _folded_steps(otherwise, fold)]


class Template(NamedTuple):
    """A name with holes. It can be given where all holes can be filled; `counts` where a counter is among them."""

    text: Closure
    holes: tuple[Closure, ...]
    counts: bool

    def filled(self, frame: Frame) -> str | None:
        """The name, or None where a hole is unset."""
        for hole in self.holes:
            if hole(frame) is None:
                return None
        text: str = self.text(frame)
        return text


class Provides(NamedTuple):
    """The buses that a device or machine provides. `condition`, `compiled`: `when`, `attributes` before they were closures."""

    kind: str
    many: Closure | None
    called: tuple[Template, ...]
    when: Closure | None
    attributes: dict[str, Closure]
    accepts: list[str]
    note: int
    condition: Any
    compiled: dict[str, Any]


class Points(NamedTuple):
    range: Closure
    template: Closure | None
    on: Closure | None
    when: Closure | None
    attributes: dict[str, Closure]
    note: int


class Each(NamedTuple):
    """The wishes that a part is brought for: their kind, the slot of the variable, the attribute that orders them."""

    kind: str
    slot: int
    order: str | None


class Part(NamedTuple):
    """A device that a machine or another device brings. `condition` is `when` before it became a closure.

    `named` gives the name of the type that is meant, one of the kind `type`; `after`: once all ``k=v`` devices stand.
    """

    type: str
    role: str | None
    many: Closure | None
    place: Closure | None
    at: Closure | None
    id: Template | None
    before: bool
    sharing: bool
    when: Closure | None
    condition: Any
    values: dict[str, Closure]
    note: int
    each: Each | None = None
    named: Closure | None = None
    after: bool = False


# ------------------------------------------------------------------------------------- from compiled lists
def _other(raw: list[Any]) -> OtherDevice:
    kind, which, on, bound, slot = raw
    return OtherDevice(
        kind,
        which,
        build_optional(on),
        tuple((name, build(value)) for name, value in bound),
        slot,
        on == ["attr", ["var", SUBJECT], "bus"],
        tuple((name, value) for name, value in bound),
    )


def _own(compiled: Any) -> Iterator[str]:
    if isinstance(compiled, list):
        if compiled[:1] == ["attr"] and compiled[1] == ["var", SUBJECT]:
            yield compiled[2]
        for part in compiled:
            yield from _own(part)


def auto_fill(raw: list[Any]) -> AutoFill:
    name, fill, phase, note = raw
    return AutoFill(name, build_fill(fill), phase or "realize", note, fill)


def template(compiled: Any) -> Template | None:
    """A name's template; None for none."""
    if compiled is None:
        return None
    return Template(build(compiled), tuple(holes(compiled)), _mentions(compiled, CONTEXT["counter"]))


def templates(*compiled: Any) -> tuple[Template, ...]:
    """Several, in the order in which they are tried."""
    return tuple(t for c in compiled if (t := template(c)) is not None)


def _mentions(compiled: Any, slot: int) -> bool:
    if not isinstance(compiled, list):
        return False
    return compiled[:2] == ["var", slot] or any(_mentions(part, slot) for part in compiled)


def provides(raw: list[Any]) -> Provides:
    kind, many, called, otherwise, when, attributes, accepts, note = raw
    names = [name for listed in accepts or () for name in listed]
    return Provides(
        kind,
        build_optional(many),
        templates(called, otherwise),
        build_optional(when),
        _attributes(attributes),
        names,
        note,
        when,
        {name: value for name, (value, _) in attributes.items()},
    )


def points(raw: list[Any]) -> Points:
    numbers, name, on, when, attributes, note = raw
    return Points(build(numbers), build_optional(name), build_optional(on), build_optional(when), _attributes(attributes), note)


def _attributes(compiled: dict[str, list[Any]]) -> dict[str, Closure]:
    return {name: build(value) for name, (value, _) in compiled.items()}


def part(raw: list[Any]) -> Part:
    kind, role, many, place, at, identity, before, sharing, when, values, note, each, named, after = raw
    return Part(
        kind,
        role,
        build_optional(many),
        build_optional(place),
        build_optional(at),
        template(identity),
        before,
        sharing,
        build_optional(when),
        when,
        {name: build(value) for name, value in values.items()},
        note,
        Each(*each) if each is not None else None,
        build_optional(named),
        after,
    )
