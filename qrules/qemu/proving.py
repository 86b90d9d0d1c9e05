"""Compiles a draft and compares it with the binary; what shared rules bring already, or refuse, is taken out and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from qrules.diagnostics import Diagnostic, Unusable
from qrules.knowledge.model import Knowledge
from qrules.plugging.board import Board
from qrules.qemu.catalogue_text import name
from qrules.qemu.compare import Difference
from qrules.qemu.drafting import draft
from qrules.qemu.learning import Learnt
from qrules.qemu.trials import Scope, trials
from qrules.qemu.verify import check, with_needs
from qrules.rulesets.store import Store

_ROUNDS = 4
_USES = 'uses "."\n'


class Proven(NamedTuple):
    """The draft as it compiles, with what is still different from the binary, and in how many starts of how many nothing was."""

    text: str
    differences: tuple[Difference, ...]
    same: int
    tried: int
    problems: tuple[Diagnostic, ...] = ()  # where it does not compile


def prove(binary: str, learnt: Learnt, knowledge: Knowledge, timeout: float) -> Proven:
    """Tries a draft, takes out what is in the way, and tries again, a few times. Raises what `process.ask` raises."""
    without: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        text = draft(learnt, knowledge, without)
        with TemporaryDirectory(prefix="qrules-") as folder:
            made, problems = _compiled(Path(folder), text, knowledge)
            wrong = frozenset(_lines(text, folder, problems)) - without
            if made is None and not wrong:
                return Proven(text, (), 0, 0, problems)
            proven = Proven(text, (), 0, 0, problems) if made is None else _compared(binary, made, learnt, text, timeout)
        extra = wrong | (frozenset(_extra(text, proven.differences)) - without)
        if not extra:
            return proven
        without |= extra
    return proven


def _compiled(folder: Path, text: str, knowledge: Knowledge) -> tuple[Knowledge | None, tuple[Diagnostic, ...]]:
    (folder / "draft.qr").write_text(_USES + text, encoding="utf-8")
    store = Store(folder)
    try:
        made = store.knowledge(store.resolve(knowledge.version, knowledge.arch))
        made.piece("shared")
    except Unusable as error:
        return None, tuple(error.diagnostics)
    return made, ()


def _lines(text: str, folder: str, problems: tuple[Diagnostic, ...]) -> Iterator[str]:
    """The lines of a draft that problems stand at: parts alone, since a draft without its head is none."""
    lines = (_USES + text).split("\n")
    for problem in problems:
        if problem.span.file.startswith(folder) and lines[problem.span.line - 1].startswith(("  has ", "  default ")):
            yield lines[problem.span.line - 1]


def _compared(binary: str, knowledge: Knowledge, learnt: Learnt, text: str, timeout: float) -> Proven:
    facts = knowledge.machine(learnt.machine.name)
    assert facts is not None
    board = Board(knowledge)
    planned = (each for trial in trials(knowledge, facts, Scope()) for each in with_needs(board, trial))
    results = [check(binary, board, trial, timeout) for trial in planned]
    differences = tuple(dict.fromkeys(d for result in results for d in result.differences))
    return Proven(text, differences, sum(r.verdict == "same" for r in results), len(results))


def _extra(text: str, differences: tuple[Difference, ...]) -> Iterator[str]:
    """The lines of parts that only the rules have: a shared rule brings them, and one of the two is too many."""
    for difference in differences:
        if difference.what == "part" and not difference.binary:
            wanted = f" {name(difference.subject)}"
            yield from [
                line for line in text.split("\n") if line.startswith("  has") and line.partition(" on ")[0].endswith(wanted)
            ][:1]
