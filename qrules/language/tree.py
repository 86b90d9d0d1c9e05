"""The syntax tree: what was written, with the span of every node.

Statements are the lines that stand at the left margin, clauses the lines of their blocks. An expression is an
`Expr`: an operator of the list below with its operands; its meaning is given in `docs/language.md`.

Operators of `Expr` and their operands:

==================  =====================================================================
literal             value (int, str, bool)
version             text
path                names, the first one a variable or an attribute of the block's subject
and or not          conditions
= != < <= > >=      two values
is / is-not         value, kind
in meets under      two values
range               low, high
set                 values
+ - * / % negative  numbers
when                value, condition, else-value or None
else                value, and what stands for it when it is unset
given               path
role-open           role
holder              pool, scope path, key values
some no every count binder (kind, variable, ``on`` path or ``in`` range or None), condition or None
free-points         path
call                term or function, arguments
template            parts: text or (Expr, format)
==================  =====================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from qrules.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Expr:
    op: str
    args: tuple[object, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Notes:
    """The sentences under a clause or rule: `because`, `see`, the emulator's words by occasion, the hint."""

    because: Expr | None = None
    see: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, Expr], ...] = ()  # says/held/outside/full/malformed/missing -> the emulator's words
    instead: Expr | None = None


# ------------------------------------------------------------------------------------------- clauses
@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    value: Expr
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class DomainUse:
    """What values a property takes: a `named` domain, a `range`, `words`, or a `backend` of some kinds."""

    form: str
    args: tuple[object, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Property:
    names: tuple[Name, ...]
    domain: DomainUse
    default: Expr | None
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a config says of a machine by other options than ``-machine``; shorthands set it."""

    names: tuple[Name, ...]
    domain: DomainUse
    default: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Accepts:
    names: tuple[Name, ...]
    when: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Called:
    name: Expr
    otherwise: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Fill:
    """`how`: value, lowest, next, count, after-last, oldest; `argument` and `unless` as the form wants them."""

    how: str
    argument: Expr | None
    unless: Expr | None
    when: Expr | None
    otherwise: Fill | None
    span: Span


@dataclass(frozen=True, slots=True)
class Dimension:
    name: str
    range: Expr | None  # None: the bus's points
    fill: Fill | None
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Addressed:
    property: str
    written: str | None
    shown: str | None
    packed: bool  # a bare number packs the dimensions, the last one lowest
    dimensions: tuple[Dimension, ...]
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Provides:
    kind: Name
    many: Expr | None
    called: Expr | None
    otherwise: Expr | None
    beside: bool
    when: Expr | None
    attributes: tuple[Attribute, ...]
    accepts: tuple[Accepts, ...]
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Points:
    range: Expr
    template: Expr | None
    on: Expr | None
    when: Expr | None
    attributes: tuple[Attribute, ...]
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Claims:
    pool: str
    key: tuple[Expr, ...]
    scope: Expr
    limit: Expr | None
    phase: str | None
    when: Expr | None
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Fills:
    property: str
    fill: Fill
    when: Expr | None
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Part:
    """A device that a machine or another device brings: `has`, `default ... as ROLE`, `creates`."""

    type: Name
    role: str | None
    many: Expr | None
    place: Expr | None  # template of a bus name, or a path that leads to a bus
    at: str | None
    id: Expr | None
    before: bool
    sharing: bool
    when: Expr | None
    values: tuple[Attribute, ...]
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Suppresses:
    roles: tuple[Name, ...]
    when: Expr | None
    notes: Notes
    span: Span


@dataclass(frozen=True, slots=True)
class Unknown:
    text: Expr
    when: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Includes:
    name: Name
    when: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Binder:
    """A variable of a rule: `which` is all, earlier or another; `on` limits a device to a bus."""

    kind: Name
    variable: str
    which: str
    on: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Rule:
    name: Name
    profile: str | None
    phase: Name | None
    binders: tuple[Binder, ...]  # empty in a block: its subject is meant
    when: Expr | None
    forbids: bool
    condition: Expr
    notes: Notes
    span: Span


# ---------------------------------------------------------------------------------------- statements
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
    """The behaviour of some kinds: `what` is bus, device, machine or parts."""

    what: str
    names: tuple[Name, ...]
    clauses: tuple[Clause, ...]
    span: Span
    arches: tuple[str, ...] = ()
    parents: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    name: Name
    members: tuple[Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Term:
    name: Name
    variable: str
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Refusal:
    name: Name
    profile: str
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
    """A kind of host resource: which options of the command line make one, and which property names it."""

    name: Name
    options: tuple[tuple[str, str, tuple[str, ...]], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Effect:
    """A line of a shorthand: `what` is machine, silences, role, device or unknown."""

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
class Ignore:
    options: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Uses:
    file: str
    span: Span


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a test. `what`: device, accepted, refused, bus, no-bus, types."""

    what: str
    name: str = ""
    options: tuple[tuple[str, str], ...] = ()
    at: str | None = None
    says: str | None = None
    names: tuple[str, ...] = ()
    span: Span = field(default=Span("", 0))


@dataclass(frozen=True, slots=True)
class Test:
    title: str
    machine: str
    nodefaults: bool
    options: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    span: Span


Clause: TypeAlias = (
    Attribute
    | Property
    | Fact
    | Accepts
    | Called
    | Addressed
    | Provides
    | Points
    | Claims
    | Fills
    | Part
    | Suppresses
    | Unknown
    | Includes
    | Rule
)
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
    | Ignore
    | Uses
    | Test
)
