"""Strings with holes: ``"slot {d.slot:x} of {bus}"``.

``{{`` and ``}}`` stand for braces. After a colon comes how a number is shown: ``x`` hexadecimal, ``02x`` padded, ``d``
decimal. A string without holes is a literal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.language.tree import Expr

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|([{}])")
_FORMAT = re.compile(r"^(.*?)(?::(0?[0-9]{0,2}[xXd]))?$", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t"}


def read(literal: str, span: Span, hole: Callable[[str, Span], Expr]) -> Expr:
    """The expression of a string literal (quotes included). `hole` reads the text between braces."""
    body, at = literal[1:-1], 0
    parts: list[str | tuple[Expr, str]] = []
    for match in _PIECE.finditer(body):
        parts.append(unescaped(body[at : match.start()]))
        at = match.end()
        where = Span(span.file, span.line, span.column + 1 + match.start(), span.line, span.column + 1 + match.end())
        if match[0] in ("{{", "}}"):
            parts.append(match[0][0])
        elif match[2]:
            raise Unusable(
                [Diagnostic("QR112", f"a lone '{match[2]}' in a string", where, "a hole such as {d.id}, or a doubled brace")]
            )
        else:
            parts.append(_hole(match[1], where, hole))
    parts.append(unescaped(body[at:]))
    return _joined(parts, span)


def unescaped(text: str) -> str:
    """What stands between quotes, with ``\\n``, ``\\t`` and escaped characters as what they stand for."""
    return _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), text)


def _hole(text: str, where: Span, hole: Callable[[str, Span], Expr]) -> tuple[Expr, str]:
    split = _FORMAT.match(text)
    assert split is not None
    inner = Span(where.file, where.line, where.column + 1, where.end_line, where.end_column - 1)
    return hole(split[1], inner), split[2] or ""


def _joined(parts: list[str | tuple[Expr, str]], span: Span) -> Expr:
    merged: list[str | tuple[Expr, str]] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return Expr("literal", ("",), span=span)
    if len(merged) == 1 and isinstance(merged[0], str):
        return Expr("literal", (merged[0],), span=span)
    return Expr("template", tuple(merged), span=span)
