"""What is said in JSON where there is no answer: errors, and questions that are too large."""

from __future__ import annotations

from qrules.report.json import SCHEMA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from qrules.diagnostics import Diagnostic
    from qrules.report import shapes


def errors(found: Iterable[Diagnostic]) -> shapes.Errors:
    """What is wrong with input that can't be used."""
    return {"schema": SCHEMA, "errors": [_error(d) for d in found]}


def _error(found: Diagnostic) -> shapes.Error:
    span = found.span
    return {
        "code": found.code or None,
        "message": found.message,
        "file": span.file or None,
        "line": span.line or None,
        "column": span.column if span.line else None,
        "expected": found.expected or None,
        "hint": found.hint or None,
    }


def unreadable(found: Iterable[Diagnostic]) -> dict[str, Any]:
    """The answer about one of many configs that can't be read."""
    return {**errors(found), "verdict": "unreadable", "reasons": [], "placements": []}


def too_large(why: str) -> shapes.TooLarge:
    """The verdict on a question that takes more steps than there are."""
    reasons: list[shapes.Problem] = [{"rule": "too-large", "severity": "unknown", "message": why}]
    return {"schema": SCHEMA, "verdict": "unknown", "reasons": reasons, "placements": []}
