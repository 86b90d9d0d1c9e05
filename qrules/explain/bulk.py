"""Questions in bulk: one JSON line to one answer, on boards that are built once for all lines of a process."""

from __future__ import annotations

from qrules.configs import argv
from qrules.configs.files import Files
from qrules.configs.lines import Line, Unreadable, read_line
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import Verdict, judge_running
from qrules.machine.budget import MOST_COMPARED, Question
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.rulesets.store import Entry, Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    from qrules.explain.reasons import VerdictWord

    VerdictOrNone: TypeAlias = VerdictWord | Literal["unreadable"]

_UNANSWERED = ("QR310", "QR420", "QR421")  # rules that end nowhere; an architecture or a version that they know nothing of


class Answer(NamedTuple):
    """The answer to a line: a verdict, or the problems that left none. `verdict` is ``unreadable`` or ``unknown`` then."""

    id: Any
    verdict: VerdictOrNone
    found: Verdict | None
    problems: tuple[tuple[str, str], ...] = ()  # code and message


class Bulk:
    """Answers lines. `arch`, `qemu` and `profiles` hold for lines that do not say.

    With `files` the files that a line's config names (-readconfig) are opened; who does not trust his lines leaves it.
    """

    def __init__(
        self,
        store: Store,
        arch: str | None = None,
        qemu: str | None = None,
        profiles: tuple[str, ...] = (),
        files: bool = False,
    ) -> None:
        self.store, self.files = store, files
        self.compared = False  # whether the last answer told what is near a name, which another name could change
        self._arch, self.qemu, self.profiles = arch, qemu, profiles
        self._boards: dict[Entry, Board] = {}
        self._entries: dict[tuple[str | None, str | None], Entry] = {}

    def answer(self, raw: bytes) -> Answer:
        """The answer to a line. Never raises for what stands in it."""
        try:
            line = read_line(raw)
        except Unreadable as error:
            return Answer(error.id, "unreadable", None, (("QR440", str(error)),))
        return self.judged(line)

    def judged(self, line: Line) -> Answer:
        """The answer to a line that was read. Never raises for what stands in it."""
        try:
            with Question() as budget:
                found = self._judge(line)
            self.compared = budget.names < MOST_COMPARED
        except Unusable as error:
            problems = tuple((d.code, _sentence(d.message, str(d.span), d.expected)) for d in error.diagnostics)
            verdict: VerdictOrNone = "unknown" if all(code in _UNANSWERED for code, _ in problems) else "unreadable"
            return Answer(line.id, verdict, None, problems)
        return Answer(line.id, found.verdict, found)

    def _judge(self, line: Line) -> Verdict:
        board = self.board(line)
        profiles = line.profiles or self.profiles
        argv.known_profiles(profiles, board.knowledge)
        read_file = Files() if self.files else None
        return judge_running(board, argv.read(line.argv, board.knowledge, read_file), line.hotplug, profiles)

    def board(self, line: Line) -> Board:
        """The board that a line asks about. Raises `Unusable` for an architecture or version that there is not."""
        asked = (line.qemu or self.qemu, line.arch or argv.architecture(line.argv) or self._arch)
        entry = self._entries.get(asked)
        if entry is None:
            entry = self._entries[asked] = self.store.resolve(*asked)
        board = self._boards.get(entry)
        if board is None:
            from qrules.plans.planner import MachinePlans  # answers of single questions are made here, too

            board = self._boards[entry] = Board(self.store.knowledge(entry), MachinePlans)
        return board


def _sentence(message: str, where: str, expected: str) -> str:
    return f"{where}: {message}" + (f"; expected: {expected}" if expected else "")
