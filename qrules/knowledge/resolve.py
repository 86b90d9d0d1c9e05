"""Expressions of the syntax tree to their compiled form: plain JSON lists, with every name resolved and checked.

A variable becomes a slot number (`qrules.knowledge.scopes`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qrules.diagnostics import Diagnostic, Span, did_you_mean
from qrules.knowledge import sources
from qrules.knowledge.folding import fold
from qrules.knowledge.forms import Json
from qrules.knowledge.functions import CONDITIONS, FUNCTIONS, OF_DEVICES
from qrules.knowledge.scopes import CONTEXT, SUBJECT, Scope
from qrules.knowledge.slots import MODELS, VARIABLES
from qrules.knowledge.world import World
from qrules.language.tree import Expr, Name

_CONDITIONS = frozenset(
    ("and", "or", "not", "=", "!=", "<", "<=", ">", ">=", "is", "in", "meets", "under", "names", "given", "role-open", "some",
     "no", "every", "power-of-two", "holds", "apply", *CONDITIONS)
)  # fmt: skip
_PLAIN = {"=", "!=", "<", "<=", ">", ">=", "in", "meets", "under", "range", "set", "else", "+", "-", "*", "/", "%", "negative"}


@dataclass(slots=True)
class Resolver:
    """Resolves expressions for one target. Problems are collected in the world's list."""

    world: World
    attributes: set[str]
    sorts: dict[str, set[str]] = field(default_factory=dict)  # those that devices, buses, machines and wishes can have
    roles: frozenset[str] = frozenset()
    pools: frozenset[str] = frozenset()
    watched: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)  # attributes whose values are asked, not only whether they are given
    _terms: list[str] = field(default_factory=list)

    def problem(self, code: str, message: str, span: Span, expected: str = "", hint: str = "") -> Json:
        """Notes what is wrong, and gives None as the compiled form, so that the rest is looked at too."""
        self.world.problems.append(Diagnostic(code, message, span, expected, hint))
        return None

    def __call__(self, expr: Expr | None, scope: Scope) -> Json:
        """The compiled form; None for no expression."""
        if expr is None:
            return None
        self.world.spend(1, expr.span)
        method = getattr(self, "_" + expr.op.replace("-", "_"), None) if expr.op not in _PLAIN else None
        if method is not None:
            return fold(method(expr, scope))
        return fold([expr.op, *(self(a, scope) if isinstance(a, Expr) else a for a in expr.args)])

    def condition(self, expr: Expr | None, scope: Scope) -> Json:
        """As `__call__`, for a condition: a value that is no condition by itself holds unless it is unset or ``off``."""
        compiled = self(expr, scope)
        if compiled is None or isinstance(compiled, bool) or (isinstance(compiled, list) and compiled[0] in _CONDITIONS):
            return compiled
        return ["holds", compiled]

    # ------------------------------------------------------------------------------ leaves
    def _literal(self, expr: Expr, scope: Scope) -> Json:
        return expr.args[0]

    def _version(self, expr: Expr, scope: Scope) -> Json:
        return ["version", [int(part) for part in str(expr.args[0]).split(".")]]

    def _template(self, expr: Expr, scope: Scope) -> Json:
        parts: list[Json] = []
        for part in expr.args:
            if isinstance(part, tuple):
                inner, how = part
                parts.append([self(inner, scope), how])
            else:
                parts.append(part)
        return ["template", *parts]

    def _path(self, expr: Expr, scope: Scope) -> Json:
        self.compared.update(str(a) for a in expr.args)
        return self._walked(expr, scope)

    def _walked(self, expr: Expr, scope: Scope) -> Json:
        first, *rest = (str(a) for a in expr.args)
        if first in scope.variables:
            value: Json = ["var", scope.variables[first]]
        elif first in scope.context:
            value = ["var", CONTEXT[first]]
        elif first == "machine":
            value = ["machine"]
        elif first in scope.dimensions:
            value = ["attr", ["var", SUBJECT], first]
        elif scope.subject is not None:
            value = ["attr", ["var", scope.subject], self.attribute(first, expr.span, scope)]
            self._check_own(first, expr.span, scope)
        else:
            known = [*scope.variables, *scope.context, "machine"]
            return self.problem(
                "QR203",
                f"'{first}' is no variable of this rule",
                expr.span,
                "one of " + ", ".join(sorted(known)),
                did_you_mean(first, known),
            )
        for name in rest:
            value = ["attr", value, self.attribute(name, expr.span, scope)]
        return self._of_target(value)

    def _check_own(self, name: str, span: Span, scope: Scope) -> None:
        """A bare name is an attribute of what the block is about: one that only other things can have is never set."""
        if not scope.sort or name in self.sorts[scope.sort] or name not in self.attributes:
            return
        having = [sort for sort, names in self.sorts.items() if sort and name in names]
        if having and name not in self.world.other_properties and not self.world.may_name(name, span):
            expected = f"an attribute of a {scope.sort}, or what leads to a {having[0]} before it, with a dot"
            self.problem("QR204", f"'{name}' is an attribute of a {' or a '.join(having)}, not of a {scope.sort}", span, expected)

    def _of_target(self, value: Json) -> Json:
        """What is known of the machine when rules are compiled: the emulator's version, and the architecture."""
        target = self.world.target
        if value == ["attr", ["machine"], "qemu"]:
            return ["version", [int(part) for part in target.version.split(".") if part.isdigit()]]
        return target.arch if value == ["attr", ["machine"], "arch"] else value

    def attribute(self, name: str, span: Span, scope: Scope) -> str:
        """The name of an attribute; one that nothing has is a problem."""
        self.used.add(name)
        if name not in self.attributes and name not in self.world.other_properties and not self.world.may_name(name, span):
            known = {*self.attributes, *self.world.other_properties, *scope.variables, *scope.context, *scope.dimensions}
            self.problem(
                "QR204",
                f"nothing has an attribute '{name}'",
                span,
                "a property of a catalogue or an attribute that a rule gives",
                did_you_mean(name, known),
            )
        return name

    # ------------------------------------------------------------------------------ conditions
    def _logic(self, expr: Expr, scope: Scope) -> Json:
        return [expr.op, *(self.condition(_expr(a), scope) for a in expr.args)]

    _and = _or = _not = _logic

    def _is(self, expr: Expr, scope: Scope) -> Json:
        kind = expr.args[1]
        assert isinstance(kind, Name)
        self.world.check(kind)
        return ["is", self(_expr(expr.args[0]), scope), kind.text]

    def _names(self, expr: Expr, scope: Scope) -> Json:
        kind = expr.args[1]
        assert isinstance(kind, Name)
        if kind.text != MODELS:
            self.world.check(kind)
        return ["names", self(_expr(expr.args[0]), scope), kind.text]

    def _is_not(self, expr: Expr, scope: Scope) -> Json:
        return ["not", self._is(expr, scope)]

    def _when(self, expr: Expr, scope: Scope) -> Json:
        value, condition, otherwise = expr.args
        return ["when", self(_expr(value), scope), self.condition(_expr(condition), scope), self(_maybe(otherwise), scope)]

    def _of(self, expr: Expr, scope: Scope) -> Json:
        """Attributes of what an expression leads to."""
        value = self(_expr(expr.args[0]), scope)
        self.compared.update(str(name) for name in expr.args[1:])
        for name in expr.args[1:]:
            value = ["attr", value, self.attribute(str(name), expr.span, scope)]
        return value

    def _given(self, expr: Expr, scope: Scope) -> Json:
        asked = _expr(expr.args[0])
        path = self._walked(asked, scope) if asked.op == "path" else self(asked, scope)
        if path is not None and path[0] != "attr":
            return self.problem("QR205", "'given' asks for a property", expr.span, "given NAME or given d.NAME")
        return None if path is None else ["given", path[1], path[2]]

    def _role_open(self, expr: Expr, scope: Scope) -> Json:
        role = str(expr.args[0])
        if role not in self.roles and not self.world.may_name(role, expr.span):
            self.problem(
                "QR222", f"there is no role '{role}'", expr.span, "the role of a default part", did_you_mean(role, self.roles)
            )
        return [expr.op, role]

    _role_replaced = _role_open

    def _holder(self, expr: Expr, scope: Scope) -> Json:
        pool, place, *key = expr.args
        if str(pool) not in self.pools:
            hint = did_you_mean(str(pool), self.pools)
            self.problem("QR223", f"nothing claims '{pool}'", expr.span, "address, or a pool that a device claims", hint)
        return ["holder", pool, self(_expr(place), scope), *(self(_expr(k), scope) for k in key)]

    def _free_points(self, expr: Expr, scope: Scope) -> Json:
        return ["free-points", self(_expr(expr.args[0]), scope)]

    def _quantified(self, expr: Expr, scope: Scope) -> Json:
        binder, condition, *value = expr.args
        assert isinstance(binder, tuple)
        kind, variable, over = binder
        if scope.full:
            return self._too_many(expr.span)
        inner = scope.having(variable)
        source = self(over, scope)
        if not (isinstance(over, Expr) and over.op == "range"):
            self.world.check(kind)
            if over is None:
                self.watched.add(kind.text)
        told = [expr.op, kind.text, inner.variables[variable], source, self.condition(_maybe(condition), inner)]
        return [*told, *(self(_expr(v), inner) for v in value)]

    _some = _no = _every = _count = _the = _sum = _quantified

    def _too_many(self, span: Span) -> Json:
        hint = "say a part of it in a term of its own, which starts with its own variables alone"
        return self.problem("QR229", "too many variables in one rule", span, f"{len(VARIABLES)} at the most", hint)

    def _since(self, expr: Expr, scope: Scope) -> Json:
        """What changed at some time between two versions that were asked: it is taken as changed in all between them."""
        value, before, first = expr.args
        if sources.version_key(str(before)) >= sources.version_key(str(first)):
            return self.problem("QR235", f"{first} is not later than {before}", expr.span, "an earlier version and a later one")
        return [">=", self(_expr(value), scope), ["version", list(sources.after(str(before)))]]

    # ------------------------------------------------------------------------------ calls
    def _call(self, expr: Expr, scope: Scope) -> Json:
        name, *arguments = expr.args
        assert isinstance(name, Name)
        if name.text == "kinds":
            return self._kinds(arguments)
        compiled = [self(_expr(a), scope) for a in arguments]
        if name.text in FUNCTIONS:
            low, high = FUNCTIONS[name.text]
            if not low <= len(compiled) <= high:
                return self.problem("QR206", f"{name.text} takes {low if low == high else f'{low} to {high}'} values", expr.span)
            if OF_DEVICES.get(name.text) == len(compiled) and scope.subject is not None:
                compiled = [["var", scope.subject], *compiled]  # of the block's own device
            return [name.text, *compiled]
        if name.text in self.world.terms:
            return self._term(name, compiled, expr.span)
        known = [*FUNCTIONS, *self.world.terms]
        return self.problem(
            "QR207",
            f"there is no term '{name.text}'",
            expr.span,
            "a term or one of " + ", ".join(FUNCTIONS),
            did_you_mean(name.text, known),
        )

    def _kinds(self, arguments: list[object]) -> Json:
        """A set of kinds, each checked; names that only other versions have are left out."""
        names = [Name(str(_expr(a).args[0]), span=_expr(a).span) for a in arguments]
        return ["set", *(name.text for name in names if self.world.check(name))]

    def _term(self, name: Name, arguments: list[Json], span: Span) -> Json:
        term = self.world.terms[name.text]
        if name.text in self._terms:
            return self.problem("QR208", f"the term '{name.text}' needs itself", span, "terms that are not recursive")
        if len(arguments) != len(term.variables):
            wanted = ", ".join(v.text for v in term.variables)
            return self.problem("QR206", f"{name.text} takes {len(term.variables)} values", span, f"{name.text}({wanted})")
        if len(arguments) > len(VARIABLES):
            return self._too_many(span)
        self._terms.append(name.text)
        scope = Scope({v.text: SUBJECT + i for i, v in enumerate(term.variables)})
        body = self.condition(term.condition, scope)
        self._terms.pop()
        return ["apply", arguments, body]


def _expr(value: object) -> Expr:
    assert isinstance(value, Expr)
    return value


def _maybe(value: object) -> Expr | None:
    assert value is None or isinstance(value, Expr)
    return value


def conjuncts(expr: Expr | None) -> list[Expr]:
    """The conditions that all must hold for `expr` to hold."""
    if expr is None:
        return []
    return [c for a in expr.args for c in conjuncts(_expr(a))] if expr.op == "and" else [expr]


def variables_of(compiled: Json) -> set[int]:
    """The slots that a compiled expression reads."""
    if not isinstance(compiled, list):
        return set()
    if compiled and compiled[0] == "var":
        return {compiled[1]}
    return set().union(*(variables_of(part) for part in compiled)) if compiled else set()
