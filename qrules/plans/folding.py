"""Conditions made shorter by what is certain: of a machine that is built, of devices of one shape, of buses of one line.

`fold` takes a compiled expression and what is certain of the entities in a frame's slots, and gives an expression with the
same value in every such frame. What it can compute becomes a constant (anything but a list). Rules whose condition comes
out as false can be left away.
"""

from __future__ import annotations

from collections.abc import Callable

from qrules.linked.expressions import build
from qrules.machine.frames import CONTEXT, SLOTS, SUBJECT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNSURE = object()  # only the state knows


class Certain:
    """What is certain of an entity. `kinds` are all that it is."""

    kinds: frozenset[str]

    def attribute(self, name: str) -> Any:
        """The value of an attribute, or `UNSURE`."""
        return UNSURE

    def stored(self, name: str) -> str | None:
        """For a device: what of itself has the attribute for certain: ``address``, ``values`` or ``bus``."""
        return None

    def invariant(self, name: str) -> bool:
        """Whether an attribute never changes once the entity stands."""
        return False

    def given(self, name: str) -> bool | None:
        """Whether a property was written; None where that is not certain."""
        return None

    def related(self, name: str) -> Certain | None:
        """What is certain of an entity that is an attribute of this one."""
        return None

    def lacks(self, kind: str) -> bool:
        """For a machine: whether nothing of a kind can stand on it."""
        return False

    def role(self, op: str, name: str) -> bool | None:
        """For a machine: whether a role is open, or replaced."""
        return None


class Scope:
    """What is certain in a frame: of the machine, and of what stands in some slots (an entity, or else a constant)."""

    __slots__ = ("entities", "machine", "values")

    def __init__(self, machine: Certain, entities: dict[int, Certain], values: dict[int, Any] | None = None) -> None:
        self.machine, self.entities, self.values = machine, entities, values or {}

    def without(self, slot: int) -> Scope:
        """The same where a slot has been taken for something else."""
        return Scope(
            self.machine,
            {s: e for s, e in self.entities.items() if s != slot},
            {s: v for s, v in self.values.items() if s != slot},
        )

    def entity(self, expr: Any) -> Certain | None:
        """What is certain of the entity that an expression always is."""
        if not isinstance(expr, list):
            return None
        if expr[0] == "var":
            return self.entities.get(expr[1])
        if expr[0] == "machine":
            return self.machine
        if expr[0] == "bus":
            return self.entities[expr[1]].related("bus")
        if expr[0] == "attr":
            base = self.entity(expr[1])
            return base.related(expr[2]) if base is not None else None
        return None


def fold(expr: Any, scope: Scope) -> Any:
    """An expression with the same value wherever `scope` holds."""
    if not isinstance(expr, list):
        return expr
    own = _FOLDERS.get(expr[0])
    return own(expr, scope) if own is not None else expr


def constant(expr: Any) -> bool:
    return not isinstance(expr, list)


def invariant(expr: Any, scope: Scope) -> bool:
    """Whether an expression has one value for as long as the entities of a frame stand."""
    if constant(expr) or expr[0] in ("machine", "version", "role-open", "role-replaced", "address", "values", "bus"):
        return True
    if expr[0] == "var":
        return expr[1] in scope.entities or expr[1] == CONTEXT["n"]
    if expr[0] == "attr":
        entity = scope.entity(expr[1])
        return entity is not None and invariant(expr[1], scope) and entity.invariant(expr[2])
    return expr[0] in _LASTING and all(invariant(part, scope) for part in expr[1:])


# ------------------------------------------------------------------------------------- leaves
def _var(expr: Any, scope: Scope) -> Any:
    return scope.values.get(expr[1], expr)


def _version(expr: Any, scope: Scope) -> Any:
    return tuple(expr[1])


def _attr(expr: Any, scope: Scope) -> Any:
    base = fold(expr[1], scope)
    if constant(base):
        return None  # no entity
    entity = scope.entity(base)
    value = entity.attribute(expr[2]) if entity is not None else UNSURE
    if value is not UNSURE:
        return value
    stored = entity.stored(expr[2]) if entity is not None and base[0] == "var" else None
    return ["attr", base, expr[2]] if stored is None else [stored, base[1], expr[2]]


def _template(expr: Any, scope: Scope) -> Any:
    return ["template", *(p if isinstance(p, str) else [fold(p[0], scope), p[1]] for p in expr[1:])]


def _given(expr: Any, scope: Scope) -> Any:
    base = fold(expr[1], scope)
    if constant(base):
        return False
    entity = scope.entity(base)
    told = entity.given(expr[2]) if entity is not None else None
    return ["given", base, expr[2]] if told is None else told


def _is(expr: Any, scope: Scope) -> Any:
    base = fold(expr[1], scope)
    if constant(base):
        return False
    entity = scope.entity(base)
    return ["is", base, expr[2]] if entity is None else expr[2] in entity.kinds


def _role(expr: Any, scope: Scope) -> Any:
    told = scope.machine.role(expr[0], expr[1])
    return expr if told is None else told


# ------------------------------------------------------------------------------------- logic
def _joined(expr: Any, scope: Scope) -> Any:
    neutral = expr[0] == "and"
    parts: list[Any] = []
    for part in expr[1:]:
        folded = fold(part, scope)
        if constant(folded):
            if bool(folded) is not neutral:
                return not neutral
        elif folded[0] == expr[0]:
            parts += folded[1:]
        else:
            parts.append(folded)
    return neutral if not parts else parts[0] if len(parts) == 1 else [expr[0], *parts]


def _not(expr: Any, scope: Scope) -> Any:
    inner = fold(expr[1], scope)
    return not inner if constant(inner) else ["not", inner]


def _holds(expr: Any, scope: Scope) -> Any:
    inner = fold(expr[1], scope)
    return inner is not None and inner is not False if constant(inner) else ["holds", inner]


def _when(expr: Any, scope: Scope) -> Any:
    condition = fold(expr[2], scope)
    if constant(condition):
        return fold(expr[1] if condition else expr[3], scope)
    return ["when", fold(expr[1], scope), condition, fold(expr[3], scope)]


def _else(expr: Any, scope: Scope) -> Any:
    value = fold(expr[1], scope)
    if constant(value):
        return value if value is not None else fold(expr[2], scope)
    return ["else", value, fold(expr[2], scope)]


# ------------------------------------------------------------------------------------- values
def _computed(expr: Any, scope: Scope) -> Any:
    """An operation that looks at its operands alone."""
    parts = [fold(e, scope) for e in expr[1:]]
    return build([expr[0], *parts])([None] * SLOTS) if all(map(constant, parts)) else [expr[0], *parts]


def _compared(expr: Any, scope: Scope) -> Any:
    """A comparison, which nothing unset meets."""
    found = _computed(expr, scope)
    return False if isinstance(found, list) and None in found[1:] else found


def _in(expr: Any, scope: Scope) -> Any:
    found = _compared(expr, scope)
    if isinstance(found, list):
        entity, among = scope.entity(found[1]), found[2]
        if among == ():
            return False
        if entity is not None and isinstance(among, tuple) and all(isinstance(v, str) for v in among):
            return not entity.kinds.isdisjoint(among)
    return found


def _parts(expr: Any, scope: Scope) -> Any:
    """An operation that looks at more than its operands."""
    return [expr[0], *(fold(e, scope) for e in expr[1:])]


def _holder(expr: Any, scope: Scope) -> Any:
    return [*expr[:2], *(fold(e, scope) for e in expr[2:])]


# ------------------------------------------------------------------------------------- binders
def _apply(expr: Any, scope: Scope) -> Any:
    arguments = [fold(e, scope) for e in expr[1]]
    entities = {SUBJECT + i: known for i, e in enumerate(arguments) if (known := scope.entity(e)) is not None}
    values = {SUBJECT + i: e for i, e in enumerate(arguments) if constant(e)}
    body = fold(expr[2], Scope(scope.machine, entities, values))
    return body if constant(body) else ["apply", arguments, body]


_LASTING = frozenset(
    ("given", "is", "and", "or", "not", "holds", "when", "else", "=", "!=", "<", "<=", ">", ">=", "in", "meets", "range", "set",
     "+", "-", "*", "/", "%", "negative", "min", "max", "lower", "hex", "bytes", "length", "twice", "power-of-two",
     "piece", "number", "ipv4", "two-to", "strange")
)  # fmt: skip
_OF_NOTHING = {"some": False, "no": True, "every": True, "count": 0, "the": None, "sum": 0}


def _quantified(expr: Any, scope: Scope) -> Any:
    op, kind, slot, source, condition, *value = expr
    if source is None and scope.machine.lacks(kind):
        return _OF_NOTHING[op]
    over = fold(source, scope)
    if source is not None and constant(over) and not isinstance(over, range):
        return _OF_NOTHING[op]
    told = fold(condition, scope.without(slot))
    if told is False and op != "every":
        return _OF_NOTHING[op]
    return [op, kind, slot, over, told, *(fold(e, scope.without(slot)) for e in value)]


_FOLDERS: dict[str, Callable[[Any, Scope], Any]] = {
    "var": _var, "version": _version, "attr": _attr, "template": _template, "given": _given, "is": _is, "role-open": _role,
    "role-replaced": _role, "and": _joined, "or": _joined, "not": _not, "holds": _holds, "when": _when, "else": _else,
    "=": _compared, "!=": _compared, "<": _compared, "<=": _compared, ">": _compared, ">=": _compared, "in": _in,
    "meets": _computed, "range": _computed, "set": _computed, "+": _computed, "-": _computed, "*": _computed, "/": _computed,
    "%": _computed, "negative": _computed, "min": _computed, "max": _computed, "lower": _computed, "hex": _computed,
    "bytes": _computed, "apply": _apply, "some": _quantified, "no": _quantified, "every": _quantified, "count": _quantified,
    "the": _quantified, "sum": _quantified, "length": _computed, "twice": _computed, "power-of-two": _computed,
    "piece": _computed, "number": _computed, "ipv4": _computed, "two-to": _computed, "strange": _computed,
    "backend-kind": _parts, "free-points": _parts, "child-bus": _parts, "under": _parts, "backend-says": _parts,
    "those-on": _parts, "those-off": _parts,
    "members": _parts, "holding": _parts, "repeated": _parts, "largest": _parts, "last": _parts,
    "holder": _holder,
}  # fmt: skip
