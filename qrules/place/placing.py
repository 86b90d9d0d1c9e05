"""A placement for a config: laid out, settled, and run through the rules exactly as it is printed before anybody sees it."""

from __future__ import annotations

from qrules.explain.printed import Proof, proof, spot
from qrules.explain.reasons import Reason
from qrules.explain.verdicts import judge_outcome, judges
from qrules.machine.budget import DEVICE, TooLarge, current
from qrules.machine.request import DeviceRequest, Request
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.competing import in_own_words, refused_together, told_apart
from qrules.place.fitting import without_place
from qrules.place.pinning import pinned
from qrules.place.serving import lacking, serves
from qrules.place.setting import Setting
from qrules.place.settling import settle
from qrules.place.stepwise import as_many_as_stand, step_by_step
from qrules.place.unserved import unserved
from qrules.place.wants import Wants
from qrules.place.writing import Written
from qrules.plugging.blame import named_after
from qrules.plugging.board import Board, NoRules
from qrules.solve.solver import LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST = 6 * DEVICE  # steps that placing a device takes: it is looked at as written, placed, and what is printed is run
_SEARCHED = 250  # and so many, at the least, where their places are not all written
_FEW = 100  # devices for which it is asked whether step by step costs less
_REWRITINGS = 3  # of a config with fewer places written, where the binary gives the same ones


def place(
    board: Board,
    request: Request,
    wants: Wants | None = None,
    conflicts: int = LIMIT,
    words: Sequence[str] | None = None,
    reasons: bool = True,
) -> Placed | Nowhere | Undecided:
    """Places for all devices of a config, with the fewest controllers added. Addresses that were written are kept.

    Where there are none: so many of the `conflicts` (0: all). `words` are the command line that the config was read from: the
    answer is proven in these words. Without `reasons` it is not found out what truly competes where there is no place. Answers
    are values; nothing is raised for a config.
    """
    stood: list[tuple[int, ...]] = []
    try:
        answer = _place(board, request, _with_what_hangs(request, wants or Wants()), conflicts, words, reasons, stood)
        if isinstance(answer, Undecided) and answer.standing:
            stood.append(answer.standing)
    except TooLarge as error:
        answer = Undecided(error.why)
    if not isinstance(answer, Undecided) or not stood:
        return answer
    most = max(stood, key=len)
    return answer._replace(standing=most, left=tuple(n for n in range(len(request.devices)) if n not in set(most)))


def _place(
    board: Board,
    request: Request,
    wants: Wants,
    conflicts: int,
    words: Sequence[str] | None,
    reasons: bool,
    stood: list[tuple[int, ...]],
) -> Placed | Nowhere | Undecided:
    count = len(request.devices) + sum(spare.places for spare in wants.spare)
    current().expect(_LEAST * count, f"placing {count:,} devices takes")
    facts = board.knowledge.machine(request.machine)
    verdict, outcome = judge_outcome(board, request, wants.profiles, worded=False)
    if facts is None or outcome is None:
        if verdict.verdict == "unknown":
            return Undecided("the rules do not say what this machine has", verdict.reasons)
        return Nowhere(verdict.reasons, (), None, None)
    if any(_is_unread(r) for r in verdict.reasons):  # options that no place of a device changes
        return Nowhere(tuple(filter(_is_unread, _reasons(board, request, wants))), (), None, None)
    stood.append(tuple(n for n, device in enumerate(outcome.devices) if device is not None))
    try:
        base, refusals = board.build_machine(facts, request)
    except NoRules:
        return Nowhere(_reasons(board, request, wants), (), None, None)
    if any(not r.unknown for r in refusals):
        return Nowhere(tuple(r for r in _reasons(board, request, wants) if not r.devices), (), None, None)
    advised = judges(board.knowledge, wants.profiles)
    proposing = Proposing(Setting(board, request, wants, base, outcome), conflicts, words, reasons)
    stands = verdict.verdict in ("accept", "warn") and not wants.any
    written = proposing.as_written() if stands and verdict.verdict == "accept" else None
    if written is not None:
        return written
    current().expect(_SEARCHED * count, f"finding places for {count:,} devices takes")
    found = proposing.solved()
    if isinstance(found, Placed):
        return found
    answer = _against_advice(proposing, found, stands) if advised else proposing.told(found)
    if not isinstance(answer, Nowhere) or not answer.struck:
        return answer
    return in_own_words(answer, _reasons(board, request, wants))


def _reasons(board: Board, request: Request, wants: Wants) -> tuple[Reason, ...]:
    """What stands against a config as it is written, in words: they are made for a no alone."""
    return judge_outcome(board, request, wants.profiles)[0].reasons


def _is_unread(told: Reason) -> bool:
    """Whether a reason is about an option that can't be read, whatever the devices are."""
    return not told.devices and told.phase == "reading" and told.severity == "reject"


def _with_what_hangs(request: Request, wants: Wants) -> Wants:
    """The same wishes, where what is written to go onto a device that comes while the machine runs comes then, too."""
    hot = set(wants.hotplug)
    grown = True
    while hot and grown:
        ids = [identity for n in hot if (identity := request.devices[n].id)]
        before = len(hot)
        for number, device in enumerate(request.devices):
            bus = device.bus.lstrip("/").split("/")[0] if device.bus else ""
            if bus and any(bus == identity or named_after(bus, identity) for identity in ids):
                hot.add(number)
        grown = len(hot) > before
    return wants._replace(hotplug=frozenset(hot))


def _against_advice(strict: Proposing, found: Nowhere | Undecided, stands: bool) -> Placed | Nowhere | Undecided:
    """What guidelines speak against, where nothing else has a place: at first of those devices alone that have none otherwise.

    A no speaks of what no guideline decides.
    """
    setting = strict.setting
    if stands and (written := strict.as_written()) is not None:
        return written
    struck = found.struck if isinstance(found, Nowhere) else ()
    some = frozenset(s.device for s in struck if any(r.severity == "warn" for r in s.reasons))
    everything = frozenset(range(len(setting.request.devices) + 2))  # what is added and what room is left for are the last two
    if some:
        answer = strict.without_advice(some).solved()
        if isinstance(answer, Placed):
            return answer._replace(optimal=answer.cost == 0)
    proposing = strict.without_advice(everything)
    answer = proposing.solved()
    return answer if isinstance(answer, Placed) else proposing.told(answer)


class Proposing:
    """Answers to one question, each proven before it is given."""

    def __init__(self, setting: Setting, conflicts: int, words: Sequence[str] | None, reasons: bool = True) -> None:
        self.setting, self.conflicts, self.words, self.reasons = setting, conflicts, words, reasons
        self.failed: list[int] = []  # the device that had no place step by step

    def without_advice(self, lenient: frozenset[int]) -> Proposing:
        """The same question, where of these devices no advice is heeded."""
        own = self.setting
        laid_out = Setting(own.board, own.request, own.wants, own.base, own.written, lenient)
        return Proposing(laid_out, self.conflicts, self.words, self.reasons)

    def as_written(self) -> Placed | None:
        """A config that stands as it is: each device where the emulator would put it."""
        setting, stands = self.setting, self.setting.written
        devices = tuple(
            pinned(device, placed, stands.state) if placed is not None else device
            for device, placed in zip(setting.request.devices, stands.devices, strict=True)
        )
        spots = tuple(spot(device) for device in stands.devices)
        written = Written(setting.request._replace(devices=devices), tuple(range(len(devices))), spots)
        found, held = self.held(written)
        return Placed(found, written.origin, 0, True, setting, advice=held.advice) if found is not None else None

    def solved(self) -> Placed | Nowhere | Undecided:
        """The solver's answer; where that does not hold on the machine, or is none, what is found step by step."""
        setting = self.setting
        found = unserved(setting) or settle(setting, None)  # why not is asked last: it takes longest
        best: Placed | None = None
        against: tuple[Reason, ...] = ()
        if not isinstance(found, Nowhere | Undecided):
            written, solution = found.written, found.solution
            request, last = self.held(written)
            if request is not None:
                proven = solution.cost == 0 or (solution.optimal and setting.proves)
                best = Placed(request, written.origin, solution.cost, proven, setting, solution, last.advice)
                if best.cost == 0 or proven or len(request.devices) > _FEW:
                    return best
            against = last.reasons
        self.failed = []
        stepped = step_by_step(setting, self.failed)
        if stepped is not None and (best is None or stepped.cost < best.cost):
            for written in (stepped.written, stepped.as_plugged):
                request, last = self.held(written)
                if request is not None:
                    return Placed(request, written.origin, stepped.cost, stepped.cost == 0, setting, advice=last.advice)
        if best is not None:
            return best
        if isinstance(found, Nowhere | Undecided):
            return found
        missing = tuple(r for want in setting.wants.spare for r in lacking(setting, want.device))
        if missing and not against:
            way_out = "write it with what it needs, as in TYPE,KEY=VALUE, and ask again"
            return Undecided(f"what room is wanted for starts nowhere as it is written; {way_out}", missing)
        way_out = "place some devices by hand or leave one out, and ask again"
        return Undecided(f"the placement that was found is refused as a whole; {way_out}", against)

    def told(self, found: Nowhere | Undecided) -> Nowhere | Undecided:
        """A no, or that it was not found out, with what truly competes."""
        if isinstance(found, Nowhere) and found.found is not None and not found.found.conflicts:
            explained = settle(self.setting, self.conflicts)
            found = explained if isinstance(explained, Nowhere) else found
        if not self.reasons:
            return found
        if isinstance(found, Undecided):
            no = refused_together(self.setting, self.failed)
            return no or found._replace(standing=as_many_as_stand(self.setting))
        return told_apart(self.setting, found) if len(self.setting.request.devices) <= _FEW else found

    def held(self, written: Written) -> tuple[Request | None, Proof]:
        """The config in a form in which it holds as it is printed, with fewer places written; else None and why."""
        setting, request = self.setting, written.request
        later = frozenset(n for n, origin in enumerate(written.origin) if origin in setting.wants.hotplug)
        for round_ in range(_REWRITINGS):
            found = proof(setting.board, request, written.spots, self.words, setting.wants.profiles, later)
            if found.holds:
                assert found.outcome is not None
                served = serves(setting.fitting, setting.wants, written.origin, found.outcome)
                return request if served else None, found
            devices = list(request.devices)
            for number in found.moved:
                devices[number] = self._looser(written, number, round_)
            if tuple(devices) == tuple(request.devices):
                break
            request = request._replace(devices=tuple(devices))
        return None, found

    def _looser(self, written: Written, number: int, round_: int) -> DeviceRequest:
        """A device with less of its place written: the bus alone, then what the user wrote."""
        device, origin = written.request.devices[number], written.origin[number]
        if round_ == 0:
            return without_place(self.setting.board.kinds, device)._replace(bus=device.bus)
        if origin is None:
            return without_place(self.setting.board.kinds, device)
        own = self.setting.request.devices[origin]
        return own._replace(id=device.id)
