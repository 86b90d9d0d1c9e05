"""How many more devices of a type fit, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.machine.request import Request
from qrules.place.spare import Refused, Room
from qrules.report import json as shapes
from qrules.report.style import Style, table, wrapped
from qrules.report.text import details
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def room_text(found: Room | Refused, request: Request, style: Style) -> str:
    """How many more fit."""
    if isinstance(found, Refused):
        rows = [f"{style('No', 'bold', 'red')}: the config does not start as it is; `qrules check` tells more."]
        return BREAK.join([*rows, *(wrapped(message, "  ", "  ") for message in found.messages)])
    whole = found.in_all or found
    buses = f"on {', '.join(found.buses)}" if found.buses and found.cold != 0 else ""
    why_hot = "" if whole.hot != 0 else "`qrules hotplug` says why, and what would help"
    rows_ = [
        ("as it stands", *_number(found, found.cold, whole.cold, buses)),
        ("with controllers added", *_number(found, found.added, whole.added, "")),
        ("while the machine runs", *_number(found, found.hot, whole.hot, why_hot)),
    ]
    head = style(f"How many more {found.type} fit on {request.machine}", "bold")
    return BREAK.join([head, *("  " + row for row in table(rows_)), *_room_reasons(found, style)])


def _room_reasons(found: Room, style: Style) -> Iterator[str]:
    """What speaks against devices of which there is none, or less than one might think."""
    if found.lacking:
        yield ""
        told = "these are places, whatever guidelines say of them: not one starts as it is written"
        yield style(wrapped(told + ", until this is given", "", ""), "yellow")
    for reason in (*found.lacking, *found.reasons):
        yield ""
        before = "a guideline speaks against it: " if reason.severity == "warn" else ""
        yield wrapped(before + reason.message, "  ", "  ")
        yield from details(reason, style)


def _number(found: Room, count: int | None, whole: int | None, note: str) -> tuple[str, str]:
    """A number, and what is said besides; `whole` is the number without what guidelines say."""
    told = _many(count, found.least)
    if whole == count:
        return told, note
    of_all = f"that no guideline speaks against, {_many(whole, found.in_all.least if found.in_all else None)} in all"
    return told, f"{of_all}; {note}" if note else of_all


def _many(count: int | None, least: int | None) -> str:
    return str(count) if count is not None else "as many as you like" if least is None else f"at least {least}"


def room_json(found: Room | Refused) -> dict[str, Any]:
    """The same as JSON: null for a number that was not counted to its end."""
    if isinstance(found, Refused):
        verdict = "unknown" if found.unknown else "reject"
        return {"schema": shapes.SCHEMA, "verdict": verdict, "reasons": list(found.messages)}
    whole = found.in_all
    return {
        "schema": shapes.SCHEMA,
        "type": found.type,
        "cold": found.cold,
        "with-controllers": found.added,
        "hot": found.hot,
        "buses": list(found.buses),
        "at-least": found.least,
        "in-all": {"cold": whole.cold, "with-controllers": whole.added, "hot": whole.hot} if whole is not None else None,
        "lacking": [shapes.reason(r) for r in found.lacking],
        "reasons": [shapes.reason(r) for r in found.reasons],
    }
