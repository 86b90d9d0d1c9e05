"""Options of a command line, as steps write them."""

from __future__ import annotations

from qrules.domains.items import Item
from qrules.domains.procedures import Writes
from qrules.machine.frames import Frame, shown
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Written(NamedTuple):
    """An option with its argument (None: it has none), and the item that it was written for."""

    option: str
    argument: str | None
    item: Item


def written(line: Writes, item: Item, frame: Frame) -> Written:
    """The option of one line; members without a value are left out."""
    members = {name: value for name, given in line.members if (value := given(frame)) is not None}
    first = line.value(frame) if line.value is not None else None
    if line.json:
        return Written(line.option, _json(members), item)
    parts = [] if first is None else [str(shown(first))]  # as the rule writes it
    parts += [f"{name}={_text(value)}" for name, value in members.items()]
    return Written(line.option, ",".join(parts) if parts else None, item)


def _json(members: dict[str, Any]) -> str:
    """Members as one JSON object; those with a dot in their names stand in an object of their own."""
    import json

    made: dict[str, Any] = {}
    for name, value in members.items():
        *above, last = name.split(".")
        inner = made
        for step in above:
            inner = inner.setdefault(step, {})
        inner[last] = value if isinstance(value, (int, str)) else shown(value)
    return json.dumps(made, separators=(",", ":"), ensure_ascii=False)


def _text(value: Any) -> str:
    """A value between commas, of which its own are doubled."""
    told = {True: "on", False: "off"}.get(value) if isinstance(value, bool) else shown(value)
    return str(told).replace(",", ",,")
