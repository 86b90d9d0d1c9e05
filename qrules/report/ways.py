"""Numbers and lists of placements as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.configs.quoting import quoted
from qrules.configs.rewriting import device_text, rewritten
from qrules.place.answer import Placed
from qrules.place.ways import Ways
from qrules.report import json as shapes
from qrules.report.style import Style, table, wrapped
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.machine.request import Request

_DIGITS = 15  # of a number that is shown whole


def text(found: Ways, answer: Placed, request: Request, style: Style) -> str:
    """The placements that were listed, if any, and how many there are."""
    return BREAK.join([*_listed(found, style), *_counted(found, answer, request, style)])


def _listed(found: Ways, style: Style) -> Iterator[str]:
    for number, placed in enumerate(found.listed, 1):
        yield style(f"# placement {number}", "dim")
        for at, device in enumerate(placed.request.devices):
            if placed.origin[at] is not None:
                yield f"-device {quoted(device_text(device))}"
        yield ""


def _counted(found: Ways, answer: Placed, request: Request, style: Style) -> Iterator[str]:
    count, controllers = found.number, len(answer.added)
    devices = len(answer.request.devices) - controllers
    what = f"{devices} device{'s' if devices != 1 else ''} on {request.machine}"
    if controllers:
        what += f", with the {controllers} controller{'s' if controllers != 1 else ''} added where `qrules place` puts them"
    yield style(f"Ways to place {what}", "bold")
    floor = "" if count.exact else "at least "
    ceiling = f", at most {_number(count.most)}" if not count.exact and count.most >= count.alike else ""
    alike = f"{floor}{_number(count.alike)}{ceiling}"
    rows = [(alike, "devices that are alike exchange places freely: each choice of places counts once")]
    if count.single != count.alike:
        rows.append((floor + _number(count.single), "each device told apart from the others"))
    yield from ("  " + row for row in table(rows))
    if not count.exact and not ceiling:
        told = "this one was found step by step on the machine itself: how many others there are was not counted"
        yield wrapped(told, "  ", "  ")
    elif not count.exact:
        yield wrapped("a bound: the wishes couple the devices, and counting them all would take too long", "  ", "  ")
    if found.refused:
        told = f"a bound from above: {found.refused} that were looked at are refused by the rules as a whole, and not listed"
        yield wrapped(told, "  ", "  ")
    if found.listed and not found.whole:
        yield wrapped(f"listed are the first {len(found.listed)}; --limit N lists more", "  ", "  ")


def _number(count: int) -> str:
    """With commas; a large one rounded down, with its power of ten."""
    digits = str(count)
    if len(digits) <= _DIGITS:
        return f"{count:,}"
    return f"about {digits[0]}.{digits[1:3]}e{len(digits) - 1}"


def as_json(found: Ways, request: Request, words: list[str]) -> dict[str, Any]:
    """The numbers in full, and each placement with its command line."""
    return {
        "schema": shapes.SCHEMA,
        "machine": request.machine,
        "count": {
            "alike": found.number.alike,
            "single": found.number.single,
            "exact": found.number.exact and not found.refused,
            "at-most": found.number.most if found.number.most >= found.number.alike else None,
        },
        "refused": found.refused,
        "whole": found.whole,
        "placements": [
            {
                "argv": rewritten(words, placed.request.devices),
                "devices": [
                    {"device": origin, "text": device_text(device), "bus": device.bus}
                    for device, origin in zip(placed.request.devices, placed.origin, strict=True)
                    if origin is not None
                ],
            }
            for placed in found.listed
        ],
    }
