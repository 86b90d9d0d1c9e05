"""Which names an expression may use, and the slots of a frame (`qrules.knowledge.slots`) that they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from qrules.knowledge.slots import CONTEXT as CONTEXT
from qrules.knowledge.slots import FIRST_FREE as FIRST_FREE
from qrules.knowledge.slots import SELF as SELF
from qrules.knowledge.slots import STATE as STATE
from qrules.knowledge.slots import SUBJECT as SUBJECT
from qrules.knowledge.slots import VARIABLES

# Attributes that the engine itself gives; `qrules.machine.entities` and `qrules.machine.state` have them by the same names.
BUILT_IN = {
    "device": (
        "type",
        "id",
        "bus",
        "creator",
        "written",
        "address",
        "hotplugged",
        "description",
        "label",
        "number",
        "child-bus",
        "point",
        "wish",
    ),
    "bus": ("id", "kind", "owner", "parent", "label"),
    "point": ("name", "maker", "bus"),
    "machine": ("name", "version", "qemu", "arch", "nodefaults", "family"),
    "document": ("release", "rehearsing", "fresh", "emulator-known"),
    "element": ("added", "later"),
}


@dataclass(slots=True)
class Scope:
    """The variables that an expression may use. `subject` says what bare names are attributes of (a slot)."""

    variables: dict[str, int] = field(default_factory=dict)
    subject: int | None = None
    dimensions: frozenset[str] = frozenset()  # bare names that are parts of the address of slot SUBJECT
    context: frozenset[str] = frozenset()
    sort: str = ""  # what `subject` is: device, bus, machine or wish; empty where a rule names it

    @property
    def full(self) -> bool:
        """Whether there is no slot left for one more variable."""
        return max(self.variables.values(), default=0) >= VARIABLES[-1]

    def having(self, name: str) -> Scope:
        """The same with one more variable, in the next slot. Raises `ValueError` where the scope is full."""
        if self.full:
            raise ValueError(f"no slot is left for {name}")
        slot = max([FIRST_FREE - 1, *self.variables.values()]) + 1
        return replace(self, variables={**self.variables, name: slot})

    def with_context(self, names: Iterable[str]) -> Scope:
        return replace(self, context=self.context | frozenset(names))
