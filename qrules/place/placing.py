"""A placement for a config: laid out, settled, and run through the rules as a whole before anybody sees it."""

from __future__ import annotations

from qrules.explain.reasons import Reason
from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import Request
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.setting import Setting
from qrules.place.settling import settle
from qrules.place.wants import Wants
from qrules.place.writing import pinned
from qrules.plugging.board import Board, NoRules
from qrules.solve.solver import LIMIT


def place(board: Board, request: Request, wants: Wants | None = None, conflicts: int = LIMIT) -> Placed | Nowhere | Undecided:
    """Places for all devices of a config, with the fewest controllers added. Addresses that were written are kept.

    Where there are none: so many of the `conflicts` (0: all). Answers are values; nothing is raised for a config.
    """
    wants = wants or Wants()
    facts = board.knowledge.machine(request.machine)
    verdict, outcome = judge_outcome(board, request, wants.profiles)
    if facts is None or outcome is None:
        return Nowhere(verdict.reasons, (), None, None)
    if verdict.verdict == "accept" and not wants.any:
        return _as_written(board, request, Setting(board, request, wants, board.build_machine(facts, request)[0], outcome))
    try:
        base, refusals = board.build_machine(facts, request)
    except NoRules:
        return Nowhere(verdict.reasons, (), None, None)
    if any(not r.unknown for r in refusals):
        return Nowhere(tuple(r for r in verdict.reasons if not r.devices), (), None, None)
    return _solve(Setting(board, request, wants, base, outcome), conflicts)


def _solve(setting: Setting, conflicts: int) -> Placed | Nowhere | Undecided:
    found = settle(setting, conflicts)
    if isinstance(found, Nowhere | Undecided):
        return found
    written, answer = found.written, found.solution
    against = wrong(setting, written.request)
    if not against:
        return Placed(written.request, written.origin, answer.cost, answer.optimal, setting, answer)
    return Undecided("the placement that was found is refused as a whole", against)


def wrong(setting: Setting, request: Request) -> tuple[Reason, ...]:
    """What a placed config is refused or advised against for, but for what the user's own places bring."""
    verdict, _ = judge_outcome(setting.board, request, setting.wants.profiles)
    return tuple(r for r in verdict.reasons if r.severity == "reject")


def _as_written(board: Board, request: Request, setting: Setting) -> Placed:
    """A config that stands as it is: each device where the emulator would put it."""
    stands = setting.written
    devices = tuple(
        pinned(device, placed, stands.state) if placed is not None else device
        for device, placed in zip(request.devices, stands.devices, strict=True)
    )
    return Placed(request._replace(devices=devices), tuple(range(len(devices))), 0, True, setting)
