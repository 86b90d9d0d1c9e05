"""Compiled clauses with their expressions as closures: properties, fills, buses, points, parts.

The lists are those of `qrules.knowledge.clauses`; rules and claims stand in `rules`.
"""

from __future__ import annotations

from qrules.linked.expressions import build, build_optional, holes
from qrules.linked.fills import Fill, build_fill
from qrules.linked.rules import Claim as Claim
from qrules.linked.rules import Rule as Rule
from qrules.machine.frames import CONTEXT, Closure, Frame
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class Property(NamedTuple):
    """A property that rules describe; `domain` and `default` stay compiled."""

    domain: list[Any]
    default: Any
    note: int


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


class CompiledPart(NamedTuple):
    """A part as it is compiled; `each` are the fields of an `Each`, the rest are names, switches and expressions."""

    type: str
    role: str | None
    many: Any
    place: Any
    at: Any
    id: Any
    before: bool
    sharing: bool
    when: Any
    values: dict[str, Any]
    note: int
    each: list[Any] | None
    named: Any
    after: bool


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


def part(raw: Iterable[Any]) -> Part:
    compiled = CompiledPart._make(raw)
    return Part(
        compiled.type,
        compiled.role,
        build_optional(compiled.many),
        build_optional(compiled.place),
        build_optional(compiled.at),
        template(compiled.id),
        compiled.before,
        compiled.sharing,
        build_optional(compiled.when),
        compiled.when,
        {name: build(value) for name, value in compiled.values.items()},
        compiled.note,
        Each(*compiled.each) if compiled.each is not None else None,
        build_optional(compiled.named),
        compiled.after,
    )
