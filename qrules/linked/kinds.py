"""All kinds of one knowledge: types, bus kinds and machine families, built when first met and kept."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked.bus_kinds import BusKind as BusKind
from qrules.linked.families import Family as Family
from qrules.linked.type_kinds import TypeKind as TypeKind
from qrules.linked.type_kinds import WishKind


class Kinds:
    """All kinds of one knowledge. What no catalogue has is never kept: users' spelling mistakes would pile up."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._types: dict[str, TypeKind] = {}
        self._named: dict[str, TypeKind] = {}  # by driver as users write it
        self._buses: dict[str, BusKind] = {}
        self._wishes: dict[str, TypeKind] = {}
        self._families: dict[tuple[int, tuple[str, ...]], Family] = {}

    def type(self, name: str) -> TypeKind | None:
        """A type by its own name; None where the catalogue has no such type."""
        kind = self._types.get(name)
        if kind is None:
            facts = self.knowledge.type_facts(name)
            if facts is not None:
                kind = self._types.setdefault(name, TypeKind(self.knowledge, name, facts))  # one for all threads
        return kind

    def named(self, driver: str) -> TypeKind | None:
        """A type by its name or an alias of it; None where the catalogue has neither."""
        kind = self._named.get(driver)
        if kind is None:
            kind = self.type(self.knowledge.real_name(driver))
            if kind is not None:
                self._named[driver] = kind
        return kind

    def wish(self, name: str) -> TypeKind:
        """A kind of wish, which stands on no bus, by a name that the rules give. Raises `KeyError` for any other."""
        if name not in self._wishes:
            description, line = self.knowledge.shared["wishes"][name]
            if name not in self.knowledge.shared["kinds"]:
                from qrules.knowledge.layers import Layers

                kinds = Layers(self.knowledge.piece("wishes"), self.knowledge.shared["kinds"])  # decodes no row
                self.knowledge.shared["kinds"] = kinds  # whole: other threads may look
            kind = WishKind(self.knowledge, name, ["internal", None, line, description])
            kind.is_wish = True
            self._wishes.setdefault(name, kind)
        return self._wishes[name]

    def bus(self, name: str) -> BusKind:
        """A kind of bus by its name; one that the rules do not describe has no clauses."""
        if name not in self._buses:
            self._buses.setdefault(name, BusKind(self.knowledge, name))
        return self._buses[name]

    def family(self, index: int, line: tuple[str, ...]) -> Family:
        """The family of a number (`MachineFacts.family`), as machines that are all of `line` see it."""
        key = (index, line)
        if key not in self._families:
            self._families.setdefault(key, Family(self.knowledge, self.knowledge.family(index), line))
        return self._families[key]
