"""What rules derive for one start, beside what the binary made of it: the differences, each with the rule behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from qrules.configs.argv import read
from qrules.configs.files import Files
from qrules.explain.reasons import RuleLine, emulator_words
from qrules.explain.verdicts import no_such_machine, nothing_stands
from qrules.knowledge.model import Knowledge
from qrules.machine.refusals import Refusal
from qrules.plugging.board import Board, Outcome
from qrules.qemu import process, qtree
from qrules.qemu.errors import NotQemu
from qrules.qemu.standing import Standing
from qrules.qemu.trials import Trial

What: TypeAlias = Literal["verdict", "message", "bus", "bus-order", "part", "address"]


class Difference(NamedTuple):
    """A point where rules and binary disagree, and no consequence of another: of a part that one of them lacks, neither its buses
    nor what stands on them is told.

    `subject` names the bus or device; `rules` and `binary` are what each of them says of it, empty where one knows no
    such thing. `where` is the rule behind what the rules say, None where no rule speaks.
    """

    what: What
    subject: str
    rules: str
    binary: str
    where: RuleLine | None


class Derived(NamedTuple):
    """What the rules say of a trial."""

    outcome: Outcome
    verdict: str
    message: str
    where: RuleLine | None


class Observed(NamedTuple):
    """What the binary made of a trial."""

    outcome: process.Outcome
    verdict: str
    tree: tuple[qtree.Bus, ...]


def derive(board: Board, trial: Trial) -> Derived:
    """Asks the rules; a machine that there is not is refused. Raises `NoRules` where none describe the machine."""
    knowledge = board.knowledge
    request = read(trial.argv(), knowledge, Files())
    facts = knowledge.machine(request.machine)
    if facts is None:
        refusal = no_such_machine(knowledge, request)
        nothing = Outcome(nothing_stands(knowledge, request), (None,) * len(request.devices), (refusal,))
        return Derived(nothing, "reject", emulator_words(knowledge, refusal), _where(knowledge, refusal.note))
    outcome = board.run(facts, request, judged=False)
    rejecting = [r for r in outcome.refusals if not r.unknown and _counts(knowledge, r)]
    if rejecting:
        return Derived(outcome, "reject", emulator_words(knowledge, rejecting[0]), _where(knowledge, rejecting[0].note))
    if any(r.unknown for r in outcome.refusals) or request.unmodelled:
        note = next((r.note for r in outcome.refusals if r.unknown), None)
        return Derived(outcome, "unknown", "", _where(knowledge, note))
    return Derived(outcome, "accept", "", None)


def _counts(knowledge: Knowledge, refusal: Refusal) -> bool:
    """Whether the emulator itself refuses: other profiles speak of what one should do, or of other programs."""
    return refusal.note is None or knowledge.note(refusal.note).profile in ("", process.PROFILE)


def observe(binary: str, trial: Trial, timeout: float = process.DEFAULT_TIMEOUT) -> Observed:
    """Starts the trial. Raises the errors of `process.attempt`, and NotQemu where it ended well without a word."""
    outcome, answers = process.ask(binary, trial.argv(), ("info qtree",), timeout)
    if outcome.status == 0 and not outcome.accepted and not outcome.message:
        raise NotQemu(binary, "nothing of a machine")
    return Observed(outcome, "accept" if outcome.accepted else "reject", qtree.parse(answers[0]) if answers else ())


def differences(knowledge: Knowledge, derived: Derived, observed: Observed) -> Iterator[Difference]:
    """Where the two disagree, coarse things first: a start that only one of them sees has no trees to compare."""
    if derived.verdict != observed.verdict:
        said = [" ".join(part for part in (v, m) if part) for v, m in _verdicts(derived, observed)]
        yield Difference("verdict", "", said[0], said[1], derived.where)
    elif observed.verdict == "reject":
        expected = derived.message.partition("\n")[0]
        heard = observed.outcome.message or (observed.outcome.ended if expected.startswith(process.ENDED) else "")
        if expected != heard:
            yield Difference("message", "", expected, heard, derived.where)
    else:
        yield from _places(knowledge, derived, observed)


def _verdicts(derived: Derived, observed: Observed) -> tuple[tuple[str, str], tuple[str, str]]:
    ended = " ".join(part for part in (observed.outcome.message, observed.outcome.ended) if part)
    return (derived.verdict, derived.message), (observed.verdict, ended)


def _places(knowledge: Knowledge, derived: Derived, observed: Observed) -> Iterator[Difference]:
    standing = Standing(derived.outcome.state, observed.tree)
    for what, subject, rules, binary, note in standing.differences():
        yield Difference(what, subject, rules, binary, _where(knowledge, note))


def _where(knowledge: Knowledge, note: int | None) -> RuleLine | None:
    if note is None or note < 0:
        return None
    at = knowledge.note(note)
    return RuleLine(at.file, at.line)
