"""Testing rules and claims on one device: what is wrong in a phase, and which cells the device will hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qrules.knowledge.model import Knowledge
from qrules.topology.clauses import Claim, OtherDevice, Rule
from qrules.topology.entities import Bus, Device, Entity
from qrules.topology.frames import CONTEXT, MANY, Frame, new_frame
from qrules.topology.refusals import Refusal, Refused
from qrules.topology.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Checker:
    """Tests what the rules say of devices, against one state."""

    def __init__(self, knowledge: Knowledge, state: State) -> None:
        self.knowledge, self.state = knowledge, state

    def check(self, phase: str, device: Device) -> list[tuple[Any, ...]]:
        """Tests the rules and claims of a phase. Gives the cells that the device will hold; raises all that is wrong."""
        own = device.kind.checks.get(phase)
        of_bus = device.bus.kind.checks.get(phase) if device.bus is not None else None
        if not own and not of_bus:
            return []
        wrong: list[Refusal] = []
        cells: list[tuple[Any, ...]] = []
        if of_bus:
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
                found = self.held(check, frame)
                if isinstance(found, Refusal):
                    wrong.append(found._replace(phase=phase))
                else:
                    cells.extend(self._cells(check, frame))
            elif self._violated(check, frame):
                note = self.knowledge.note(check.note)
                wrong.append(Refusal(note.name, check.note, "says", list(frame), phase=phase))

    def judged(self, rules: Iterable[Rule | Claim], subject: Entity, phase: str) -> list[Refusal]:
        """What rules say of something that stands already."""
        found = []
        for rule in rules:
            frame = new_frame(self.state, subject)  # one for each rule: it keeps the second device that the rule found
            if isinstance(rule, Rule) and self._violated(rule, frame):
                index = subject.request if isinstance(subject, Device) else None
                found.append(Refusal(self.knowledge.note(rule.note).name, rule.note, "says", frame, index, phase))
        return found

    def _violated(self, rule: Rule, frame: Frame) -> bool:
        if not rule.others:
            return bool(rule.violated(frame))
        other = rule.others[0]
        for candidate in self._candidates(other, frame):
            frame[other.slot] = candidate
            if rule.violated(frame):
                return True
        return False

    def _candidates(self, other: OtherDevice, frame: Frame) -> Iterable[Entity]:
        device = frame[2]
        bus = other.on(frame) if other.on is not None else None
        before = device.number if other.which == "earlier" and isinstance(device, Device) else None
        if not isinstance(bus, Bus):
            found = self.state.of_kind(other.kind) if other.on is None else ()
            return (d for d in found if d is not device and (before is None or d.number < before))
        scheme = bus.kind.scheme
        bound = dict(other.bound)
        if scheme is not None and bound and scheme.names and all(n in bound or n == scheme.names[-1] for n in scheme.names):
            return self._at(bus, [bound.get(n) for n in scheme.names], other, frame)
        children = self.state.children[bus.number]
        return (d for d in children if d is not device and other.kind in d.kinds and (before is None or d.number < before))

    def _at(self, bus: Bus, bound: list[Any], other: OtherDevice, frame: Frame) -> Iterator[Entity]:
        """Devices at addresses of which all parts, or all but the last, are fixed."""
        scheme = bus.kind.scheme
        assert scheme is not None
        fixed = [closure(frame) for closure in bound if closure is not None]
        last = scheme.dimensions[-1]
        within = last.range(new_frame(self.state, bus, frame[2])) if last.range is not None and len(fixed) < len(bound) else None
        for tail in [()] if within is None else [(v,) for v in within]:
            for holder in self.state.holders.get(("address", bus.number, *fixed, *tail), ()):
                earlier = other.which != "earlier" or holder.number < frame[2].number
                if earlier and other.kind in holder.kinds and holder is not frame[2]:
                    yield holder

    def _cells(self, claim: Claim, frame: Frame) -> Iterator[tuple[Any, ...]]:
        """The cells that a claim takes: one, or one for each number of a range in its key."""
        if claim.when is not None and not claim.when(frame):
            return
        scope = claim.scope(frame)
        keys = [closure(frame) for closure in claim.key]
        if not isinstance(scope, Entity) or any(k is None for k in keys):
            return
        spans = [list(k[:MANY]) if isinstance(k, range) else [k] for k in keys]
        combined: list[tuple[Any, ...]] = [()]
        for span in spans:
            combined = [(*c, v) for c in combined for v in span]
        for cell in combined:
            yield (claim.pool, scope.key, *cell)

    def held(self, claim: Claim, frame: Frame) -> Refusal | None:
        limit = claim.limit(frame) if claim.limit is not None else 1
        limit = limit if isinstance(limit, int) else 1
        for cell in self._cells(claim, frame):
            held = self.state.holders.get(cell, ())
            if len(held) >= limit:
                said = list(frame)
                said[CONTEXT["holder"]] = held[0] if held else None
                said[CONTEXT["limit"]] = limit
                said[CONTEXT["key"]] = cell[2] if len(cell) == 3 else cell[2:]
                return Refusal(claim.pool, claim.note, "held", said)
        return None
