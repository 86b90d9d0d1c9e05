"""The innermost nodes of the syntax tree: expressions, names, and the sentences under clauses and rules.

An expression is an `Expr`: an operator of the list below with its operands; its meaning is given in `docs/language.md`.

==================  =====================================================================
literal             value (int, str, bool)
version             text
path                names, the first one a variable or an attribute of the block's subject
and or not          conditions
= != < <= > >=      two values
is / is-not         value, kind
in meets under      two values
names               value, kind
since               value, the last version without, the first one with (texts)
range               low, high
set                 values
+ - * / % negative  numbers
when                value, condition, else-value or None
else                value, and what stands for it when it is unset
given               path
role-open           role: the machine brings its default device
role-replaced       role: it does not, since the config has a device that suppresses it
holder              pool, scope path, key values
some no every count binder (kind, variable, ``on`` path or ``in`` range or None), condition or None
the                 as `some`
free-points         path
call                term or function, arguments
template            parts: text or (Expr, format)
==================  =====================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qrules.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Whatever stands somewhere in a rule file: `span` says where, and is given by name."""

    span: Span = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Expr(Node):
    """An operator with its operands, as the table above has them."""

    op: str
    args: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A word that names something: a kind, a rule, a role, a variable. Without the quotes where it had some."""

    text: str


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One way out of a refusal: ``set``, ``free``, ``drop``, ``type``, ``option``, ``say``, ``add``, ``replace`` or ``leave``.

    `name` is a property or an option, `value` what it is to be, `on` the device that is meant (None: the refused one), `when`
    the condition for it.
    """

    action: str
    name: str = ""
    value: Expr | None = None
    on: Expr | None = None
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """The sentences under a clause or rule: `because`, `see`, the emulator's words by occasion, the hint, what repairs it."""

    because: Expr | None = None
    see: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, Expr], ...] = ()  # says/held/outside/full/malformed/mistyped/general/missing -> the emulator's words
    instead: Expr | None = None
    repairs: tuple[RepairStep, ...] = ()
