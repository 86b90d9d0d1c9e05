"""Command lines and domains in an editor: what `check` finds, under the words, and the repairs, each tried in the very text."""

from __future__ import annotations

from qrules.configs import argv as argv_reader
from qrules.configs.gathering import names_emulator
from qrules.configs.pasted import pasted
from qrules.configs.patching import in_place, patched
from qrules.configs.xml_domain import looks_like, read_domain
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.formats import findings, of_domains
from qrules.formats.findings import Finding, Place
from qrules.machine.budget import Question
from qrules.machine.request import NotKnown, Where
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.report import placing
from qrules.rulesets.store import Store, open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.configs.commands import Command
    from qrules.configs.xml_tree import Document
    from qrules.domains.whole import Domains
    from qrules.explain.verdicts import Verdict
    from qrules.formats.findings import Result
    from qrules.machine.request import Request
    from qrules.place.shown import Repair

_NO_CONFIG = ("QR436", "QR474")  # no command line in a script, another document than a domain
_MOST_COMMANDS = 50
_MOST_REPAIRS = 3  # of a command line
_LONG = 200  # characters of a title
_OK = ("accept", "warn")


class Mended(NamedTuple):
    """What a repair does, the text with it, and the lines (from 1, the last one included) of the config that it mends."""

    title: str
    text: str
    first: int
    last: int


class Judged(NamedTuple):
    """A command line with the machines that it was judged with."""

    board: Board
    request: Request
    verdict: Verdict


class Configs:
    """Judges the configs of texts by one rule set; machines are made once.

    `profiles` limits which rules count (none: all that have some).
    """

    def __init__(
        self, rules: str | None = None, qemu: str | None = None, libvirt: str | None = None, profiles: tuple[str, ...] = ()
    ) -> None:
        self._rules, self._qemu, self._libvirt, self.profiles = rules, qemu, libvirt, profiles
        self._boards: dict[str | None, Board] = {}
        self._domains: Domains | None = None

    def findings(self, text: str, name: str) -> list[Finding]:
        """What is wrong with the configs of a text; none where it has no config."""
        try:
            if looks_like(text):
                return self._of_domain(text, name)
            if not names_emulator(text.encode("utf-8", "replace")):
                return []
            return [f for command in pasted(text, name).commands[:_MOST_COMMANDS] for f in self._of_command(command, name)]
        except Unusable as error:
            if error.diagnostics[0].code in _NO_CONFIG:
                return []
            return [findings.of_diagnostic(d, Place(name, 1, 1)) for d in error.diagnostics]

    def repairs(self, text: str, name: str, line: int) -> list[Mended]:
        """What would make the refused config at a line (from 1) accepted, each tried as it would be written."""
        try:
            if looks_like(text):
                return self.mended_domain(read_domain(text, name))
            if not names_emulator(text.encode("utf-8", "replace")) or "\0" in text:
                return []
            found = pasted(text, name)
            if found.options is not None:
                return []
            for number, command in enumerate(found.commands[:_MOST_COMMANDS]):
                first, last = _lines(command)
                if first <= line <= last:
                    return self.mended(text, name, number, command)
        except Unusable:
            pass
        return []

    # ------------------------------------------------------------------------- command lines
    def _of_command(self, command: Command, name: str) -> list[Finding]:
        try:
            with Question():
                return [f for f in self.told(command, name, self.judged(command).verdict).findings if not f.ignored]
        except Unusable as error:
            place = Place(name, *command.line_and_column)
            return [findings.of_diagnostic(d, place)._replace(place=place) for d in error.diagnostics]

    def told(self, command: Command, name: str, verdict: Verdict) -> Result:
        """A verdict on a command line of a text as findings, each under its words there. Raises `Unusable` (QR457)."""
        place = Place(name, *command.line_and_column)

        def position(where: Where | None) -> Place:
            if where is None:
                return place
            start, end = command.position(where), command.position(where._replace(start=where.end))
            return Place(name, *start, *end) if end > start else Place(name, *start)

        ignored: dict[int, str] = {}
        if "qrules:" in command.text:
            from qrules.explain import ignoring

            comments = ignoring.Comments(command.text, name).about(*_lines(command))
            ignored = ignoring.ignored(verdict, comments, None, "").why
        return findings.of_verdict(verdict, name, place, position, ignored)

    def judged(self, command: Command) -> Judged:
        """The verdict on a command line. Raises `Unusable`."""
        arch = argv_reader.architecture(command.argv)
        if arch not in self._boards:
            store = self._store()
            self._boards[arch] = Board(store.knowledge(store.resolve(self._qemu, arch)))
        board = self._boards[arch]
        request = argv_reader.read(command.argv, board.knowledge, None)
        if command.unread:
            unread = [NotKnown(u.why, Where(u.argument, 0, len(command.argv[u.argument]))) for u in command.unread]
            request = request._replace(not_known=tuple(unread))
        argv_reader.known_profiles(list(self.profiles), board.knowledge)
        return Judged(board, request, judge(board, request, self.profiles))

    def _store(self) -> Store:
        return open_store(self._rules)

    def mended(self, text: str, name: str, number: int, command: Command) -> list[Mended]:
        """Repairs of a command line, the one of that number (from 0) in a text. Raises `Unusable`."""
        from qrules.place import repairs

        with Question():
            board, request, verdict = self.judged(command)
        if verdict.verdict != "reject":
            return []
        with Question():
            found = repairs.repairs(board, request, self.profiles, argv=command.argv)
        first, last = _lines(command)
        mended = []
        for repair in found[:_MOST_REPAIRS]:
            after = self._written(name, number, command, repair)
            if after is not None:
                mended.append(Mended(_title(placing.repair_lines(repair)), after, first, last))
        return mended

    def _written(self, name: str, number: int, command: Command, repair: Repair) -> str | None:
        """The text with a repair, read again from what would be written and judged; None where it can't be written so."""
        wanted = list(repair.argv)
        for argv in (in_place(command.argv, wanted), wanted):
            after = patched(command, argv)
            try:
                commands = pasted(after, name).commands
                if number >= len(commands) or commands[number].argv != argv or commands[number].unread:
                    continue
                with Question():
                    if self.judged(commands[number]).verdict.verdict in _OK:
                        return after
            except Unusable:
                continue
        return None

    # ------------------------------------------------------------------------- domains
    def domains(self) -> Domains:
        """What answers about domains. Raises `Unusable` for a version of libvirt that there is not."""
        if self._domains is None:
            from qrules.domains.whole import Domains

            self._domains = Domains(self._libvirt, self._store(), self._qemu)
        return self._domains

    def _of_domain(self, text: str, name: str) -> list[Finding]:
        document = read_domain(text, name)
        with Question():
            answer = self.domains().answer(document, [], self.profiles)
        at = document.root.span
        return list(of_domains.result(answer, name, Place(name, at.line, at.column)).findings)

    def mended_domain(self, document: Document) -> list[Mended]:
        """Repairs of a domain. Raises `Unusable`."""
        from qrules.domains.mending import repairs

        with Question():
            answer = self.domains().answer(document, [], self.profiles)
        if answer.verdict in _OK:
            return []
        with Question():
            found = repairs(self.domains(), answer, (), self.profiles)
        last = document.text.count("\n") + 1
        return [Mended(_title([repair.text]), repair.document, 1, last) for repair in found[:_MOST_REPAIRS]]


def _title(rows: list[str]) -> str:
    told = "; ".join(" ".join(row.split()) for row in rows).replace(
        "; to -", " to -"
    )  # what something is changed to is a row of its own
    return told if len(told) <= _LONG else told[: _LONG - 3] + "..."


def _lines(command: Command) -> tuple[int, int]:
    return command.line_and_column[0], command.line_and_column_at(max(word.end for word in command.words))[0]
