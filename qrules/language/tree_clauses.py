"""The clauses of the syntax tree: the lines of blocks, each with its span, and rules, which stand in blocks or alone.

An optional part of a clause that was not written is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qrules.language.tree_expressions import Expr, Name, Node, Notes


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """``NAME = VALUE``: what a kind, machine, profile or bus has under a name, or a value that a part is given."""

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
    """``property NAMES : DOMAIN = DEFAULT``: what can be written of a kind, and which values it takes.

    `path` is where an element of a document has it.
    """

    names: tuple[Name, ...]
    domain: DomainUse
    default: Expr | None
    notes: Notes
    path: str = ""


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """Something a config says of a machine by other options than ``-machine``; shorthands set it."""

    names: tuple[Name, ...]
    domain: DomainUse
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Accepts(Node):
    """``accepts KINDS``: what a bus says it supports. What may be plugged follows from the catalogue."""

    names: tuple[Name, ...]
    when: Expr | None


@dataclass(frozen=True, slots=True)
class Called(Node):
    """``called "NAME" else "NAME"``: how a bus of this kind is named where nobody names it; `otherwise` where a hole is unset."""

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
    """One part of an address with its range, and how it is filled where nobody wrote it."""

    name: str
    range: Expr | None  # None: the bus's points
    fill: Fill | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class Addressed(Node):
    """``addressed PROPERTY``: how devices on a bus of this kind are addressed. `written` and `shown` are patterns with holes."""

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
    """``provides KIND``: buses that a device or machine makes; `many` is how many (one where it is None)."""

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
    """``points LOW .. HIGH``: named places of a bus: the one that `on` leads to, or the first of its own that has points."""

    range: Expr
    template: Expr | None
    on: Expr | None
    when: Expr | None
    attributes: tuple[Attribute, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class Claims(Node):
    """``claims POOL (KEY) in SCOPE up to LIMIT``: what is held while the device stands; one holder without a limit."""

    pool: str
    key: tuple[Expr, ...]
    scope: Expr
    limit: Expr | None
    phase: Name | None
    when: Expr | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class Fills(Node):
    """``fills PROPERTY = FILL``: a value for what nobody wrote, in a phase of its own where it names one."""

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
    """``suppresses ROLES``: default devices that do not come where such a device stands."""

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
    """``includes NAME(VALUES)``: the parts of a list that has a name, with values for its parameters."""

    name: Name
    when: Expr | None
    values: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Without(Node):
    """``without rule NAMES``: rules that do not hold for a machine, nor for what stands on it."""

    rules: tuple[Name, ...]


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


@dataclass(frozen=True, slots=True)
class Stores(Node):
    """``stores "PATH" = VALUE``: what stands at a place of the element in the completed document."""

    path: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Passes(Node):
    """``passes over "PATH", ...``: parts of the element that bear on nothing the rules speak of."""

    paths: tuple[str, ...]


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
    | Without
    | Rule
    | Stores
    | Passes
)
