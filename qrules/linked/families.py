"""Families of machines: one definition for all versions of a machine."""

from __future__ import annotations

from qrules.knowledge.model import ATTRIBUTE, Knowledge
from qrules.linked import clauses
from qrules.linked.clauses import CompiledPart, Part, Property, Provides, Rule
from qrules.linked.described import Described, attribute_values
from qrules.linked.expressions import build, build_optional
from qrules.linked.steps import PARTS
from qrules.machine.entities import MACHINE_BUILT_IN
from qrules.machine.frames import SUBJECT, Closure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Family(Described):
    """The definition that a machine's versions share, with the abstract machines above it."""

    def __init__(self, knowledge: Knowledge, piece: dict[str, Any], line: tuple[str, ...]) -> None:
        super().__init__(knowledge, piece["name"], line)
        self.piece = piece
        self.heavy += piece.get("weight", 0) // PARTS
        self._parts: list[Part] | None = None
        self._late: list[Part] | None = None
        self._rules: list[Rule] | None = None
        self._by_phase: dict[tuple[str | None, ...], list[Rule]] = {}
        self._awaiting: list[tuple[Rule, frozenset[str] | None]] | None = None
        self._needs: list[tuple[Rule, tuple[str, ...]]] | None = None
        described = [piece, *(knowledge.shared["kinds"].get(k, {}) for k in line)]
        self.facts = {name for of in described for name in of.get("facts", ())}
        self.properties: dict[str, Property] = {}
        for of in reversed(described):
            self.properties.update({n: Property(*p) for n, p in of.get("properties", {}).items()})

    def option(self, name: str) -> Property | None:
        """What the rules say of an option; of a member of a list they speak as ``list.N.member``. None where they say nothing."""
        found = self.properties.get(name)
        if found is not None or "." not in name:
            return found
        first, *rest = name.split(".")
        return self.properties.get(".".join([first, *("N" if _is_number(part) else part for part in rest)]))

    def notes(self) -> Iterator[int]:
        """The notes of what the definition itself says, attributes before parts; at last the first note of all."""
        yield from (value[ATTRIBUTE.index("note")] for values in self.piece.get("attributes", {}).values() for value in values)
        yield from (part.note for part in self._compiled_parts())
        yield 0

    def _keeps_attribute(self, of: Any, name: str) -> bool:
        return of in (["machine"], ["var", SUBJECT]) and name not in MACHINE_BUILT_IN and self.steady(name)

    def definitions(self, name: str) -> Iterator[Any]:
        yield from attribute_values(self.piece, name)
        if name in self.piece.get("properties", ()):
            yield Property(*self.piece["properties"][name]).default
        yield from super().definitions(name)

    def _all(self, what: str) -> Iterator[list[Any]]:
        yield from self.piece.get(what, ())
        yield from self.knowledge.clauses(self.line, what)

    def _compiled_parts(self) -> Iterator[CompiledPart]:
        return map(CompiledPart._make, self._all("parts"))

    def parts(self) -> list[Part]:
        """What the machine brings, before any device and once all ``k=v`` devices stand; built once."""
        if self._parts is None:
            self._parts = [clauses.part(raw) for raw in self._compiled_parts()]
        return self._parts

    def late_parts(self) -> list[Part]:
        """Those of them that come when all ``k=v`` devices stand; built once."""
        if self._late is None:
            self._late = [part for part in self.parts() if part.after]
        return self._late

    def roles(self) -> dict[int, str]:
        """The roles of default devices, by the note of the line that brings them."""
        return {raw.note: raw.role for raw in self._compiled_parts() if raw.role is not None}

    def provides(self) -> list[Provides]:
        return [clauses.provides(raw) for raw in self._all("provides")]

    def rules(self, *phases: str | None) -> list[Rule]:
        """The machine's own rules, by phase.

        Those of ``type`` are asked when its options are read, of ``pre-plug`` before its parts come, of none when it stands,
        and of ``start`` or ``judge`` when all is plugged.
        """
        found = self._by_phase.get(phases)
        if found is None:
            if self._rules is None:
                self._rules = [clauses.Rule(raw) for raw in self._all("rules")]
            found = self._by_phase[phases] = [rule for rule in self._rules if rule.phase in phases]
        return found

    def asked(self, phase: str | None, written: frozenset[str]) -> list[Rule]:
        """The rules of a phase that may say something where the options and facts `written` are, and no other is."""
        if self._awaiting is None:
            self._awaiting = [(rule, rule.awaits) for rule in self.rules("type", "pre-plug", None)]
        return [r for r, awaits in self._awaiting if r.phase == phase and (awaits is None or not awaits.isdisjoint(written))]

    def needs(self, *phases: str | None) -> list[tuple[Rule, tuple[str, ...]]]:
        """What the machine has to be given to start, each with options that give it."""
        if self._needs is None:
            self._needs = [(clauses.Rule(raw), tuple(words)) for raw, words in self._all("needs")]
        return [(rule, words) for rule, words in self._needs if rule.phase in phases]

    def unknowns(self) -> list[tuple[Closure, Closure | None, int]]:
        return [(build(text), build_optional(when), note) for text, when, note in self._all("unknown")]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
