"""Rules to their compiled form: what is violated when, in which phase, and which second device is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from qrules.diagnostics import did_you_mean
from qrules.knowledge.folding import fold, needs
from qrules.knowledge.forms import Json, laid
from qrules.knowledge.model import OTHER, RULE
from qrules.knowledge.notes import NoteBook
from qrules.knowledge.resolve import Resolver, conjuncts, variables_of
from qrules.knowledge.scopes import FIRST_FREE, SUBJECT, Scope
from qrules.language import tree
from qrules.language.tree import Expr

PHASES = ("type", "bus", "hotplug", "properties", "pre-plug", "address", "realize", "plug", "start")
WITHOUT = "without rule "  # and the name of one: what a machine that does without it has as an attribute
_VIOLATED = RULE.index("violated")


@dataclass(slots=True)
class RuleCompiler:
    """Compiles the rules of one target. `dimensions` are the parts of all addresses."""

    resolver: Resolver
    notes: NoteBook
    dimensions: frozenset[str] = frozenset()
    judging: frozenset[str] = frozenset()  # profiles that decide nothing
    steps: tuple[str, ...] = ()  # in which elements of documents are completed: a rule can be asked behind one

    def rule(self, rule: tree.Rule, own: Scope | None, profile: str) -> tuple[str, Json] | None:
        """The kind that a rule is about and its compiled form; None when its kind or its condition is of another version.

        `own` is the scope of the block that the rule stands in; None for a rule that names what it is about. The forms are
        `RULE` and `OTHER` of `qrules.knowledge.model`.
        """
        if own is not None:
            compiled = self._compiled(rule, own, [], profile)
            return None if compiled[_VIOLATED] is False else ("", compiled)
        first = rule.binders[0]
        if not self.resolver.world.check(first.kind):
            return None
        scope = Scope({first.variable: SUBJECT})
        others = []
        self._check_binders(rule.binders[1:])
        for binder in rule.binders[1:2]:
            if not self.resolver.world.check(binder.kind):
                return None
            on = self.resolver(binder.on, scope)
            scope = scope.having(binder.variable)
            slot = scope.variables[binder.variable]
            if binder.on is None:
                self.resolver.watched.add(binder.kind.text)
            bound = self._bound(rule, binder.variable, slot, scope)
            others.append(laid(OTHER, kind=binder.kind.text, which=binder.which, on=on, bound=bound, slot=slot))
        compiled = self._compiled(rule, scope, others, profile)
        return None if compiled[_VIOLATED] is False else (first.kind.text, compiled)

    def _compiled(self, rule: tree.Rule, scope: Scope, others: list[Json], profile: str) -> Json:
        condition = self.resolver.condition(rule.condition, scope)
        violated = condition if rule.forbids else fold(["not", condition])
        guard = self.resolver.condition(rule.when, scope)
        note = self.notes.add(rule.span, rule.notes, scope, rule.name.text, profile)
        violated = fold(violated if guard is None else ["and", guard, violated])
        if violated is not False and rule.name.text in self.resolver.world.without:
            violated = fold(["and", ["not", ["holds", ["attr", ["machine"], WITHOUT + rule.name.text]]], violated])
        needed = needs([violated], self.dimensions)
        return laid(RULE, phase=self._phase(rule, profile), others=others, violated=violated, note=note, needs=needed, reads=None)

    def _check_binders(self, others: tuple[tree.Binder, ...]) -> None:
        for binder in others[1:]:
            hint = "ask for a third one with 'some', 'no' or 'count'"
            self.resolver.problem("QR216", "a rule joins two things at the most", binder.span, "one or two of 'KIND name'", hint)
        for binder in others[:1]:
            if binder.which == "all":
                expected = f"'earlier {binder.kind.text} {binder.variable}' or 'another {binder.kind.text} {binder.variable}'"
                self.resolver.problem("QR217", f"which other {binder.kind.text} is meant?", binder.span, expected)

    def _phase(self, rule: tree.Rule, profile: str) -> str | None:
        """Rules of a profile that decides nothing look at the whole when all is plugged: their phase is ``judge``."""
        phase = checked_phase(self.resolver, rule.phase, (*PHASES, *self.steps))
        if profile not in self.judging:
            return phase
        if rule.phase is not None:
            message = f"a rule of the profile '{profile}' has no phase: it looks at the whole"
            self.resolver.problem("QR218", message, rule.phase.span, "no 'at', or a profile with decides = on")
        return "judge"

    def _bound(self, rule: tree.Rule, variable: str, slot: int, scope: Scope) -> Json:
        """Which parts of the second device's address the rule fixes: found then by a look-up, not a walk."""
        bound = []
        for condition in conjuncts(rule.when) + (conjuncts(rule.condition) if rule.forbids else []):
            if condition.op != "=":
                continue
            for mine, other in (condition.args, condition.args[::-1]):
                assert isinstance(mine, Expr)
                assert isinstance(other, Expr)
                if mine.op == "path" and len(mine.args) == 2 and mine.args[0] == variable and mine.args[1] in self.dimensions:
                    value = self.resolver(other, scope)
                    if max(variables_of(value), default=0) < max(slot, FIRST_FREE):
                        bound.append([mine.args[1], value])
                        break
        return bound


def checked_phase(resolver: Resolver, phase: tree.Name | None, known: tuple[str, ...]) -> str | None:
    """The phase of a rule or clause, which has to be one of those that it can have; None where it names none."""
    if phase is None:
        return None
    if phase.text not in known:
        message = f"there is no phase '{phase.text}' here"
        resolver.problem("QR210", message, phase.span, "one of " + ", ".join(known), did_you_mean(phase.text, known))
    return phase.text
