"""The sentences of rules as patterns: what `qrules explain` finds an emulator's message in.

A template becomes a list of texts and holes. A hole is ``[name]``, where the name is the hole's expression as written
(without ``d.``, which goes without saying), so that the same name means the same thing in all sentences of a rule.
Sentences with conditions (``A when C else B``) become several.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from typing import Any, TypeAlias

from qrules.language import tree
from qrules.language.tree import Expr, Notes

Parts: TypeAlias = list[Any]  # texts, and holes as lists of one name
Texts: TypeAlias = dict[str, list[Expr]]
_MOST = 16  # alternatives of one sentence


def phrases(notes: Notes, texts: Texts) -> dict[str, Any]:
    """The sentences of a clause: what it says by occasion, and why and what to do, for each case with its conditions."""
    said = ((occasion, parts) for occasion, template in notes.words for parts in alternatives(template, texts))
    says = [[occasion, parts] for occasion, parts in said if _telling(parts)]
    return {"says": says, "because": cases(notes.because), "instead": cases(notes.instead)}


def attribute_texts(statements: Iterable[tree.Statement]) -> Texts:
    """What attributes give where a sentence is one: ``says machine.words`` may say any of these."""
    found: Texts = {}
    for clause in (c for s in statements if isinstance(s, tree.Block) for c in s.clauses):
        if isinstance(clause, tree.Attribute) and any(_telling(parts) for parts in alternatives(clause.value)):
            found.setdefault(clause.name, []).append(clause.value)
    return found


def _telling(parts: Parts) -> bool:
    """Whether there is enough text in it to know it again."""
    return sum(len(p.strip()) for p in parts if isinstance(p, str)) >= 4


def alternatives(expr: Expr | None, texts: Texts | None = None) -> list[Parts]:
    """All texts that an expression can give; `texts` are those of attributes."""
    if expr is None:
        return []
    match expr.op:
        case "path" if texts is not None and expr.args[-1] in texts:
            return list(islice((parts for text in texts[str(expr.args[-1])] for parts in alternatives(text)), _MOST))
        case "literal":
            return [[expr.args[0]]] if isinstance(expr.args[0], str) else []
        case "template":
            pieces = (p if isinstance(p, str) else p[0] for p in expr.args)  # type: ignore[index]
            return [_joined([[p] if isinstance(p, str) else [[name(p)]] for p in pieces])]
        case "when":
            return [*alternatives(_expr(expr.args[0]), texts), *alternatives(_expr(expr.args[2]), texts)][:_MOST]
        case "else":
            return [*alternatives(_expr(expr.args[0]), texts), *alternatives(_expr(expr.args[1]), texts)][:_MOST]
        case "+":
            both = product(alternatives(_expr(expr.args[0])), alternatives(_expr(expr.args[1])))
            return [_joined(pair) for pair in islice(both, _MOST)]
        case _:
            return [[[name(expr)]]]


def cases(expr: Expr | None) -> list[Any]:
    """All texts that an expression can give, each with what has to hold for it: ``[name, value]``, or ``[name]`` is there."""
    if expr is None or expr.op not in ("when", "else"):
        return [[parts, []] for parts in alternatives(expr)]
    if expr.op == "else":
        return [*cases(_expr(expr.args[0])), *cases(_expr(expr.args[1]))][:_MOST]
    holds = _holds(_expr(expr.args[1]))
    return [*([parts, [*holds, *more]] for parts, more in cases(_expr(expr.args[0]))), *cases(_expr(expr.args[2]))][:_MOST]


def _holds(expr: Expr | None) -> list[list[str]]:
    """The parts of a condition that a message can tell about."""
    if expr is None:
        return []
    if expr.op == "and":
        return [c for a in expr.args for c in _holds(_expr(a))]
    if expr.op == "=" and isinstance(right := expr.args[1], Expr) and right.op == "literal":
        return [[name(expr.args[0]), str(right.args[0])]]
    return [["holder"]] if expr.op == "is" and name(expr.args[0]) == "holder" else []


def _expr(value: object) -> Expr | None:
    return value if isinstance(value, Expr) else None


def _joined(lists: Any) -> Parts:
    out: Parts = []
    for part in (p for parts in lists for p in parts):
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        else:
            out.append(part)
    return out


def name(value: object) -> str:
    """An expression as a reader would write it, in short."""
    if not isinstance(value, Expr):
        return str(getattr(value, "text", value))
    match value.op:
        case "path":
            words = [str(a) for a in value.args]
            return ".".join(words[1:] if words[0] == "d" and len(words) > 1 else words)
        case "literal" | "version":
            return str(value.args[0])
        case "call":
            return ", ".join(name(a) for a in value.args[1:])
        case "template":
            return "".join(a if isinstance(a, str) else name(a[0]) for a in value.args)  # type: ignore[index]
        case "+" | "-" | "*" | "/" | "%" | "=" | "<" | ">":
            return f" {value.op} ".join(name(a) for a in value.args)
        case "count":
            return "how many"
        case "sum":
            return "how much"
        case _:
            return value.op
