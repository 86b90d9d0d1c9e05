"""Solve, write down, and where the rules refuse that after all, strike it and solve again."""

from __future__ import annotations

from qrules.explain.reasons import Reason
from qrules.place.answer import Nowhere, Undecided
from qrules.place.problem import Asking, Question, Struck
from qrules.place.setting import Setting
from qrules.place.writing import Written, write
from qrules.records import NamedTuple
from qrules.solve import answers, solver

TYPE_CHECKING = False
if TYPE_CHECKING:
    Solution = answers.Placement | answers.Infeasible | answers.Unknown

_ROUNDS = 8  # of solving again without what the rules refused after all


class Settled(NamedTuple):
    """A config that the rules took device by device, and the solution that it was written from."""

    written: Written
    solution: answers.Placement


class _Solved(NamedTuple):
    """What the solver said, and to which question."""

    question: Question
    answer: Solution


def settle(setting: Setting, conflicts: int | None = solver.LIMIT) -> Settled | Nowhere | Undecided:
    """Places for what is laid out, with so many of the `conflicts` where there are none (0: all; None: none are looked for).

    What the rules refuse of a solution is struck from the setting.
    """
    refused: tuple[Reason, ...] = ()
    for _ in range(_ROUNDS):
        asked, answer = _solve(setting, conflicts)
        if isinstance(answer, answers.Unknown):
            return Undecided(answer.why)
        if isinstance(answer, answers.Infeasible):
            return Nowhere((), asked.struck, answer, setting)
        if asked.struck:
            return Nowhere((), asked.struck, None, setting)
        written = write(setting, asked, answer)
        if isinstance(written, Written):
            return Settled(written, answer)
        refused = written.reasons
        if written.circle and not written.circle <= setting.grounded:
            setting.grounded |= written.circle
            setting.exact = False
            continue
        if not written.kind and written.origin is not None:
            return Nowhere((), (Struck(written.origin, refused),), None, setting)
        if not setting.strike(written.device, written.kind, written.reasons):
            break
    return Undecided("the rules refuse what was found, for a reason that is no matter of single places", refused)


def _solve(setting: Setting, conflicts: int | None) -> _Solved:
    """The cheapest placement; of equals the one that moves nothing which could have stayed where it would land unasked.

    What is added stands behind the user's own controllers only where that costs less.
    """
    asking = Asking(setting)
    asked = asking.question()
    answer: Solution | None = solver.cheapest(asked.problem, setting.spent)
    cost = answer.cost if isinstance(answer, answers.Placement) else None
    behind = False
    if cost != 0 and any(setting.is_users_own(site) for site in setting.sites.values()):
        further = asking.question(behind=True)
        found = solver.cheapest(further.problem, setting.spent)
        behind = isinstance(found, answers.Placement) and (cost is None or found.cost < cost)
        if behind:
            asked, answer = further, found
        elif isinstance(answer, answers.Placement) and isinstance(found, answers.Placement | answers.Unknown):
            answer = answer._replace(bound=min(answer.bound, found.bound))
    if answer is None:
        if conflicts is None:
            return _Solved(asked, answers.Infeasible((), (), False))
        asked = Asking(setting, loose=True).question(behind)
        answer = solver.why_not(asked.problem, limit=conflicts)
    if isinstance(answer, answers.Placement):
        unmoved = Asking(setting, unmoved=True).question(behind)
        steady = solver.cheapest(unmoved.problem, setting.spent)  # why not, nobody will ask
        if isinstance(steady, answers.Placement) and steady.cost == answer.cost:
            return _Solved(unmoved, steady._replace(bound=answer.bound))
    return _Solved(asked, answer)
