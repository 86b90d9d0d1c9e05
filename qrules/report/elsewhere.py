"""Why not there: as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.configs.rewriting import device_text
from qrules.place.answer import Nowhere, Placed
from qrules.place.elsewhere import Elsewhere
from qrules.report import json as shapes
from qrules.report.conflicts import conflict_lines
from qrules.report.listing import device_name
from qrules.report.style import Style, wrapped
from qrules.report.text import details
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.machine.request import Request
    from qrules.place.answer import Undecided

    Answer = Placed | Nowhere | Undecided


def text(found: Elsewhere, answer: Answer, request: Request, style: Style) -> str:
    """The verdict first, then what speaks against it or what it would cost."""
    return BREAK.join(_lines(found, answer, request, style))


def _lines(found: Elsewhere, answer: Answer, request: Request, style: Style) -> Iterator[str]:
    device = request.devices[found.device]
    name = device_name(device.driver, device.id, found.device)
    where = _where(found.bus, found.address)
    if found.there:
        yield f"{style('It does', 'bold', 'green')}: {name} stands on {where}."
        return
    if found.holder is not None and found.holder.request is not None:
        yield f"{style('Taken', 'bold', 'yellow')}: {_holder(found, answer, request)} has {where}, and {name} can't have it, too."
    elif any(r.severity == "reject" for r in found.reasons):
        yield f"{style('It cannot', 'bold', 'red')}: the rules keep {name} from {where}."
    elif found.reasons:
        yield f"{style('It could', 'bold', 'yellow')}, but {name} on {where} is advised against."
    else:
        yield f"{style('It could', 'bold', 'green')}: nothing speaks against {name} on {where}."
    for reason in found.reasons:
        yield ""
        yield wrapped(reason.message, "  ", "  ")
        yield from details(reason, style)
    if found.stands is not None:
        yield ""
        yield wrapped(f"It stands on {_where(*found.stands)}{_why(found)}.", "  ", "  ")
    yield from _instead(found, answer, name, where, style)


def _why(found: Elsewhere) -> str:
    if found.reasons or found.holder is not None or found.stands is None:
        return ""
    return ", the lowest free place there" if found.stands[0] == found.bus else ", which costs no more"


def _holder(found: Elsewhere, answer: Answer, request: Request) -> str:
    """Who has the place, in the words of the config as asked."""
    holder = found.holder
    assert holder is not None
    origin = answer.origin[holder.request] if isinstance(answer, Placed) and holder.request is not None else holder.request
    if origin is None:
        return f"{holder.label}, which was added,"
    return device_name(request.devices[origin].driver, request.devices[origin].id, origin)


def _instead(found: Elsewhere, answer: Answer, name: str, where: str, style: Style) -> Iterator[str]:
    instead = found.instead
    written = f"bus={found.bus}" + (f" and its address {found.address}" if found.address else "")
    if isinstance(instead, Placed) and isinstance(answer, Placed):
        more = instead.cost - answer.cost
        extra = ", ".join(device_text(instead.request.devices[at]) for at in instead.added)
        cost = (
            "no further controller"
            if more <= 0
            else f"controllers that cost {more} more than those of the cheapest placement: {extra}"
        )
        told = f"With {written} written, everything has a place; it takes {cost}."
        yield wrapped(told, "  ", "  ")
    elif isinstance(instead, Nowhere):
        yield wrapped(f"With {written} written, not everything has a place:", "  ", "  ")
        asked = instead.setting.request if instead.setting is not None else None
        for conflict in instead.found.conflicts[:1] if instead.found is not None and asked is not None else ():
            assert asked is not None
            yield from ("    " + line for line in conflict_lines(conflict, instead, asked, style))


def _where(bus: str, address: str) -> str:
    return f"{bus}, {address}" if address else bus


def as_json(found: Elsewhere, answer: Answer, request: Request) -> dict[str, Any]:
    """The same as JSON. `extra-cost` is null where it was not solved with the device there."""
    instead = found.instead
    holder = found.holder
    return {
        "schema": shapes.SCHEMA,
        "device": found.device,
        "bus": found.bus,
        "address": found.address or None,
        "there": found.there,
        "holder": {"type": holder.kind.name, "id": holder.id, "written": holder.request is not None}
        if holder is not None
        else None,
        "reasons": [shapes.reason(r) for r in found.reasons],
        "stands": {"bus": found.stands[0], "address": found.stands[1] or None} if found.stands is not None else None,
        "possible": None if instead is None else isinstance(instead, Placed),
        "extra-cost": instead.cost - answer.cost if isinstance(instead, Placed) and isinstance(answer, Placed) else None,
    }
