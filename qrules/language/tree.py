"""The syntax tree: what was written, with the span of every node.

Statements are the lines that stand at the left margin, clauses (`qrules.language.tree_clauses`) the lines of their blocks,
expressions (`qrules.language.tree_expressions`) what stands in these. All of them are offered here, where others take them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qrules.language import tree_documents, tree_schema
from qrules.language.tree_clauses import (
    Accepts,
    Addressed,
    Attribute,
    Becomes,
    Binder,
    Called,
    Claims,
    Clause,
    Dimension,
    DomainUse,
    Each,
    Fact,
    Fill,
    Fills,
    Includes,
    Part,
    Passes,
    Points,
    Property,
    Provides,
    Rule,
    Stores,
    Suppresses,
    Unknown,
    Without,
)
from qrules.language.tree_expressions import Expr, Name, Node, Notes, RepairStep
from qrules.language.tree_options import (
    AbsentOptions,
    Assumed,
    Backend,
    Effect,
    Extent,
    HostMessage,
    KnownValues,
    OptionList,
    Probe,
    Shorthand,
    Vendor,
)

__all__ = [
    "AbsentOptions", "Accepts", "Addressed", "Alias", "Architectures", "Assumed", "Attribute", "Backend", "Becomes", "Binder",
    "Block", "BusType", "Called", "Catalogue", "Claims", "Clause", "Dimension", "Domain", "DomainUse", "Each", "Effect",
    "Expr", "Extent", "Fact", "Fill", "Fills", "Formerly", "Group", "HostMessage", "Includes", "Interface", "KnownValues",
    "MachineType", "Name", "Node", "Notes", "OptionList", "Part", "Passes", "Points", "Probe", "Profile", "Property", "Provides",
    "Refusal", "RepairStep", "Rule", "Shorthand", "Statement", "Step", "Stores", "Suppresses", "Term", "Test", "Twins", "Type",
    "Unknown", "Uses", "Vendor", "Without",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue(Node):
    """``catalogue "VERSION" for ARCHES``: what the file lists is what these emulators have."""

    version: str
    arches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BusType(Node):
    """A kind of bus; no bus is of an abstract one."""

    name: Name
    parents: tuple[Name, ...]
    abstract: bool


@dataclass(frozen=True, slots=True)
class Interface(Node):
    """Something that several types are besides what they descend from."""

    name: Name


@dataclass(frozen=True, slots=True)
class Type(Node):
    """A device type. `status` is abstract, internal (a part of boards) or user (can be given with -device)."""

    name: Name
    parents: tuple[Name, ...]
    status: str
    on: Name | None
    description: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Alias(Node):
    """Another name that the emulator has for a type."""

    name: Name
    type: Name


@dataclass(frozen=True, slots=True)
class MachineType(Node):
    """A machine of the catalogue. `words` say what the emulator thinks of it."""

    name: Name
    parents: tuple[Name, ...]
    abstract: bool
    description: str
    aliases: tuple[str, ...]
    words: tuple[str, ...]  # default, deprecated
    attributes: tuple[Attribute, ...]
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Block(Node):
    """The behaviour of some kinds: `what` is bus, device, machine, parts, wish or element; `paths`: where elements are found."""

    what: str
    names: tuple[Name, ...]
    clauses: tuple[Clause, ...]
    arches: tuple[str, ...] = ()
    parents: tuple[Name, ...] = ()
    description: str = ""
    paths: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()  # of a list of parts: names that stand for what `includes` gives


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Kinds under one name: clauses about the name hold for all of them."""

    name: Name
    members: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Term(Node):
    """A condition with a name; its variables are filled where it is used."""

    name: Name
    variables: tuple[Name, ...]
    condition: Expr


@dataclass(frozen=True, slots=True)
class Refusal(Node):
    """Words for one of the engine's own refusals."""

    name: Name
    profile: Name
    notes: Notes


@dataclass(frozen=True, slots=True)
class Profile(Node):
    """A set of rules that judges by itself. ``advice = on``: it only warns; ``decides = on``: what it refuses does not stand."""

    name: Name
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Domain(Node):
    """Values under a name, with words for those that are none."""

    names: tuple[Name, ...]
    use: DomainUse
    notes: Notes


@dataclass(frozen=True, slots=True)
class Twins(Node):
    """Types that are one thing by other ways to connect it. A ``*`` in them is the same in all."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formerly(Node):
    """Names that no version has any more, or never had, with those of what is meant: the first is the likeliest."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uses(Node):
    """A shipped rule file (or folder of them) that this one builds on."""

    file: str


@dataclass(frozen=True, slots=True)
class Architectures(Node):
    """``architectures NAMES``: what stands in the file is about these alone, and no other's question reads it."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step(Node):
    """A line of a test. `what`: device, json, plug, accepted, refused, warned, unknown, bus, no-bus, has, types.

    `name` is the type, rule or bus that the line is about, `place` and `at` where the device is to stand.
    """

    what: str
    name: str = ""
    options: tuple[tuple[str, str], ...] = ()
    place: str | None = None
    at: str | None = None
    kind: str = ""
    count: int = 0
    names: tuple[str, ...] = ()
    values: tuple[Attribute, ...] = ()
    notes: Notes | None = None


@dataclass(frozen=True, slots=True)
class TestedOn:
    """Of which emulators a test has to hold: those of `versions` (``10.0`` is any 10.0.x; none: all), from `since` on, `before`
    another.
    """

    versions: tuple[str, ...]
    since: str | None
    before: str | None


@dataclass(frozen=True, slots=True)
class Test(Node):
    """An example with what is to come of it. `settings` are lines such as ``without video`` before the first step."""

    title: str
    machine: Name
    arch: str | None
    emulators: TestedOn
    nodefaults: bool
    options: tuple[tuple[str, str], ...]
    without: tuple[Name, ...]
    roles: tuple[tuple[Name, Name | None], ...]
    backends: tuple[tuple[Name, tuple[str, ...]], ...]
    steps: tuple[Step, ...]
    words: tuple[str, ...] = ()  # further options of the command line, as they stand


Statement: TypeAlias = (
    Catalogue
    | BusType
    | Interface
    | Type
    | Alias
    | MachineType
    | Block
    | Group
    | Term
    | Rule
    | Refusal
    | Profile
    | Domain
    | Backend
    | Shorthand
    | OptionList
    | AbsentOptions
    | KnownValues
    | Assumed
    | Probe
    | Twins
    | Formerly
    | Vendor
    | HostMessage
    | Uses
    | Architectures
    | Test
    | tree_documents.DocumentStep
    | tree_documents.Stage
    | tree_schema.Statement
)
