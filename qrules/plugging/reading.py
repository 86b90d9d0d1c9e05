"""What is refused while options are read, before any device is made."""

from __future__ import annotations

from qrules.machine.refusals import Refusal
from qrules.machine.request import Request
from qrules.plugging.plug import Plugger

_PHASES = ("reading", "early", "late")
_LOOKED_UP = "no-such-command-option"  # names of options are looked up before any option is read


def unread(plugger: Plugger, request: Request) -> dict[int, list[Refusal]]:
    """Options with ill-formed ids, or two with one id, fail when they are read, before any device is made.

    JSON ones do not: their ids are not looked at, and clash when they are made.
    """
    found: dict[int, list[Refusal]] = {}
    seen: set[str] = set()
    for index, device in enumerate(request.devices):
        if device.id is None or device.json:
            continue
        well_formed = plugger.knowledge.is_identifier(device.id)
        name = "malformed-id" if not well_formed else "duplicate-option-id" if device.id in seen else None
        seen.add(device.id)
        if name is not None:
            refused = plugger.refuse(name, None, name=device.id, kind="device")
            found[index] = [r._replace(device=index, phase="reading") for r in refused.refusals]
    return found


def misread(plugger: Plugger, request: Request, most: int | None = None) -> list[Refusal]:
    """What the reader of the command line could not take as it stands, in the emulator's words; of more than `most` the first."""
    wrong_ones = request.misread
    if most is not None and len(wrong_ones) > most:
        wrong_ones = tuple(sorted(wrong_ones, key=lambda wrong: wrong.refusal != _LOOKED_UP)[: most + 1])
    return [
        refusal._replace(where=wrong.where, phase=_PHASES[wrong.stage])
        for wrong in wrong_ones
        for refusal in plugger.refuse(wrong.refusal, None, **wrong.context).refusals
    ]


def as_read(refusals: list[Refusal], request: Request) -> list[Refusal]:
    """What is refused while options are read comes first, in the order in which they stand: their names before the rest."""

    def place(refusal: Refusal) -> tuple[bool, int]:
        where = refusal.where if refusal.device is None else request.devices[refusal.device].where
        return refusal.rule != _LOOKED_UP, where.argument if where is not None else 0

    reading = sorted((r for r in refusals if r.phase == "reading"), key=place)
    early = sorted((r for r in refusals if r.phase == "early"), key=place)
    late = sorted((r for r in refusals if r.phase == "late"), key=place)
    rest = [r for r in refusals if r.phase not in _PHASES]
    board = next((i for i, r in enumerate(rest) if r.phase not in ("options", "type")), len(rest))
    return reading + early + rest[:board] + late + rest[board:]
