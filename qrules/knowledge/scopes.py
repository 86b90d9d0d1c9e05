"""Which names an expression may use, and the slots of a frame that they stand for.

Slots 0 and 1 are the run's state and the block's subject; the words that only a message can speak of (``holder``,
``limit``, ...) have slots of their own. `qrules.machine.frames` has the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

STATE, SELF, SUBJECT, FIRST_FREE = 0, 1, 2, 3
CONTEXT = {
    "holder": 12, "limit": 13, "key": 14, "text": 15, "property": 16, "name": 17, "kind": 18, "n": 19, "nth": 20, "counter": 21,
    "path": 22, "element": 23, "low": 24, "high": 25, "role": 26, "buses": 27,
}  # fmt: skip

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
    "bus": ("id", "kind", "owner", "parent", "label", "maker"),
    "machine": ("name", "version", "qemu", "arch", "nodefaults", "family"),
}


@dataclass(slots=True)
class Scope:
    """The variables that an expression may use. `subject` says what bare names are attributes of (a slot)."""

    variables: dict[str, int] = field(default_factory=dict)
    subject: int | None = None
    dimensions: frozenset[str] = frozenset()  # bare names that are parts of the address of slot SUBJECT
    context: frozenset[str] = frozenset()

    def having(self, name: str) -> Scope:
        slot = max([FIRST_FREE - 1, *self.variables.values()]) + 1
        return Scope({**self.variables, name: slot}, self.subject, self.dimensions, self.context)

    def with_context(self, names: Iterable[str]) -> Scope:
        return Scope(self.variables, self.subject, self.dimensions, self.context | frozenset(names))
