"""Defaults of properties, as they are on one machine of one emulator version.

A type has a default for each property, which the catalogue tells. The machine of an older version fixes for its guests what its
version had, and that comes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.knowledge.vendors import versions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SWITCH = dict.fromkeys(("on", "yes", "true", "y"), "on") | dict.fromkeys(("off", "no", "false", "n"), "off")


class Side:
    """What is known of the defaults on one machine of one emulator version."""

    def __init__(self, knowledge: Knowledge, facts: MachineFacts) -> None:
        self.knowledge, self.facts = knowledge, facts
        fixed = knowledge.fixed(facts.name)
        self.known = fixed is not None or _is_newest(knowledge, facts)
        self._fixed: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for types, name, value in fixed or ():
            self._fixed.setdefault(name, []).append((types, value))

    def names(self, line: tuple[str, ...]) -> set[str]:
        """The properties of a type (`line`: and all that it is), be they of devices that users add or of parts of boards."""
        own = {name for name, told in self._fixed.items() if any(not kinds.isdisjoint(line) for kinds in _types(told))}
        return own | set(self.knowledge.property_names(line)) | self.knowledge.features_of(line).keys()

    def default(self, line: tuple[str, ...], name: str) -> str:
        """The default of a property; empty where none is told."""
        catalogued = self.knowledge.catalogued(line, name)
        fixed = [value for types, value in self._fixed.get(name, ()) if not set(types).isdisjoint(line)]
        if fixed:
            return _spelled(fixed[-1], catalogued[0] if catalogued is not None else "")
        return shown(catalogued[1]) if catalogued is not None else ""


class Pair:
    """Two machines, each of its version, whose defaults are compared."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.known = old.known and new.known
        there, back = new.knowledge.machine(old.facts.name), old.knowledge.machine(new.facts.name)
        on_one = (Side(new.knowledge, there), new) if there is not None else None
        if on_one is None and back is not None:
            on_one = old, Side(old.knowledge, back)
        self._on_one = on_one if on_one is not None and on_one[0].known and on_one[1].known else None

    def differs(self, lines: tuple[tuple[str, ...], tuple[str, ...]], name: str) -> tuple[str, str] | None:
        """The defaults of a property of a type (`lines`: all that it is, on both sides) where they are not the same.

        What a type of a board's parts has by itself no catalogue tells. Then the two machines are compared on a version that
        has both: a machine is the same for its guests on all versions.
        """
        was, now = self.old.default(lines[0], name), self.new.default(lines[1], name)
        if not (was and now):
            if self._on_one is None:
                return None
            line = lines[1] if self._on_one[1] is self.new else lines[0]
            was, now = (side.default(line, name) for side in self._on_one)
        return (was, now) if was != now else None


def _types(told: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[frozenset[str]]:
    return (frozenset(types) for types, _ in told)


def _spelled(text: str, domain: Any) -> str:
    """A default as the catalogue would have it: QEMU's own code spells switches and numbers in many ways."""
    if domain == "bool":
        return _SWITCH.get(text, text)
    try:
        return str(int(text, 0))
    except ValueError:
        return text


def shown(value: Any) -> str:
    """A default of a catalogue as people write it; empty where it has none."""
    return {True: "on", False: "off", None: ""}[value] if value is None or isinstance(value, bool) else str(value)


def _is_newest(knowledge: Knowledge, facts: MachineFacts) -> bool:
    """Whether a machine has the defaults that types have: the newest version of its family, or one that has no versions."""
    versions = versions_of(knowledge, facts.name)
    return not any(versions) or versions[-1] == facts.name
