"""How wide the whole numbers of QMP's commands are: its description of itself says `int` of all, and of sizes too.

A command is given each number as what is no number, and then as one that is too large for all but 64 bits; QAPI's visitors say
what they expected (QEMU, qapi/qapi-visit-core.c: visit_type_uintN). An argument that no command has stands behind all others, so
that nothing ever comes of it. Whether a number may be written with a suffix, only a text says, the monitor's or the command
line's; where there is no command, the command line has to say all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from qrules.qemu.arguments import NOTHING, PLAUSIBLE, Arguments, Path, flat, within
from qrules.qemu.errors import CommandFailed
from qrules.qemu.harvest import EMPTY_MACHINE, UNFINISHED_MACHINE
from qrules.qemu.process import attempt
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Case, Member, Part, Record

MAX_DEPTH = 12
"""Records within records that are gone into; QEMU's go six deep."""
WIDE = 1 << 62
"""A number that fits into 64 bits alone."""
_WIDTH = re.compile(r"expects (u?int\d+)_t")

Where: TypeAlias = tuple[str, str, str]
"""A record, the first value of one of its cases (empty: its own members), and a member."""


class Asking(NamedTuple):
    """The command of a record (empty: none), the machine to ask, and what reads it as a text: an option, or a monitor command."""

    command: str
    machine: tuple[str, ...]
    text: str


_COMMANDS = {
    "audiodev": Asking("", EMPTY_MACHINE, "-audiodev"),
    "blockdev": Asking("blockdev-add", EMPTY_MACHINE, "-blockdev"),
    "chardev": Asking("chardev-add", EMPTY_MACHINE, ""),
    "netdev": Asking("netdev_add", EMPTY_MACHINE, "-netdev"),
    "numa": Asking("set-numa-node", UNFINISHED_MACHINE, "-numa"),
    "object": Asking("object-add", EMPTY_MACHINE, "object_add"),
}


def width(told: str) -> str:
    """The type that is told to be too narrow for `WIDE`: `uint32`; empty where none is."""
    found = _WIDTH.search(told)
    return found[1] if found else ""


def with_widths(binary: str, records: Iterable[Record], timeout: float) -> tuple[Record, ...]:
    """The records with the widths of those numbers that a command takes. Raises what `Session` raises."""
    known = {record.name: record for record in records}
    found: dict[Where, str] = {}
    for root in (name for name in _COMMANDS if name in known):
        with Session(binary, _COMMANDS[root].machine, timeout) as session:
            found |= _Walk(session, known, _COMMANDS[root], {where[0] for where in found}).all(root)
    return tuple(_refined(record, found) for record in known.values())


class _Walk:
    """Goes through all records that one command reaches, each once, and asks for each number."""

    def __init__(self, session: Session, known: Mapping[str, Record], asking: Asking, done: set[str]) -> None:
        self._session, self._known, self._asking = session, known, asking
        self._done = set(done)
        self._found: dict[Where, str] = {}

    def all(self, root: str) -> dict[Where, str]:
        self._visit(root, ())
        return self._found

    def _visit(self, name: str, path: Path) -> None:
        if name in self._done or len(path) > MAX_DEPTH:
            return
        self._done.add(name)
        record = self._known[name]
        for case in (None, *record.cases):
            base = self._plausible(record, case, len(path))
            if case is not None and case.record:
                self._visit(case.record, (*path, (base, "", 0)))
            for member in record.members if case is None else case.members:
                self._member((name, "" if case is None else case.names[0], member.name), member, base, path)

    def _member(self, where: Where, member: Member, base: Arguments, path: Path) -> None:
        for lists, part in _parts(member.shape):
            inner = (*path, (base, member.name, lists))
            if part.name == "int" and len(member.shape) == 1:
                self._found[where] = self._word(member.name, inner)
            elif part.name in self._known:
                self._visit(part.name, inner)

    def _word(self, name: str, path: Path) -> str:
        if not self._asking.command:
            return width(self._told_of_text(within(path, WIDE))) or "int"
        told = self._told(within(path, {}))
        if "expects uint64" not in told and "expected: integer" not in told:
            return "int"  # out of reach: something before it does not fit
        if narrow := width(self._told(within(path, WIDE))):
            return narrow
        if "expects uint64" not in told:
            return "int64"
        return "size" if self._asking.text and self._takes_suffix(within(path, "1K"), name) else "uint64"

    def _told(self, arguments: Arguments) -> str:
        try:
            self._session.execute(self._asking.command, **{**arguments, NOTHING: 0})
        except CommandFailed as error:
            return error.description
        return ""

    def _takes_suffix(self, arguments: Arguments, name: str) -> bool:
        return re.search(rf"{re.escape(name)}(?:\.\d+)*' expects", self._told_of_text(arguments)) is None

    def _told_of_text(self, arguments: Arguments) -> str:
        text = ",".join(f"{key}={value}" for key, value in flat({**arguments, NOTHING: "0"}, ""))
        if self._asking.text.startswith("-"):
            return attempt(self._session.binary, [*EMPTY_MACHINE, self._asking.text, text]).message
        return self._session.hmp(f"{self._asking.text} {text}")

    # ------------------------------------------------------------------------------ plausible values
    def _plausible(self, record: Record, case: Case | None, depth: int) -> Arguments:
        """What a record needs, with values that can be read as such, whatever they mean."""
        value = {record.tag: case.names[0]} if case is not None else {}
        if case is None and record.cases:
            case = record.cases[0]
            value = {record.tag: case.names[0]}
            if case.record:
                value |= self._plausible(self._known[case.record], None, depth + 1) if depth < MAX_DEPTH else {}
        needed = [member for member in (*record.members, *(case.members if case else ())) if member.needed and member.shape]
        return value | {member.name: self._value(self._simplest(member.shape), depth) for member in needed}

    def _simplest(self, shape: Iterable[Part]) -> Part:
        """A form that is no record, where there is one: a block device may name another, or hold it."""
        return min(shape, key=lambda part: part.name in self._known)

    def _value(self, part: Part, depth: int) -> Any:
        if part.lists:
            return []
        if part.words:
            return part.words[0]
        if part.name in self._known:
            return self._plausible(self._known[part.name], None, depth + 1) if depth < MAX_DEPTH else {}
        return PLAUSIBLE.get(part.name)


def _parts(shape: Iterable[Part], lists: int = 0) -> Iterator[tuple[int, Part]]:
    """The forms in a shape, each with the lists that are around it."""
    for part in shape:
        if part.either:
            yield from _parts(part.either, lists + part.lists)
        else:
            yield lists + part.lists, part


def _refined(record: Record, found: Mapping[Where, str]) -> Record:
    def members(some: Iterable[Member], case: str) -> tuple[Member, ...]:
        return tuple(
            each._replace(shape=tuple(_named(part, found.get((record.name, case, each.name), "int")) for part in each.shape))
            for each in some
        )

    cases = tuple(case._replace(members=members(case.members, case.names[0])) for case in record.cases)
    return record._replace(members=members(record.members, ""), cases=cases)


def _named(part: Part, word: str) -> Part:
    return part._replace(name=word) if part.name == "int" else part
