"""Clauses to their compiled form: lists whose places `qrules.knowledge.model` names.

Each compiled clause holds the number of its note: where it stands, why, by which source, in which words.
"""

from __future__ import annotations

from dataclasses import dataclass

from qrules.knowledge.folding import needs
from qrules.knowledge.forms import MANY, Json, laid, wrong_form
from qrules.knowledge.model import (
    ACCEPTS,
    ADDRESSED,
    ATTRIBUTE,
    BECOMES,
    CALLED,
    CLAIM,
    DIMENSION,
    EACH,
    FILL,
    FILLS,
    PART,
    POINTS,
    PROPERTY,
    PROVIDES,
    SUPPRESSES,
    UNKNOWN,
)
from qrules.knowledge.notes import NoteBook
from qrules.knowledge.resolve import Resolver
from qrules.knowledge.rules import PHASES, checked_phase
from qrules.knowledge.scopes import SELF, SUBJECT, Scope
from qrules.language import tree
from qrules.language.tree import Expr

_HELD = ("holder", "limit", "key")
_VALUE = ("text", "property", "name", "limit", "low", "high", "near")
_NAMING = ("n", "nth", "counter")
_CLAIMING = PHASES[1:7]  # before the device stands
_FILLING = PHASES[4:8]


@dataclass(slots=True)
class ClauseCompiler:
    """Compiles the clauses of one target: a method a clause, which gives the form of that name in `qrules.knowledge.model`.

    What is wrong with a clause becomes a problem of the resolver; the method gives something all the same, so that what else
    is wrong is found too. `dimensions` are the parts of all addresses.
    """

    resolver: Resolver
    notes: NoteBook
    dimensions: frozenset[str] = frozenset()

    # ------------------------------------------------------------------------------ small pieces
    def many(self, expr: Expr | None, scope: Scope) -> Json:
        """How many of something; a number that is more than are ever made is a problem."""
        if expr is not None and expr.op == "literal" and type(expr.args[0]) is int and expr.args[0] > MANY:
            self.resolver.problem("QR231", f"{expr.args[0]:,} of one line", expr.span, f"{MANY:,} at the most")
        return self.resolver(expr, scope)

    def range(self, expr: Expr | None, scope: Scope) -> Json:
        """A range of which each number is made or taken; one of too many is a problem."""
        if expr is not None and expr.op == "range":
            low, high = (e.args[0] if isinstance(e, Expr) and e.op == "literal" else None for e in expr.args)
            if type(low) is int and type(high) is int and high - low >= MANY:
                self.resolver.problem("QR231", f"{high - low + 1:,} numbers at once", expr.span, f"{MANY:,} at the most")
        return self.resolver(expr, scope)

    def attributes(self, clauses: tuple[tree.Attribute, ...], scope: Scope) -> dict[str, Json]:
        """What the lines below a clause give, by name."""
        return {
            a.name: laid(ATTRIBUTE, value=self.resolver(a.value, scope), note=self.notes.add(a.span, a.notes, scope))
            for a in clauses
        }

    def attribute(self, clause: tree.Attribute, scope: Scope) -> Json:
        """What a kind or family has under a name, and where that is said."""
        note = self.notes.add(clause.span, clause.notes, scope)
        return laid(ATTRIBUTE, value=self.resolver(clause.value, scope), note=note)

    def domain(self, use: tree.DomainUse, scope: Scope) -> Json:
        """``[form, ...]``: the ends of a range as expressions, or the words of any other domain as they are."""
        if use.form in ("range", "bytes"):
            return [use.form, *(self.resolver(a, scope) for a in use.args if isinstance(a, Expr))]
        return [use.form, *use.args]

    def fill(self, fill: tree.Fill | None, scope: Scope) -> Json:
        """How a value is found that nobody wrote; None for no fill."""
        if fill is None:
            return None
        return laid(
            FILL,
            how=fill.how,
            argument=self.resolver(fill.argument, scope),
            unless=self.resolver.condition(fill.unless, scope),
            when=self.resolver.condition(fill.when, scope),
            otherwise=self.fill(fill.otherwise, scope),
        )

    def names(self, names: tuple[tree.Name, ...]) -> list[str]:
        """The device types, interfaces and groups among the names that this target has."""
        return [n.text for n in names if self.resolver.world.check_kind(n, "device")]

    # ------------------------------------------------------------------------------ what kinds are and have
    def property(self, clause: tree.Property, scope: Scope, name: str = "") -> Json:
        """One of the properties that the clause is about; `name` is that of its note."""
        inner = scope.with_context(_VALUE)
        return laid(
            PROPERTY,
            domain=self.domain(clause.domain, scope),
            default=self.resolver(clause.default, scope),
            note=self.notes.add(clause.span, clause.notes, inner, name),
        )

    def fact(self, clause: tree.Fact, scope: Scope) -> list[Json]:
        """A property for each of the facts, all with one note."""
        note = self.notes.add(clause.span, tree.Notes(), scope)
        return [
            laid(PROPERTY, domain=self.domain(clause.domain, scope), default=self.resolver(clause.default, scope), note=note)
            for _ in clause.names
        ]

    def accepts(self, clause: tree.Accepts, scope: Scope) -> Json:
        """What a bus says it supports."""
        note = self.notes.add(clause.span, tree.Notes(), scope)
        names, when = self.names(clause.names), self.resolver.condition(clause.when, scope)
        return laid(ACCEPTS, names=names, when=when, note=note)

    def called(self, clause: tree.Called, scope: Scope) -> Json:
        """How a bus is named, and how where a hole of that is unset."""
        naming = scope.with_context(_NAMING)
        return laid(CALLED, name=self.resolver(clause.name, naming), otherwise=self.resolver(clause.otherwise, naming))

    def addressed(self, clause: tree.Addressed) -> Json:
        """An address scheme."""
        scope = Scope({"d": SUBJECT}, SELF, frozenset(d.name for d in clause.dimensions), sort="bus")
        said = scope.with_context((*_HELD, *_VALUE))
        for text in (clause.written, clause.shown):
            wrong = wrong_form(text, [d.name for d in clause.dimensions]) if text is not None else ""
            if wrong:
                self.resolver.problem(
                    "QR232", f"this is no form of an address: {wrong}", clause.span, 'such as "{slot:x}[.{function:x}]"'
                )
        return laid(
            ADDRESSED,
            property=clause.property,
            told_as=clause.told_as,
            written=clause.written,
            shown=clause.shown,
            packed=clause.packed,
            shared=clause.shared,
            dimensions=[self._dimension(d, scope, said) for d in clause.dimensions],
            note=self.notes.add(clause.span, clause.notes, said, clause.property),
        )

    def _dimension(self, dimension: tree.Dimension, scope: Scope, said: Scope) -> Json:
        return laid(
            DIMENSION,
            name=dimension.name,
            range=self.resolver(dimension.range, scope),
            fill=self.fill(dimension.fill, scope),
            note=self.notes.add(dimension.span, dimension.notes, said, dimension.name),
            worded=any(occasion == "outside" for occasion, _ in dimension.notes.words),
        )

    def unknown(self, clause: tree.Unknown, scope: Scope) -> Json:
        """What is not modelled, or taken as given."""
        note = self.notes.add(clause.span, tree.Notes(), scope)
        when = self.resolver.condition(clause.when, scope)
        return laid(UNKNOWN, text=self.resolver(clause.text, scope), when=when, note=note)

    # ------------------------------------------------------------------------------ what devices bring and hold
    def provides(self, clause: tree.Provides, scope: Scope) -> Json:
        """The buses that a device or machine makes."""
        naming = scope.with_context(_NAMING)
        self.resolver.world.check_kind(clause.kind, "bus")
        for accepted in clause.accepts:
            self.names(accepted.names)
        return laid(
            PROVIDES,
            kind=clause.kind.text,
            many=self.many(clause.many, scope),
            called=self.resolver(clause.called, naming),
            otherwise=self.resolver(clause.otherwise, naming),
            when=self.resolver.condition(clause.when, scope),
            attributes=self.attributes(clause.attributes, naming),
            accepts=[[n.text for n in a.names] for a in clause.accepts] or None,
            note=self.notes.add(clause.span, clause.notes, scope),
        )

    def points(self, clause: tree.Points, scope: Scope) -> Json:
        """Named places of a bus."""
        inner = scope.with_context(("n",))
        return laid(
            POINTS,
            range=self.range(clause.range, scope),
            template=self.resolver(clause.template, inner),
            on=self.resolver(clause.on, scope),
            when=self.resolver.condition(clause.when, scope),
            attributes=self.attributes(clause.attributes, inner),
            note=self.notes.add(clause.span, clause.notes, scope),
        )

    def claims(self, clause: tree.Claims, scope: Scope) -> Json:
        """What is held while a device stands."""
        said = scope.with_context(_HELD)
        key = [self.range(k, scope) for k in clause.key]
        when = self.resolver.condition(clause.when, scope)
        return laid(
            CLAIM,
            pool=clause.pool,
            key=key,
            scope=self.resolver(clause.scope, scope),
            limit=self.resolver(clause.limit, scope),
            phase=checked_phase(self.resolver, clause.phase, _CLAIMING),
            when=when,
            note=self.notes.add(clause.span, clause.notes, said, clause.pool),
            needs=needs([when, *key], self.dimensions),
        )

    def fills(self, clause: tree.Fills, scope: Scope) -> Json:
        """A value for a property that nobody wrote."""
        said = scope.with_context((*_HELD, "low", "high", "text"))
        return laid(
            FILLS,
            property=clause.property,
            fill=self.fill(clause.fill, scope),
            phase=checked_phase(self.resolver, clause.phase, _FILLING),
            note=self.notes.add(clause.span, clause.notes, said, clause.property),
        )

    def suppresses(self, clause: tree.Suppresses, scope: Scope) -> Json:
        """Default devices that do not come."""
        note = self.notes.add(clause.span, clause.notes, scope)
        when = self.resolver.condition(clause.when, scope)
        return laid(SUPPRESSES, roles=[r.text for r in clause.roles], when=when, note=note)

    # ------------------------------------------------------------------------------ devices that come with others
    def part(self, clause: tree.Part, scope: Scope) -> Json:
        """A device that a machine or another device brings; None where this version lacks the type."""
        if not self.resolver.world.check_kind(clause.type, "device"):
            return None
        for value in clause.values:
            if value.name == "id":
                self.resolver.problem(
                    "QR215", "a part's id stands on its own line", value.span, f'{clause.type.text} ... id "NAME"'
                )
        each: Json = None
        if clause.each is not None:
            scope, each = self._each(clause.each, scope)
        inner = scope.with_context(("n",))
        return laid(
            PART,
            type=clause.type.text,
            role=clause.role,
            many=self.many(clause.many, scope),
            place=self.resolver(clause.place, inner if clause.each is not None else scope),
            at=self.resolver(clause.at, inner),
            id=self.resolver(clause.id, inner),
            before=clause.before,
            sharing=clause.sharing,
            when=self.resolver.condition(clause.when, scope),
            values={a.name: self.resolver(a.value, inner) for a in clause.values},
            note=self.notes.add(clause.span, clause.notes, scope),
            each=each,
            named=self.resolver(clause.named, scope),
            after=clause.after,
        )

    def _each(self, each: tree.Each, scope: Scope) -> tuple[Scope, Json]:
        """The scope with the variable that stands for a wish, and the wishes that a part is brought for."""
        scope = scope.having(each.variable)
        kind = each.kind.text
        if kind not in self.resolver.world.wishes:
            self.resolver.problem("QR227", f"there is no wish '{kind}'", each.kind.span, "a wish")
        self.resolver.watched.add(kind)
        return scope, laid(EACH, kind=kind, slot=scope.variables[each.variable], order=each.order)

    def becomes(self, clause: tree.Becomes, scope: Scope) -> Json:
        """What a device becomes on another machine, its type None for ``nothing``; None where this version lacks the type."""
        gone = isinstance(clause.type, tree.Name) and clause.type.text == "nothing"
        inner = scope.with_context(("n",))
        compiled = laid(
            BECOMES,
            type=None if gone else self.resolver(clause.type, scope) if isinstance(clause.type, Expr) else clause.type.text,
            advised=clause.advised,
            when=self.resolver.condition(clause.when, scope),
            values={a.name: self.resolver(a.value, inner) for a in clause.values},
            note=self.notes.add(clause.span, clause.notes, scope, "suggests" if clause.advised else "becomes"),
        )
        if isinstance(clause.type, tree.Name) and not gone and not self.resolver.world.check_kind(clause.type, "device"):
            return None
        return compiled
