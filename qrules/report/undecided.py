"""What is said where it was not found out whether there are places: why, and what was found by then."""

from __future__ import annotations

from qrules.machine.request import Request
from qrules.place.answer import Undecided
from qrules.report.listing import device_name
from qrules.report.style import Style, wrapped
from qrules.report.text import details

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED = 3  # devices without a place that are named


def undecided(answer: Undecided, request: Request, style: Style) -> Iterator[str]:
    """The answer, line by line."""
    yield f"{style('Unknown', 'bold', 'yellow')}: {answer.why}."
    if answer.standing:
        yield wrapped(f"By then {_so_far(answer, request)}.", "  ", "  ")
    for reason in answer.reasons:
        yield wrapped(reason.message, "  ", "  ")
        yield from details(reason, style)


def _so_far(answer: Undecided, request: Request) -> str:
    """What was found out before it was given up."""
    names = [device_name(request.devices[n].driver, request.devices[n].id, n) for n in answer.left[:_NAMED]]
    few = f": all but {', '.join(names)}" if 0 < len(answer.left) <= _NAMED else ""
    return f"{len(answer.standing):,} of {len(request.devices):,} devices had places together{few}"
