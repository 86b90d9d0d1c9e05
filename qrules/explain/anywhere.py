"""Where a device can be plugged at all: the newest machine of each family of each architecture, tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qrules.explain.verdicts import judge_outcome, placement
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.knowledge.vendors import versions_of
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.explain.verdicts import Placement


class Somewhere(NamedTuple):
    """A machine and whether it takes the device: `verdict` is that of the device alone, `message` what stands against it."""

    machine: str
    alias: str
    arch: str
    qemu: str
    verdict: str
    placement: Placement | None
    message: str

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def anywhere(known: Iterable[Knowledge], devices: Sequence[DeviceRequest], nodefaults: bool = False) -> Iterator[Somewhere]:
    """An answer for the newest machine of each family that rules describe, where there is the type of the last device."""
    for knowledge in known:
        if not knowledge.line_of(devices[-1].driver):
            continue
        board = Board(knowledge)
        for facts in newest(knowledge):
            yield _on(board, facts, Request(facts.name, nodefaults=nodefaults, devices=tuple(devices)))


def newest(knowledge: Knowledge) -> list[MachineFacts]:
    """The newest machine of each family that rules describe, in the catalogue's order."""
    found: dict[int, MachineFacts] = {}
    for name in knowledge.machine_names():
        facts = knowledge.machine(name)
        if facts is None or facts.family is None:
            continue
        later = versions_of(knowledge, name)
        if not later or later[-1] == name:
            found.setdefault(facts.family, facts)
    return list(found.values())


def _on(board: Board, facts: MachineFacts, request: Request) -> Somewhere:
    verdict, outcome = judge_outcome(board, request)
    last = len(request.devices) - 1
    placed = outcome.devices[last] if outcome is not None else None
    against = next((r for r in verdict.reasons if last in r.devices[:1] and r.severity != "warn"), None)
    return Somewhere(
        facts.name,
        facts.aliases[0] if facts.aliases else "",
        board.knowledge.arch,
        board.knowledge.version,
        verdict.verdict if placed is None else "accept",
        placement(last, placed) if placed is not None else None,
        against.message if against is not None and placed is None else "",
    )
