"""Compiled knowledge as the engine reads it: pieces loaded when first asked for, never changed.

A compiled clause is a list, which JSON keeps small. What stands at which place of it is named here, for the compiler that
writes the lists (`qrules.knowledge.forms`) and for the engine that reads them (``CLAIM.index("note")``).
"""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    from qrules.knowledge.patterns import Pattern
    from qrules.knowledge.schema import Model, Record, Schemas

    Made = TypeVar("Made")

# The forms of compiled clauses. Expressions are compiled ones, `note` the number of what `Knowledge.note` gives.
ACCEPTS = ("names", "when", "note")
ADDS = ("kind", "many", "when", "values", "note")  # of ``add`` and ``grow`` in a step
ADDRESSED = ("property", "told_as", "written", "shown", "packed", "shared", "dimensions", "note")
ATTRIBUTE = ("value", "note")
BECOMES = ("type", "advised", "when", "values", "note")
CALLED = ("name", "otherwise")
CLAIM = ("pool", "key", "scope", "limit", "phase", "when", "note", "needs")
DIMENSION = ("name", "range", "fill", "note", "worded")  # worded: it has words for a number outside its range
EACH = ("kind", "slot", "order")
FILL = ("how", "argument", "unless", "when", "otherwise")
FILLS = ("property", "fill", "phase", "note")
NEED = ("rule", "words")
OTHER = ("kind", "which", "on", "bound", "slot")  # the second device of a rule; bound: [[dimension, value], ...]
PART = (
    "type", "role", "many", "place", "at", "id", "before", "sharing", "when", "values", "note", "each", "named", "after",
)  # fmt: skip
POINTS = ("range", "template", "on", "when", "attributes", "note")
PROPERTY = ("domain", "default", "note")
PROVIDES = ("kind", "many", "called", "otherwise", "when", "attributes", "accepts", "note")
RULE = ("phase", "others", "violated", "note", "needs", "reads")
SEEK = ("kind", "slot", "over", "order", "condition")
STEP = ("kind", "order", "when", "seeks", "grows", "lines", "note")  # lines: [what, ...] in their order
SUPPRESSES = ("roles", "when", "note")
WRITES = ("json", "option", "value", "members")  # an option of a command line
UNKNOWN = ("text", "when", "note")  # of ``unknown`` and of ``assumes``

PLAIN_DOMAINS = ("string",)  # domains that any text is in


class MachineFacts(NamedTuple):
    """What the catalogue and the rules' patterns say of a machine. `family` is None where no rules stand."""

    name: str
    family: int | None
    version: str
    line: tuple[str, ...]
    aliases: tuple[str, ...]
    words: tuple[str, ...]
    facts: dict[str, Any]
    description: str


class Note(NamedTuple):
    """Where a clause or rule stands, and its sentences. Templates are compiled expressions."""

    file: str
    line: int
    name: str
    profile: str
    because: Any
    see: tuple[tuple[str, str], ...]
    words: dict[str, Any]
    instead: Any
    repairs: list[list[Any]]  # [action, name, value, on, when]


class Knowledge:
    """The knowledge of one target (an emulator version and an architecture). `load` gives a piece by its name; it may raise."""

    def __init__(self, version: str, arch: str, load: Callable[[str], Any]) -> None:
        self.version, self.arch = version, arch
        self._load = load
        self._pieces: dict[str, Any] = {}
        self._shared: dict[str, Any] | None = None
        self._kept: dict[str, Any] = {}
        self.built: dict[tuple[str, str], list[Any]] = {}  # clauses as closures, by kind and sort: the engine's cache

    def piece(self, name: str) -> Any:
        """A compiled piece, loaded once."""
        if name not in self._pieces:
            self._pieces.setdefault(name, self._load(name))  # one for all threads
        return self._pieces[name]

    @property
    def shared(self) -> dict[str, Any]:
        """What all machines of the target share."""
        if self._shared is None:
            self._shared = self.piece("shared")
        return self._shared

    def kept(self, name: str, make: Callable[[Knowledge], Made]) -> Made:
        """What is made of the knowledge once and kept with it."""
        if name not in self._kept:
            self._kept.setdefault(name, make(self))
        made: Made = self._kept[name]
        return made

    @property
    def dimensions(self) -> frozenset[str]:
        """The names of all parts of addresses."""
        return self.kept("dimensions", _dimensions)

    @property
    def profile(self) -> str:
        """The profile that decides what stands; claims, addresses and the engine's own refusals belong to it."""
        deciding: list[str] = self.shared["deciding"]
        return deciding[0] if deciding else ""

    def is_identifier(self, text: str) -> bool:
        """Whether an id is written as the deciding profile wants it (qemu:util/id.c "id_wellformed")."""
        pattern = self.kept("identifier", _identifier)
        return pattern is None or pattern.matches(text)

    def is_advice(self, profile: str) -> bool:
        """Whether a profile's rules only warn."""
        return self.shared["profiles"].get(profile, {}).get("advice") is True

    # ------------------------------------------------------------------------------ machines
    def machine_names(self) -> list[str]:
        """All concrete machines, families together, versions in order."""
        return list(self.piece("machines"))

    def machine(self, name: str) -> MachineFacts | None:
        """The machine of a name or alias."""
        listed = self.piece("machines")
        if name not in listed:
            found = [n for n, entry in listed.items() if name in entry[3]]
            if not found:
                return None
            name = found[0]
        family, version, line, aliases, words, facts, description = listed[name]
        return MachineFacts(name, family, version, tuple(line), tuple(aliases), tuple(words), facts, description)

    def family(self, index: int) -> dict[str, Any]:
        """What the rules say of a machine family; `index` is that of `MachineFacts`."""
        family: dict[str, Any] = self.piece(f"family-{index}")
        return family

    # ------------------------------------------------------------------------------ types
    def type_facts(self, name: str) -> list[Any] | None:
        """``[status, bus kind, line, description]`` of a device type, aliases resolved by `real_name` before."""
        facts: list[Any] | None = self.shared["types"].get(name)
        return facts

    def real_name(self, name: str) -> str:
        """The type that a name or alias of the emulator stands for."""
        real: str = self.shared["aliases"].get(name, name)
        return real

    def line_of(self, name: str, aliases: bool = True) -> list[str]:
        """A type and all that it is, by its name or an alias; nothing where there is no such type."""
        facts = self.type_facts(self.real_name(name) if aliases else name)
        line: list[str] = facts[2] if facts is not None else []
        return line

    def clauses(self, line: tuple[str, ...], what: str) -> Iterator[list[Any]]:
        """The clauses of a kind and of all that it is, nearest kind first, in the order of the text within each."""
        kinds = self.shared["kinds"]
        for kind in line:
            of = kinds.get(kind)
            if of and what in of:
                yield from of[what]

    def nearest(self, line: tuple[str, ...], what: str) -> Any:
        """The nearest definition of something that a kind has once, such as its address scheme."""
        kinds = self.shared["kinds"]
        for kind in line:
            of = kinds.get(kind)
            if of and what in of:
                return of[what]
        return None

    def catalogued(self, line: tuple[str, ...], name: str) -> list[Any] | None:
        """``[domain, default]`` of a property in the catalogue; None where the catalogue gives the type no such property."""
        properties = self.piece("properties")
        for kind in line:
            found = properties.get(kind, {}).get(name)
            if found is not None:
                fact: list[Any] = found
                return fact
        return None

    def property_names(self, line: tuple[str, ...]) -> list[str]:
        """All properties that the catalogue gives a type."""
        properties = self.piece("properties")
        return sorted({name for kind in line for name in properties.get(kind, {})})

    # ------------------------------------------------------------------------------ the schema
    def schema(self, name: str) -> Record | None:
        """A record of the emulator's own grammar: ``netdev``, ``chardev`` or ``object``, or the type of a property, such as
        ``SMPConfiguration``. None where the emulator tells none of the name.
        """
        return self._schemas.record(name)

    def option(self, option: str) -> Record | None:
        """What is written to an option, such as ``-netdev`` (a record of QAPI) or ``-drive`` (`Record.plain`: flat keys)."""
        return self._schemas.option(option)

    def keys(self, number: int) -> Record:
        """The keys of an option that the rules tell, not the emulator: flat ones."""
        from qrules.knowledge.schema import Record

        return Record("", [False, "", self.piece("keys")[number], []], self._schemas.record, plain=True)

    def enum(self, name: str) -> tuple[str, ...] | None:
        """The words that a property of the type `name` takes, such as ``OnOffAuto``; None where it is not known as an enum."""
        words: list[str] | None = self.kept("enums", lambda k: k._schemas.listed("enums")).get(name)
        return None if words is None else tuple(words)

    def objects(self) -> tuple[str, ...]:
        """The types that this emulator can make with ``-object``, sorted. The cases of ``schema("object")`` are those that its
        grammar knows, for all that it could have been built with: what stands there alone is refused in other words.
        """
        return self.kept("objects", lambda k: k._schemas.objects())

    def accelerators(self) -> dict[str, dict[str, str]]:
        """The accelerators that the emulator was built with: the type of each property by name."""
        return self.kept("accelerators", lambda k: k._schemas.properties("accelerators"))

    def models(self) -> dict[str, Model]:
        """The models that ``-cpu`` takes, by each of their names."""
        return self.kept("cpu-models", lambda k: k._schemas.models())

    def features_of(self, line: tuple[str, ...]) -> dict[str, str]:
        """The type of each property of a processor, or of a part of boards, by name (`line`: `line_of` it); of others nothing."""
        features: dict[str, dict[str, str]] = self.kept("features", lambda k: k._schemas.properties("features"))
        found: dict[str, str] = {}
        for kind in line:
            for name, type_ in features.get(kind, {}).items():
                found.setdefault(name, type_)
        return found

    @property
    def knows_parts(self) -> bool:
        """Whether `features_of` has those of the parts of boards, too: where the schema was harvested."""
        return bool(self.kept("features", lambda k: k._schemas.properties("features")))

    def fixed(self, machine: str) -> tuple[tuple[tuple[str, ...], str, str], ...] | None:
        """The defaults that a machine fixes for its guests (`Schemas.fixed`); None where the emulator does not tell them."""
        return self._schemas.fixed(machine)

    def link_target(self, kind: str, name: str) -> str:
        """The type of object that a property of the domain ``link`` has to name; empty where it is not known."""
        return _told(self.kept("links", lambda k: k._schemas.listed("links")), kind, name)

    def form(self, kind: str, name: str) -> str:
        """The emulator's own description of a property's values ("Ethernet 6-byte MAC Address, ..."); empty where it has none.

        `kind` is the device type or the machine itself. There are none for switches, enums and links.
        """
        return _told(self.kept("forms", lambda k: k._schemas.listed("forms")), kind, name)

    @property
    def _schemas(self) -> Schemas:
        return self.kept("schemas", _open_schemas)

    # ------------------------------------------------------------------------------ others
    def homes(self, what: str, name: str) -> list[tuple[str, str]]:
        """The targets (version, architecture) that have one of the ``types`` or ``machines``; none where all have it."""
        homes = self.piece("homes")
        return [homes["targets"][number] for number in homes[what].get(name, ())]

    def makers_of(self, bus: str) -> list[str]:
        """The types that users can add and that make a bus of a kind, by themselves or by what they create: the aptest first."""
        found: list[str] = self.piece("makers").get(bus, [])
        return found

    # ------------------------------------------------------------------------------ notes
    def note(self, index: int) -> Note:
        """The note of a clause or rule by its number."""
        notes = self.piece("notes")
        file, line, name, profile, because, see, words, instead, repairs = notes["entries"][str(index)]
        sources = tuple((s[0], s[1]) for s in see)
        return Note(notes["files"][file], line, name, profile, because, sources, words, instead, repairs)

    def refusal_note(self, name: str) -> int | None:
        """The note of one of the engine's own refusals, where the rules word it."""
        index: int | None = self.shared["refusals"].get(name)
        return index


def _identifier(knowledge: Knowledge) -> Pattern | None:
    deciding, profiles = knowledge.shared["deciding"], knowledge.shared["profiles"]
    found = next((text for name in deciding if (text := profiles.get(name, {}).get("identifier"))), None)
    if found is None:
        return None
    from qrules.knowledge.patterns import Pattern

    return Pattern(found)


def _dimensions(knowledge: Knowledge) -> frozenset[str]:
    schemes = (of["addressed"] for of in knowledge.shared["kinds"].values() if of.get("addressed"))
    dimensions, name = ADDRESSED.index("dimensions"), DIMENSION.index("name")
    return frozenset(dimension[name] for scheme in schemes for dimension in scheme[dimensions])


# What is kept of the schema; no question loads the module that has not come to one.
def _open_schemas(knowledge: Knowledge) -> Schemas:
    from qrules.knowledge.schema import Schemas

    return Schemas(knowledge.piece)


def _told(found: dict[str, dict[str, str]], kind: str, name: str) -> str:
    """What is said of a type's own property, else of all properties of the name."""
    own = found.get(kind, {}).get(name)
    return own if own is not None else found.get("", {}).get(name, "")
