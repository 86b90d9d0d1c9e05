"""What a binary says about what can be written to it, as data: the stage between asking it and writing its schema."""

from __future__ import annotations

from typing import NamedTuple

from qrules.qemu.facts import Property


class Part(NamedTuple):
    """A form of a value: `lists` times a list of the type `name`, of one of `words`, or of one of the forms `either`."""

    lists: int
    name: str
    words: tuple[str, ...] = ()
    either: tuple[Part, ...] = ()


Shape = tuple[Part, ...]
"""The forms that a value can have: one, but for QAPI's alternates."""


class Member(NamedTuple):
    """A member of a record; a `needed` one can't be left out. The shape of a record's tag is empty: its cases say it."""

    name: str
    needed: bool
    shape: Shape


class Case(NamedTuple):
    """What a record takes besides where its tag has one of the values `names`: `members`, or the members of `record`."""

    names: tuple[str, ...]
    record: str
    members: tuple[Member, ...]


class Record(NamedTuple):
    """A QAPI struct or union; the member `tag` (empty: none) decides which case holds. `listed`: a value is a list of them."""

    name: str
    tag: str
    members: tuple[Member, ...]
    cases: tuple[Case, ...]
    listed: bool = False


class Option(NamedTuple):
    """An option of the command line: it reads the record `record`, or (where that is empty) the flat keys `members`."""

    option: str
    record: str
    members: tuple[Member, ...]


class Options(NamedTuple):
    """What is the same for all architectures of a version, as far as the emulator was built alike."""

    options: tuple[Option, ...]
    records: tuple[Record, ...]


class Processor(NamedTuple):
    """A model of processors: the device type, and the names that `-cpu` takes for it."""

    type: str
    names: tuple[str, ...]
    deprecated: bool


class Told(NamedTuple):
    """What is told of some properties: `what` (the type of a linked object, or a description) holds for `names` of all types,
    or of those of `kinds`."""

    what: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]


class Fixed(NamedTuple):
    """Defaults that machines fix: those of the machine `base` (empty: none), then `lines` of types, a property and its value."""

    machines: tuple[str, ...]
    base: str
    lines: tuple[tuple[tuple[str, ...], str, str], ...]


class Values(NamedTuple):
    """What depends on the architecture. `enums` are (name, words), `features` (types, what they have besides what is above them).

    Every part is sorted by name, but `fixes`, where a base stands before those that build on it.
    """

    enums: tuple[tuple[str, tuple[str, ...]], ...]
    records: tuple[Record, ...]
    options: tuple[Option, ...]
    objects: tuple[str, ...]
    accelerators: tuple[tuple[str, tuple[Property, ...]], ...]
    processors: tuple[Processor, ...]
    features: tuple[tuple[tuple[str, ...], tuple[Property, ...]], ...]
    links: tuple[Told, ...]
    forms: tuple[Told, ...]
    fixes: tuple[Fixed, ...] = ()
