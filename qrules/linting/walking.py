"""Going through the expressions of the syntax tree with the variables that hold in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from qrules.diagnostics import Span
from qrules.language.tree import Expr, Name

QUANTIFIED = ("some", "no", "every", "count", "the", "sum")


class Met(NamedTuple):
    """An expression with the variables that stand around it, the innermost last."""

    expr: Expr
    variables: tuple[str, ...]


def within(node: object, variables: tuple[str, ...] = ()) -> Iterator[Met]:
    """All expressions in a node, each before its parts."""
    if isinstance(node, Expr):
        yield Met(node, variables)
        if node.op in QUANTIFIED:
            binder, *rest = node.args
            _, variable, over = binder if isinstance(binder, tuple) else ("", "", None)
            yield from within(over, variables)
            for part in rest:
                yield from within(part, (*variables, str(variable)))
        elif not (node.op == "call" and isinstance(node.args[0], Name) and node.args[0].text == "kinds"):  # names of kinds alone
            for part in node.args:
                yield from within(part, variables)
    elif isinstance(node, tuple):
        for part in node:
            yield from within(part, variables)
    elif is_dataclass(node) and not isinstance(node, type | Span):
        for f in fields(node):
            if f.name != "span":
                yield from within(getattr(node, f.name), variables)


def first_names(node: object) -> Iterator[str]:
    """The first word of every path in a node, and the names that stand for kinds: all that a variable can be mentioned by."""
    for expr, _ in within(node):
        if expr.op == "path":
            yield str(expr.args[0])
        yield from (part.text for part in expr.args if isinstance(part, Name))


def binders(node: object) -> Iterator[tuple[Expr, Name, str, tuple[str, ...]]]:
    """The expressions that introduce a variable: the kind, the variable, and those around it."""
    for expr, variables in within(node):
        if expr.op in QUANTIFIED and isinstance(expr.args[0], tuple):
            kind, variable, _ = expr.args[0]
            yield expr, kind, str(variable), variables
