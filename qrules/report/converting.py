"""Conversions to another machine, and why there is none, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qrules.configs.quoting import quoted
from qrules.configs.spelling import PLAIN, Spelling
from qrules.conversion.answer import Brought, Converted, Impossible, Row, Uncertain, Why
from qrules.explain.reasons import Reason
from qrules.explain.verdicts import Placement
from qrules.machine.request import Request
from qrules.report import json as shapes
from qrules.report.conflicts import conflict_text
from qrules.report.style import Style, shell, wrapped
from qrules.report.text import address_text, details
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Answer = Converted | Impossible | Uncertain

_CONTEXT = 1  # unchanged lines that a diff shows around changed ones
_MARK = "    "  # of a reason below its line in a diff


def text(answer: Answer, request: Request, style: Style, diff: bool, spelling: Spelling = PLAIN) -> str:
    """The answer: the whole command line with its reasons in comments above it, or a diff with each reason below its line.

    `spelling` is how words are written that stay.
    """
    if isinstance(answer, Converted):
        return BREAK.join(_diff(answer, style) if diff else _command(answer, style, spelling))
    if isinstance(answer, Uncertain):
        return BREAK.join(_uncertain(answer, style))
    return BREAK.join(_impossible(answer, request, style))


# ------------------------------------------------------------------------------------- a config
def _command(answer: Converted, style: Style, spelling: Spelling) -> Iterator[str]:
    yield from (style(line, "dim") for line in _comments(answer))
    yield from spelling.preamble
    yield shell(spelling.lines(answer.argv))


def _comments(answer: Converted) -> Iterator[str]:
    yield f"# {_headline(answer)}"
    for row in answer.rows:
        if row.before == row.after:
            continue
        yield "#"
        if row.before is not None:
            yield f"# - {row.before}"
        if row.after is not None:
            yield f"# + {row.after}"
        for why in row.why:
            yield from _why(why, "#     ")
    for title, told in _sections(answer):
        yield "#"
        yield f"# {title}"
        for line in told:
            yield wrapped(line, "#     ", "#   ")


def _headline(answer: Converted) -> str:
    if not answer.changes:
        return f"{answer.new}: nothing changes"
    count = len(answer.changes)
    moved = f", {len(answer.seen)} device{'s' if len(answer.seen) != 1 else ''} at another place" if answer.seen else ""
    return f"{answer.old} to {answer.new}: {count} line{'s' if count != 1 else ''} change{'s' if count == 1 else ''}{moved}"


def _why(why: Why, indent: str) -> Iterator[str]:
    """A reason with its rule and sources behind it."""
    yield wrapped(why.message, indent, indent)
    told = [f"{why.rule}, {why.where}" if why.rule else str(why.where)] if why.where is not None else []
    for part in (*told, *(str(s) for s in why.see)):
        yield f"{indent}  {part}"


def _diff(answer: Converted, style: Style) -> Iterator[str]:
    yield style(f"--- {answer.old}", "bold")
    yield style(f"+++ {answer.new}", "bold")
    if not answer.changes:
        yield "nothing changes"
    shown = _near_changes(answer.rows)
    last = -1
    for at, row in enumerate(answer.rows):
        if at not in shown:
            continue
        if at != last + 1 and answer.changes:
            yield style(" ...", "dim")
        last = at
        if row.before == row.after:
            yield f" {row.before}"
            continue
        if row.before is not None:
            yield style(f"-{row.before}", "red")
        if row.after is not None:
            yield style(f"+{row.after}", "green")
        for why in row.why:
            yield from (style(line, "dim") for line in _why(why, _MARK))
    for title, told in _sections(answer):
        yield ""
        yield style(title, "bold")
        yield from (wrapped(line, "    ", "  ") for line in told)


def _near_changes(rows: Sequence[Row]) -> set[int]:
    changed = [at for at, row in enumerate(rows) if row.before != row.after]
    return {near for at in changed for near in range(at - _CONTEXT, at + _CONTEXT + 1) if 0 <= near < len(rows)}


def _sections(answer: Converted) -> Iterator[tuple[str, list[str]]]:
    """What is told besides the lines, by title."""
    told = {change.device for change in answer.changes if change.before and change.after}
    elsewhere = [f"{s.type}: {_place(s.after)} now, {_place(s.before)} before" for s in answer.seen if s.device not in told]
    if elsewhere:
        yield "devices that the guest finds at another place", elsewhere
    changes = [_brought(b) for b in answer.brought]
    if changes:
        yield "what the machines bring by themselves", changes
    noted = [_cited(w) for w in answer.notes]
    if noted:
        yield "what else the guest finds", noted
    warned = [f"{r.message} ({r.rule}, {r.where})" for r in answer.reasons if r.severity == "warn"]
    if warned:
        yield "accepted, but a guideline speaks against it", warned
    if answer.advice:
        yield "what could be done besides", [_cited(w) for w in answer.advice]


def _place(found: Placement) -> str:
    return ", ".join((str(found.bus), *(f"{name}={value}" for name, value in found.address.items())))


def _cited(why: Why) -> str:
    return f"{why.message} ({why.where})" if why.where is not None else why.message


def _brought(found: Brought) -> str:
    before, after = ", ".join(found.before) or "nothing", ", ".join(found.after) or "nothing"
    keep = f"; --keep {found.role} keeps it" if found.role and found.before and not _same_types(found) else ""
    return f"{found.what}: {before} before, {after} now{keep}"


def _same_types(found: Brought) -> bool:
    return [t.split(" ")[0] for t in found.before] == [t.split(" ")[0] for t in found.after]


# ------------------------------------------------------------------------------------- no config
def _uncertain(answer: Uncertain, style: Style) -> Iterator[str]:
    yield f"{style('Unknown', 'bold', 'yellow')}: {answer.old} to {answer.new}: {answer.why}."
    yield from _told(answer.reasons, style)


def _told(reasons: Iterable[Reason], style: Style) -> Iterator[str]:
    for reason in reasons:
        yield ""
        yield wrapped(reason.message, "  ", "  ")
        yield from details(reason, style)


def _impossible(answer: Impossible, request: Request, style: Style) -> Iterator[str]:
    if answer.before:
        yield f"{style('No', 'bold', 'red')}: this config does not start on {answer.old} as it is."
        yield from _told(answer.before, style)
        return
    yield f"{style('No', 'bold', 'red')}: not all of this config can be converted from {answer.old} to {answer.new}."
    for blocked in answer.blocked:
        yield ""
        yield style(blocked.line, "bold") if blocked.line else style(answer.new, "bold")
        for reason in blocked.reasons:
            yield wrapped(reason.message, "  ", "  ")
            yield from details(reason, style)
        yield from (line for why in blocked.why for line in _why(why, "  "))
    conflict = answer.conflict
    if conflict is not None and conflict.found is not None and conflict.setting is not None:
        for number, each in enumerate(conflict.found.conflicts, 1):
            yield ""
            yield wrapped(f"{number}. " + conflict_text(each, conflict, conflict.setting.request), "   ", "")
    if answer.without:
        names = " ".join(f"--without {_name(request, index)}" for index in answer.without)
        yield ""
        yield f"Without {'it' if len(answer.without) == 1 else 'them'} the rest converts (that was tried): {names}"


def _name(request: Request, index: int) -> str:
    """How --without calls a device: its id, or its position."""
    device = request.devices[index]
    return quoted(device.id) if device.id else str(index + 1)


# ------------------------------------------------------------------------------------- JSON
def as_json(answer: Answer) -> dict[str, Any]:
    """The answer for programs; its shape is one of those in `shapes_verbs`."""
    head = {"schema": shapes.SCHEMA, "from": answer.old, "to": answer.new}
    if isinstance(answer, Uncertain):
        return {**head, "verdict": "unknown", "why": answer.why, "reasons": [shapes.reason(r) for r in answer.reasons]}
    if isinstance(answer, Impossible):
        return {**head, **_impossible_json(answer)}
    return {
        **head,
        "verdict": "converted",
        "check": answer.verdict.verdict,
        "argv": list(answer.argv),
        "changes": [
            {"kind": c.kind, "device": c.device, "before": c.before, "after": c.after, "why": [_why_json(w) for w in c.why]}
            for c in answer.changes
        ],
        "guest": [
            {"device": s.device, "type": s.type, "before": _place_json(s.before), "after": _place_json(s.after)}
            for s in answer.seen
        ],
        "brought": [
            {"for": b.what, "role": b.role or None, "before": list(b.before), "after": list(b.after)} for b in answer.brought
        ],
        "notes": [_why_json(w) for w in answer.notes],
        "advice": [_why_json(w) for w in answer.advice],
        "warnings": [shapes.reason(r) for r in answer.reasons],
    }


def _impossible_json(answer: Impossible) -> dict[str, Any]:
    conflict = answer.conflict
    told = conflict.found.conflicts if conflict is not None and conflict.found is not None else ()
    setting = conflict.setting if conflict is not None else None
    return {
        "verdict": "impossible",
        "reasons": [shapes.reason(r) for r in answer.before],
        "blocked": [
            {
                "device": b.device,
                "line": b.line or None,
                "reasons": [shapes.reason(r) for r in b.reasons],
                "why": [_why_json(w) for w in b.why],
            }
            for b in answer.blocked
        ],
        "conflicts": [
            {"message": conflict_text(c, conflict, setting.request), "minimal": c.minimal}
            for c in told
            if conflict is not None and setting is not None
        ],
        "without": list(answer.without),
    }


def _why_json(why: Why) -> dict[str, Any]:
    return {
        "message": why.message,
        "rule": why.rule or None,
        "where": shapes.rule_line(why.where),
        "see": shapes.sources(why.see),
    }


def _place_json(placed: Placement) -> dict[str, Any]:
    return {"bus": placed.bus, "address": placed.address, "text": address_text(placed)}
