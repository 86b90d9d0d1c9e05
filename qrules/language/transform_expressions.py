"""Expressions."""

from __future__ import annotations

from lark import v_args
from lark.tree import Meta

from qrules.diagnostics import Diagnostic, Unusable
from qrules.language.transform_base import Base, Children, Method, listed, unquote
from qrules.language.tree import Expr, Name

MAX_DEPTH = 100  # of an expression: what walks over it needs a few frames of Python's stack for each level


def _operator(op: str) -> Method:
    """The method of a grammar rule whose children are the operands, in order; None for one that was left out."""

    def method(self: Expressions, meta: Meta, c: Children) -> Expr:
        return self._expr(op, meta, *c)

    return method


@v_args(meta=True)
class Expressions(Base):
    """One method an operator of the grammar."""

    def _expr(self, op: str, meta: Meta, *args: object) -> Expr:
        made = Expr(op, args, span=self._span(meta))
        depth = self._depths[id(made)] = 1 + max((self._depths.get(id(a), 0) for a in args), default=0)
        if depth > MAX_DEPTH:
            raise Unusable([Diagnostic("QR105", "nested too deeply to be meant", made.span, f"at most {MAX_DEPTH} levels")])
        return made

    conditional = _operator("when")
    fallback = _operator("else")
    or_ = _operator("or")
    and_ = _operator("and")
    negation = _operator("not")

    def compare(self, meta: Meta, c: Children) -> Expr:
        return self._expr(str(c[1]), meta, c[0], c[2])

    equal = _operator("=")

    def is_kind(self, meta: Meta, c: Children) -> Expr:
        return self._expr("is" if c[1] is None else "is-not", meta, c[0], c[2])

    def changed(self, meta: Meta, c: Children) -> Expr:
        return self._expr("since", meta, c[0], str(c[2]), str(c[3]))

    contained = _operator("in")
    meets = _operator("meets")
    names_kind = _operator("names")
    under = _operator("under")
    range_ = _operator("range")

    def _chain(self, meta: Meta, c: Children) -> Expr:
        left = c[0]
        for operator, right in zip(c[1::2], c[2::2], strict=True):
            left = self._expr(str(operator), meta, left, right)
        expr: Expr = left
        return expr

    sum = product = _chain

    def negative(self, meta: Meta, c: Children) -> Expr:
        return self._expr("negative", meta, c[1])

    def number(self, meta: Meta, c: Children) -> Expr:
        return self._expr("literal", meta, self._number(c[0]))

    def version(self, meta: Meta, c: Children) -> Expr:
        for part in str(c[0]).split("."):
            self._number(part, c[0])
        return self._expr("version", meta, str(c[0]))

    def string(self, meta: Meta, c: Children) -> Expr | None:
        return self._template(c[0])

    def yes(self, meta: Meta, c: Children) -> Expr:
        return self._expr("literal", meta, True)

    def no(self, meta: Meta, c: Children) -> Expr:
        return self._expr("literal", meta, False)

    given = _operator("given")

    def role_open(self, meta: Meta, c: Children) -> Expr:
        return self._expr("role-open", meta, c[0].text)

    def role_replaced(self, meta: Meta, c: Children) -> Expr:
        return self._expr("role-replaced", meta, c[0].text)

    def holder(self, meta: Meta, c: Children) -> Expr:
        return self._expr("holder", meta, c[0].text, c[2], *(c[1] or ()))

    def binder(self, meta: Meta, c: Children) -> tuple[object, ...]:
        return (c[0], str(c[1]), next((x for x in c[2:] if x is not None), None))

    some = _operator("some")
    none = _operator("no")
    every = _operator("every")
    count = _operator("count")

    def the(self, meta: Meta, c: Children) -> Expr:
        """With ``by``, the one of which the attribute is the lowest."""
        binder, order, condition = c
        ordered = () if order is None else (self._expr("path", meta, binder[1], order.text),)
        return self._expr("the", meta, binder, condition, *ordered)

    def total(self, meta: Meta, c: Children) -> Expr:
        return self._expr("sum", meta, c[1], c[2], c[0])

    free_points = _operator("free-points")

    def call(self, meta: Meta, c: Children) -> Expr:
        return self._expr("call", meta, Name(str(c[0]), span=self._span(c[0])), *c[1])

    def set_(self, meta: Meta, c: Children) -> Expr:
        return self._expr("set", meta, *(c[0] or ()))

    def of_value(self, meta: Meta, c: Children) -> Expr:
        """Attributes of what an expression leads to: ``(the disk w).name``."""
        return self._expr("of", meta, c[0], *(unquote(t) if t.type == "STRING" else str(t) for t in c[1:]))

    def path(self, meta: Meta, c: Children) -> Expr:
        return self._expr("path", meta, *(unquote(t) if t.type == "STRING" else str(t) for t in c))

    values = keys = listed
