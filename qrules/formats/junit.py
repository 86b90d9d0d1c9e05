"""JUnit's XML, as the test reports of Jenkins and GitLab read it: what was looked at is a test case."""

from __future__ import annotations

from qrules.formats.findings import SEVERE
from qrules.visible import BREAK, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qrules.formats.findings import Finding, Result

_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"))


def lines(results: Iterable[Result], strict: bool = False) -> Iterator[str]:
    """The report: a refusal is a failure, what is unknown or can't be read an error, and warnings stand in the output."""
    told = list(results)
    outcomes = [_outcome(r, strict) for r in told]
    counts = f'tests="{len(told)}" failures="{outcomes.count("failure")}" errors="{outcomes.count("error")}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="qrules" {counts}>'
    yield f'  <testsuite name="qrules" {counts} skipped="0">'
    for result, outcome in zip(told, outcomes, strict=True):
        yield from _case(result, outcome)
    yield "  </testsuite>"
    yield "</testsuites>"


def _outcome(result: Result, strict: bool) -> str:
    if result.verdict == "reject" or (strict and result.verdict == "warn"):
        return "failure"
    return "error" if result.verdict in ("unknown", "unreadable") else ""


def _case(result: Result, outcome: str) -> Iterator[str]:
    place = result.place
    where = f' file="{escaped(place.file)}"' if place.file else ""
    where += f' line="{place.line}"' if place.line else ""
    head = f'    <testcase classname="{escaped(place.file or "qrules")}" name="{escaped(result.name)}"{where}'
    severe = [f for f in result.findings if f.level in SEVERE and not f.ignored]
    others = [f for f in result.findings if f.level == "note" or (f.ignored and f.level in SEVERE)]
    if not outcome and not severe and not others:
        yield head + "/>"
        return
    yield head + ">"
    if outcome:
        first = severe[0] if severe else None
        message, kind = (first.message, first.rule) if first is not None else (result.verdict, result.verdict)
        yield f'      <{outcome} message="{escaped(message)}" type="{escaped(kind)}">{_text(severe)}</{outcome}>'
    shown = others if outcome else [*severe, *others]
    if shown:
        yield f"      <system-out>{_text(shown)}</system-out>"
    yield "    </testcase>"


def _text(found: list[Finding]) -> str:
    """Findings as lines of a text, each behind a word of ours."""
    rows = []
    for one in found:
        where = f"{one.place}: " if one.place.file else ""
        rows.append(f"{'ignored' if one.ignored else one.level}: {where}{one.message} [{one.rule}]")
        rows += [f"  because: {one.ignored}"] if one.ignored else []
        rows += [f"  QEMU: {one.emulator}"] if one.emulator else []
        rows += [f"  try: {one.advice}"] if one.advice else []
        rows += [f"  rule: {one.rule}, {one.where}"] if one.where is not None else []
    return BREAK.join(map(escaped, rows))


def escaped(text: str) -> str:
    """A text within XML, in which everything shows."""
    told = printable(text)
    for character, written in _ESCAPES:
        told = told.replace(character, written)
    return told
