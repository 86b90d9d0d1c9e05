"""One attempt to convert a config: the steps, in their order, for one set of options of the new machine."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.configs import argv as argv_reader
from qrules.configs.converting import Line, NewDevice, converted, text
from qrules.conversion.answer import Blocked, Converted, Impossible, Uncertain, Why, unique, why_note, why_of
from qrules.conversion.beginning import Attempt, Stop
from qrules.conversion.carrying import Carried, Carrier
from qrules.conversion.counterparts import Translator
from qrules.conversion.naming import hidden_makers, renamed
from qrules.conversion.parts import Part
from qrules.conversion.shortening import Settled, merged, parts_of, relaxed, spot
from qrules.conversion.target import defaults
from qrules.conversion.telling import Teller, unserved
from qrules.explain.printed import as_pasted
from qrules.explain.reasons import Reason
from qrules.explain.verdicts import judge_outcome
from qrules.machine.budget import TooLarge
from qrules.machine.entities import Device
from qrules.machine.request import DeviceRequest, Global, Request
from qrules.machine.state import State
from qrules.place.answer import Nowhere, Undecided
from qrules.place.fitting import without_place
from qrules.place.pinning import fresh_id, pinned
from qrules.place.setting import Setting
from qrules.place.settling import settle
from qrules.place.wants import Wants
from qrules.place.writing import Written
from qrules.plugging.board import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass


class Conversion(Attempt):
    """The steps, in their order. `parts` are the devices of the new config before controllers are added, `positions` where
    these come from in the old one.
    """

    def run(self) -> Converted | Impossible | Uncertain:
        """The answer; what was not accepted as a whole is none."""
        try:
            self._look_at_old()
            request = self._new_machine()
            self._translate(request)
            request = self._with_devices(request)
            base = self._base(request)
            self.findings.carried = self._carried(base)
            return self._told(request, self._placed(request))
        except Stop as stop:
            return stop.answer
        except TooLarge as error:
            return Uncertain(self.findings.asked.machine, self.target.machine.name, error.why)

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
    def _carried(self, base: State) -> Carried:
        """The devices where they were, each bus by a name that leads to it."""
        carried = Carrier(self.board, base, self.findings.old, self.parts, self.findings.fate).run()
        for _ in self.parts:
            hidden = hidden_makers(carried, self.parts)
            if not hidden:
                break
            self._rename(hidden, carried.state)
            carried = Carrier(self.board, base, self.findings.old, self.parts, self.findings.fate).run()
        return carried

    def _rename(self, hidden: Sequence[int], state: State) -> None:
        """Gives devices other ids, since their buses are called like others; what speaks of these follows."""
        taken = {*state.ids, *state.by_name, *self.findings.asked.backends}
        for number in hidden:
            device = self.parts[number].device
            name = fresh_id(taken, f"{device.id or device.driver}-", 1)
            self.parts = renamed(self.parts, number, name, state)
            position = self.positions.get(number)
            if position is not None:
                called = f"a bus of {self.target.machine.name} is called {device.id}" if device.id else "its bus has to be named"
                self.findings.why[position].append(Why(f"{called}, so this is {name} here"))

    def _placed(self, request: Request) -> list[Settled]:
        """Every device with its place, added controllers among them."""
        carried = self.findings.carried
        self.findings.unplaced = self._to_place(request)
        told = {n: tuple(self._reason(r, request) for r in carried.lost[n]) for n in sorted(carried.refused)}
        refused = [*self.refused, *(self._blocked(n, self.parts[n].device, why) for n, why in told.items())]
        if refused:
            raise self._impossible(*refused)
        kept = [
            Settled(pinned(p.device, stands, carried.state), p.request, spot(stands))
            for p in self.parts
            if (stands := carried.devices.get(p.request)) is not None and p.request not in self.findings.unplaced
        ]
        if not self.findings.unplaced:
            return kept
        for number in self.findings.unplaced:
            if number in carried.devices:
                carried.state.retract(carried.devices[number])
        listed = sorted(self.findings.unplaced)
        devices = tuple(without_place(self.board.kinds, self.parts[n].device) for n in listed)
        written = self._solved(request._replace(devices=devices), listed)
        stay = {id(device): number for number, device in carried.devices.items() if number not in self.findings.unplaced}

        def part_of(maker: Device) -> int | None:
            known = stay.get(id(maker))
            return known if known is not None or maker.request is None else listed[maker.request]

        placed = [
            Settled(d, listed[o] if o is not None else None, spot(stands, part_of))
            for d, o, stands in zip(written.request.devices, written.origin, written.stands, strict=True)
        ]
        return merged(kept, placed)

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
    def _told(self, request: Request, settled: list[Settled]) -> Converted:
        """The command line, read again and run as a whole, with what is told of it."""
        origin = [s.part for s in settled]
        written = [self.parts[o].device if o is not None else None for o in origin]
        short = relaxed(self.board, self.target.machine, request, settled, written)
        new = [NewDevice(self.positions.get(o) if o is not None else None, d) for o, d in zip(origin, short, strict=True)]
        lines = self._lines(new)
        words = as_pasted([w for line in lines for w in line.after or ()])
        read = argv_reader.read(words, self.board.knowledge, self.read_file)
        verdict, outcome = judge_outcome(self.board, read, self.profiles)
        if outcome is None or verdict.verdict not in ("accept", "warn"):
            wrong = tuple(r for r in verdict.reasons if r.severity in ("reject", "unknown"))
            raise self._uncertain("the rules refuse the config that was found, as a whole", wrong)
        self._check_places(outcome, settled)
        self._check_served(outcome.state)
        return Teller(self.findings, read._replace(machine=self.target.machine.name), outcome, verdict, new, origin).answer(lines)

    def _check_places(self, outcome: Outcome, settled: list[Settled]) -> None:
        """Each device has to stand where it was to stand: the law of every proposal (`qrules.explain.printed`)."""
        if len(outcome.devices) != len(settled):
            raise self._uncertain("the config that was found has other devices once it is read again")
        for device, wanted in zip(outcome.devices, settled, strict=True):
            if spot(device, parts_of(settled)) != wanted.spot:
                raise self._uncertain(f"{device.label if device else wanted.device.driver} would not land where it was put")

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
