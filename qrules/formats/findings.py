"""What was looked at and what is told of it, free of any format: results with their findings."""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.visible import printable, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Literal, TypeAlias

    from qrules.diagnostics import Diagnostic, Span
    from qrules.explain.reasons import Reason, RuleLine
    from qrules.explain.verdicts import Verdict
    from qrules.machine.request import Where
    from qrules.rule_tests.binary import Asked
    from qrules.rule_tests.run import RuleTest
    from qrules.rulesets.lint import Finding as Loose

    Level: TypeAlias = Literal["error", "warning", "unknown", "unreadable", "note", "given"]
    Positioned: TypeAlias = Callable[[Where | None], "Place"]


class Place(NamedTuple):
    """A stretch of a file. `file` is empty for what stands in none; lines and columns count from 1, 0 stands for none."""

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts if self.line else parts[:1])


class Finding(NamedTuple):
    """One thing that is told: by which rule (or under which code), how bad it is, in which words, and where.

    `note` is what qualifies an answer (a consequence of something else, something not looked at), `given` what is taken as given.
    """

    rule: str
    level: Level
    message: str
    place: Place
    advice: str = ""
    emulator: str = ""
    profile: str = ""
    where: RuleLine | None = None
    see: tuple[str, ...] = ()
    ignored: str = ""  # why it does not count, where it does not


class Result(NamedTuple):
    """Something that was looked at, such as a command line: what it is called, where it stands, what became of it."""

    name: str
    place: Place
    verdict: str
    findings: tuple[Finding, ...] = ()


_LEVELS: dict[str, Level] = {"reject": "error", "warn": "warning", "unknown": "unknown", "note": "given"}
SEVERE = ("error", "warning", "unknown", "unreadable")
_LONG = 1_000  # characters of a message: a line of a log, not a book


def said(text: str) -> str:
    """A text that stands among others: everything in it shows, and it is of a bounded length."""
    return shortened(printable(text), _LONG)


# ------------------------------------------------------------------------------------- configs
def of_verdict(answer: Verdict, name: str, place: Place, positioned: Positioned, ignored: dict[int, str]) -> Result:
    """A config with its verdict; `positioned` tells where in the text a word stands, `ignored` which reasons don't count."""
    findings = [_of_reason(answer, r, positioned) for r in (*answer.reasons, *answer.remarks, *answer.assumed)]
    for number, why in ignored.items():
        findings[number] = findings[number]._replace(ignored=said(why))
    for one in answer.unchecked:
        told = f"not looked at: no rule says what is right in {f'{one.option} {one.written}'.strip()}"
        findings.append(Finding("not-looked-at", "note", said(told), positioned(one.span)))
    return Result(name, place, answer.verdict, tuple(findings))


def _of_reason(answer: Verdict, found: Reason, positioned: Positioned) -> Finding:
    level = _LEVELS[found.severity]
    message = found.message
    if found.consequence_of is not None and level != "given":
        cause = f"device {found.consequence_of + 1}, {answer.devices[found.consequence_of]}"
        level, message = "note", f"only a consequence of {cause}, being refused ({message})"
    if found.devices:
        message = f"device {found.devices[0] + 1}, {shortened(answer.devices[found.devices[0]])}: {message}"
    return Finding(
        found.rule,
        level,
        said(message),
        positioned(found.span),
        said(found.instead),
        said(found.emulator_message),
        found.profile,
        found.where,
        tuple(str(s) for s in found.see),
    )


def unreadable(problems: Iterable[Diagnostic], name: str, place: Place) -> Result:
    """Something that can't be read, with what is wrong with it."""
    return Result(name, place, "unreadable", tuple(of_diagnostic(d, place) for d in problems))


def of_diagnostic(found: Diagnostic, place: Place) -> Finding:
    """A diagnostic as a finding, in its own place where it has one."""
    own = found.span if found.span.line else None
    message = found.message if own or found.span.file == place.file else f"{found.span.file}: {found.message}"
    advice = "; ".join(part for part in (f"expected: {found.expected}" if found.expected else "", found.hint) if part)
    return Finding(found.code, "unreadable", said(message), of_span(own) if own else place, said(advice))


def of_span(span: Span) -> Place:
    """The place of a span."""
    return Place(span.file, span.line, span.column if span.line else 0, span.end_line, span.end_column)


# ------------------------------------------------------------------------------------- rule files
def of_lint(found: Iterable[Loose]) -> list[Result]:
    """Loose ends of rule files, a result for each file."""
    files: dict[str, list[Finding]] = {}
    for one in found:
        files.setdefault(one.span.file, []).append(Finding(one.code, "warning", said(one.message), of_span(one.span)))
    return [Result(name, Place(name), "reject", tuple(findings)) for name, findings in files.items()]


def of_test(tested: RuleTest | Asked, came: str) -> Result:
    """A test beside the rules; `came` is who answered otherwise than it says."""
    findings = tuple(
        Finding("rule-test", "error", said(f"{tested.title}: expected {f.expected}; {came}: {f.came}"), of_span(f.span))
        for f in tested.failures
    )
    place = Place(tested.span.file, tested.span.line)
    return Result(said(tested.title), place, "reject" if findings else "accept", findings)
