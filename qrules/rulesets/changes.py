"""What the rules say that changed from one emulator version to another: each condition on the version, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import NamedTuple

from qrules.diagnostics import Span
from qrules.knowledge import sources
from qrules.language import tree
from qrules.paths import rules_folder
from qrules.rulesets.lint import statements

_VERSION = "qemu"  # the attribute of a machine that has it
_COMPARES = ("=", "!=", "<", "<=", ">", ">=")


class Change(NamedTuple):
    """A condition on the emulator's version. `after` is the last version that was asked before it (empty: the change is dated).

    `span` is where it stands, `line` that line.
    """

    version: str
    after: str
    span: Span
    line: str


def changes(root: Path | None = None) -> list[Change]:
    """All of a rule set (none: the shipped one), by version, file and line. Raises `Unusable` where it can't be read."""
    rule_set = sources.read(root or rules_folder())
    texts = {rule_set.shown(path): rule_set.text(path).splitlines() for path in rule_set.rules}
    found = dict.fromkeys(c for said in statements(rule_set) if not isinstance(said, tree.Test) for c in _of(said, said.span))
    placed = [Change(v, a, s, texts[s.file][s.line - 1].strip() if s.file in texts else "") for v, a, s in found]
    return sorted(placed, key=lambda c: (sources.version_key(c.version), c.span.file, c.span.line))


def _of(node: object, span: Span) -> Iterator[tuple[str, str, Span]]:
    """Version, the one before, and place of what a part of the tree says."""
    if isinstance(node, (tuple, list)):
        for part in node:
            yield from _of(part, span)
    if not is_dataclass(node) or isinstance(node, Span):
        return
    span = getattr(node, "span", span)
    if isinstance(node, tree.Extent) and node.version is not None:
        yield (node.later or node.version, node.version if node.later else "", Span(span.file, span.line))
    if isinstance(node, tree.Expr):
        yield from ((*told, Span(span.file, span.line)) for told in _compared(node))
    for field in fields(node):
        yield from _of(getattr(node, field.name), span)


def _compared(expr: tree.Expr) -> Iterator[tuple[str, str]]:
    if expr.op == "since" and _is_version(expr.args[0]):
        yield str(expr.args[2]), str(expr.args[1])
    if expr.op in _COMPARES and any(_is_version(a) for a in expr.args):
        yield from ((str(a.args[0]), "") for a in expr.args if isinstance(a, tree.Expr) and a.op in ("version", "literal"))


def _is_version(value: object) -> bool:
    return isinstance(value, tree.Expr) and value.op == "path" and str(value.args[-1]) == _VERSION
