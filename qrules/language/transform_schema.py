"""Schemas: what can be written under options, records and properties."""

from __future__ import annotations

from lark import v_args
from lark.tree import Meta

from qrules.language import tree
from qrules.language import tree_schema as nodes
from qrules.language.transform_base import Base, Children, unquote


@v_args(meta=True)
class Schemas(Base):
    """One method a grammar rule."""

    def schema(self, meta: Meta, c: Children) -> nodes.Schema:
        return nodes.Schema(unquote(c[0]), tuple(n.text for n in c[1:]), self._span(meta))

    def option(self, meta: Meta, c: Children) -> nodes.Option:
        return nodes.Option(unquote(c[0]), c[1], self._of(c[2:], nodes.Member), self._span(meta))

    def record(self, meta: Meta, c: Children) -> nodes.Record:
        members, cases = self._of(c[3:], nodes.Member), self._of(c[3:], nodes.Case)
        return nodes.Record(c[1], str(c[0]) == "list", c[2], members, cases, self._span(meta))

    def member(self, meta: Meta, c: Children) -> nodes.Member:
        return nodes.Member(c[1], str(c[0]) == "needs", c[2] or (), self._span(meta))

    def case(self, meta: Meta, c: Children) -> nodes.Case:
        return nodes.Case(c[0], c[1], self._of(c[2:], nodes.Member), self._span(meta))

    def shape(self, meta: Meta, c: Children) -> tuple[nodes.ShapePart, ...]:
        return tuple(c)

    def shape_part(self, meta: Meta, c: Children) -> nodes.ShapePart:
        what, lists, span = c[-1], len(c) - 1, self._span(meta)
        if isinstance(what, tree.Name):
            return nodes.ShapePart(lists, what, (), (), span)
        words = what and isinstance(what[0], str)
        return nodes.ShapePart(lists, None, what if words else (), () if words else what, span)

    def one_of(self, meta: Meta, c: Children) -> tuple[str, ...]:
        return tuple(unquote(w) for w in c)

    def enum(self, meta: Meta, c: Children) -> nodes.Enum:
        return nodes.Enum(c[0], c[1], self._span(meta))

    def object(self, meta: Meta, c: Children) -> nodes.Objects:
        return nodes.Objects(c[0], self._span(meta))

    def accelerator(self, meta: Meta, c: Children) -> nodes.Accelerator:
        return nodes.Accelerator(c[0], self._of(c[1:], tree.Property), self._span(meta))

    def processor(self, meta: Meta, c: Children) -> nodes.Processor:
        return nodes.Processor(c[0], c[1], c[2] is not None, self._span(meta))

    def features(self, meta: Meta, c: Children) -> nodes.Features:
        return nodes.Features(c[0], self._of(c[1:], tree.Property), self._span(meta))

    def links(self, meta: Meta, c: Children) -> nodes.Links:
        return nodes.Links(c[0], c[1], c[2] or (), self._span(meta))

    def form(self, meta: Meta, c: Children) -> nodes.Form:
        return nodes.Form(unquote(c[0]), c[1], c[2] or (), self._span(meta))

    def fixes(self, meta: Meta, c: Children) -> nodes.Fixes:
        return nodes.Fixes(c[0], c[1], self._of(c[2:], nodes.Fixed), self._span(meta))

    def fixed(self, meta: Meta, c: Children) -> nodes.Fixed:
        return nodes.Fixed(c[1], c[0], unquote(c[2]), self._span(meta))
