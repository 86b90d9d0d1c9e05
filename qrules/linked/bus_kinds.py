"""Kinds of buses: what stands on them, and how their instances are addressed and called."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked import clauses
from qrules.linked.addresses import Scheme
from qrules.linked.clauses import Rule
from qrules.linked.described import Described
from qrules.linked.expressions import build
from qrules.machine.entities import Bus
from qrules.machine.frames import new_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class BusKind(Described):
    """A kind of bus: its address scheme and how its instances are called."""

    def __init__(self, knowledge: Knowledge, name: str) -> None:
        facts = knowledge.shared["buses"].get(name)
        super().__init__(knowledge, name, tuple(facts[1]) if facts else (name,))
        raw = knowledge.nearest(self.line, "addressed")
        self.scheme = Scheme(raw) if raw else None
        self.called = clauses.templates(*(knowledge.nearest(self.line, "called") or ()))
        self.checks = self.by_phase()  # about the devices that are plugged into such a bus
        self.whole_rules: list[Rule] = self.all_built("whole-rules", clauses.Rule)

    def accepted(self, bus: Bus, state: Any) -> list[str]:
        """The device types that a bus says it accepts, the instance's own words before those of its kind.

        What this emulator calls internal is left out of a list that serves several versions: nobody can add it here.
        """
        if bus.provided is not None and bus.provided.accepts:
            return list(bus.provided.accepts)
        found: dict[str, None] = dict.fromkeys(bus.get("accepted", state) or ())
        for names, when, _ in self.knowledge.nearest(self.line, "accepts") or ():
            if when is None or build(when)(new_frame(state, bus)):
                found.update(dict.fromkeys(names))
        return [name for name in found if (facts := self.knowledge.type_facts(name)) is None or facts[0] != "internal"]
