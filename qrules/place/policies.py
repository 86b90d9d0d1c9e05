"""Rules about a config as a whole that no placement meets by itself, such as "four ports stay free": more is added for them.

What may be added are the controllers that rules name a cost for. Of each type so many are tried that the rule is content, and the
whole is placed and judged again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qrules.explain.reasons import Reason
from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import Request
from qrules.place import placing
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.controllers import Addition, declarable, number_wanted
from qrules.place.fitting import Fitting
from qrules.place.wants import Wants
from qrules.plugging.board import Board, NoRules
from qrules.solve.solver import LIMIT

_MOST = 32  # controllers of one type that are added for a policy
_BESIDES = 4  # that are tried above the least number: the devices of the config take some of what is added


def place(
    board: Board, request: Request, wants: Wants | None = None, conflicts: int = LIMIT, words: Sequence[str] | None = None
) -> Placed | Nowhere | Undecided:
    """`placing.place`; where what it finds is refused as a whole by a rule of a site, with controllers added for that rule."""
    answer = placing.place(board, request, wants, conflicts, words)
    if not isinstance(answer, Undecided) or not (against := policies(answer.reasons)):
        return answer
    wishes, tried = wants or Wants(), []
    for addition, least in _enough(board, request, wishes, {r.rule for r in against}):
        tried.append(addition.device.driver)
        for count in range(least, min(least + _BESIDES, _MOST) + 1):
            found = _with(board, request, wishes, addition, count, words)
            if found is not None:
                return found
    return answer._replace(why=_why(against, tried), reasons=tuple(against))


def policies(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons that speak of the machine as a whole, when all of it stands."""
    return [r for r in reasons if r.severity == "reject" and not r.devices and r.phase == "start"]


def _enough(board: Board, request: Request, wants: Wants, rules: set[str]) -> Iterator[tuple[Addition, int]]:
    """The types of which some number contents the rules, with the least such number, the cheapest first."""
    facts = board.knowledge.machine(request.machine)
    assert facts is not None
    try:
        base, _ = board.build_machine(facts, request)
    except NoRules:
        return
    fitting, found = Fitting(board, request, wants), []
    for addition in declarable(fitting, base):
        addition = _numbered(board, fitting, request, addition)
        most = min(_MOST, addition.limit or _MOST)
        if _content(board, request, wants, addition, most, rules):
            least = next(n for n in range(1, most + 1) if _content(board, request, wants, addition, n, rules))
            found.append((addition.cost * least, addition.device.driver, addition, least))
    yield from ((addition, least) for _, _, addition, least in sorted(found, key=lambda each: each[:2]))


def _content(board: Board, request: Request, wants: Wants, addition: Addition, count: int, rules: set[str]) -> bool:
    """Whether the rules say nothing where so many stand besides; whether all of them can, is asked later."""
    verdict, _ = judge_outcome(board, _more(request, addition, count), wants.profiles)
    return not any(r.rule in rules for r in policies(verdict.reasons))


def _numbered(board: Board, fitting: Fitting, request: Request, addition: Addition) -> Addition:
    """The type with the property that tells several of it apart, where its rules want one."""
    if addition.number:
        return addition
    facts, first = board.knowledge.machine(request.machine), len(request.devices)
    assert facts is not None
    outcome = board.run(facts, _more(request, addition, 2), judged=False)
    refusals = (r for r in outcome.refusals if r.device is not None and r.device >= first)
    wanted = (number_wanted(fitting, refusal, addition.device) for refusal in refusals)
    return addition._replace(number=next((name for name in wanted if name is not None), ""))


def _more(request: Request, addition: Addition, count: int) -> Request:
    """The config with so many controllers behind its devices, numbered apart where their type wants that."""
    name, own = addition.number, addition.device
    first = max((_number(d.properties.get(name)) for d in request.devices), default=0) + 1 if name else 0
    taken = {d.id for d in request.devices}
    ids = [i for n in range(count + len(taken)) if (i := f"spare-{addition.stem}{n + 1}") not in taken]
    alone = {key: value for key, value in own.properties.items() if key != addition.packs}
    added = [
        own._replace(id=ids[n], properties={**alone, **({name: first + addition.step * n} if name else {})}) for n in range(count)
    ]
    return request._replace(devices=[*request.devices, *added])


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _with(
    board: Board, request: Request, wants: Wants, addition: Addition, count: int, words: Sequence[str] | None
) -> Placed | None:
    """The config placed with so many more; they are told as added."""
    found = placing.place(board, _more(request, addition, count), wants, 1, words)
    if not isinstance(found, Placed):
        return None
    own = len(request.devices)
    origin = tuple(n if n is not None and n < own else None for n in found.origin)
    return found._replace(origin=origin, cost=found.cost + count * addition.cost, optimal=False)


def _why(against: list[Reason], tried: list[str]) -> str:
    rules = " and ".join(dict.fromkeys(f"'{r.rule}'" for r in against))
    if tried:
        return f"every placement that was tried is refused by {rules}, also with more of {', '.join(tried)}"
    return f"every placement that was tried is refused by {rules}, and no controller that could be added changes that"
