"""Statements about documents: elements, steps, stages."""

from __future__ import annotations

from dataclasses import replace

from lark import v_args
from lark.tree import Meta

from qrules.language import tree, tree_documents
from qrules.language.transform_base import Base, Children, unquote


@v_args(meta=True)
class Documents(Base):
    """One method a statement or line of the grammar."""

    def element(self, meta: Meta, c: Children) -> tree.Block:
        clauses = tuple(x for x in c[3:] if x is not None)
        return tree.Block("element", (c[0],), clauses, parents=c[1] or (), paths=c[2] or (), span=self._span(meta))

    def read_property(self, meta: Meta, c: Children) -> tree.Property:
        name, path, use, default = c[:4]
        plain = tree.DomainUse("range", use.args, span=use.span) if isinstance(use, tree.Expr) else use
        made = tree.Property((name,), plain, default, self._notes(c[4:]), span=self._span(meta))
        return replace(made, path=unquote(path))

    def stores(self, meta: Meta, c: Children) -> tree.Stores:
        return tree.Stores(unquote(c[0]), c[1], span=self._span(meta))

    def passes(self, meta: Meta, c: Children) -> tree.Passes:
        return tree.Passes(c[0], span=self._span(meta))

    def step(self, meta: Meta, c: Children) -> tree_documents.DocumentStep:
        name, kind, variable, order, when = c[:5]
        lines = self._of(
            c[5:],
            tree.Attribute,
            tree_documents.Seek,
            tree_documents.Adds,
            tree_documents.Drops,
            tree_documents.Holds,
            tree_documents.Forgets,
            tree_documents.Writes,
        )
        return tree_documents.DocumentStep(
            name, kind, str(variable), order, when, lines, self._notes(c[5:]), span=self._span(meta)
        )

    def seek(self, meta: Meta, c: Children) -> tree_documents.Seek:
        kind, variable, over = c[0]
        return tree_documents.Seek(kind, variable, over, c[1], c[2], span=self._span(meta))

    def grow(self, meta: Meta, c: Children) -> tree_documents.Adds:
        return tree_documents.Adds(c[0], None, c[1], self._of(c[2:], tree.Attribute), True, span=self._span(meta))

    def add(self, meta: Meta, c: Children) -> tree_documents.Adds:
        return tree_documents.Adds(c[1], c[0], c[2], self._of(c[3:], tree.Attribute), False, span=self._span(meta))

    def drops(self, meta: Meta, c: Children) -> tree_documents.Drops:
        return tree_documents.Drops(c[0], span=self._span(meta))

    def holds(self, meta: Meta, c: Children) -> tree_documents.Holds:
        return tree_documents.Holds(c[0], c[1], span=self._span(meta))

    def forgets(self, meta: Meta, c: Children) -> tree_documents.Forgets:
        return tree_documents.Forgets(c[0], c[1], span=self._span(meta))

    def writes(self, meta: Meta, c: Children) -> tree_documents.Writes:
        members = self._of(c[3:], tree.Attribute)
        return tree_documents.Writes(c[0] is not None, unquote(c[1]), c[2], members, span=self._span(meta))

    def stage(self, meta: Meta, c: Children) -> tree_documents.Stage:
        return tree_documents.Stage(c[0], tuple(c[1:]), span=self._span(meta))

    def stage_line(self, meta: Meta, c: Children) -> tree_documents.StageLine:
        return tree_documents.StageLine(c[0] is not None, c[1], span=self._span(meta))
