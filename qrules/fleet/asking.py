"""Questions about many configs: each to its row, be it a command line or a domain, on one version or from one to another."""

from __future__ import annotations

import json

from qrules.configs import argv as reader
from qrules.configs.lines import Line, Unreadable, members_of, read_line
from qrules.configs.xml_domain import read_domain
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Bulk
from qrules.fleet import rows
from qrules.fleet.alike import Alike, Judged
from qrules.fleet.checking import ID, Checking, taken
from qrules.machine.budget import MOST_COMPARED, Question
from qrules.records import NamedTuple
from qrules.report import json as shapes
from qrules.rulesets.store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.domains.stream import DomainStream
    from qrules.plugging.board import Board
    from qrules.rulesets.store import Store

XML = "libvirt-xml"  # the member of a question that is a domain
_UNANSWERED = ("QR310", "QR420", "QR421", "QR460")
_KEYS = ("id", "argv", XML, "arch", "qemu", "libvirt", "profile")


class Asked(NamedTuple):
    """What is asked of all configs. With `old` it is what becomes of them on `qemu`; `plainly`: each is judged by itself."""

    rules: str | None = None
    arch: str | None = None
    qemu: str | None = None
    profiles: tuple[str, ...] = ()
    libvirt: str | None = None
    old: str | None = None
    plainly: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """The columns of the table."""
        return rows.CHECKED if self.old is None else rows.UPGRADED


class Asker:
    """Answers questions: texts of JSON without their first brace, and what each counts as."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.store = open_store(asked.rules)
        self.bulk = Bulk(self.store, asked.arch, asked.qemu, asked.profiles)
        judge = Checking(self.bulk, rows.checked) if asked.old is None else _Upgrading(self.store, self.bulk, asked)
        self.alike = Alike(judge, asked.plainly)
        self._upgrading = judge if isinstance(judge, _Upgrading) else None
        self._domains: DomainStream | None = None

    def check(self) -> None:
        """Raises `Unusable` (QR420, QR421, QR437) for versions, an architecture or profiles that there are not."""
        entry = self.store.resolve(self.asked.qemu, self.asked.arch)
        if self.asked.old is not None:
            self.store.resolve(self.asked.old, self.asked.arch)
        reader.known_profiles(self.asked.profiles, self.store.knowledge(entry))

    def of_json(self, raw: bytes) -> tuple[Any, str]:
        """The id and the answer of a line of JSON."""
        try:
            if b'"' + XML.encode() + b'"' in raw:
                return self._of_domain(members_of(raw))
            line = read_line(raw)
        except Unreadable as error:
            return error.id, self.unread("QR440", str(error))
        return line.id, self.of_words(line)

    def of_words(self, line: Line) -> str:
        """The answer to a command line."""
        return self.alike.told(line)[0]

    def of_xml(self, text: str, arch: str | None = None, qemu: str | None = None) -> str:
        """The answer to a domain."""
        members = {XML: text, "qemu": qemu}
        return self._of_domain({key: value for key, value in members.items() if value is not None})[1]

    def unread(self, code: str, message: str, verdict: str = "unreadable") -> str:
        """What is told of something that is no config."""
        row: Any = rows.unread(verdict, code, message)
        return _text(row if self.asked.old is None else rows.not_upgraded(code, message, verdict))

    # ------------------------------------------------------------------------------ domains
    def _of_domain(self, members: dict[str, Any]) -> tuple[Any, str]:
        from qrules.domains.stream import DomainStream

        identity = members.get("id")
        if strange := next((key for key in members if key not in _KEYS), None):
            return identity, self.unread("QR440", f"'{strange}' is not a member of a question; expected: {', '.join(_KEYS)}")
        if self._domains is None:
            self._domains = DomainStream(self.store, self.asked.libvirt, self.asked.old or self.asked.qemu, self.asked.profiles)
        if self.asked.old is not None:
            return identity, self._upgraded_domain(members)
        answer = self._domains.answer(json.dumps({key: value for key, value in members.items() if key != "arch"}).encode())
        return identity, _text(rows.domain(answer))

    def _upgraded_domain(self, members: dict[str, Any]) -> str:
        """What becomes of a domain: of the command line that libvirt writes of it."""
        from qrules.domains.whole import Domains

        try:
            with Question():
                document = read_domain(str(members[XML]), XML)
                domains = Domains(members.get("libvirt", self.asked.libvirt), self.store, self.asked.old)
                words = list(domains.answer(document, [], self.asked.profiles).words)
        except Unusable as error:
            return self.unread(error.diagnostics[0].code, error.diagnostics[0].message)
        if not words:
            return self.unread(
                "refused-by-libvirt", "libvirt refuses this domain, so no command line is written of it", "did-not-start"
            )
        return self.of_words(Line(None, words, None, None, (), ()))


class _Upgrading:
    """Tells what becomes of command lines on another version."""

    def __init__(self, store: Store, bulk: Bulk, asked: Asked) -> None:
        self._store, self._bulk, self._asked = store, bulk, asked

    def judged(self, line: Line) -> Judged:
        """The answer to a line. Never raises for what stands in it."""
        from qrules.conversion.upgrading import upgrade

        try:
            old, new = self.boards(line)
            known = [self._store.knowledge(t) for t in self._store.targets() if t.arch == old.knowledge.arch]
            with Question() as budget:
                found = upgrade(old, new, line.argv, line.profiles or self._asked.profiles, known)
        except Unusable as error:
            first = error.diagnostics[0]
            verdict = "unknown" if first.code in _UNANSWERED else "unreadable"
            return Judged(_text(rows.not_upgraded(first.code, first.message, verdict)), (verdict,))
        return Judged(_text(rows.upgraded(found)), (found.will,), found.machines[0], budget.names < MOST_COMPARED)

    def boards(self, line: Line) -> tuple[Board, Board]:
        """The boards of both versions."""
        old = self._bulk.board(line._replace(qemu=self._asked.old))
        return old, self._bulk.board(line._replace(qemu=self._asked.qemu, arch=old.knowledge.arch))

    def taken(self, line: Line) -> frozenset[str]:
        """The names that stand in the end on either version."""
        return frozenset().union(*(taken(board, line.argv) for board in self.boards(line)))


def _text(row: Any) -> str:
    return shapes.line(row)[len(ID) :]
