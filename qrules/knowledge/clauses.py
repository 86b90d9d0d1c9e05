"""Clauses and rules to their compiled form: lists whose places `qrules.linked` names (`CompiledRule`, `CompiledPart`, ...).

Each compiled clause ends with the number of its note: where it stands, why, by which source, in which words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qrules.diagnostics import Span, did_you_mean
from qrules.knowledge.folding import fold, needs
from qrules.knowledge.phrases import Texts, phrases
from qrules.knowledge.resolve import Json, Resolver, conjuncts, variables_of
from qrules.knowledge.scopes import FIRST_FREE, SELF, SUBJECT, Scope
from qrules.language import tree
from qrules.language.tree import Expr, Notes

_HELD = ("holder", "limit", "key")
_VALUE = ("text", "property", "name", "limit", "low", "high")
_NAMING = ("n", "nth", "counter")
PHASES = ("type", "bus", "hotplug", "properties", "pre-plug", "address", "realize", "plug", "start")
_CLAIMING = PHASES[1:7]  # before the device stands
_FILLING = PHASES[4:8]


@dataclass(slots=True)
class NoteBook:
    """All notes of a target's rules: ``[file, line, name, profile, because, see, {occasion: words}, instead]``."""

    resolver: Resolver
    files: dict[str, int] = field(default_factory=dict)
    entries: list[Json] = field(default_factory=list)
    texts: Texts = field(default_factory=dict)  # of attributes
    phrases: dict[int, Json] = field(default_factory=dict)  # the same sentences as patterns, for messages to be found in

    def add(self, span: Span, notes: Notes, scope: Scope, name: str = "", profile: str = "") -> int:
        file = self.files.setdefault(span.file, len(self.files))
        words = {occasion: self.resolver(template, scope) for occasion, template in notes.words}
        self.entries.append(
            [
                file,
                span.line,
                name,
                profile,
                self.resolver(notes.because, scope),
                [list(s) for s in notes.see],
                words,
                self.resolver(notes.instead, scope),
            ]
        )
        if notes.words or notes.because is not None:
            self.phrases[len(self.entries) - 1] = phrases(notes, self.texts)
        return len(self.entries) - 1


@dataclass(slots=True)
class ClauseCompiler:
    """Compiles the clauses of one target."""

    resolver: Resolver
    notes: NoteBook
    dimensions: frozenset[str] = frozenset()
    judging: frozenset[str] = frozenset()  # profiles that decide nothing

    # ------------------------------------------------------------------------------ small pieces
    def attributes(self, clauses: tuple[tree.Attribute, ...], scope: Scope) -> dict[str, Json]:
        return {a.name: [self.resolver(a.value, scope), self.notes.add(a.span, a.notes, scope)] for a in clauses}

    def domain(self, use: tree.DomainUse, scope: Scope) -> Json:
        if use.form == "range":
            return ["range", *(self.resolver(a, scope) for a in use.args if isinstance(a, Expr))]
        return [use.form, *use.args]

    def fill(self, fill: tree.Fill | None, scope: Scope) -> Json:
        if fill is None:
            return None
        return [
            fill.how,
            self.resolver(fill.argument, scope),
            self.resolver.condition(fill.unless, scope),
            self.resolver.condition(fill.when, scope),
            self.fill(fill.otherwise, scope),
        ]

    # ------------------------------------------------------------------------------ clauses
    def property(self, clause: tree.Property, scope: Scope, name: str = "") -> Json:
        inner = scope.with_context(_VALUE)
        return [
            self.domain(clause.domain, scope),
            self.resolver(clause.default, scope),
            self.notes.add(clause.span, clause.notes, inner, name),
        ]

    def provides(self, clause: tree.Provides, scope: Scope) -> Json:
        naming = scope.with_context(_NAMING)
        self.resolver.world.check_kind(clause.kind, "bus")
        for accepted in clause.accepts:
            self.names(accepted.names)
        return [
            clause.kind.text,
            self.resolver(clause.many, scope),
            self.resolver(clause.called, naming),
            self.resolver(clause.otherwise, naming),
            self.resolver.condition(clause.when, scope),
            self.attributes(clause.attributes, naming),
            [[n.text for n in a.names] for a in clause.accepts] or None,
            self.notes.add(clause.span, clause.notes, scope),
        ]

    def points(self, clause: tree.Points, scope: Scope) -> Json:
        inner = scope.with_context(("n",))
        return [
            self.resolver(clause.range, scope),
            self.resolver(clause.template, inner),
            self.resolver(clause.on, scope),
            self.resolver.condition(clause.when, scope),
            self.attributes(clause.attributes, inner),
            self.notes.add(clause.span, clause.notes, scope),
        ]

    def claims(self, clause: tree.Claims, scope: Scope) -> Json:
        said = scope.with_context(_HELD)
        key = [self.resolver(k, scope) for k in clause.key]
        when = self.resolver.condition(clause.when, scope)
        return [
            clause.pool,
            key,
            self.resolver(clause.scope, scope),
            self.resolver(clause.limit, scope),
            self.phase(clause.phase, _CLAIMING),
            when,
            self.notes.add(clause.span, clause.notes, said, clause.pool),
            needs([when, *key], self.dimensions),
        ]

    def fills(self, clause: tree.Fills, scope: Scope) -> Json:
        said = scope.with_context((*_HELD, "low", "high", "text"))
        return [
            clause.property,
            self.fill(clause.fill, scope),
            self.phase(clause.phase, _FILLING),
            self.notes.add(clause.span, clause.notes, said, clause.property),
        ]

    def part(self, clause: tree.Part, scope: Scope) -> Json:
        self.resolver.world.check_kind(clause.type, "device")
        place = clause.place
        for value in clause.values:
            if value.name == "id":
                self.resolver.problem(
                    "QR215", "a part's id stands on its own line", value.span, f'{clause.type.text} ... id "NAME"'
                )
        each: Json = None
        if clause.each is not None:
            scope = scope.having(clause.each.variable)
            if clause.each.kind.text not in self.resolver.world.wishes:
                self.resolver.problem("QR227", f"there is no wish '{clause.each.kind.text}'", clause.each.kind.span, "a wish")
            self.resolver.watched.add(clause.each.kind.text)
            each = [clause.each.kind.text, scope.variables[clause.each.variable], clause.each.order]
        inner = scope.with_context(("n",))
        return [
            clause.type.text,
            clause.role,
            self.resolver(clause.many, scope),
            self.resolver(place, inner if clause.each is not None else scope),
            self.resolver(clause.at, inner),
            self.resolver(clause.id, inner),
            clause.before,
            clause.sharing,
            self.resolver.condition(clause.when, scope),
            {a.name: self.resolver(a.value, inner) for a in clause.values},
            self.notes.add(clause.span, clause.notes, scope),
            each,
            self.resolver(clause.named, scope),
            clause.after,
        ]

    def becomes(self, clause: tree.Becomes, scope: Scope) -> Json:
        """``[type or expression or None, advised, when, values, note]``; None where this version has no such type."""
        gone = isinstance(clause.type, tree.Name) and clause.type.text == "nothing"
        inner = scope.with_context(("n",))
        compiled = [
            None if gone else self.resolver(clause.type, scope) if isinstance(clause.type, Expr) else clause.type.text,
            clause.advised,
            self.resolver.condition(clause.when, scope),
            {a.name: self.resolver(a.value, inner) for a in clause.values},
            self.notes.add(clause.span, clause.notes, scope, "suggests" if clause.advised else "becomes"),
        ]
        if isinstance(clause.type, tree.Name) and not gone and not self.resolver.world.check_kind(clause.type, "device"):
            return None
        return compiled

    def addressed(self, clause: tree.Addressed) -> Json:
        dimensions = frozenset(d.name for d in clause.dimensions)
        scope = Scope({"d": SUBJECT}, SELF, dimensions)
        said = scope.with_context((*_HELD, *_VALUE))
        compiled = [
            [
                d.name,
                self.resolver(d.range, scope),
                self.fill(d.fill, scope),
                self.notes.add(d.span, d.notes, said, d.name),
                any(occasion == "outside" for occasion, _ in d.notes.words),
            ]
            for d in clause.dimensions
        ]
        note = self.notes.add(clause.span, clause.notes, said, clause.property)
        return [clause.property, clause.told_as, clause.written, clause.shown, clause.packed, clause.shared, compiled, note]

    def names(self, names: tuple[tree.Name, ...]) -> list[str]:
        return [n.text for n in names if self.resolver.world.check_kind(n, "device")]

    # ------------------------------------------------------------------------------ rules
    def rule(self, rule: tree.Rule, own: Scope | None, profile: str) -> tuple[str, Json] | None:
        """The kind that a rule is about and its compiled form; None when its kind or its condition is of another version.

        `[phase, [binder, ...], violated-when, note, needs]`; a binder is `[kind, which, bus, [[dimension, value], ...], slot]`.
        """
        if own is not None:
            compiled = self._rule(rule, own, [], profile)
            return None if compiled[2] is False else ("", compiled)
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
            others.append([binder.kind.text, binder.which, on, self._bound(rule, binder.variable, slot, scope), slot])
        compiled = self._rule(rule, scope, others, profile)
        return None if compiled[2] is False else (first.kind.text, compiled)

    def _rule(self, rule: tree.Rule, scope: Scope, others: list[Json], profile: str) -> Json:
        condition = self.resolver.condition(rule.condition, scope)
        violated = condition if rule.forbids else fold(["not", condition])
        guard = self.resolver.condition(rule.when, scope)
        note = self.notes.add(rule.span, rule.notes, scope, rule.name.text, profile)
        violated = fold(violated if guard is None else ["and", guard, violated])
        return [self._rule_phase(rule, profile), others, violated, note, needs([violated], self.dimensions)]

    def _check_binders(self, others: tuple[tree.Binder, ...]) -> None:
        for binder in others[1:]:
            hint = "ask for a third one with 'some', 'no' or 'count'"
            self.resolver.problem("QR216", "a rule joins two things at the most", binder.span, "one or two of 'KIND name'", hint)
        for binder in others[:1]:
            if binder.which == "all":
                expected = f"'earlier {binder.kind.text} {binder.variable}' or 'another {binder.kind.text} {binder.variable}'"
                self.resolver.problem("QR217", f"which other {binder.kind.text} is meant?", binder.span, expected)

    def _rule_phase(self, rule: tree.Rule, profile: str) -> str | None:
        """Rules of a profile that decides nothing look at the whole when all is plugged: their phase is ``judge``."""
        phase = self.phase(rule.phase, PHASES)
        if profile not in self.judging:
            return phase
        if rule.phase is not None:
            message = f"a rule of the profile '{profile}' has no phase: it looks at the whole"
            self.resolver.problem("QR218", message, rule.phase.span, "no 'at', or a profile with decides = on")
        return "judge"

    def phase(self, phase: tree.Name | None, known: tuple[str, ...]) -> str | None:
        if phase is None:
            return None
        if phase.text not in known:
            message = f"there is no phase '{phase.text}' here"
            self.resolver.problem("QR210", message, phase.span, "one of " + ", ".join(known), did_you_mean(phase.text, known))
        return phase.text

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
