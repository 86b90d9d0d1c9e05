"""What somebody does not want to be told again, with the reason: a rule for a command line or a file, or all that a baseline has.

The verdict stays what the rules say of a config; what is ignored is told as such, and does not count (`Ignored.counted`).
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from qrules.diagnostics import Span, unusable
from qrules.explain.reasons import Reason, worst
from qrules.explain.verdicts import Verdict
from qrules.records import NamedTuple
from qrules.visible import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from qrules.explain.reasons import VerdictWord

MARK = "qrules:"
_COMMENT = re.compile(r"#[ \t]*qrules:[ \t]*(.*)$", re.MULTILINE)
_SAID = re.compile(r"(ignore|ignore-file)[ \t]+([\w.-]+(?:[ \t]*,[ \t]*[\w.-]+)*)[ \t]+because[ \t]+(\S.*)")
_FORM = "# qrules: ignore RULE because REASON, or ignore-file RULE because REASON"


class Ignore(NamedTuple):
    """A rule that is not to count: why, who says so, and in which files (patterns; none: all)."""

    rule: str
    reason: str
    said: str
    files: tuple[str, ...] = ()


class Baseline(NamedTuple):
    """What was found once: how often, by file, rule and words; and why it is left as it is."""

    reason: str
    said: str
    found: Counter[tuple[str, str, str]]


class Rest(NamedTuple):
    """What is ignored besides comments. `folder` is where patterns and the files of a baseline begin."""

    folder: str
    ignores: tuple[Ignore, ...] = ()
    baseline: Baseline | None = None


class Ignored(NamedTuple):
    """The reasons of a verdict that don't count, by position, each with why; and the verdict that is left."""

    why: dict[int, str]
    counted: VerdictWord
    unused: tuple[Ignore, ...] = ()


class Comments:
    """What the comments of a text say. Raises `Unusable` (QR457) for one that has no reason, or another form."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.split("\n")
        self._at: dict[int, list[Ignore]] = {}
        self._everywhere: list[Ignore] = []
        for match in _COMMENT.finditer(text):
            line, said = text.count("\n", 0, match.start()) + 1, _SAID.fullmatch(match[1].strip())
            if said is None:
                where = Span(name, line, match.start() - text.rfind("\n", 0, match.start()))
                told = f"this says nothing that qrules knows: {shortened(match[1].strip() or '(nothing)')}"
                raise unusable("QR457", told, where, expected=_FORM)
            ignores = [Ignore(rule.strip(), said[3].strip(), f"{name}:{line}") for rule in said[2].split(",")]
            (self._everywhere if said[1] == "ignore-file" else self._at.setdefault(line, [])).extend(ignores)

    def all(self) -> list[Ignore]:
        """All that they say, of single lines and of the whole file."""
        return [*self._everywhere, *(one for line in self._at.values() for one in line)]

    def about(self, first: int, last: int) -> list[Ignore]:
        """Those about a command line that stands in these lines: in them, or in comments right above it; and those about all."""
        while first > 1 and self._lines[first - 2].strip()[:1] in ("", "#"):
            first -= 1
        return [*self._everywhere, *(one for line in range(first, last + 1) for one in self._at.get(line, ()))]


def ignored(answer: Verdict, comments: Sequence[Ignore], rest: Rest | None, file: str) -> Ignored:
    """What of a verdict does not count. `file` is where the command line stands, as `rest` names files (empty: nowhere)."""
    ignores = [*comments, *(i for i in (rest.ignores if rest is not None else ()) if _about(i, file))]
    baseline = rest.baseline if rest is not None else None
    why: dict[int, str] = {}
    used: set[str] = set()
    for number, reason in enumerate(answer.reasons):
        found = next((i for i in ignores if i.rule == reason.rule), None)
        if found is not None:
            why[number] = f"{found.reason} ({found.said})"
            used.add(found.rule)
        elif baseline is not None and baseline.found[key := (file, reason.rule, reason.message)]:
            baseline.found[key] -= 1
            why[number] = f"{baseline.reason} ({baseline.said})"
    _follow(answer.reasons, why)
    left = [r.severity for number, r in enumerate(answer.reasons) if number not in why]
    return Ignored(why, worst(left), tuple(i for i in comments if i.rule not in used))


def _follow(reasons: tuple[Reason, ...], why: dict[int, str]) -> None:
    """What is only a consequence of a refusal that does not count doesn't, either."""
    gone = {r.devices[0]: why[n] for n, r in enumerate(reasons) if n in why and r.devices and r.consequence_of is None}
    for number, reason in enumerate(reasons):
        if number not in why and reason.consequence_of in gone:
            why[number] = gone[reason.consequence_of]
            if reason.devices:
                gone.setdefault(reason.devices[0], why[number])


def _about(ignore: Ignore, file: str) -> bool:
    return not ignore.files or any(fnmatchcase(file, pattern) for pattern in ignore.files)
