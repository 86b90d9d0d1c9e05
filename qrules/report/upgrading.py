"""What becomes of configs on another emulator version, as text and JSON."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence

from qrules.configs.rewriting import lines
from qrules.conversion.upgrading import Upgraded
from qrules.explain.reasons import Reason
from qrules.report import json as shapes
from qrules.report.style import Style, wrapped
from qrules.report.text import address_text, details
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEADLINES = {
    "starts": ("it starts on QEMU {new} as it is written", "green"),
    "starts-changed": ("it does not start on QEMU {new} as it is written, and does with the changes below", "yellow"),
    "as-asked": ("it starts on QEMU {new} with the machine that was asked for", "green"),
    "does-not-start": ("it does not start on QEMU {new}, and no changes were found with which it does", "red"),
    "unknown": ("whether it starts on QEMU {new} is not known", "magenta"),
    "did-not-start": ("it does not even start on QEMU {old}", "red"),
}
_ARTICLE = {"option": "an"}
_OWN = "(what the type has)"  # a default that QEMU does not tell
_SHORT = {
    "starts": "start as they are written", "starts-changed": "start with changes", "does-not-start": "do not start",
    "unknown": "are not known", "did-not-start": "did not start before", "unreadable": "can't be read",
}  # fmt: skip


def text(answer: Upgraded, style: Style) -> str:
    """The answer: will it start, what is gone, what the guest finds otherwise, what is deprecated, and the changes as a diff."""
    asked_for = answer.will == "starts-changed" and answer.after.verdict in ("accept", "warn")
    told, colour = HEADLINES["as-asked" if asked_for else answer.will]
    machine = answer.machines[0] if answer.machines[0] == answer.machines[1] else f"{answer.machines[0]} to {answer.machines[1]}"
    found = [f"{style(told.format(new=answer.new, old=answer.old), 'bold', colour)}  ({machine})"]
    if answer.will == "did-not-start":
        found += _refusals("what is wrong already", [r for r in answer.before.reasons if r.severity == "reject"], style)
    for gone in answer.gone:
        successors = f" (instead: {', '.join(gone.successors)})" if gone.successors else ""
        found += [
            "",
            wrapped(
                gone.reason.message + successors, "  ", style(f"gone, {_ARTICLE.get(gone.what, 'a')} {gone.what}", "bold") + ": "
            ),
        ]
        found += details(gone.reason, style)
    found += _refusals(f"what QEMU {answer.new} does not take", answer.refused, style)
    for title, rows in _guest(answer):
        found += ["", style(title, "bold"), *(wrapped(row, "    ", "  ") for row in rows)]
    found += _deprecated(answer, style)
    if answer.argv and answer.argv != answer.asked:
        found += ["", style("what to change (tried on the rules as a whole)", "bold"), *_diff(answer, style)]
    elif answer.pinned:
        advice = f"write -machine {answer.machines[0]} to keep the machine that it is now: {answer.machines[1]} is a newer one"
        found += ["", wrapped(advice, "  ", style("to keep it as it is", "bold") + ": ")]
    return BREAK.join(found)


def _refusals(title: str, reasons: Sequence[Reason], style: Style) -> Iterator[str]:
    if reasons:
        yield from ("", style(title, "bold"))
    for reason in reasons:
        yield wrapped(reason.message, "    ", "  ")
        yield from details(reason, style)


def _guest(answer: Upgraded) -> Iterator[tuple[str, list[str]]]:
    """What the guest finds otherwise, by title."""
    if answer.seen:
        yield (
            "devices that the guest finds at another place",
            [f"{s.type}: {address_text(s.after)} now, {address_text(s.before)} before" for s in answer.seen],
        )
    if answer.brought:
        rows = [
            f"{b.what}: {' and '.join(b.after) or 'nothing'} now, {' and '.join(b.before) or 'nothing'} before"
            for b in answer.brought
        ]
        yield "what the machine brings by itself", rows
    if answer.defaults:
        rows = [f"{d.type}: {d.name}={d.after or _OWN} now, {d.before or _OWN} before" for d in answer.defaults]
        yield "defaults that nobody wrote", list(dict.fromkeys(rows))
    notes = list(answer.notes)
    if answer.unknown_defaults:
        notes.append(f"which defaults {answer.machines[0]} and {answer.machines[1]} fix for their guests is not known")
    if notes:
        yield "what else the guest finds", notes


def guest(answer: Upgraded) -> list[str]:
    """What the guest finds otherwise, a line for each thing."""
    return [row for _, found in _guest(answer) for row in found]


def _deprecated(answer: Upgraded, style: Style) -> Iterator[str]:
    for each in answer.deprecated:
        since = f" since QEMU {each.since} at the latest" if each.since else ""
        gone = f", and QEMU {each.gone} has it no more" if each.gone else ""
        yield ""
        yield wrapped(f"{each.name} is deprecated{since}{gone}", "  ", style("deprecated", "bold", "yellow") + ": ")


def _diff(answer: Upgraded, style: Style) -> Iterator[str]:
    colours = {"-": "red", "+": "green"}
    rows = difflib.unified_diff(
        lines(answer.asked), lines(answer.argv), f"QEMU {answer.old}", f"QEMU {answer.new}", lineterm="", n=1
    )
    for row in rows:
        yield style(row, colours[row[0]]) if row[0] in colours else row


def difference(answer: Upgraded) -> list[str]:
    """The lines of the config that change, with ``-`` or ``+`` before each; nothing where none do."""
    if not answer.argv:
        return []
    rows = difflib.unified_diff(lines(answer.asked), lines(answer.argv), lineterm="", n=0)
    return [row for row in rows if row[:1] in "+-" and not row.startswith(("---", "+++"))]


def summary(found: Counter[str]) -> str:
    """How many of many configs are what."""
    parts = [f"{found[will]} {told}" for will, told in _SHORT.items() if found[will]]
    count = sum(found.values())
    return f"{count} config{'s' if count != 1 else ''}: {', '.join(parts) or 'nothing to look at'}"


# ------------------------------------------------------------------------------------- JSON
def as_json(answer: Upgraded) -> dict[str, Any]:
    """The same for programs."""
    return {
        "from": answer.old,
        "to": answer.new,
        "will": answer.will,
        "machine": {"before": answer.machines[0], "after": answer.machines[1]},
        "verdict": {"before": answer.before.verdict, "after": answer.after.verdict},
        "gone": [{"what": g.what, "successors": list(g.successors), "reason": shapes.reason(g.reason)} for g in answer.gone],
        "refused": [shapes.reason(r) for r in answer.refused],
        "argv": list(answer.argv),
        "changes": difference(answer),
        "guest": [
            {"device": s.device, "type": s.type, "before": _place(s.before), "after": _place(s.after)} for s in answer.seen
        ],
        "brought": [
            {"for": b.what, "role": b.role or None, "before": list(b.before), "after": list(b.after)} for b in answer.brought
        ],
        "defaults": [
            {"device": d.device, "type": d.type, "property": d.name, "before": d.before or None, "after": d.after or None}
            for d in answer.defaults
        ],
        "notes": list(answer.notes),
        "defaults-not-known": answer.unknown_defaults,
        "deprecated": [{"machine": d.name, "since": d.since or None, "gone": d.gone or None} for d in answer.deprecated],
        "pinned": list(answer.pinned),
    }


def _place(found: Any) -> dict[str, Any]:
    return {"bus": found.bus, "address": found.address, "text": address_text(found)}
