"""What of a verdict does not count, in sentences."""

from __future__ import annotations

from qrules.explain.ignoring import Ignored
from qrules.explain.verdicts import Verdict
from qrules.report.style import Style, wrapped
from qrules.visible import BREAK

_COUNTS = {"accept": "accepted", "warn": "accepted with a warning", "reject": "rejected", "unknown": "unknown"}


def text(answer: Verdict, left: Ignored, style: Style) -> str:
    """Which rules are ignored, why and by whose word, what then counts for the exit status, and what ignores nothing."""
    lines = []
    if left.why:
        told = dict.fromkeys((answer.reasons[number].rule, why) for number, why in left.why.items())
        lines += ["", style("ignored: it does not count for the exit status", "bold")]
        lines += [wrapped(f"{rule}: {why}", "    ", "  ") for rule, why in told]
        lines.append(f"  what is left counts as {_COUNTS[left.counted]}")
    for one in left.unused:
        lines += ["", wrapped(f"{one.said}: there is nothing of the rule '{one.rule}' to ignore here", "  ", "")]
    return BREAK.join(lines)
