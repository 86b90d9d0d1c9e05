"""What is told of rule files and their tests, as JSON."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.rule_tests.binary import Asked
    from qrules.rule_tests.run import RuleTest
    from qrules.rulesets.lint import Finding


def tested(found: RuleTest | Asked) -> dict[str, Any]:
    """A test with its place as a file and a line, and each line of it that does not hold."""
    failures = [{"line": f.span.line, "expected": f.expected, "came": f.came} for f in found.failures]
    rest = {name: value for name, value in found._asdict().items() if name not in ("title", "span", "failures", "late")}
    return {"title": found.title, "file": found.span.file, "line": found.span.line, **rest, "failures": failures}


def loose(found: Finding) -> dict[str, Any]:
    """A loose end with its place."""
    return {"rule": found.code, "message": found.message, "file": found.span.file, "line": found.span.line}
