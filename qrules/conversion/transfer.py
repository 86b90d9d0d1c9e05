"""One attempt to convert a config: the steps, in their order, for one set of options of the new machine."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.configs import argv as argv_reader
from qrules.configs.converting import Line, NewDevice, converted, text
from qrules.conversion.answer import Blocked, Converted, Impossible, Uncertain, Why, unique, why_note, why_of
from qrules.conversion.carrying import Carrier
from qrules.conversion.counterparts import Translator
from qrules.conversion.findings import Findings
from qrules.conversion.parts import Part
from qrules.conversion.shortening import merged, relaxed
from qrules.conversion.target import Target, defaults
from qrules.conversion.telling import Teller, unserved
from qrules.explain.reasons import Reason, reason
from qrules.explain.verdicts import judge_outcome
from qrules.linked.expressions import build
from qrules.machine.budget import TooLarge
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest, Global, Request
from qrules.machine.state import State
from qrules.place.answer import Nowhere, Undecided
from qrules.place.fitting import without_place
from qrules.place.setting import Setting
from qrules.place.settling import settle
from qrules.place.wants import Wants
from qrules.place.writing import Written, pinned
from qrules.plugging.board import Board, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class _Stop(Exception):
    """Ends a conversion with an answer that is no config."""

    def __init__(self, answer: Impossible | Uncertain) -> None:
        self.answer = answer


class Conversion:
    """The steps, in their order. `findings` are those that are told of; `parts` the devices of the new config before
    controllers are added, `positions` where these come from in the old one.
    """

    def __init__(
        self,
        board: Board,
        words: list[str],
        target: Target,
        profiles: tuple[str, ...],
        inlined: bool = False,
        switched: Why | None = None,
        read_file: Callable[[str], str] | None = None,
    ) -> None:
        self.read_file = read_file  # for files that could not be read the first time, and are named still
        asked = argv_reader.read(words, board.knowledge, read_file)
        self.board, self.target, self.profiles = board, target, profiles
        self.findings = Findings(board, words, asked, inlined, switched)
        self.called = asked.machine
        self.globals: dict[int, str | None] = {}
        self.refused: list[Blocked] = []
        self.kept_words: list[str] = []

    def run(self) -> Converted | Impossible | Uncertain:
        """The answer; what was not accepted as a whole is none."""
        try:
            self._look_at_old()
            request = self._new_machine()
            self._translate(request)
            request = self._with_devices(request)
            base = self._base(request)
            self.findings.carried = Carrier(self.board, base, self.findings.old, self.parts, self.findings.fate).run()
            devices, origin = self._placed(request)
            return self._told(request, devices, origin)
        except _Stop as stop:
            return stop.answer
        except TooLarge as error:
            return Uncertain(self.findings.asked.machine, self.target.machine.name, error.why)

    def _impossible(self, *blocked: Blocked, before: tuple[Reason, ...] = (), conflict: Nowhere | None = None) -> _Stop:
        return _Stop(Impossible(self.findings.asked.machine, self.target.machine.name, blocked, before, conflict))

    def _uncertain(self, why: str, reasons: tuple[Reason, ...] = ()) -> _Stop:
        return _Stop(Uncertain(self.findings.asked.machine, self.target.machine.name, why, reasons))

    def _reason(self, refusal: Refusal, request: Request | None = None) -> Reason:
        return reason(self.board.knowledge, refusal, request)

    # ------------------------------------------------------------------------------ the old machine
    def _look_at_old(self) -> None:
        """Runs the config where it is: only what starts can be converted."""
        verdict, outcome = judge_outcome(self.board, self.findings.asked, self.profiles)
        facts = self.board.knowledge.machine(self.findings.asked.machine)
        if verdict.verdict == "reject":
            raise self._impossible(before=tuple(r for r in verdict.reasons if r.severity == "reject"))
        if outcome is None or facts is None or verdict.verdict == "unknown":
            raise self._uncertain("the rules do not know all of this config", verdict.reasons)
        self.findings.asked = self.findings.asked._replace(machine=facts.name)
        self.findings.old, self.findings.old_verdict = outcome, verdict
        self.old_base = self.board.build_machine(facts, self.findings.asked)[0]
        kept = list(self._kept_options())
        self.findings.kept_roles = [role for role, _, _ in kept]  # those that an option keeps
        self.kept_words = [word for _, option, argument in kept for word in (option, argument)]

    def _kept_options(self) -> Iterator[tuple[str, str, str]]:
        """Options that ask the new machine for a default device of the old one."""
        keeps = self.board.knowledge.shared["keeps"]
        for device, role in defaults(self.old_base):
            if role in self.target.keep and role in keeps:
                option, argument = keeps[role]
                frame = new_frame(self.old_base, device)
                frame[CONTEXT["name"]] = device.kind.name
                yield role, option, str(build(argument)(frame))

    # ------------------------------------------------------------------------------ the new machine
    def _new_machine(self) -> Request:
        """The config without devices on the new machine. Options that it does not take are left out."""
        asked = argv_reader.read([*self.findings.words, *self.kept_words], self.board.knowledge, self.read_file)
        options = {**asked.options, **self.target.options}
        request = asked._replace(machine=self.target.machine.name, devices=())
        for _ in range(len(options)):
            _, refusals = self.board.build_machine(self.target.machine, request._replace(options=options))
            wrong = [(str(r.frame[CONTEXT["property"]]), r) for r in refusals if r.phase == "options" and not r.unknown]
            wrong = [(name, r) for name, r in wrong if name in options and name not in self.target.options]
            if not wrong:
                break
            for name, refusal in wrong:
                self.findings.option_why[name] = (*self.findings.option_why.get(name, ()), why_of(self._reason(refusal)))
                options.pop(name, None)
        return request._replace(options=options)

    def _base(self, request: Request) -> State:
        """The new machine as built for the config; what it refuses by itself goes into `refused`."""
        base, refusals = self.board.build_machine(self.target.machine, request)
        told = [self._reason(r, request) for r in refusals]
        self.refused = [Blocked(None, self._line_of(r), (r,)) for r in told if r.severity == "reject"]
        if told and not self.refused:
            raise self._uncertain(f"the rules do not know all that {request.machine} makes of it", tuple(told))
        return base

    def _line_of(self, found: Reason) -> str:
        """The option that a reason points at."""
        span = found.span
        words = [*self.findings.words, *self.kept_words]
        if span is None or not 0 < span.argument < len(words):
            return ""
        return text(words[span.argument - 1 : span.argument + 1]) or ""

    # ------------------------------------------------------------------------------ what devices become
    def _translate(self, request: Request) -> None:
        """What each device becomes, None for one that is let go; -global follows the type that it speaks of."""
        new_base = self.board.build_machine(self.target.machine, request)[0]
        translator = Translator(self.board, self.old_base, new_base)
        self.translated: list[DeviceRequest | None] = []
        for index, device in enumerate(self.findings.asked.devices):
            if index in self.target.without:
                self.findings.why[index] = [Why("left out, as asked")]
                self.translated.append(None)
                continue
            found = translator.translate(device)
            self.findings.why[index] = list(found.why)
            self.findings.advice += [a for a in found.advice if a not in self.findings.advice]
            self.translated.append(found.device)
        for number, told in enumerate(self.findings.asked.globals):
            self._translate_global(translator, number, told)

    def _translate_global(self, translator: Translator, number: int, told: Global) -> None:
        for found in translator.counterparts(told.driver):
            kind = self.board.kinds.type(found.type) if found.type is not None and not found.advised else None
            if kind is not None:
                has = kind.status == "internal" or kind.has_property(told.property)
                self.globals[number] = f"{kind.name}.{told.property}={told.value}" if has else None
                self.findings.global_why[number] = (found.why,)
                return

    def _with_devices(self, request: Request) -> Request:
        """The config with all its devices, in `parts` with the places where they stood; default ones to be kept come last."""
        self.parts: list[Part] = []
        for index, device in enumerate(self.translated):
            self.findings.fate[index] = len(self.parts) if device is not None else None
            if device is not None:
                self.parts.append(Part(len(self.parts), device, self.findings.old.devices[index]))
        self.positions = {new: old for old, new in self.findings.fate.items() if new is not None}
        keeps = self.board.knowledge.shared["keeps"]
        for brought, role in defaults(self.old_base):
            if role in self.target.keep and role not in keeps:
                self.parts.append(Part(len(self.parts), DeviceRequest(brought.kind.name), brought))
        told = [g for n, g in enumerate(request.globals) if n not in self.globals]
        for number, written in self.globals.items():
            if written is not None:
                told.append(request.globals[number]._replace(driver=written.split(".")[0]))
        return request._replace(devices=tuple(p.device for p in self.parts), globals=tuple(told))

    # ------------------------------------------------------------------------------ places
    def _placed(self, request: Request) -> tuple[list[DeviceRequest], list[int | None]]:
        """Every device with its place, added controllers among them, and which of `parts` each is."""
        carried = self.findings.carried
        self.findings.unplaced = self._to_place(request)
        told = {n: tuple(self._reason(r, request) for r in carried.lost[n]) for n in sorted(carried.refused)}
        refused = [*self.refused, *(self._blocked(n, self.parts[n].device, why) for n, why in told.items())]
        if refused:
            raise self._impossible(*refused)
        kept = {
            p.request: pinned(p.device, carried.devices[p.request], carried.state)
            for p in self.parts
            if p.request in carried.devices and p.request not in self.findings.unplaced
        }
        if not self.findings.unplaced:
            return list(kept.values()), list(kept)
        for number in self.findings.unplaced:
            if number in carried.devices:
                carried.state.retract(carried.devices[number])
        listed = sorted(self.findings.unplaced)
        devices = tuple(without_place(self.board.kinds, self.parts[n].device) for n in listed)
        written = self._solved(request._replace(devices=devices), listed)
        return merged(kept, written.request.devices, [None if o is None else listed[o] for o in written.origin])

    def _to_place(self, request: Request) -> dict[int, tuple[Why, ...]]:
        """What the solver has to place: what stands nowhere, and what a guideline speaks against for the first time."""
        carried = self.findings.carried
        found: dict[int, tuple[Why, ...]] = {}
        for part in self.parts:
            if part.request not in carried.devices:
                told = tuple(self._reason(r, request) for r in carried.lost.get(part.request, ()))
                found[part.request] = unique([why_of(r) for r in told or self._refused(part.device)])
        before = {(r.rule, r.devices[0]) for r in self.findings.old_verdict.reasons if r.devices}
        for refusal in self.board.judged(carried.state):
            told_now = self._reason(refusal, request)
            subject = next((d for d in refusal.frame[1:] if isinstance(d, Device) and d.request is not None), None)
            if subject is None or subject.request is None or (self.profiles and told_now.profile not in self.profiles):
                continue
            known = (told_now.rule, self.positions.get(subject.request)) in before
            if not known and not self._has_users(carried.state, subject):
                found.setdefault(subject.request, (why_of(told_now),))
        return found

    @staticmethod
    def _has_users(state: State, device: Device) -> bool:
        """Whether a user's device stands on a bus of this one."""
        return any(d.request is not None for b in state.owned.get(device.number, ()) for d in state.children[b.number])

    def _solved(self, sub: Request, listed: list[int]) -> Written:
        """Places for what is left, first such that no guideline speaks against."""
        state = self.findings.carried.state
        deciding = tuple(self.board.knowledge.shared["deciding"])
        answer: object = None
        for profiles in dict.fromkeys((self.profiles, deciding)):
            outcome = Outcome(state, (None,) * len(sub.devices), ())
            answer = settle(Setting(self.board, sub, Wants(profiles=profiles), state, outcome))
            if not isinstance(answer, Nowhere | Undecided):
                return answer.written
        if isinstance(answer, Undecided):
            raise self._uncertain(answer.why, answer.reasons)
        assert isinstance(answer, Nowhere)
        blocked = [self._blocked(listed[s.device], sub.devices[s.device], s.reasons) for s in answer.struck]
        raise self._impossible(*blocked, conflict=answer if answer.found is not None else None)

    def _blocked(self, part: int, device: DeviceRequest, reasons: tuple[Reason, ...]) -> Blocked:
        position = self.positions.get(part)
        where = self.findings.asked.devices[position].where if position is not None else None
        line = text(self.findings.words[where.argument - 1 : where.argument + 1]) if where is not None else None
        return Blocked(position, line or f"-device {device.driver}", reasons or self._refused(device))

    def _refused(self, device: DeviceRequest) -> tuple[Reason, ...]:
        """Why the new machine does not take a device by itself."""
        alone = Request(self.target.machine.name, self.target.options, devices=(device._replace(where=None),))
        _, outcome = judge_outcome(self.board, alone._replace(backends=self.findings.asked.backends), self.profiles)
        return tuple(self._reason(r, alone) for r in (outcome.refusals if outcome is not None else ()) if r.device == 0)

    # ------------------------------------------------------------------------------ the result
    def _told(self, request: Request, devices: list[DeviceRequest], origin: list[int | None]) -> Converted:
        """The command line, read again and run as a whole, with what is told of it."""
        written = [self.parts[o].device if o is not None else None for o in origin]
        short = relaxed(self.board, self.target.machine, request._replace(devices=tuple(devices)), written)
        new = [NewDevice(self.positions.get(o) if o is not None else None, d) for o, d in zip(origin, short, strict=True)]
        lines = self._lines(new)
        read = argv_reader.read([w for line in lines for w in line.after or ()], self.board.knowledge, self.read_file)
        verdict, outcome = judge_outcome(self.board, read, self.profiles)
        if outcome is None or verdict.verdict not in ("accept", "warn"):
            wrong = tuple(r for r in verdict.reasons if r.severity in ("reject", "unknown"))
            raise self._uncertain("the rules refuse the config that was found, as a whole", wrong)
        self._check_served(outcome.state)
        return Teller(self.findings, read._replace(machine=self.target.machine.name), outcome, verdict, new, origin).answer(lines)

    def _check_served(self, state: State) -> None:
        """What options ask for must come on the new machine too: it may pass over them without a word."""
        blocked = []
        for wish, served in unserved(self.findings.old.state, state):
            words = self.findings.words[wish.where.argument - 1 : wish.where.argument + 1] if wish.where is not None else []
            names = ", ".join(d.kind.name for d in served)
            message = f"{self.findings.asked.machine} brings {names} for it, {self.target.machine.name} starts and brings nothing"
            why = why_note(self.board.knowledge, served[0].origin, message)
            blocked.append(Blocked(None, text(words) or "", (), (why,)))
        if blocked:
            raise self._impossible(*blocked)

    def _lines(self, new: list[NewDevice]) -> list[Line]:
        changed: dict[str, str | None] = {**dict.fromkeys(self.findings.option_why), **self.target.options}
        same = self.target.machine.name == self.findings.asked.machine
        name = self.called if same else self.target.said
        lines = converted(self.findings.words, self.findings.asked.devices, new, name, changed, self.globals)
        kept = zip(self.kept_words[::2], self.kept_words[1::2], strict=True)
        return [*lines, *(Line("kept", None, pair) for pair in kept)]
