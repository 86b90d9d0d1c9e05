"""The nodes of statements about options of the command line: what they mean, what they make, who has them, who asks for them."""

from __future__ import annotations

from dataclasses import dataclass

from qrules.language.tree_clauses import Attribute
from qrules.language.tree_expressions import Expr, Name, Node, Notes


@dataclass(frozen=True, slots=True)
class Backend(Node):
    """A kind of host resource: which options of the command line make one, and which property names it.

    `sample` is an option with an argument that makes one anywhere; ``{id}`` in it stands for its name.
    """

    name: Name
    options: tuple[tuple[str, str, tuple[str, ...]], ...]
    sample: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Effect(Node):
    """A line of a shorthand: `what` is machine, asks, merges, processor, silences, role, device, keeps or unknown."""

    what: str
    name: str
    names: tuple[Name, ...]
    value: Expr | None
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Shorthand(Node):
    """What an option of the command line means; with `value`, what it means when given that value."""

    option: str
    value: str | None
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class OptionList(Node):
    """Options of which one thing is said: ``ignores`` (they bear on nothing), ``verbatim`` (one text, commas and all),
    ``unique`` (no two have one id) or ``nameless`` (they take no id).
    """

    word: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """Of which emulators something is said: from `version` on or `before` it (None: all), and of which `arches` (empty: all).

    With `later` it came, or went, at some time behind `version`, and `later` is the first that was asked.
    """

    version: str | None
    before: bool
    arches: tuple[str, ...]
    later: str | None = None


@dataclass(frozen=True, slots=True)
class AbsentOptions(Node):
    """Options that an emulator does not take: ``gone`` (it has none of the name) or ``foreign`` (of other architectures)."""

    word: str
    options: tuple[str, ...]
    extent: Extent


@dataclass(frozen=True, slots=True)
class KnownValues(Node):
    """What can stand under a key of an option. Several such statements add up."""

    option: str
    key: str
    values: tuple[str, ...]
    extent: Extent


@dataclass(frozen=True, slots=True)
class Assumed(Node):
    """What the host alone decides of options: of all that such an option says, or of what stands under `keys` (at any depth).

    With `values` only these, without `unless`; both are patterns in which a ``*`` stands for anything.
    """

    options: tuple[str, ...]
    keys: tuple[str, ...]
    values: tuple[str, ...]
    unless: tuple[str, ...]
    notes: Notes


@dataclass(frozen=True, slots=True)
class Probe(Node):
    """Command lines that ``qrules verify`` tries on machines: `names` of machines or of what they are, or with one hole."""

    names: tuple[Name, ...]
    arches: tuple[str, ...]  # none: all
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vendor(Node):
    """Names that a vendor's builds have for machines, with those of the emulator's own that they stand for, and its own options.

    `names` are patterns with what each stands for: a ``*`` is the same in both, ``#`` is a number. `options` take an argument.
    """

    name: str
    names: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    see: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HostMessage(Node):
    """What is said for reasons that no rule decides, such as the host's; `options` are those that it is said of (none: any)."""

    name: Name
    options: tuple[str, ...]
    notes: Notes
