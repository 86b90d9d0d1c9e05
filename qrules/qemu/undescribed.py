"""Records that a binary takes but does not describe: 7.2 tells nothing of `-audiodev`, though it reads it as QAPI.

What another version's catalogue says is tried member by member, in JSON, on the command line; what is written down is what the
binary's own visitor knows. A member that the other version no longer has is not found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as File

from qrules.qemu.arguments import NOTHING, PLAUSIBLE, Arguments, Path, in_lists, within
from qrules.qemu.harvest import EMPTY_MACHINE
from qrules.qemu.process import attempt
from qrules.qemu.schema_facts import Case, Member, Part, Record

ROOTS = {"audiodev": "-audiodev", "compat": "-compat"}
"""The records that some binaries do not describe, and the options that read them."""
_EXPECTED = re.compile(r"'([^']*)'(?: expects |, expected: )")
_WHOLE = re.compile(r"u?int\d+|size")


def confirmed(binary: str, known: Iterable[Record], folder: File, timeout: float) -> tuple[Record, ...]:
    """The records of those roots that are not `known`, as far as a catalogue of `folder` has them and the binary takes them.

    `timeout` is in seconds, for each start. Whole numbers have no width yet. Raises as `process.attempt`.
    """
    names = {record.name for record in known}
    lacking = [root for root in ROOTS if root not in names]
    told = _catalogued(folder) if lacking else {}
    return tuple(r for root in lacking if root in told for r in _Trial(binary, root, told, timeout).records())


def _catalogued(folder: File) -> dict[str, Record]:
    """The records of the first schema in a folder that has one of the roots."""
    from qrules.language.reader import read_file
    from qrules.qemu.schema_read import options_of

    for path in sorted(folder.rglob("qapi.qr")):
        found = {record.name: record for record in options_of(read_file(path)).records}
        if ROOTS.keys() & found.keys():
            return found
    return {}


class _Trial:
    """One option and what it may take."""

    def __init__(self, binary: str, root: str, known: Mapping[str, Record], timeout: float) -> None:
        self._binary, self._root, self._known, self._timeout = binary, root, known, timeout
        self._found: dict[str, Record] = {}

    def records(self) -> Iterator[Record]:
        self._visit(self._root, ())
        return (self._found[name] for name in self._known if name in self._found)

    def _visit(self, name: str, path: Path) -> None:
        """Confirms a record where it is met first. One without a case that the binary has is none."""
        if name in self._found:
            return
        record = self._known[name]
        self._found[name] = record
        cases = tuple(self._cases(record, path))
        first = {record.tag: cases[0].names[0]} if cases else {}
        members = tuple(self._members(record.members, {**_needed(record.members), **first}, path, record.tag))
        self._found[name] = record._replace(members=members, cases=cases)
        if record.cases and not cases:
            del self._found[name]

    def _cases(self, record: Record, path: Path) -> Iterator[Case]:
        own = _needed(record.members)
        for case in record.cases:
            names = tuple(name for name in case.names if not self._refuses({**own, record.tag: name}, path))
            if names:
                base = {**own, record.tag: names[0], **_needed(case.members)}
                yield case._replace(names=names, members=tuple(self._members(case.members, base, path, "")))

    def _members(self, members: Iterable[Member], base: Arguments, path: Path, tag: str) -> Iterator[Member]:
        """The members that the binary complains of where their values are of no type that fits, in their order."""
        for each in members:
            if each.name == tag or not each.shape:
                yield each
            elif self._complains(each, base, path):
                yield each._replace(shape=tuple(self._part(part, each, base, path) for part in each.shape))

    def _complains(self, member: Member, base: Arguments, path: Path) -> bool:
        unlike: object = {} if member.shape[0].lists else []
        told = _EXPECTED.search(self._told(within(path, {**base, member.name: unlike})))
        return told is not None and told[1].rpartition(".")[2] == member.name

    def _part(self, part: Part, member: Member, base: Arguments, path: Path) -> Part:
        if part.name in self._known:
            self._visit(part.name, (*path, (base, member.name, part.lists)))
        if part.words:
            taken = (w for w in part.words if not self._refuses({**base, member.name: in_lists(w, part.lists)}, path))
            return part._replace(words=tuple(taken))
        return part._replace(name="int") if _WHOLE.fullmatch(part.name) else part

    def _refuses(self, value: Arguments, path: Path) -> bool:
        return "does not accept value" in self._told(within(path, value))

    def _told(self, arguments: Arguments) -> str:
        text = json.dumps({**arguments, NOTHING: 0})
        return attempt(self._binary, [*EMPTY_MACHINE, ROOTS[self._root], text], self._timeout).message


def _needed(members: Iterable[Member]) -> Arguments:
    return {each.name: _plausible(each.shape[0]) for each in members if each.needed and each.shape}


def _plausible(part: Part) -> object:
    if part.lists:
        return []
    return part.words[0] if part.words else PLAUSIBLE.get(part.name, {})
