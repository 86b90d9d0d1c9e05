"""What differs between machines or versions, as JSON."""

from __future__ import annotations

from qrules.explain.diff import Change, Difference
from qrules.report.json import rule_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def as_json(found: Difference) -> dict[str, Any]:
    """All that differs, in lists."""

    def changes(listed: tuple[Change, ...]) -> list[dict[str, Any]]:
        return [{"type": c.name, "bus": c.bus, "why": c.why, "where": rule_line(c.line)} for c in listed]

    rest = found._asdict()
    return {
        "from": rest.pop("old"),
        "to": rest.pop("new"),
        "became-possible": changes(rest.pop("possible")),
        "has-a-bus-now": changes(rest.pop("conditional")),
        "became-impossible": changes(rest.pop("impossible")),
        **{name.replace("_", "-"): list(value) for name, value in rest.items()},
    }
