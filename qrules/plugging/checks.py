"""Testing rules and claims on one device: what is wrong in a phase, and which cells the device will hold."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked.addresses import POOL, within
from qrules.linked.questions import of_a_kind
from qrules.linked.rules import Claim, OtherDevice, Rule
from qrules.linked.steps import A_CELL, TooLong, spend
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import CONTEXT, MANY, STATE, SUBJECT, Frame, new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any


class Checker:
    """Tests what the rules say of devices, against one state."""

    def __init__(self, knowledge: Knowledge, state: State) -> None:
        self.knowledge, self.state = knowledge, state

    def check(self, phase: str, device: Device) -> list[tuple[Any, ...]]:
        """Tests the rules and claims of a phase. Gives the cells that the device will hold; raises all that is wrong."""
        own = device.checks.get(phase)
        of_bus = device.bus.kind.checks.get(phase) if device.bus is not None else None
        if not own and not of_bus:
            return []
        wrong: list[Refusal] = []
        cells: list[tuple[Any, ...]] = []
        if of_bus and device.bus is not None:
            spend(self.state, device.bus.kind.heavy)
            self._test(of_bus, new_frame(self.state, device.bus, device), phase, wrong, cells)
        if own:
            self._test(own, new_frame(self.state, device), phase, wrong, cells)
        if wrong:
            raise Refused(wrong)
        return cells

    def _test(
        self, checks: list[Rule | Claim], frame: Frame, phase: str, wrong: list[Refusal], cells: list[tuple[Any, ...]]
    ) -> None:
        for check in checks:
            if isinstance(check, Claim):
                try:
                    taken = cells_of(check, frame)
                except TooLong as error:
                    raise error.within(self.knowledge.note(check.note)) from None
                found = held(check, frame, taken) if taken else None
                if found is not None:
                    wrong.append(found._replace(phase=phase))
                else:
                    cells.extend(taken)
            elif self._violated(check, frame):
                note = self.knowledge.note(check.note)
                wrong.append(Refusal(note.name, check.note, "says", list(frame), phase=phase))

    def judged(self, rules: Iterable[Rule | Claim], subject: Entity, phase: str) -> list[Refusal]:
        """What rules say of something that stands already."""
        found = []
        frame = new_frame(self.state, subject)
        for rule in rules:
            if isinstance(rule, Rule) and self._violated(rule, frame):
                index = subject.request if isinstance(subject, Device) else None
                found.append(Refusal(self.knowledge.note(rule.note).name, rule.note, "says", frame, index, phase))
                frame = new_frame(self.state, subject)  # the other one keeps the second device that the rule found
        return found

    def _violated(self, rule: Rule, frame: Frame) -> bool:
        try:
            return self._holds(rule, frame)
        except TooLong as error:
            raise error.within(self.knowledge.note(rule.note)) from None

    def _holds(self, rule: Rule, frame: Frame) -> bool:
        if not rule.others:
            return bool(rule.violated(frame))
        other = rule.others[0]
        for candidate in candidates(other, frame):
            spend(self.state, rule.each)
            frame[other.slot] = candidate
            if rule.violated(frame):
                return True
        return False

    def refuse(self, rule: str, device: Device | None = None, occasion: str = "says", **context: Any) -> Refused:
        """One of the engine's own refusals, in the words that the rules give it."""
        frame = new_frame(self.state, device, **context)
        return Refused([Refusal(rule, self.knowledge.refusal_note(rule), occasion, frame)])

    def held(self, claim: Claim, frame: Frame) -> Refusal | None:
        """Who holds what a claim would take, as a refusal; None where it is free."""
        return held(claim, frame, cells_of(claim, frame))


# ------------------------------------------------------------------------------------- what a frame's state says
def candidates(other: OtherDevice, frame: Frame) -> Iterable[Entity]:
    """The devices that a rule's second device may be."""
    state, device = frame[STATE], frame[SUBJECT]
    bus = other.on(frame) if other.on is not None else None
    before = device.number if other.which == "earlier" and isinstance(device, Device) else None
    if not isinstance(bus, Bus):
        found = state.of_kind(other.kind) if other.on is None else ()
        return (d for d in found if d is not device and (before is None or d.number < before))
    scheme = bus.kind.scheme
    bound = dict(other.bound)
    if scheme is not None and bound and scheme.names and all(n in bound or n == scheme.names[-1] for n in scheme.names):
        return _at(bus, [bound.get(n) for n in scheme.names], other, frame)
    children = of_a_kind(state.children[bus.number], other.kind, state)
    return (d for d in children if d is not device and (before is None or d.number < before))


def _at(bus: Bus, bound: list[Any], other: OtherDevice, frame: Frame) -> Iterator[Entity]:
    """Devices at addresses of which all parts, or all but the last, are fixed."""
    scheme = bus.kind.scheme
    assert scheme is not None
    fixed = [closure(frame) for closure in bound if closure is not None]
    place, state = (POOL, bus.number, *fixed), frame[STATE]
    last = scheme.dimensions[-1]
    tails: Iterable[tuple[Any, ...]] = ((),)
    if last.within is not None and len(fixed) < len(bound):
        if place not in state.crowded:
            return
        reach = last.fixed if last.fixed is not None else within(last, new_frame(state, bus, frame[SUBJECT]))
        tails = ((value,) for value in reach or ())
    holders = state.holders
    for number, tail in enumerate(tails, 1):
        if not number & 15:
            spend(state, 1)
        for holder in holders.get(place + tail, ()):
            earlier = other.which != "earlier" or holder.number < frame[SUBJECT].number
            if earlier and other.kind in holder.kinds and holder is not frame[SUBJECT]:
                yield holder


def cells_of(claim: Claim, frame: Frame) -> list[tuple[Any, ...]]:
    """The cells that a claim takes: one, or one for each number of a range in its key."""
    if claim.when is not None and not claim.when(frame):
        return []
    scope = claim.scope(frame)
    keys = [closure(frame) for closure in claim.key]
    if not isinstance(scope, Entity) or None in keys:
        return []
    if not any(isinstance(k, range) for k in keys):
        return [(claim.pool, scope.key, *keys)]
    many = 1
    for key in keys:
        many *= key.stop - key.start if isinstance(key, range) else 1
    if many > MANY:
        raise TooLong(f"it takes more than {MANY:,} numbers at once")
    spend(frame[STATE], A_CELL * many)
    combined: list[tuple[Any, ...]] = [(claim.pool, scope.key)]
    for key in keys:
        combined = [(*c, v) for c in combined for v in (key if isinstance(key, range) else (key,))]
    return combined


def held(claim: Claim, frame: Frame, cells: list[tuple[Any, ...]]) -> Refusal | None:
    """Who holds one of the cells that a claim would take, as a refusal; None where all are free."""
    limit = claim.limit(frame) if claim.limit is not None else 1
    limit = limit if type(limit) is int else 1
    holders = frame[STATE].holders
    for cell in cells:
        there = holders.get(cell, ())
        if len(there) >= limit:
            said = list(frame)
            said[CONTEXT["holder"]] = there[0] if there else None
            said[CONTEXT["limit"]] = limit
            said[CONTEXT["key"]] = cell[2] if len(cell) == 3 else cell[2:]
            return Refusal(claim.pool, claim.note, "held", said)
    return None
