"""Why something was refused, as data. Sentences are made of it in `qrules.report`."""

from __future__ import annotations

from qrules.machine.frames import Frame
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.machine.request import Where


NEEDS = "needs"  # the phase of what a machine lacks to start: it is refused, but what it has can be told all the same


class Missing(NamedTuple):
    """What a device did not find: a bus or device of a name, or a bus of a kind with room. One of the two is None."""

    name: str | None = None
    bus_kind: str | None = None


class Refusal(NamedTuple):
    """One reason. `note` names the rule's text; `occasion` picks the emulator's words from it; `frame` fills the holes.

    `rule` is the rule's stable name. `device` is the request's index of the device that is refused, None for the
    machine itself. `consequence_of` is the index of the device whose refusal led to this one. `where` is the place in
    the user's text where it is no device's. `missing` is what was not found, where it is refused for want of something.
    """

    rule: str
    note: int | None
    occasion: str
    frame: Frame
    device: int | None = None
    phase: str = ""
    unknown: bool = False
    consequence_of: int | None = None
    facts: tuple[tuple[str, Any], ...] = ()
    where: Where | None = None
    missing: Missing | None = None


class Refused(Exception):
    """Raised inside one plug when a phase has found what is wrong; carries every reason of that phase."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = refusals
        super().__init__(", ".join(r.rule for r in refusals))
