"""The nodes of statements about documents: what their elements are, and the steps in which what they describe is completed."""

from __future__ import annotations

from dataclasses import dataclass

from qrules.language.tree_clauses import Attribute
from qrules.language.tree_expressions import Expr, Name, Node, Notes


@dataclass(frozen=True, slots=True)
class Seek(Node):
    """``seek KIND x by ORDER with (C)`` or ``seek number n in A .. B with (C)``: the first that fits with those below."""

    kind: Name
    variable: str
    over: Expr | None
    order: Expr | None
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Adds(Node):
    """``add [many N] KIND``, with values; `grows`: only where nothing that is sought was found, and then it is sought again."""

    kind: Name
    many: Expr | None
    when: Expr | None
    values: tuple[Attribute, ...]
    grows: bool


@dataclass(frozen=True, slots=True)
class Drops(Node):
    """``drops``: the element is taken out."""

    when: Expr | None


@dataclass(frozen=True, slots=True)
class Holds(Node):
    """``holds POOLS``: the element takes what its claims on these pools name."""

    pools: tuple[Name, ...]
    when: Expr | None


@dataclass(frozen=True, slots=True)
class Forgets(Node):
    """``forgets ATTRIBUTES``: what was read of the element, or set, is unset."""

    attributes: tuple[Name, ...]
    when: Expr | None


@dataclass(frozen=True, slots=True)
class Writes(Node):
    """``emits [json] "-OPTION" = VALUE``, with members: an option of the command line that is made of the document."""

    json: bool
    option: str
    value: Expr | None
    members: tuple[Attribute, ...]


StepLine = Attribute | Seek | Adds | Drops | Holds | Forgets | Writes


@dataclass(frozen=True, slots=True)
class DocumentStep(Node):
    """``step NAME for KIND x by ORDER when C``: what is done with each element of a kind, one after the other."""

    name: Name
    kind: Name
    variable: str
    order: Expr | None
    when: Expr | None
    lines: tuple[StepLine, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class StageLine(Node):
    """Steps in their order; `rehearsed` ones are done, then undone but for what they added to stay."""

    rehearsed: bool
    steps: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Stage(Node):
    """``stage NAME``: all its steps in their order."""

    name: Name
    lines: tuple[StageLine, ...]
