"""Clauses: the lines of a block."""

from __future__ import annotations

from lark import v_args
from lark.tree import Meta

from qrules.language import tree
from qrules.language.transform_base import Base, Children, only
from qrules.language.tree import Expr


@v_args(meta=True)
class Clauses(Base):
    """One method a clause of the grammar."""

    @staticmethod
    def _use(use: tree.DomainUse | tree.Expr) -> tree.DomainUse:
        return tree.DomainUse("range", use.args, span=use.span) if isinstance(use, tree.Expr) else use

    def attribute(self, meta: Meta, c: Children) -> tree.Attribute:
        return tree.Attribute(c[0].text, c[1], self._notes(c[2:]), span=self._span(meta))

    def property(self, meta: Meta, c: Children) -> tree.Property:
        return tree.Property(c[0], self._use(c[1]), c[2], self._notes(c[3:]), span=self._span(meta))

    def fact(self, meta: Meta, c: Children) -> tree.Fact:
        return tree.Fact(c[0], self._use(c[1]), c[2], span=self._span(meta))

    def accepts(self, meta: Meta, c: Children) -> tree.Accepts:
        return tree.Accepts(c[0], c[1], span=self._span(meta))

    def called(self, meta: Meta, c: Children) -> tree.Called:
        name = self._template(c[0])
        assert name is not None
        return tree.Called(name, self._template(c[1]), span=self._span(meta))

    def suppresses(self, meta: Meta, c: Children) -> tree.Suppresses:
        return tree.Suppresses(c[0], c[1], self._notes(c[2:]), span=self._span(meta))

    def becomes(self, meta: Meta, c: Children) -> tree.Becomes:
        values = self._of(c[3:], tree.Attribute)
        return tree.Becomes(c[1], str(c[0]) == "suggests", c[2], values, self._notes(c[3:]), span=self._span(meta))

    of_type = only

    def unknown(self, meta: Meta, c: Children) -> tree.Unknown:
        text = self._template(c[1])
        assert text is not None
        return tree.Unknown(text, c[2], str(c[0]) == "assumes", span=self._span(meta))

    def includes(self, meta: Meta, c: Children) -> tree.Includes:
        return tree.Includes(c[0], c[2], tuple(c[1] or ()), span=self._span(meta))

    def without_rule(self, meta: Meta, c: Children) -> tree.Without:
        return tree.Without(c[0], span=self._span(meta))

    def provides(self, meta: Meta, c: Children) -> tree.Provides:
        many, kind, called, otherwise, when = c[:5]
        return tree.Provides(
            kind, many, self._template(called), self._template(otherwise), when,
            self._of(c[5:], tree.Attribute), self._of(c[5:], tree.Accepts), self._notes(c[5:]), span=self._span(meta),
        )  # fmt: skip

    def points(self, meta: Meta, c: Children) -> tree.Points:
        return tree.Points(
            c[0], self._template(c[1]), c[2], c[3], self._of(c[4:], tree.Attribute), self._notes(c[4:]), span=self._span(meta)
        )

    def addressed(self, meta: Meta, c: Children) -> tree.Addressed:
        return tree.Addressed(
            c[0].text, c[1].text if c[1] else None, self._text(c[2]), self._text(c[3]), c[4] is not None, c[5] is not None,
            self._of(c[6:], tree.Dimension), self._notes(c[6:]), span=self._span(meta),
        )  # fmt: skip

    def dimension(self, meta: Meta, c: Children) -> tree.Dimension:
        return tree.Dimension(c[0].text, c[1], c[2], self._notes(c[3:]), span=self._span(meta))

    def at_points(self, meta: Meta, c: Children) -> None:
        return None

    def claims(self, meta: Meta, c: Children) -> tree.Claims:
        pool, key, scope, limit, phase, when = c[:6]
        return tree.Claims(pool.text, tuple(key or ()), scope, limit, phase, when, self._notes(c[6:]), span=self._span(meta))

    def fills(self, meta: Meta, c: Children) -> tree.Fills:
        return tree.Fills(c[0].text, c[1], c[2], self._notes(c[3:]), span=self._span(meta))

    def creates(self, meta: Meta, c: Children) -> tree.Part:
        many, kind, place, at, identity, before, sharing, when = c[:8]
        return tree.Part(
            kind, None, many, place, self._template(at), self._template(identity), before is not None, sharing is not None, when,
            self._of(c[8:], tree.Attribute), self._notes(c[8:]), span=self._span(meta),
        )  # fmt: skip

    def part(self, meta: Meta, c: Children) -> tree.Part:
        many, kind, named, each, after, place, at, identity, when = c[:9]
        return tree.Part(
            kind, None, many, place, self._template(at), self._template(identity), False, False, when,
            self._of(c[9:], tree.Attribute), self._notes(c[9:]), each, named, after is not None, span=self._span(meta),
        )  # fmt: skip

    def each(self, meta: Meta, c: Children) -> tree.Each:
        return tree.Each(c[0], str(c[1]), c[2].text if c[2] is not None else None)

    def default_part(self, meta: Meta, c: Children) -> tree.Part:
        kind, role, place, at, identity, when = c[:6]
        return tree.Part(
            kind, role.text, None, place, self._template(at), self._template(identity), False, False, when,
            self._of(c[6:], tree.Attribute), self._notes(c[6:]), span=self._span(meta),
        )  # fmt: skip

    def place_name(self, meta: Meta, c: Children) -> Expr | None:
        return self._template(c[0])

    def place_numbered(self, meta: Meta, c: Children) -> tree.Expr:
        return tree.Expr("literal", (str(c[0]),), span=self._span(meta))

    place_path = only

    # ------------------------------------------------------------------------------ fills
    def _fill(self, how: str, meta: Meta, argument: Expr | None = None, unless: Expr | None = None) -> tree.Fill:
        return tree.Fill(how, argument, unless, None, None, span=self._span(meta))

    def fill(self, meta: Meta, c: Children) -> tree.Fill:
        step: tree.Fill = c[0]
        return tree.Fill(step.how, step.argument, step.unless, c[1], c[2], span=step.span)

    def fill_lowest(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("lowest", meta, c[0], c[1])

    def fill_next(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("next", meta, c[0])

    def fill_count(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("count", meta, c[0])

    def fill_after_last(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("after-last", meta)

    def fill_oldest(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("oldest", meta)

    def fill_value(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("value", meta, c[0])
