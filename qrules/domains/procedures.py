"""Steps and stages with their expressions as closures, as `qrules.knowledge.procedures` lays them out."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked.expressions import build, build_optional
from qrules.machine.frames import SELF, SUBJECT, Closure
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Seek(NamedTuple):
    """What is looked for: items of a kind in an order, or numbers (`over`), under a condition; `slot` gets what was found."""

    kind: str
    slot: int
    over: Closure | None
    order: Closure | None
    condition: Closure | None


class Adds(NamedTuple):
    """Items that come, with their values."""

    kind: str
    many: Closure | None
    when: Closure | None
    values: list[tuple[str, Closure]]
    note: int


class Writes(NamedTuple):
    """An option of the command line: its first value, and members, which are written as JSON or as ``key=value``."""

    json: bool
    option: str
    value: Closure | None
    members: list[tuple[str, Closure]]


class Step(NamedTuple):
    """What is done with each item of a kind; `lines` are ``(what, ...)`` in their order.

    `reads` are the attributes of the item that its search reads; None where it reads more of it than that.
    """

    name: str
    kind: str
    order: Closure | None
    when: Closure | None
    seeks: list[Seek]
    grows: list[Adds]
    lines: list[tuple[Any, ...]]
    note: int
    reads: tuple[str, ...] | None


class Steps(dict[str, Step]):
    """Steps by name, each made when it is first asked for."""

    def __init__(self, raw: dict[str, list[Any]]) -> None:
        super().__init__()
        self.raw = raw

    def __missing__(self, name: str) -> Step:
        made = self[name] = _step(name, self.raw[name])
        return made


class Procedures:
    """All steps and stages of a knowledge, and which element is of which kind."""

    def __init__(self, knowledge: Knowledge) -> None:
        piece = knowledge.piece("procedures")
        self.elements: dict[str, str] = piece["elements"]
        self.stages: dict[str, list[tuple[bool, list[str]]]] = piece["stages"]
        self.steps = Steps(piece["steps"])
        self.kinds = {name: raw[0] for name, raw in piece["steps"].items()}  # of what each step is about


def _step(name: str, raw: list[Any]) -> Step:
    kind, order, when, seeks, grows, lines, note = raw
    return Step(
        name,
        kind,
        build_optional(order),
        build_optional(when),
        [_seek(each) for each in seeks],
        [_adds(each) for each in grows],
        [_line(each) for each in lines],
        note,
        _reads_of(seeks),
    )


def _reads_of(seeks: list[Any]) -> tuple[str, ...] | None:
    """The attributes of the item itself that a search reads; None where it hands the item on, or looks for more than one."""
    found: set[str] = set()
    known = all(over is not None for _, _, over, _, _ in seeks[1:]) and all(
        _reads(part, frozenset((SELF, SUBJECT)), found) for _, _, *parts in seeks for part in parts
    )
    return tuple(sorted(found)) if known and seeks else None


def _reads(expr: Any, own: frozenset[int], found: set[str]) -> bool:
    """Adds what a compiled expression reads of the item, which is in the slots `own`; False where that is not all."""
    if not isinstance(expr, list):
        return True
    if len(expr) == 2 and expr[0] == "var":
        return expr[1] not in own
    if len(expr) == 3 and expr[0] == "attr" and expr[1][0] == "var" and expr[1][1] in own:
        found.add(expr[2])
        return True
    if expr[:1] == ["apply"]:  # the variables of a term are others
        inner = frozenset(n for n, one in enumerate(expr[1], SUBJECT) if one[:1] == ["var"] and one[1] in own)
        others = [one for n, one in enumerate(expr[1], SUBJECT) if n not in inner]
        return all(_reads(one, own, found) for one in others) and _reads(expr[2], inner, found)
    return all(_reads(part, own, found) for part in expr)


def _seek(raw: list[Any]) -> Seek:
    kind, slot, over, order, condition = raw
    return Seek(kind, slot, build_optional(over), build_optional(order), build_optional(condition))


def _adds(raw: list[Any]) -> Adds:
    kind, many, when, values, note = raw
    return Adds(kind, build_optional(many), build_optional(when), [(name, build(value)) for name, value in values], note)


def _line(raw: list[Any]) -> tuple[Any, ...]:
    what, *rest = raw
    if what == "set":
        return (what, rest[0], build(rest[1]))
    if what == "add":
        return (what, _adds(rest[0]))
    if what == "writes":
        json, option, value, members = rest[0]
        return (what, Writes(json, option, build_optional(value), [(name, build(given)) for name, given in members]))
    if what == "drop":
        return (what, build_optional(rest[0]))
    return (what, rest[0], build_optional(rest[1]))
