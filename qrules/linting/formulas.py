"""Conditions of the syntax tree as formulas over unknowns, which the engine's own closures can evaluate.

What only a machine that stands could tell (a property, who holds an address, how many cards there are) becomes an unknown with a
few values that stand for all: each constant that it is compared with, what lies beside and between them, and *unset*. Two
unknowns are one where their text is the same. So whatever some machine can be is among the values (never the other way round:
unknowns that depend on each other may have values here that no machine gives them).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from qrules.knowledge import sources
from qrules.knowledge.functions import CONDITIONS
from qrules.language.tree import Expr, Name, Term

_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_MOST_OF_RANGE = 500  # numbers of a range within a set; of more no formula is made
_DEEP = 20  # terms within terms
_MOST_PARTS = 1_000  # of conditions; what comes after them is one unknown each
_LONG = 1_000  # characters of an unknown's name
_OTHER = "(another text)"


@dataclass(frozen=True, slots=True)
class Scope:
    """What names stand for: `known` maps variables to what formulas call them, `subject` is what bare names belong to."""

    known: dict[str, str]
    subject: str = "self"
    depth: int = 0


@dataclass(slots=True)
class Formula:
    """Unknowns and what is known of them. `kinds` are the questions "is it of that kind", by whom they are about."""

    terms: dict[str, Term]
    numbers: dict[str, int] = field(default_factory=dict)  # of unknowns, by their text: the slot in a frame
    switches: set[int] = field(default_factory=set)  # those that are only true or false
    counted: set[int] = field(default_factory=set)  # those that are numbers from 0, and never unset
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    size: int = 0  # parts of conditions
    _same: dict[int, int] = field(default_factory=dict)  # unknowns that are compared with one another
    _constants: dict[int, set[Any]] = field(default_factory=dict)

    # ------------------------------------------------------------------------------ conditions
    def condition(self, expr: Expr, scope: Scope) -> Any:
        """The compiled form of a condition, in the unknowns of this formula."""
        self.size += 1
        if self.size > _MOST_PARTS:
            return self._switch(self.text(expr, scope))
        match expr:
            case Expr(op="and" | "or" | "not"):
                return [expr.op, *(self.condition(a, scope) for a in expr.args if isinstance(a, Expr))]
            case Expr(op="literal", args=(bool() as constant,)):
                return constant
            case Expr(op="is" | "is-not", args=(Expr() as whom, Name() as kind)):
                asked = self._kind(self.text(whom, scope), kind.text)
                return asked if expr.op == "is" else ["not", asked]
            case Expr(op="no", args=args):
                return ["not", self._switch(self.text(Expr("some", args, span=expr.span), scope))]
            case Expr(op="call", args=(Name() as name, *arguments)) if name.text in self.terms and scope.depth < _DEEP:
                term = self.terms[name.text]
                texts = [self.text(a, scope) for a in arguments if isinstance(a, Expr)]
                inner = Scope({v.text: t for v, t in zip(term.variables, texts, strict=False)}, "", scope.depth + 1)
                return self.condition(term.condition, inner)
            case Expr(op="when"):
                value, when, otherwise = expr.args
                if isinstance(value, Expr) and isinstance(when, Expr) and isinstance(otherwise, Expr):
                    return ["when", self.condition(value, scope), self.condition(when, scope), self.condition(otherwise, scope)]
        compared = self._comparison(expr, scope)
        if compared is not None:
            return compared
        if _only_true_or_false(expr):
            return self._switch(self.text(expr, scope))
        value = self.value(expr, scope)
        self._constants.setdefault(self._root(value[1]), set()).update((True, False))
        return ["holds", value]

    def _comparison(self, expr: Expr, scope: Scope) -> Any:
        if expr.op == "since":
            value, before, _ = expr.args
            bound = Expr("version", (".".join(map(str, sources.after(str(before)))),), span=expr.span)
            return self._comparison(Expr(">=", (value, bound), span=expr.span), scope)
        if expr.op not in (*_COMPARED, "in") or not all(isinstance(a, Expr) for a in expr.args):
            return None
        left, right = (a for a in expr.args if isinstance(a, Expr))
        constants: set[Any] = set()
        sides = [
            self._side(left, scope, constants),
            self._among(right, scope, constants) if expr.op == "in" else self._side(right, scope, constants),
        ]
        if None in sides:
            return self._switch(self.text(expr, scope))
        unknown = [side[1] for side in sides if isinstance(side, list) and side[0] == "var"]
        for other in unknown[1:]:
            self._join(unknown[0], other)
        if unknown:
            self._constants.setdefault(self._root(unknown[0]), set()).update(constants)
        return [expr.op, *sides]

    def _side(self, expr: Expr, scope: Scope, constants: set[Any]) -> Any:
        """A constant or an unknown."""
        constant = _constant(expr)
        if constant is None:
            return self.value(expr, scope)
        constants.add(constant)
        return ["version", list(constant)] if isinstance(constant, tuple) else constant

    def _among(self, expr: Expr, scope: Scope, constants: set[Any]) -> Any:
        """A range or set of constants; None for another one."""
        parts = [a for a in expr.args if isinstance(a, Expr)]
        if expr.op == "range":
            ends = [_constant(part) for part in parts]
            if any(end is None or isinstance(end, (str, bool)) for end in ends):
                return None
            constants.update(ends)
            return ["range", *(["version", list(end)] if isinstance(end, tuple) else end for end in ends)]
        if expr.op != "set":
            return None
        made = []
        for part in parts:
            if part.op == "range":
                low, high = (_constant(end) for end in part.args if isinstance(end, Expr))
                if not isinstance(low, int) or not isinstance(high, int) or high - low > _MOST_OF_RANGE:
                    return None
                made.append(["range", low, high])
                constants.update((low, high))
                continue
            one = _constant(part)
            if one is None:
                return None
            constants.add(one)
            made.append(["version", list(one)] if isinstance(one, tuple) else one)
        return ["set", *made]

    # ------------------------------------------------------------------------------ unknowns
    def value(self, expr: Expr, scope: Scope) -> Any:
        """An unknown value."""
        number = self._number(self.text(expr, scope))
        self._constants.setdefault(self._root(number), set())
        if expr.op in ("count", "free-points"):
            self.counted.add(number)
        return ["var", number]

    def _switch(self, text: str) -> Any:
        number = self._number(text)
        self.switches.add(number)
        return ["var", number]

    def _kind(self, whom: str, kind: str) -> Any:
        number = self._number(f"{whom} is {kind}")
        self.switches.add(number)
        self.kinds.setdefault(whom, {})[kind] = number
        return ["var", number]

    def is_of(self, whom: str, kind: str) -> Any:
        """That something is of a kind, as a condition."""
        return self._kind(whom, kind)

    def _number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))

    def _root(self, number: int) -> int:
        while number in self._same:
            number = self._same[number]
        return number

    def _join(self, one: int, other: int) -> None:
        one, other = self._root(one), self._root(other)
        if one != other:
            self._same[other] = one
            self._constants.setdefault(one, set()).update(self._constants.pop(other, set()))

    def text(self, expr: object, scope: Scope) -> str:
        """What an expression is called: the same for two that are the same."""
        found = self._text(expr, scope)
        return found if len(found) <= _LONG else hashlib.sha256(found.encode("utf-8", "surrogatepass")).hexdigest()

    def _text(self, expr: object, scope: Scope) -> str:
        match expr:
            case Expr(op="path", args=(str() as first, *rest)):
                if first in scope.known:
                    return ".".join((scope.known[first], *map(str, rest)))
                base = () if first == "machine" or not scope.subject else (scope.subject,)
                return ".".join((*base, first, *map(str, rest)))
            case Expr(op="some" | "no" | "every" | "count" | "the" | "sum", args=((kind, variable, over), *others)):
                inner = Scope({**scope.known, str(variable): f"${len(scope.known)}"}, scope.subject, scope.depth)
                return f"{expr.op} {self.text(kind, scope)} {self.text(over, scope)} {[self.text(o, inner) for o in others]}"
            case Expr():
                return f"({expr.op} {' '.join(self.text(a, scope) for a in expr.args)})"
            case Name():
                return expr.text
            case tuple():
                return f"({', '.join(self.text(a, scope) for a in expr)})"
            case _:
                return repr(expr)

    # ------------------------------------------------------------------------------ values
    def domain(self, number: int) -> list[Any]:
        """The values that stand for all that an unknown can be."""
        if number in self.switches:
            return [False, True]
        constants = self._constants.get(self._root(number), set())
        several = sum(self._root(n) == self._root(number) for n in self.numbers.values()) - 1
        found: dict[Any, None] = {}
        for one in sorted(constants, key=repr):
            found.update(dict.fromkeys(_wrapped(v) for v in _beside(one)))
        numbers = range(-1, several + 2) if several else range(0)
        found.update(dict.fromkeys(_wrapped(v) for v in (*numbers, *(f"{_OTHER} {n}" for n in range(1 + several)))))
        if number in self.counted:
            return sorted({0, *(v for _, v in found if type(v) is int and v >= 0)})
        return [None, *(value for _, value in found)]


def _wrapped(value: Any) -> tuple[str, Any]:
    """A value that is not taken for another one: to Python ``True`` is 1."""
    return type(value).__name__, value


def _beside(constant: Any) -> list[Any]:
    """A constant and what lies next to it."""
    if isinstance(constant, bool):
        return [constant]
    if isinstance(constant, int):
        return [constant - 1, constant, constant + 1, *_beside((constant,))]
    if isinstance(constant, tuple):
        *first, last = constant
        return [(*first, last - 1), constant, (*constant, 1), (*first, last + 1)]
    return [constant]


def _constant(expr: Expr) -> Any:
    """The value of an expression that is one already; None for another one."""
    if expr.op == "literal":
        return expr.args[0]
    if expr.op == "version":
        return tuple(int(part) for part in str(expr.args[0]).split("."))
    if expr.op == "template" and all(isinstance(part, str) for part in expr.args):
        return "".join(str(part) for part in expr.args)
    return None


def _only_true_or_false(expr: Expr) -> bool:
    if expr.op == "call" and isinstance(expr.args[0], Name):
        return expr.args[0].text in CONDITIONS
    return expr.op in ("some", "every", "given", "meets", "under", "names", "since", "role-open", "role-replaced", "power-of-two")
