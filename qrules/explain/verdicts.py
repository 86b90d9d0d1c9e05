"""The verdict on a whole config: accept, warn, reject or unknown, with every reason and where each device lands."""

from __future__ import annotations

from qrules.explain.reasons import Reason, RuleLine, Source, reason, unworded, worst
from qrules.explain.unchecked import Unchecked, assumed, not_refused, of_device, unchecked
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.linked.steps import TooLong
from qrules.machine.budget import MOST_TOLD, TooLarge, told_so_many
from qrules.machine.entities import Device, Machine
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest, Remark, Request
from qrules.machine.state import MORE_STEPS, MOST_STEPS, State
from qrules.plugging.board import Board, NoRules, Outcome
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from qrules.explain.reasons import VerdictWord


_UNREAD = ("unreadable-config", "malformed-config")  # refusals of files that are to have further options
_LARGE = 500  # devices and options of a config that may be too large for rules which are in order


class Placement(NamedTuple):
    """Where an accepted device lands. `address` is empty where its bus has no addresses, `bus` where it needs none.

    `hotplug` is the position of a device that was added while the machine ran; `device` is None then.
    """

    device: int | None
    type: str
    id: str | None
    bus: str | None
    address: dict[str, Any]
    hotplug: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class Verdict(NamedTuple):
    """What the asked profiles say of a config.

    `assumed` is what was taken as given, since the host alone can tell, `unchecked` what was not looked at. A config that is
    accepted with both of them empty starts. `remarks` are told whatever the verdict.
    """

    verdict: VerdictWord
    reasons: tuple[Reason, ...]
    placements: tuple[Placement, ...]
    machine: str
    arch: str
    qemu: str
    devices: tuple[str, ...]
    assumed: tuple[Reason, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    remarks: tuple[Reason, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def placement(index: int | None, device: Device) -> Placement:
    """Where a device stands."""
    bus = device.bus
    scheme = bus.kind.scheme if bus is not None else None
    address = scheme.public(device.address) if scheme is not None else {}
    return Placement._make((index, device.kind.name, device.id, bus.id if bus is not None else None, address, None))


def judge(board: Board, request: Request, profiles: tuple[str, ...] = ()) -> Verdict:
    """The verdict on a request; `profiles` limits it to some (none: all that have rules).

    What nobody can answer is *unknown* for every profile, and a machine that does not exist is refused for each. Raises
    nothing for what stands in a request: that is what verdicts are for.
    """
    try:
        return judge_outcome(board, request, profiles)[0]
    except TooLarge as error:
        return _unanswered(board, request, error)


def judge_outcome(
    board: Board, request: Request, profiles: tuple[str, ...] = (), worded: bool = True
) -> tuple[Verdict, Outcome | None]:
    """The verdict with what stands in the end; None for the latter where the machine can't be built.

    Behind `MOST_TOLD` refusals nothing is looked at, whichever verb asks. Where a machine stands, reasons that are not `worded`
    have no sentences.
    """
    knowledge = board.knowledge
    facts = knowledge.machine(request.machine)
    if facts is None:
        return _without_machine(board, request, profiles), None
    try:
        outcome = board.run(facts, request, judges(knowledge, profiles), MOST_TOLD)
    except TooLong as error:
        if request.size < _LARGE:  # then it is the rules that end nowhere
            raise
        last = error.place.shown if error.place is not None else ""
        raise TooLarge("the rules about this take", MOST_STEPS + MORE_STEPS * request.size, last) from None
    except NoRules:
        return _verdict(board, request, None, _no_such_types(board, request), profiles, [_without_rules(knowledge, facts)]), None
    return _verdict(board, request, outcome, outcome.refusals, profiles, worded=worded), outcome


def judge_running(board: Board, request: Request, later: tuple[DeviceRequest, ...], profiles: tuple[str, ...] = ()) -> Verdict:
    """The verdict on devices that are added in turn to the running machine: that of the last one; a refused one is skipped.

    Where the machine does not start, that is the verdict. The reasons of the last device come first.
    """
    try:
        return _running(board, request, later, profiles)
    except TooLarge as error:
        return _unanswered(board, request, error)


def _running(board: Board, request: Request, later: tuple[DeviceRequest, ...], profiles: tuple[str, ...]) -> Verdict:
    answer, outcome = judge_outcome(board, request, profiles)
    if not later or outcome is None or answer.verdict in ("reject", "unknown"):
        return answer
    first = len(request.devices)
    extended = request._replace(devices=(*request.devices, *later))
    verdict: VerdictWord = "accept"
    placed = list(answer.placements)
    told: list[list[Reason]] = []
    refused: dict[str, list[Reason]] = {}  # since the last one that was taken: asked again, it is refused again
    unread = list(answer.unchecked)
    many = 0
    for number, device in enumerate(later):
        many += len(told[-1]) if told else 0
        if rest := unlooked(board, many):  # the last one's is the verdict
            told.append([rest])
            verdict = "unknown"
            break
        kind = board.kinds.named(device.driver)
        if kind is not None and not kind.read_names.issuperset(device.properties):
            unread += (one._replace(device=None, hotplug=number) for one in of_device(kind, device, number))
        known = refused.get(repr(device))
        if known is not None:
            told.append([r._replace(hotplug=number) for r in known])
            verdict = worst([r.severity for r in known])
            continue
        stands, refusals = board.hotplug(outcome.state, first + number, device, judges(board.knowledge, profiles))
        found = [_while_running(reason(board.knowledge, r, extended), first) for r in refusals]
        asked = asked_of(found, profiles)
        verdict = worst([r.severity for r in asked])
        told.append(asked)
        if stands is None:
            refused[repr(device)] = asked
        else:
            refused.clear()
            placed.append(placement(None, stands)._replace(hotplug=number))
    reasons = (*(one for asked in reversed(told) for one in asked), *answer.reasons)
    return answer._replace(verdict=verdict, reasons=reasons, placements=tuple(placed), unchecked=tuple(unread))


def asked_of(reasons: list[Reason], profiles: tuple[str, ...]) -> list[Reason]:
    """The reasons that some profiles give (none named: all of them).

    Where nobody knows what stands, or whether it does, no profile can answer either, whichever one's rules found that out.
    """
    return [r for r in reasons if not profiles or r.severity == "unknown" or r.profile in profiles]


def _while_running(found: Reason, first: int) -> Reason:
    """A reason with the positions of devices that came later told apart from those that were there at the start."""
    blamed = found.devices[0] - first if found.devices and found.devices[0] >= first else None
    return found._replace(devices=tuple(d for d in found.devices if d < first), hotplug=blamed)


def judges(knowledge: Knowledge, profiles: tuple[str, ...]) -> bool:
    """Whether one of the profiles that are asked decides nothing; the rules of these see the whole, and cost a walk over it."""
    deciding = knowledge.shared["deciding"]
    return not profiles or any(p not in deciding for p in profiles)


def _verdict(
    board: Board,
    request: Request,
    outcome: Outcome | None,
    refusals: tuple[Refusal, ...],
    profiles: tuple[str, ...],
    more: list[Reason] | None = None,
    worded: bool = True,
) -> Verdict:
    knowledge, state = board.knowledge, outcome.state if outcome is not None else None
    if any(r.rule in _UNREAD for r in refusals):  # what is looked for in vain may stand there
        refusals = tuple(r for r in refusals if r.missing is None and r.occasion != "missing")
    reasons = [reason(knowledge, r, request) if worded else unworded(knowledge, r) for r in refusals] + (more or [])
    reasons += [_unmodelled(knowledge, text) for text in request.unmodelled]
    if outcome is not None and outcome.cut:
        reasons.append(too_large(knowledge, outcome.cut))
    hidden = [Reason("not-known", knowledge.profile, "unknown", n.message, "", span=n.where) for n in request.not_known]
    reasons = hidden + reasons
    asked = asked_of(reasons, profiles) if outcome is not None else reasons  # without a machine nothing was looked at
    placed = [placement(i, d) for i, d in enumerate(outcome.devices) if d is not None] if outcome is not None else []
    name = state.machine.name if state is not None else request.machine
    given = outcome.assumed if outcome is not None else ()
    if state is not None and request.assumed:
        given = (*given, *assumed(request, state))
    unread = unchecked(board.kinds, request, state)
    return Verdict(
        "unknown" if hidden else worst([r.severity for r in asked]),  # what is hidden may decide about all the rest
        tuple(asked),
        tuple(placed),
        name,
        knowledge.arch,
        knowledge.version,
        tuple(d.driver for d in request.devices),
        tuple(reason(knowledge, r, request)._replace(severity="note") for r in given),
        not_refused(unread, asked) if unread and asked else unread,
        tuple(_remark(knowledge, one) for one in request.remarks),
    )


def _remark(knowledge: Knowledge, one: Remark) -> Reason:
    see = tuple(Source(*s) for s in one.see)
    return Reason(
        "of-a-vendor", knowledge.profile, "note", one.message, "", where=RuleLine(one.file, one.line), see=see, span=one.where
    )


def _without_machine(board: Board, request: Request, profiles: tuple[str, ...]) -> Verdict:
    """The verdict where the emulator has no such machine: *unknown* where a newer or a vendor's emulator may have it."""
    from qrules.knowledge.vendors import may_exist

    refusal = no_such_machine(board.knowledge, request)
    at_home = board.knowledge.homes("machines", request.machine)
    unread = tuple(
        _not_there(board.knowledge, request, wrong.refusal, "", wrong.context)._replace(where=wrong.where, phase="reading")
        for wrong in request.misread
        if wrong.stage == 0
    )
    if at_home or not may_exist(board.knowledge, request.machine):
        return _verdict(board, request, None, (*unread, refusal), profiles)
    note = board.knowledge.refusal_note("machine-not-known")
    told = reason(board.knowledge, refusal._replace(rule="machine-not-known", note=note), request)
    return _verdict(board, request, None, unread, profiles, [told._replace(severity="unknown", emulator_message="")])


def no_such_machine(knowledge: Knowledge, request: Request) -> Refusal:
    return _not_there(knowledge, request, "no-such-machine", request.machine)._replace(phase="machine")


def nothing_stands(knowledge: Knowledge, request: Request) -> State:
    """What there is of a machine that there is not."""
    return State(Machine(request.machine, "", knowledge.version, knowledge.arch, None, request, {}), frozenset())


def _no_such_types(board: Board, request: Request) -> tuple[Refusal, ...]:
    """The devices whose types the emulator does not have, whatever the machine: all that is sure where no rules describe that."""
    missing = [
        (n, device.driver) for n, device in enumerate(request.devices) if device.driver and not board.kinds.named(device.driver)
    ]
    return tuple(
        _not_there(board.knowledge, request, "no-such-type", name)._replace(device=n, phase="type") for n, name in missing
    )


def _not_there(knowledge: Knowledge, request: Request, rule: str, name: str, said: Mapping[str, Any] | None = None) -> Refusal:
    frame = new_frame(nothing_stands(knowledge, request), None)
    for word, value in (said if said is not None else {"name": name}).items():
        frame[CONTEXT[word]] = value
    return Refusal(rule, knowledge.refusal_note(rule), "says", frame)


def _without_rules(knowledge: Knowledge, facts: MachineFacts) -> Reason:
    return Reason("no-rules", knowledge.profile, "unknown", f"no rules describe the machine {facts.name} yet", "")


def too_large(knowledge: Knowledge, why: str) -> Reason:
    """That not all was looked at."""
    return Reason("too-large", knowledge.profile, "unknown", why, "")


def unlooked(board: Board, told: int) -> Reason | None:
    """What is said of a device that is added behind so many reasons: nobody looks at it. None where they are not too many."""
    return too_large(board.knowledge, told_so_many(MOST_TOLD)) if told > MOST_TOLD else None


def _unanswered(board: Board, request: Request, error: TooLarge) -> Verdict:
    """The verdict on a config that takes more steps than there are."""
    return _verdict(board, request, None, (), (), [too_large(board.knowledge, error.why)])


def _unmodelled(knowledge: Knowledge, text: str) -> Reason:
    return Reason("not-modelled", knowledge.profile, "unknown", text, "")
