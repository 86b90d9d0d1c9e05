"""What is told of rule files and their tests, as JSON."""

from __future__ import annotations

from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.rule_tests.binary import Asked
    from qrules.rule_tests.coverage import Coverage
    from qrules.rule_tests.run import RuleTest
    from qrules.rulesets.changes import Change
    from qrules.rulesets.lint import Finding


def tested(found: RuleTest | Asked) -> dict[str, Any]:
    """A test with its place as a file and a line, and each line of it that does not hold."""
    failures = [{"line": f.span.line, "expected": f.expected, "came": f.came} for f in found.failures]
    rest = {name: value for name, value in found._asdict().items() if name not in ("title", "span", "failures", "late")}
    return {"title": found.title, "file": found.span.file, "line": found.span.line, **rest, "failures": failures}


def coverage(found: Coverage) -> dict[str, Any]:
    """What tests reach, and each line that they don't with its place."""
    rows = [{"rule": u.rule, "what": u.what, "file": u.span.file, "line": u.span.line, "why": u.why} for u in found.unreached]
    return {**found._asdict(), "unreached": rows}


def loose(found: Finding) -> dict[str, Any]:
    """A loose end with its place."""
    return {"rule": found.code, "message": found.message, "file": found.span.file, "line": found.span.line}


def change(found: Change) -> dict[str, Any]:
    """A condition on the emulator's version with its place."""
    where = {"file": found.span.file, "line": found.span.line}
    return {"version": found.version, "after": found.after or None, "where": where, "line": found.line}


def by_version(found: list[Change]) -> Iterator[tuple[str, str, str, str]]:
    """A row for each version: how many conditions ask for it, in how many files, and how well the change is dated."""
    for version in dict.fromkeys(c.version for c in found):
        own = [c for c in found if c.version == version]
        open_ = [c for c in own if c.after]
        dated = f"{len(open_)} of them at some time after {', '.join(dict.fromkeys(c.after for c in open_))}" if open_ else ""
        yield (version, str(len(own)), str(len({c.span.file for c in own})), dated)
