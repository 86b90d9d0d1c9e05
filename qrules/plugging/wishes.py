"""Wishes: what options ask the machine for, as entities that its parts and rules look at."""

from __future__ import annotations

from qrules.machine.budget import MOST_TOLD
from qrules.machine.entities import Device
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import Request, Wish
from qrules.plugging.judging import unknowns
from qrules.plugging.plug import Plugger


def wishes(plugger: Plugger, request: Request, refusals: list[Refusal]) -> tuple[list[Device], list[Refusal]]:
    """What options ask the machine for, kind after kind in the order of the rules; each kind in the order written.

    What is wrong is added to `refusals`; what the emulator looks at after the machine's options comes back apart. Behind
    `MOST_TOLD` that are refused none is looked at.
    """
    order = list(plugger.knowledge.shared["wishes"]) if request.wishes else []
    made: list[Device] = []
    late: list[Refusal] = []
    for asked in sorted(request.wishes, key=lambda wish: order.index(wish.kind)):
        found: list[Refusal] = []
        wish = _wish(plugger, asked, found)
        stand_in = wish if wish is not None else Device(-1, plugger.kinds.wish(asked.kind))
        if stand_in.get("after-options", plugger.state):
            late.extend(found)
        else:
            refusals.extend(r if r.phase == "reading" or r.unknown else r._replace(phase="early") for r in found)
        if wish is not None:
            made.append(wish)
        if len(refusals) + len(late) > MOST_TOLD:
            break
    return made, late


def _wish(plugger: Plugger, asked: Wish, refusals: list[Refusal]) -> Device | None:
    """What an option asks the machine for, as an entity that parts and rules look at; None where it can't be meant."""
    try:
        identity = asked.values.get("id")
        if identity is not None and not plugger.knowledge.is_identifier(str(identity)):
            raise plugger.refuse("malformed-id", None, name=identity, kind="")
        device = plugger.wish(plugger.kinds.wish(asked.kind), asked)
    except Refused as refused:
        reading = {"type": "reading"}  # rules at type are asked of a wish when its option is read
        refusals.extend(r._replace(where=asked.where, phase=reading.get(r.phase, r.phase)) for r in refused.refusals)
        return None
    found = unknowns(device.kind.unknowns, new_frame(plugger.state, device), None)
    refusals.extend(r._replace(where=asked.where) for r in found)
    return device
