"""Hot-plug answers as text."""

from __future__ import annotations

from qrules.explain.hotplug import Added, HotPlug, Place, Start
from qrules.report.style import Style, table, wrapped
from qrules.report.text import address_text, details, left_open, verdict
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSES = {
    "bus": "the bus refuses: ",
    "device": "the device refuses: ",
    "machine": "the machine refuses: ",
    "place": "",
}


def hotplug(answer: HotPlug, style: Style, words: list[str]) -> str:
    """Each device in turn; where the machine does not start, why."""
    if not answer.added:
        return "The machine does not start, so nothing can be added to it." + BREAK * 2 + verdict(answer.start, style, words)
    told = (BREAK * 2).join(BREAK.join(_added(added, answer.start.machine, style)) for added in answer.added)
    return BREAK.join((told, *left_open(answer.start, style, words)))


def _added(added: Added, machine: str, style: Style) -> Iterator[str]:
    if added.placement is not None and added.verdict == "reject":
        rule = next(r.rule for r in added.reasons if r.severity == "reject")
        yield f"{style('No', 'bold', 'red')}: the running {machine} would take {added.device}, but the rule '{rule}' forbids it."
    elif added.placement is not None:
        where = f", and lands on {address_text(added.placement)}" if added.placement.bus else "; it needs no bus"
        yield f"{style('Yes', 'bold', 'green')}: the running {machine} takes {added.device}{where}."
    elif added.verdict == "unknown":
        yield f"{style('Unknown', 'bold', 'yellow')}: the rules do not say whether the running {machine} takes {added.device}."
    else:
        yield f"{style('No', 'bold', 'red')}: the running {machine} does not take {added.device}."
    for number, reason in enumerate(added.reasons):
        yield ""
        refuses = _REFUSES.get(added.layer, "") if number == 0 else "also: "
        yield wrapped(refuses + reason.message, "  ", "  ")
        yield from details(reason, style)
    if added.places:
        yield ""
        yield "  " + style("Places that take it now", "bold") + " (each was tried on the rules):"
        yield from ("    " + row for row in table([_place(p) for p in added.places]))
        if added.untried:
            told = f"{added.untried:,} more buses were not tried; ask about one of them with bus="
            yield "    " + style(told, "dim")
    if added.first:
        yield ""
        yield "  " + style("What can be added first, while it runs", "bold") + " (each was tried on the rules):"
        yield from ("    " + row for row in table([(s.text, f"then bus={s.bus}") for s in added.first]))
    elif added.starts:
        yield ""
        yield "  " + style("What should have been there at the start", "bold") + " (each was tried on the rules):"
        yield from ("    " + row for row in table([_start(s) for s in added.starts]))


def _place(place: Place) -> tuple[str, ...]:
    room = f"{place.room.free} of {place.room.total} free" if place.room is not None else ""
    against = "a guideline speaks against it" if place.advice else ""
    return (f"bus={place.placement.bus}", f"lands on {address_text(place.placement)}", room, against)


def _start(start: Start) -> tuple[str, ...]:
    then = {"device": f"then bus={start.bus}", "machine": "whose own bus takes it", "cold": "it can't come later"}
    return (start.text, then[start.kind])
