"""The syntax tree: what was written, with the span of every node.

Statements are the lines that stand at the left margin, clauses (`qrules.language.tree_clauses`) the lines of their blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qrules.diagnostics import Span
from qrules.language import tree_schema
from qrules.language.tree_clauses import (
    Accepts as Accepts,
)
from qrules.language.tree_clauses import (
    Addressed as Addressed,
)
from qrules.language.tree_clauses import (
    Attribute as Attribute,
)
from qrules.language.tree_clauses import (
    Becomes as Becomes,
)
from qrules.language.tree_clauses import (
    Binder as Binder,
)
from qrules.language.tree_clauses import (
    Called as Called,
)
from qrules.language.tree_clauses import (
    Claims as Claims,
)
from qrules.language.tree_clauses import (
    Clause as Clause,
)
from qrules.language.tree_clauses import (
    Dimension as Dimension,
)
from qrules.language.tree_clauses import (
    DomainUse as DomainUse,
)
from qrules.language.tree_clauses import (
    Each as Each,
)
from qrules.language.tree_clauses import (
    Expr as Expr,
)
from qrules.language.tree_clauses import (
    Fact as Fact,
)
from qrules.language.tree_clauses import (
    Fill as Fill,
)
from qrules.language.tree_clauses import (
    Fills as Fills,
)
from qrules.language.tree_clauses import (
    Includes as Includes,
)
from qrules.language.tree_clauses import (
    Name as Name,
)
from qrules.language.tree_clauses import (
    Notes as Notes,
)
from qrules.language.tree_clauses import (
    Part as Part,
)
from qrules.language.tree_clauses import (
    Points as Points,
)
from qrules.language.tree_clauses import (
    Property as Property,
)
from qrules.language.tree_clauses import (
    Provides as Provides,
)
from qrules.language.tree_clauses import (
    Rule as Rule,
)
from qrules.language.tree_clauses import (
    Suppresses as Suppresses,
)
from qrules.language.tree_clauses import (
    Unknown as Unknown,
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    version: str
    arches: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class BusType:
    name: Name
    parents: tuple[Name, ...]
    abstract: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Interface:
    name: Name
    span: Span


@dataclass(frozen=True, slots=True)
class Type:
    """A device type. `status` is abstract, internal (a part of boards) or user (can be given with -device)."""

    name: Name
    parents: tuple[Name, ...]
    status: str
    on: Name | None
    description: str
    properties: tuple[Property, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Alias:
    name: Name
    type: Name
    span: Span


@dataclass(frozen=True, slots=True)
class MachineType:
    name: Name
    parents: tuple[Name, ...]
    abstract: bool
    description: str
    aliases: tuple[str, ...]
    words: tuple[str, ...]  # default, deprecated
    attributes: tuple[Attribute, ...]
    properties: tuple[Property, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """The behaviour of some kinds: `what` is bus, device, machine, parts or wish."""

    what: str
    names: tuple[Name, ...]
    clauses: tuple[Clause, ...]
    span: Span
    arches: tuple[str, ...] = ()
    parents: tuple[Name, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: Name
    members: tuple[Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Term:
    name: Name
    variables: tuple[Name, ...]
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Refusal:
    name: Name
    profile: Name
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Profile:
    name: Name
    attributes: tuple[Attribute, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Domain:
    names: tuple[Name, ...]
    use: DomainUse
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Backend:
    """A kind of host resource: which options of the command line make one, and which property names it.

    `sample` is an option with an argument that makes one anywhere; ``{id}`` in it stands for its name.
    """

    name: Name
    options: tuple[tuple[str, str, tuple[str, ...]], ...]
    sample: tuple[str, str] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Effect:
    """A line of a shorthand: `what` is machine, silences, role, device, keeps or unknown."""

    what: str
    name: str
    names: tuple[Name, ...]
    value: Expr | None
    attributes: tuple[Attribute, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Shorthand:
    """What an option of the command line means; with `value`, what it means when given that value."""

    option: str
    value: str | None
    effects: tuple[Effect, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OptionList:
    """Options of which one thing is said: ``ignores`` (they bear on nothing), ``verbatim`` (one text, commas and all) or
    ``unique`` (no two have one id).
    """

    word: str
    options: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Extent:
    """Of which emulators something is said: from `version` on or `before` it (None: all), and of which `arches` (empty: all)."""

    version: str | None
    before: bool
    arches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbsentOptions:
    """Options that an emulator does not take: ``gone`` (it has none of the name) or ``foreign`` (of other architectures)."""

    word: str
    options: tuple[str, ...]
    extent: Extent
    span: Span


@dataclass(frozen=True, slots=True)
class KnownValues:
    """What can stand under a key of an option. Several such statements add up."""

    option: str
    key: str
    values: tuple[str, ...]
    extent: Extent
    span: Span


@dataclass(frozen=True, slots=True)
class Uses:
    file: str
    span: Span


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a test. `what`: device, json, plug, accepted, refused, warned, unknown, bus, no-bus, has, types.

    `name` is the type, rule or bus that the line is about, `place` and `at` where the device is to stand.
    """

    what: str
    span: Span
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
class Test:
    """An example with what is to come of it. `settings` are lines such as ``without video`` before the first step."""

    title: str
    machine: Name
    arch: str | None
    version: str | None
    nodefaults: bool
    options: tuple[tuple[str, str], ...]
    without: tuple[Name, ...]
    roles: tuple[tuple[Name, Name | None], ...]
    backends: tuple[tuple[Name, tuple[str, ...]], ...]
    steps: tuple[Step, ...]
    span: Span
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
    | Uses
    | Test
    | tree_schema.Statement
)
