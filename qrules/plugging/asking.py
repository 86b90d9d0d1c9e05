"""Options that bring nothing and yet have to be right: the rules of what they are asked as (``asks`` in a shorthand)."""

from __future__ import annotations

from qrules.machine.entities import Device
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import Request, Wish
from qrules.plugging.plug import Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_STAGES = {"type": "reading", "properties": "early", "pre-plug": "late"}
"""When the emulator finds what the rules of a phase say: when it reads the option, before the machine's own options, or after."""


def asked(plugger: Plugger, request: Request) -> list[Refusal]:
    """What is wrong with options by themselves: of each the first phase that has something to say."""
    return [
        refusal._replace(where=option.where, phase=_STAGES[refusal.phase])
        for option in request.asked
        for refusal in _first(plugger, option)
    ]


def _first(plugger: Plugger, option: Wish) -> Iterator[Refusal]:
    stand_in = Device(-1, plugger.kinds.wish(option.kind), None, option.values)
    try:
        plugger.properties.read(stand_in)
    except Refused as refused:
        yield from (r._replace(phase="properties") for r in refused.refusals)
        return
    for phase in _STAGES:
        found = plugger.checker.judged(stand_in.checks.get(phase, ()), stand_in, phase)
        if found:
            yield from (r._replace(phase=phase) for r in found)
            return
