"""Rules and conditions that decide nothing: what can never be, and what always is (QR605, QR606, QR607)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from qrules.language import tree
from qrules.language.tree import Expr
from qrules.linting.conditions import MOST_UNKNOWNS, Budget, can_hold
from qrules.linting.formulas import Formula, Scope
from qrules.linting.kinds import Kinds
from qrules.rulesets.lint import Finding


class Subject(NamedTuple):
    """What a clause is about: the names of variables, and of which kinds they are."""

    scope: Scope
    kinds: tuple[tuple[str, tuple[str, ...]], ...]  # what a formula calls something, and of one of which kinds it is


class Vacuous:
    """Looks for conditions that decide nothing. `undecided` counts those that took too long to tell."""

    def __init__(self, said: list[tree.Statement], kinds: Kinds) -> None:
        self._kinds = kinds
        self._terms = {s.name.text: s for s in said if isinstance(s, tree.Term)}
        self.undecided = 0
        self.budget = Budget()

    def findings(self, said: list[tree.Statement]) -> Iterator[Finding]:
        """What is found in rules and conditions, in the order of the text."""
        for statement in said:
            if isinstance(statement, tree.Rule):
                yield from self._rule(statement, _of_rule(statement))
            elif isinstance(statement, tree.Block):
                about = _of_block(statement)
                for clause in statement.clauses:
                    if isinstance(clause, tree.Rule):
                        yield from self._rule(clause, about)
                    else:
                        yield from self._conditions(clause, about)

    # ------------------------------------------------------------------------------ rules
    def _rule(self, rule: tree.Rule, about: Subject) -> Iterator[Finding]:
        if rule.when is not None:
            decided = self._decided(rule.when, about)
            if decided is not None:
                what = "never fires: its 'when' can't hold" if decided is False else "has a 'when' that always holds"
                yield Finding("QR605" if decided is False else "QR607", f"the rule '{rule.name.text}' {what}", rule.when.span)
                if decided is False:
                    return
        code, what = self._violated(rule, about)
        if code:
            yield Finding(code, f"the rule '{rule.name.text}' {what}", rule.condition.span)
            return
        for whole in (rule.when, rule.condition):
            if whole is not None:
                yield from self._parts(whole, about)

    def _violated(self, rule: tree.Rule, about: Subject) -> tuple[str, str]:
        formula = Formula(self._terms)
        given = self._given(formula, about)
        when = formula.condition(rule.when, about.scope) if rule.when is not None else True
        condition = formula.condition(rule.condition, about.scope)
        violated = condition if rule.forbids else ["not", condition]
        word = "forbids" if rule.forbids else "requires"
        if self._ask(formula, [*given, when, violated]) is False:
            can = "can't be" if rule.forbids else "is always so"
            return "QR605", f"never fires: what it {word} {can}" + (" where its 'when' holds" if rule.when is not None else "")
        if rule.condition.op != "literal" and self._ask(formula, [*given, when, ["not", violated]]) is False:
            can = "is always so" if rule.forbids else "can't be"
            return "QR606", f"always fires: what it {word} {can}" + (" where its 'when' holds" if rule.when is not None else "")
        return "", ""

    # ------------------------------------------------------------------------------ conditions
    def _conditions(self, clause: tree.Clause, about: Subject) -> Iterator[Finding]:
        for expr in conditions_of(clause):
            decided = self._decided(expr, about)
            if decided is not None:
                yield Finding("QR607", f"this condition {'always holds' if decided else 'can never hold'}", expr.span)
            else:
                yield from self._parts(expr, about)

    def _parts(self, expr: Expr, about: Subject) -> Iterator[Finding]:
        """Parts of a condition that are decided by themselves, and those that the other parts decide."""
        if expr.op == "not" and isinstance(expr.args[0], Expr):
            yield from self._parts(expr.args[0], about)
        if expr.op not in ("and", "or"):
            return
        parts = [a for a in expr.args if isinstance(a, Expr)]
        for part in parts:
            decided = self._decided(part, about)
            if decided is not None:
                yield Finding("QR607", f"this part of a condition {'always holds' if decided else 'can never hold'}", part.span)
                return
        for number, part in enumerate(parts if len(parts) <= MOST_UNKNOWNS else ()):
            if self._follows(part, parts[:number] + parts[number + 1 :], about, expr.op):
                told = "follows from the rest" if expr.op == "and" else "adds nothing to the rest"
                yield Finding("QR607", f"this part of a condition {told}: it decides nothing", part.span)
                return
        for part in parts:
            yield from self._parts(part, about)

    def _follows(self, part: Expr, rest: list[Expr], about: Subject, op: str) -> bool:
        """Whether `part` decides nothing beside `rest`: in an ``and`` it follows from them, in an ``or`` they follow from it."""
        formula = Formula(self._terms)
        given = self._given(formula, about)
        own, others = formula.condition(part, about.scope), [formula.condition(r, about.scope) for r in rest]
        asked = [["not", own], *others] if op == "and" else [own, *(["not", other] for other in others)]
        return self._ask(formula, [*given, *asked]) is False

    def _decided(self, expr: Expr, about: Subject) -> bool | None:
        """Whether a condition always holds (True) or never does (False); None where it depends, or a constant is written."""
        if expr.op == "literal":
            return None
        formula = Formula(self._terms)
        given = self._given(formula, about)
        condition = formula.condition(expr, about.scope)
        if self._ask(formula, [*given, condition]) is False:
            return False
        return True if self._ask(formula, [*given, ["not", condition]]) is False else None

    def _given(self, formula: Formula, about: Subject) -> list[object]:
        given: list[object] = []
        for whom, names in about.kinds:
            of = [formula.is_of(whom, name) for name in names if self._kinds.known(name)]
            if of:
                given.append(["or", *of, False])
        return given

    def _ask(self, formula: Formula, conditions: list[object]) -> bool | None:
        answer = can_hold(formula, conditions, self._kinds, self.budget)
        self.undecided += answer is None
        return answer


def conditions_of(node: object) -> Iterator[Expr]:
    """The conditions of a clause: what stands behind ``when``, of lines below it, too."""
    if isinstance(node, Expr):
        if node.op == "when" and isinstance(node.args[1], Expr):
            yield node.args[1]
        for argument in node.args:
            yield from conditions_of(argument)
    elif isinstance(node, tuple):
        for one in node:
            yield from conditions_of(one)
    elif is_dataclass(node) and not isinstance(node, type):
        for f in fields(node):
            value = getattr(node, f.name)
            if f.name in ("when", "unless") and isinstance(value, Expr):
                yield value
            elif f.name != "span":
                yield from conditions_of(value)


def _of_rule(rule: tree.Rule) -> Subject:
    known = {binder.variable: binder.variable for binder in rule.binders}
    return Subject(Scope(known, ""), tuple((b.variable, (b.kind.text,)) for b in rule.binders))


def _of_block(block: tree.Block) -> Subject:
    names = tuple(name.text for name in block.names)
    if block.what == "bus":
        return Subject(Scope({"d": "d"}), (("self", names),))
    if block.what == "machine":
        return Subject(Scope({}, "machine"), ())
    return Subject(Scope({"d": "self"}), (("self", names),) if block.what == "device" else ())
