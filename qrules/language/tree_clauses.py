"""The inner nodes of the syntax tree: expressions, and the clauses that blocks are made of. An expression is an
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
names               value, kind
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
class Node:
    """Whatever stands somewhere in a rule file: `span` says where, and is given by name."""

    span: Span = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Expr(Node):
    op: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Name(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    """The sentences under a clause or rule: `because`, `see`, the emulator's words by occasion, the hint."""

    because: Expr | None = None
    see: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, Expr], ...] = ()  # says/held/outside/full/malformed/mistyped/missing -> the emulator's words
    instead: Expr | None = None


# ------------------------------------------------------------------------------------------- clauses
@dataclass(frozen=True, slots=True)
class Attribute(Node):
    name: str
    value: Expr
    notes: Notes


@dataclass(frozen=True, slots=True)
class DomainUse(Node):
    """What values a property takes: a `named` domain, a `range`, `words`, or a `backend` of some kinds."""

    form: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Property(Node):
    names: tuple[Name, ...]
    domain: DomainUse
    default: Expr | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """Something a config says of a machine by other options than ``-machine``; shorthands set it."""

    names: tuple[Name, ...]
    domain: DomainUse
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Accepts(Node):
    names: tuple[Name, ...]
    when: Expr | None


@dataclass(frozen=True, slots=True)
class Called(Node):
    name: Expr
    otherwise: Expr | None


@dataclass(frozen=True, slots=True)
class Fill(Node):
    """`how`: value, lowest, next, count, after-last, oldest; `argument` and `unless` as the form wants them."""

    how: str
    argument: Expr | None
    unless: Expr | None
    when: Expr | None
    otherwise: Fill | None


@dataclass(frozen=True, slots=True)
class Dimension(Node):
    name: str
    range: Expr | None  # None: the bus's points
    fill: Fill | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class Addressed(Node):
    property: str
    told_as: str | None  # the name of the address in answers, where it is another
    written: str | None
    shown: str | None
    packed: bool  # a bare number packs the dimensions, the last one lowest
    shared: bool  # several devices may have one address
    dimensions: tuple[Dimension, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class Provides(Node):
    kind: Name
    many: Expr | None
    called: Expr | None
    otherwise: Expr | None
    when: Expr | None
    attributes: tuple[Attribute, ...]
    accepts: tuple[Accepts, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class Points(Node):
    range: Expr
    template: Expr | None
    on: Expr | None
    when: Expr | None
    attributes: tuple[Attribute, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class Claims(Node):
    pool: str
    key: tuple[Expr, ...]
    scope: Expr
    limit: Expr | None
    phase: Name | None
    when: Expr | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class Fills(Node):
    property: str
    phase: Name | None
    fill: Fill
    notes: Notes


@dataclass(frozen=True, slots=True)
class Each:
    """``for each KIND variable by ORDER``: the wishes that a part is brought for, in the order of an attribute."""

    kind: Name
    variable: str
    order: str | None


@dataclass(frozen=True, slots=True)
class Part(Node):
    """A device that a machine or another device brings: `has`, `default ... as ROLE`, `creates`.

    `named` gives the name of the type that is meant, which is one of the kind `type`; `after`: when all devices stand.
    """

    type: Name
    role: str | None
    many: Expr | None
    place: Expr | None  # template of a bus name, or a path that leads to a bus
    at: Expr | None
    id: Expr | None
    before: bool
    sharing: bool
    when: Expr | None
    values: tuple[Attribute, ...]
    notes: Notes
    each: Each | None = None
    named: Expr | None = None
    after: bool = False


@dataclass(frozen=True, slots=True)
class Suppresses(Node):
    roles: tuple[Name, ...]
    when: Expr | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class Becomes(Node):
    """What such a device becomes on another machine: a type, ``nothing``, or the type that a text names.

    `advised`: it may stay as it is, and this is told.
    """

    type: Name | Expr
    advised: bool
    when: Expr
    values: tuple[Attribute, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class Unknown(Node):
    """What the rules do not model; with `assumed` what they take as given, since it depends on the host alone."""

    text: Expr
    when: Expr | None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Includes(Node):
    name: Name
    when: Expr | None


@dataclass(frozen=True, slots=True)
class Binder(Node):
    """A variable of a rule: `which` is all, earlier or another; `on` limits a device to a bus."""

    kind: Name
    variable: str
    which: str
    on: Expr | None


@dataclass(frozen=True, slots=True)
class Rule(Node):
    """`need`: it tells what a machine has to be given to start; `samples` are options that give it."""

    name: Name
    profile: Name | None
    phase: Name | None
    binders: tuple[Binder, ...]  # empty in a block: its subject is meant
    when: Expr | None
    forbids: bool
    condition: Expr
    notes: Notes
    need: bool = False
    samples: tuple[tuple[str, str], ...] = ()


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
    | Becomes
    | Unknown
    | Includes
    | Rule
)
