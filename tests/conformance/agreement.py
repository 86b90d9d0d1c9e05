"""Counts of what agrees, for each option and each machine, with the interval in which the true share lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt

from qrules.qemu.verify import Checked
from tests.conformance.generate import Config

_Z = 1.959964  # of the normal distribution, for 95%


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share that was counted: Wilson's, which is right for shares near 1 too (JASA 22, 1927)."""
    if not of:
        return (0.0, 1.0)
    share, z2 = right / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return (max(0.0, middle - half), min(1.0, middle + half))


def row(name: str, right: int, of: int) -> str:
    """One line of a summary."""
    low, high = wilson(right, of)
    return f"{name:34} {right:>6} of {of:>6}  {100 * right / of if of else 0:6.2f}%  [{100 * low:.2f}, {100 * high:.2f}]"


def summary(drawn: Sequence[Config], results: Sequence[Checked]) -> list[str]:
    """How many agree: verdicts, then all that is compared, then that for each option and each machine."""
    counts: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for config, checked in zip(drawn, results, strict=True):
        for name in _names(config):
            counts[name] += 1
            same[name] += checked.verdict == "same"
    verdicts = sum(_agrees(c, ("verdict",)) for c in results)
    words = [c for c in results if c.rules == c.binary == "reject"]
    places = [c for c in results if c.rules == c.binary == "accept"]
    head = [
        row("verdicts", verdicts, len(results)),
        row("words of refusals", sum(_agrees(c, ("message",)) for c in words), len(words)),
        row("buses and addresses", sum(_agrees(c, ("bus", "bus-order", "address")) for c in places), len(places)),
        row("unknown", sum(c.verdict == "unknown" for c in results), len(results)),
        row("everything", sum(c.verdict == "same" for c in results), len(results)),
    ]
    return head + [row(name, same[name], counts[name]) for name in sorted(counts)]


def _names(config: Config) -> Iterable[str]:
    return (f"on {config.arch} {config.machine}", *config.options)


def _agrees(checked: Checked, what: tuple[str, ...]) -> bool:
    return checked.verdict != "unknown" and not any(d.what in what for d in checked.differences)


def told(checked: Checked) -> str:
    """What differs, readable in a failed test."""
    differing = [f"{d.what} {d.subject} rules: {d.rules!r} binary: {d.binary!r} {d.where}" for d in checked.differences]
    return f"{checked.trial} {checked.rules} " + "; ".join(differing)
