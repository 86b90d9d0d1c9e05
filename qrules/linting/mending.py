"""The edits that mend a finding safely: what says nothing is taken out, and the rest of the file stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qrules.diagnostics import Span, Unusable
from qrules.language.lines import depth_after
from qrules.language.reader import read_text
from qrules.rulesets.lint import Finding

_COMMENT = re.compile(r"[ \t]*#[ \t]*qrules:.*$")


def mended(text: str, findings: Iterable[Finding], name: str) -> tuple[str, list[Finding]]:
    """The text of a file without what its findings can do without, and those that are mended so.

    Where the rest can't be read, the text stays as it is.
    """
    lines: list[str | None] = list(text.split("\n"))
    done = []
    for finding in findings:
        if finding.remove is None or not finding.remove.line:
            continue
        at = finding.remove.line - 1
        if finding.code == "QR613":
            lines[at] = _COMMENT.sub("", lines[at] or "") or None
        else:
            _take_out(lines, finding.remove)
        done.append(finding)
    left = "\n".join(_without_double_gaps(lines))
    try:
        read_text(left, name)
    except Unusable:
        return text, []
    return left, done


def _take_out(lines: list[str | None], span: Span) -> None:
    """Takes out a statement or clause: its line, those that its brackets go on in, and those that are indented below it."""
    first = last = span.line - 1
    depth, open_brackets = _depth(lines[first]), depth_after(lines[first] or "", 0)
    while last + 1 < len(lines) and (following := lines[last + 1]) is not None:
        if not open_brackets and following.strip() and _depth(following) <= depth:
            break
        open_brackets = depth_after(following, open_brackets)
        last += 1
    while last > first and not (lines[last] or "").strip():
        last -= 1
    lines[first : last + 1] = [None] * (last + 1 - first)


def _depth(line: str | None) -> int:
    return len(line) - len(line.lstrip(" ")) if line is not None else 0


def _without_double_gaps(lines: list[str | None]) -> Iterable[str]:
    """The lines that are left; of two empty ones that only what is gone stood between, one."""
    before, gone = "", False
    for line in lines:
        if line is None:
            gone = True
            continue
        if not (gone and not line.strip() and not before.strip()):
            yield line
            before = line
        gone = False
