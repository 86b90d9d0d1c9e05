"""Repairs that were found, as they are shown: edits of one device as one, and of several that are alike the cheapest."""

from __future__ import annotations

import re

from qrules.machine.request import Request
from qrules.place.drafts import Edit
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CHANGES = ("move", "property", "model")  # kinds of edits that write a device otherwise


class Repair(NamedTuple):
    """A config that the rules accept, and how it differs from the one that was asked. `argv` is all of it, as it is shown.

    `cost` is the sum of what the rules declare for its edits and added controllers, 0 or more. `origin` gives for each device
    its position in the config as asked, None for an added one.
    """

    cost: int
    edits: tuple[Edit, ...]
    request: Request
    origin: tuple[int | None, ...]
    argv: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def unlike(found: list[Repair]) -> list[Repair]:
    """Repairs without those that differ from a cheaper one in values alone."""
    signs: set[tuple[object, ...]] = set()
    kept = []
    for repair in found:
        sign = tuple((e.kind, e.device, e.before, re.sub(r"=[^,]*", "", e.after)) for e in repair.edits)
        if sign not in signs or any(e.kind == "option" for e in repair.edits):
            kept.append(repair)
        signs.add(sign)
    return kept


def merged(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Edits of one device in turn as one; of one that is left out in the end only that."""
    merged: list[Edit] = []
    for edit in edits:
        mine = [e for e in merged if e.device is not None and e.device == edit.device and e.kind in _CHANGES]
        if edit.kind != "drop":
            merged.append(edit)
            continue
        before = edit.before
        for one in reversed(mine):  # back to what was written; some edits name types alone
            before = one.before + before[len(one.after) :] if before.startswith(one.after) else one.before
        merged = [e for e in merged if e not in mine]
        merged.append(edit._replace(before=before))
    return _in_turn(tuple(merged))


def _in_turn(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    merged: list[Edit] = []
    whole: dict[int, int] = {}  # by device, where its edit stands
    for edit in edits:
        at = whole.get(edit.device) if edit.device is not None and edit.kind in _CHANGES else None
        if at is not None and "," not in merged[at].before + merged[at].after and merged[at].kind == "model":
            at = None  # it names types alone
        if at is None:
            if edit.device is not None and edit.kind in _CHANGES:
                whole[edit.device] = len(merged)
            merged.append(edit)
        else:
            kind = "move" if {merged[at].kind, edit.kind} == {"move"} else "property"
            written = merged[at].after  # the whole option, where a later edit names types alone
            after = written.replace(edit.before, edit.after, 1) if edit.kind == "model" and edit.before != written else edit.after
            merged[at] = Edit(kind, edit.device, merged[at].before, after)
    return tuple(merged)
