"""A placement for a config: solved, written down, and run through the rules before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.explain.reasons import Reason
from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import Request
from qrules.place.problem import Setting, Struck
from qrules.place.wants import Wants
from qrules.place.writing import Written, write
from qrules.plugging.board import Board, NoRules
from qrules.records import NamedTuple
from qrules.solve import answers, solver

_ROUNDS = 8  # of solving again without what the rules refused after all


class Placed(NamedTuple):
    """A config in which everything has its place. `request` is the whole of it; `added` are positions in it.

    `origin` gives for each device its position in the config as asked, None for an added one. `cost` is that of the
    controllers added; `optimal` says that it is proven least.
    """

    request: Request
    origin: tuple[int | None, ...]
    cost: int
    optimal: bool
    setting: Setting | None = None
    solution: answers.Placement | None = None

    def argv(self, words: Sequence[str]) -> list[str]:
        """The command line `words`, from which the config was read, with its devices as they are placed."""
        from qrules.configs.rewriting import rewritten

        return rewritten(words, self.request.devices)

    @property
    def added(self) -> tuple[int, ...]:
        """The positions of the controllers that were not asked for."""
        return tuple(i for i, origin in enumerate(self.origin) if origin is None)


class Nowhere(NamedTuple):
    """No placement exists. `struck` are devices that no bus takes; `conflicts` and `corrections` speak of the rest.

    `reasons` are what is wrong with the config apart from places.
    """

    reasons: tuple[Reason, ...]
    struck: tuple[Struck, ...]
    found: answers.Infeasible | None
    setting: Setting | None


class Undecided(NamedTuple):
    """It was not found out whether a placement exists, and why."""

    why: str
    reasons: tuple[Reason, ...] = ()


def place(
    board: Board, request: Request, wants: Wants | None = None, conflicts: int = solver.LIMIT
) -> Placed | Nowhere | Undecided:
    """Places for all devices of a config, with the fewest controllers added. Addresses that were written are kept.

    Where there are none: so many of the `conflicts` (0: all).
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
    written, answer = found
    against = wrong(setting, written.request)
    if not against:
        return Placed(written.request, written.origin, answer.cost, answer.optimal, setting, answer)
    return Undecided("the placement that was found is refused as a whole", against)


def settle(setting: Setting, conflicts: int = solver.LIMIT) -> tuple[Written, answers.Placement] | Nowhere | Undecided:
    """Solves and writes down; what the rules refuse of that is struck, and it is solved again."""
    refused: tuple[Reason, ...] = ()
    for _ in range(_ROUNDS):
        answer = _answer(setting, conflicts)
        if isinstance(answer, answers.Unknown):
            return Undecided(answer.why)
        if isinstance(answer, answers.Infeasible):
            return Nowhere((), tuple(setting.struck), answer, setting)
        if setting.struck:
            return Nowhere((), tuple(setting.struck), None, setting)
        written = write(setting, answer)
        if isinstance(written, Written):
            return written, answer
        refused = written.reasons
        if not setting.strike(written.device, written.kind, written.reasons):
            break
    return Undecided("the rules refuse what was found, for a reason that is no matter of single places", refused)


def _answer(setting: Setting, conflicts: int) -> answers.Placement | answers.Infeasible | answers.Unknown:
    """The cheapest placement; of equals the one that moves nothing which could have stayed where it would land unasked."""
    answer = solver.place(setting.problem(), limit=conflicts)
    if isinstance(answer, answers.Placement):
        steady = solver.cheapest(setting.problem(steady=True))  # why not, nobody will ask
        if isinstance(steady, answers.Placement) and steady.cost == answer.cost:
            return steady
    return answer


def wrong(setting: Setting, request: Request) -> tuple[Reason, ...]:
    """What a placed config is refused or advised against for, but for what the user's own places bring."""
    verdict, _ = judge_outcome(setting.board, request, setting.wants.profiles)
    return tuple(r for r in verdict.reasons if r.severity == "reject")


def _as_written(board: Board, request: Request, setting: Setting) -> Placed:
    """A config that stands as it is: each device where the emulator would put it."""
    from qrules.place.writing import pinned

    stands = setting.written
    devices = tuple(
        pinned(device, placed, stands.state) if placed is not None else device
        for device, placed in zip(request.devices, stands.devices, strict=True)
    )
    return Placed(request._replace(devices=devices), tuple(range(len(devices))), 0, True, setting)
