"""The two machines of one attempt: the config as it runs where it is, and the new machine without any of its devices."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.configs import argv as argv_reader
from qrules.configs.converting import text
from qrules.conversion.answer import Blocked, Impossible, Uncertain, Why, why_of
from qrules.conversion.findings import Findings
from qrules.conversion.target import Target, defaults
from qrules.explain.reasons import Reason, reason
from qrules.explain.verdicts import judge_outcome
from qrules.linked.expressions import build
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.refusals import Refusal
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.place.answer import Nowhere
from qrules.plugging.board import Board

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Stop(Exception):
    """Ends a conversion with an answer that is no config."""

    def __init__(self, answer: Impossible | Uncertain) -> None:
        self.answer = answer


class Attempt:
    """What an attempt begins with. `findings` are those that are told of, `refused` what the new machine refuses by itself."""

    def __init__(
        self,
        board: Board,
        words: list[str],
        target: Target,
        profiles: tuple[str, ...],
        inlined: bool = False,
        switched: Why | None = None,
        read_file: Callable[[str], str] | None = None,
    ) -> None:
        self.read_file = read_file  # for files that could not be read the first time, and are named still
        asked = argv_reader.read(words, board.knowledge, read_file)
        self.board, self.target, self.profiles = board, target, profiles
        self.findings = Findings(board, words, asked, inlined, switched)
        self.called = asked.machine
        self.globals: dict[int, str | None] = {}
        self.refused: list[Blocked] = []
        self.kept_words: list[str] = []

    def _impossible(self, *blocked: Blocked, before: tuple[Reason, ...] = (), conflict: Nowhere | None = None) -> Stop:
        return Stop(Impossible(self.findings.asked.machine, self.target.machine.name, blocked, before, conflict))

    def _uncertain(self, why: str, reasons: tuple[Reason, ...] = ()) -> Stop:
        return Stop(Uncertain(self.findings.asked.machine, self.target.machine.name, why, reasons))

    def _reason(self, refusal: Refusal, request: Request | None = None) -> Reason:
        return reason(self.board.knowledge, refusal, request)

    # ------------------------------------------------------------------------------ the old machine
    def _look_at_old(self) -> None:
        """Runs the config where it is: only what starts can be converted."""
        verdict, outcome = judge_outcome(self.board, self.findings.asked, self.profiles)
        facts = self.board.knowledge.machine(self.findings.asked.machine)
        if verdict.verdict == "reject":
            raise self._impossible(before=tuple(r for r in verdict.reasons if r.severity == "reject" or r.rule == "too-large"))
        if outcome is None or facts is None or verdict.verdict == "unknown":
            raise self._uncertain("the rules do not know all of this config", verdict.reasons)
        self.findings.asked = self.findings.asked._replace(machine=facts.name)
        self.findings.old, self.findings.old_verdict = outcome, verdict
        self.old_base = self.board.build_machine(facts, self.findings.asked)[0]
        kept = list(self._kept_options())
        self.findings.kept_roles = [role for role, _, _ in kept]  # those that an option keeps
        self.kept_words = [word for _, option, argument in kept for word in (option, argument)]

    def _kept_options(self) -> Iterator[tuple[str, str, str]]:
        """Options that ask the new machine for a default device of the old one."""
        keeps = self.board.knowledge.shared["keeps"]
        for device, role in defaults(self.old_base):
            if role in self.target.keep and role in keeps:
                option, argument = keeps[role]
                frame = new_frame(self.old_base, device)
                frame[CONTEXT["name"]] = device.kind.name
                yield role, option, str(build(argument)(frame))

    # ------------------------------------------------------------------------------ the new machine
    def _new_machine(self) -> Request:
        """The config without devices on the new machine. Options that it does not take are left out."""
        asked = argv_reader.read([*self.findings.words, *self.kept_words], self.board.knowledge, self.read_file)
        options = {**asked.options, **self.target.options}
        request = asked._replace(machine=self.target.machine.name, devices=())
        for _ in range(len(options)):
            _, refusals = self.board.build_machine(self.target.machine, request._replace(options=options))
            wrong = [(str(r.frame[CONTEXT["property"]]), r) for r in refusals if r.phase == "options" and not r.unknown]
            wrong = [(name, r) for name, r in wrong if name in options and name not in self.target.options]
            if not wrong:
                break
            for name, refusal in wrong:
                self.findings.option_why[name] = (*self.findings.option_why.get(name, ()), why_of(self._reason(refusal)))
                options.pop(name, None)
        return request._replace(options=options)

    def _base(self, request: Request) -> State:
        """The new machine as built for the config; what it refuses by itself goes into `refused`."""
        base, refusals = self.board.build_machine(self.target.machine, request)
        told = [self._reason(r, request) for r in refusals]
        self.refused = [Blocked(None, self._line_of(r), (r,)) for r in told if r.severity == "reject"]
        if told and not self.refused:
            raise self._uncertain(f"the rules do not know all that {request.machine} makes of it", tuple(told))
        return base

    def _line_of(self, found: Reason) -> str:
        """The option that a reason points at."""
        span = found.span
        words = [*self.findings.words, *self.kept_words]
        if span is None or not 0 < span.argument < len(words):
            return ""
        return text(words[span.argument - 1 : span.argument + 1]) or ""
