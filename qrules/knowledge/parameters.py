"""Lists of parts with parameters: what `includes` gives stands for the names of the list, wherever they stand in its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from qrules.diagnostics import Span
from qrules.language.tree import Expr, Name

_T = TypeVar("_T")


def filled(node: _T, values: Mapping[str, Expr]) -> _T:
    """A node of the syntax tree with `values` for the paths and names that are parameters.

    A path that goes on (``bus.id``) goes on from the value. Where a kind has to stand, a value that is one name gives it.
    """
    return _filled(node, values) if values else node


def _filled(node: Any, values: Mapping[str, Expr]) -> Any:
    if isinstance(node, Expr) and node.op == "path" and node.args[0] in values:
        value = values[str(node.args[0])]
        return value if len(node.args) == 1 else Expr("of", (value, *node.args[1:]), span=node.span)
    if isinstance(node, Name):
        return Name(name, span=node.span) if (name := _name(values.get(node.text))) else node
    if isinstance(node, tuple):
        return tuple(_filled(part, values) for part in node)
    if is_dataclass(node) and not isinstance(node, type | Span):
        changed = {f.name: _filled(getattr(node, f.name), values) for f in fields(node) if f.name != "span"}
        return replace(node, **changed)
    return node


def _name(value: Expr | None) -> str | None:
    """The one name that a value is; None where it is something else."""
    if value is None or value.op not in ("path", "literal") or len(value.args) != 1:
        return None
    return value.args[0] if isinstance(value.args[0], str) else None
