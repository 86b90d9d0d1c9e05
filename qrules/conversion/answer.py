"""What a conversion says: the new config with a reason for each line, or what stands against it."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.explain.reasons import Reason, RuleLine, Source
from qrules.explain.verdicts import Placement, Verdict
from qrules.knowledge.model import Knowledge
from qrules.machine.request import DeviceRequest
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.place.answer import Nowhere


class Why(NamedTuple):
    """One reason for a line: a sentence, and the rule behind it with its sources, where there is one."""

    message: str
    rule: str = ""
    where: RuleLine | None = None
    see: tuple[Source, ...] = ()


class Change(NamedTuple):
    """One line of the command line that changes. `before` or `after` is None for one that comes or goes.

    `kind` is machine, device, added, dropped, kept, option or global; `device` is the position in the config as asked.
    """

    kind: str
    device: int | None
    before: str | None
    after: str | None
    why: tuple[Why, ...]


class Seen(NamedTuple):
    """A device that the guest finds somewhere else: before and after. `device` as in `Change`; `type` is the new one."""

    device: int
    type: str
    before: Placement
    after: Placement


class Brought(NamedTuple):
    """What the machine brings by itself for a role, or for an option: each as ``type on bus, address``."""

    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    role: str = ""


class Row(NamedTuple):
    """An option of the command line before and after; they are equal where nothing changes."""

    before: str | None
    after: str | None
    why: tuple[Why, ...] = ()


class Converted(NamedTuple):
    """A config on another machine, run through the rules as a whole: `verdict` is accept or warn.

    `argv` is the whole command line, `rows` the same beside the old one. `advice` is what could be done besides.
    `reasons` are warnings that the old config did not have.
    """

    old: str
    new: str
    argv: tuple[str, ...]
    devices: tuple[DeviceRequest, ...]
    origin: tuple[int | None, ...]
    verdict: Verdict
    changes: tuple[Change, ...]
    rows: tuple[Row, ...]
    seen: tuple[Seen, ...] = ()
    brought: tuple[Brought, ...] = ()
    notes: tuple[Why, ...] = ()
    advice: tuple[Why, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class Blocked(NamedTuple):
    """A device (None: an option or the machine itself) that can't come along, and why. `line` is its option."""

    device: int | None
    line: str
    reasons: tuple[Reason, ...] = ()
    why: tuple[Why, ...] = ()


class Impossible(NamedTuple):
    """What can't be converted. `before` are the reasons why the config does not even start where it is.

    `conflict` is there where devices compete for too few places. `without` are the positions of devices without which
    the rest converts (tried); empty where that was not found.
    """

    old: str
    new: str
    blocked: tuple[Blocked, ...]
    before: tuple[Reason, ...] = ()
    conflict: Nowhere | None = None
    without: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class Uncertain(NamedTuple):
    """It was not found out whether the config can be converted, and why."""

    old: str
    new: str
    why: str
    reasons: tuple[Reason, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def why_of(found: Reason) -> Why:
    """A refusal's or a warning's reason as one for a line."""
    return Why(found.message, found.rule, found.where, found.see)


def why_note(knowledge: Knowledge, number: int, message: str) -> Why:
    """A sentence about something that a rule's line brings."""
    if number < 0:
        return Why(message)
    note = knowledge.note(number)
    return Why(message, note.name, RuleLine(note.file, note.line), tuple(Source(*s) for s in note.see))


def unique(reasons: Sequence[Why]) -> tuple[Why, ...]:
    """Each reason once, in their order."""
    return tuple(dict.fromkeys(reasons))
