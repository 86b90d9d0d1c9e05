"""Comments in rule files that say which findings are not to be told, and why: ``# qrules: ignore QR605 because REASON``.

The form is that of comments in scripts (`qrules.explain.ignoring`): it is about its own line, or the next one that is no comment;
``ignore-file`` is about the whole file. A comment that ignores nothing is told itself (QR613).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from qrules.diagnostics import Span, Unusable
from qrules.explain.ignoring import MARK, Comments, Ignore
from qrules.rulesets.lint import Finding


class Heard(NamedTuple):
    """The findings that are left, and those that a comment ignores, each with its reason."""

    left: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, str], ...]


def heard(findings: Iterable[Finding], texts: Mapping[str, str]) -> Heard:
    """Sorts out what comments ignore. `texts` are the files by the names that findings have; those without a comment may lack."""
    comments: dict[str, Comments] = {}
    left: list[Finding] = []
    ignored: list[tuple[Finding, str]] = []
    for name, text in texts.items():
        if MARK in text:
            try:
                comments[name] = Comments(text, name)
            except Unusable as error:
                left += [Finding(d.code, f"{d.message}; expected: {d.expected}", d.span) for d in error.diagnostics]
    used: set[tuple[str, str]] = set()
    for finding in findings:
        ignore = _about(finding, comments)
        if ignore is None:
            left.append(finding)
        else:
            used.add((ignore.said, ignore.rule))
            ignored.append((finding, ignore.reason))
    for name, said in comments.items():
        left += _idle(said, name, used)
    return Heard(tuple(left), tuple(ignored))


def _about(finding: Finding, comments: Mapping[str, Comments]) -> Ignore | None:
    """The comment that a finding is ignored by; one about the whole set by that of any file that speaks of whole files."""
    line = finding.span.line
    of = [c for name, c in comments.items() if name == finding.span.file or not line]
    return next((i for said in of for i in said.about(line, line) if i.rule == finding.code), None)


def _idle(comments: Comments, name: str, used: set[tuple[str, str]]) -> Iterator[Finding]:
    """Ignores that nothing was found for; a comment that has no others goes without harm."""
    by_comment: dict[str, list[Ignore]] = {}
    for one in comments.all():
        by_comment.setdefault(one.said, []).append(one)
    for said, ignores in by_comment.items():
        span = Span(name, int(said.rpartition(":")[2]))
        idle = [one for one in ignores if (said, one.rule) not in used]
        for one in idle:
            yield Finding(
                "QR613", f"{one.rule} is ignored here, and is not found", span, span if len(idle) == len(ignores) else None
            )
