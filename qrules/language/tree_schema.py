"""The nodes of a schema: what can be written under options, records and properties, and of which type it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qrules.diagnostics import Span
from qrules.language.tree_clauses import Property
from qrules.language.tree_expressions import Name
from qrules.language.tree_options import Extent


@dataclass(frozen=True, slots=True)
class Schema:
    """The head of a file that says of which emulator version and architectures its statements are."""

    version: str
    arches: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ShapePart:
    """A form of a value: `lists` times a list of the type `name`, of one of `words`, or of one of the forms `either`."""

    lists: int
    name: Name | None
    words: tuple[str, ...]
    either: tuple[ShapePart, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """Members of one type; `needed` ones can't be left out. The shape of a record's tag is empty: its cases say it."""

    names: tuple[Name, ...]
    needed: bool
    shape: tuple[ShapePart, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """What a record takes besides where its tag has one of the values `names`: the members here, or those of `record`."""

    names: tuple[Name, ...]
    record: Name | None
    members: tuple[Member, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Record:
    """Members under one name; `tag` is the member whose value decides which case holds. `listed`: a value is a list of such."""

    name: Name
    listed: bool
    tag: Name | None
    members: tuple[Member, ...]
    cases: tuple[Case, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the command line: what is written to it is the record `record`, or flat keys with texts, the members here."""

    option: str
    record: Name | None
    members: tuple[Member, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Enum:
    """The words that values of a property's type can be."""

    name: Name
    words: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Objects:
    """Types that users can make with the option for objects."""

    names: tuple[Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Accelerator:
    name: Name
    properties: tuple[Property, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Processor:
    """Names that one model of processor goes by, and the device type that it is."""

    names: tuple[Name, ...]
    type: Name
    deprecated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Features:
    """The properties of types of processors and of those below them."""

    types: tuple[Name, ...]
    properties: tuple[Property, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Links:
    """Properties whose value names an object of the type `target`; of the types `kinds` alone where there are any."""

    names: tuple[Name, ...]
    target: Name
    kinds: tuple[Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Form:
    """The emulator's own description of the values of properties; of the types `kinds` alone where there are any."""

    text: str
    names: tuple[Name, ...]
    kinds: tuple[Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Fixed:
    """A default that a machine gives a property of some types and of those below them, as a text."""

    types: tuple[Name, ...]
    name: Name
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Fixes:
    """The defaults that machines fix for their guests: those of the machine `base`, if any, then `lines`; the last counts."""

    machines: tuple[Name, ...]
    base: Name | None
    lines: tuple[Fixed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Reads:
    """Options that are read by their schema: `how` is keys, pairs or options. `record` is that of another option or a record
    of the schema, where the option has none of its own; `members` are its keys where no schema has them. `implied` is the key of
    the first word, `default` its value where it is not written, `tag` the key that tells which line holds (`implied` where that
    is empty).

    `only`: values of the tag for which this holds. `without`: keys that are taken out before. `extent`: where it holds.
    """

    options: tuple[str, ...]
    how: str
    record: str
    implied: str
    default: str
    tag: str
    only: tuple[str, ...]
    without: tuple[str, ...]
    extent: Extent
    members: tuple[Member, ...]
    span: Span


Statement: TypeAlias = (
    Schema | Option | Record | Enum | Objects | Accelerator | Processor | Features | Links | Form | Fixes | Reads
)
