"""Do the rules say what the binary does? Starts machines with their options and devices, and compares.

>>> from qrules.rulesets.store import open_store
>>> store = open_store()
>>> knowledge = store.knowledge(store.resolve("10.0", None))
>>> scope = Scope(machines=("none",), options=False)
>>> for checked in verify("qemu-system-x86_64", knowledge, scope):
...     print(checked.trial, checked.verdict)
-M none no-rules
-M none -nodefaults no-rules
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from qrules.knowledge.model import Knowledge
from qrules.machine.refusals import NEEDS
from qrules.plugging.board import Board, NoRules
from qrules.qemu.compare import Difference, derive, differences, observe
from qrules.qemu.process import DEFAULT_TIMEOUT
from qrules.qemu.program import resolve
from qrules.qemu.several import Heard, in_turn
from qrules.qemu.trials import Scope, Trial, machines, trials

STRICT_ARCHES = frozenset(
    (
        *("aarch64", "arm", "i386", "ppc64", "riscv32", "riscv64", "s390x", "x86_64"),
        *("avr", "loongarch64", "microblaze", "mips", "mips64el", "or1k", "sparc", "sparc64", "xtensa"),
    )
)
"""Architectures whose described machines must agree in everything; the first line is that of the RFC's qmp-machine-info.py."""

Verdict: TypeAlias = Literal["same", "different", "unknown", "no-rules"]
Progress: TypeAlias = Callable[[int, int], None]


class Checked(NamedTuple):
    """One trial with what came of it. `rules` and `binary` are their verdicts; the rules' is empty where there are none."""

    trial: Trial
    verdict: Verdict
    rules: str = ""
    binary: str = ""
    differences: tuple[Difference, ...] = ()
    late: bool | None = None  # whether the binary gave no answer in time; None where it was not asked


class Cause(NamedTuple):
    """Differences that are one: the first of them with its trial, in how many starts and on how many machines they were."""

    difference: Difference
    trial: Trial
    starts: int
    machines: int


class Causes:
    """Gathers differences by what they have in common: all but the machine's name and the command line."""

    def __init__(self) -> None:
        self._found: dict[Difference, tuple[Difference, Trial, list[str]]] = {}

    def add(self, checked: Checked) -> list[Difference]:
        """Takes note of a trial's differences, and gives those that had not been met before."""
        new = []
        for difference in checked.differences:
            key = difference._replace(
                rules=_anonymous(difference.rules, checked.trial), binary=_anonymous(difference.binary, checked.trial)
            )
            if key not in self._found:
                self._found[key] = (difference, checked.trial, [])
                new.append(difference)
            self._found[key][2].append(checked.trial.machine)
        return new

    def found(self) -> list[Cause]:
        """All causes, those of most starts first."""
        causes = [Cause(difference, trial, len(on), len(set(on))) for difference, trial, on in self._found.values()]
        return sorted(causes, key=lambda cause: -cause.starts)


def _anonymous(text: str, trial: Trial) -> str:
    return text.replace(trial.machine, "(the machine)")


class Summary(NamedTuple):
    """The trials counted. `strict`: whether a difference is a failure, as it is on a strict architecture."""

    strict: bool
    trials: int
    same: int
    different: int
    unknown: int
    no_rules: tuple[str, ...]
    by_kind: dict[str, int]

    @property
    def failed(self) -> bool:
        """Whether a strict architecture has a difference, or a start that the rules do not know."""
        return self.strict and self.different + self.unknown > 0


def verify(
    binary: str,
    knowledge: Knowledge,
    scope: Scope = Scope(),  # noqa: B008
    progress: Progress | None = None,
    jobs: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> Iterator[Checked]:
    """Tries all of a scope, `jobs` at a time (as many as there are processors), in a fixed order.

    `progress` gets how many trials are done, and of how many. Raises the errors of `process.resolve`, and NotQemu.
    """
    resolve(binary)
    board = Board(knowledge)
    listed = [trial for facts in machines(knowledge, scope) for trial in _planned(board, facts.name, scope)]
    heard = Heard(binary, timeout)
    for done, checked in enumerate(in_turn(lambda trial: check(binary, board, trial, timeout), listed, jobs), 1):
        heard.heed(checked.late)
        if progress is not None:
            progress(done, len(listed))
        yield checked


def _planned(board: Board, name: str, scope: Scope) -> Iterable[Trial]:
    facts = board.knowledge.machine(name)
    assert facts is not None
    if facts.family is None:
        return (Trial(facts.name, nodefaults) for nodefaults in scope.modes)
    planned = (trial._replace(words=(*scope.more, *trial.words)) for trial in trials(board.knowledge, facts, scope))
    return (each for trial in planned for each in with_needs(board, trial))


def with_needs(board: Board, trial: Trial) -> Iterator[Trial]:
    """A trial, and the same with what its machine lacks to start: only then is there anything to see.

    With a device, or with words of its own, it is tried in the second form alone. What it is given
    may want more: that it gets, too.
    """
    needed = _needed(board, trial)
    if not needed or not (trial.device or trial.words):
        yield trial
    if needed:
        given: list[str] = []
        while needed and not set(needed) <= set(given):
            given += needed
            equipped = trial._replace(backends=(*given, *trial.backends))
            needed = _needed(board, equipped)
        yield equipped


def _needed(board: Board, trial: Trial) -> list[str]:
    """The samples of what a trial's machine lacks to start."""
    return [word for r in derive(board, trial).outcome.refusals if r.phase == NEEDS for word in dict(r.facts)["sample"]]


def check(binary: str, board: Board, trial: Trial, timeout: float = DEFAULT_TIMEOUT) -> Checked:
    """One trial. Machines without rules are not started: there is nothing to compare."""
    try:
        derived = derive(board, trial)
    except NoRules:
        return Checked(trial, "no-rules")
    observed = observe(binary, trial, timeout)
    found = tuple(differences(board.knowledge, derived, observed))
    verdict: Verdict = "unknown" if derived.verdict == "unknown" else "different" if found else "same"
    return Checked(trial, verdict, derived.verdict, observed.verdict, found, observed.outcome.timed_out)


def summary(arch: str, results: Iterable[Checked]) -> Summary:
    """Counts results, an iterator of `verify` included."""
    verdicts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    unruled: dict[str, None] = {}
    for checked in results:
        verdicts[checked.verdict] += 1
        kinds.update(d.what for d in checked.differences)
        if checked.verdict == "no-rules":
            unruled[checked.trial.machine] = None
    return Summary(
        arch in STRICT_ARCHES,
        verdicts.total(),
        verdicts["same"],
        verdicts["different"],
        verdicts["unknown"],
        tuple(unruled),
        dict(sorted(kinds.items())),
    )
