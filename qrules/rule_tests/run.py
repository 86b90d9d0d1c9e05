"""Collects tests, finds the catalogue that each is about, and runs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple, TypeAlias

from qrules.diagnostics import Span, did_you_mean
from qrules.knowledge import sources
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.language import tree
from qrules.paths import rules_folder
from qrules.plugging.board import Board, NoRules
from qrules.rule_tests.coverage import Coverage, Recorder
from qrules.rule_tests.trial import Trial
from qrules.rulesets import keeping
from qrules.rulesets.store import Entry, Store, open_store
from qrules.rulesets.trees import Trees

Around: TypeAlias = Callable[[Knowledge], AbstractContextManager[None]]
_TEST = re.compile(r"^test ", re.MULTILINE)
_RULE = re.compile(r"^ *rule ", re.MULTILINE)


class Failure(NamedTuple):
    """A line of a test that does not hold."""

    span: Span
    expected: str
    came: str


class RuleTest(NamedTuple):
    """What became of one test. `target` names the catalogue that it ran on, such as ``x86_64-10.0.2``."""

    title: str
    span: Span
    target: str
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether every line holds."""
        return not self.failures


def run_tests(root: Path | None = None, only: str = "", around: Around | None = None) -> list[RuleTest]:
    """Runs all tests of a rule set (none: the shipped one) whose title or file has `only` in it.

    Each is run within what `around` makes of what its target knows. Raises `Unusable` when the rules themselves can't be used.
    """
    return list(each_test(root, only, around))


def each_test(root: Path | None = None, only: str = "", around: Around | None = None) -> Iterator[RuleTest]:
    """The same one after the other, for who needs no more than the first that fails."""
    store = open_store(str(root) if root is not None else None)
    boards: dict[Entry, Board] = {}
    tests = collect(Path(store.root or rules_folder()))
    wanted = (test for test in tests if only in test.title or only in test.span.file)
    return (tested for test in wanted for tested in _run(test, store, boards, around))


def tests_of_target(root: Path, version: str, arch: str) -> Iterator[RuleTest]:
    """Those that one catalogue can be asked, for who looks for the first that fails: no other target is compiled for them."""
    store = open_store(str(root))
    entry = store.resolve(version, arch)
    board = Board(store.knowledge(entry))
    for test in collect(root):
        if fits(test, entry) and _machine(board.knowledge, test) is not None:
            yield _asked(test, entry, board)


def collect(root: Path) -> Iterator[tree.Test]:
    """The tests of a rule set, in the order of files and lines; not those of the shipped rules that it takes in."""
    rule_set = sources.read(root)
    kept = Trees(keeping.made_home())
    shipped = rules_folder().resolve()
    within = root.resolve().is_relative_to(shipped)
    catalogues = (p for p in dict.fromkeys(rule_set.catalogues.values()) if _TEST.search(rule_set.text(p)))
    for path in (*rule_set.rules, *catalogues):  # catalogues are long: only those with tests are parsed
        if not within and path.resolve().is_relative_to(shipped):
            continue
        yield from (s for s in kept.read(rule_set.contents[path], rule_set.shown(path)) if isinstance(s, tree.Test))


def covered(root: Path | None = None, only: str = "") -> tuple[list[RuleTest], Coverage]:
    """As `run_tests`, and which of the rules of the set's own files the tests reach."""
    rule_set = sources.read((root or rules_folder()).resolve())  # files are called as what is compiled calls them
    read = Trees(keeping.made_home()).read
    shipped = rules_folder().resolve()
    within = rule_set.root.resolve().is_relative_to(shipped)
    own = (path for path in rule_set.rules if within or not path.resolve().is_relative_to(shipped))
    catalogues = (p for p in dict.fromkeys(rule_set.catalogues.values()) if _RULE.search(rule_set.text(p)))
    said = [s for path in (*own, *catalogues) for s in read(rule_set.contents[path], rule_set.shown(path))]
    recorder = Recorder(said)
    return run_tests(root, only, recorder.watching), recorder.coverage()


def _run(test: tree.Test, store: Store, boards: dict[Entry, Board], around: Around | None) -> Iterator[RuleTest]:
    """What becomes of a test in each catalogue that it is about."""
    entries = _entries(test, store)
    if not entries:
        yield RuleTest(test.title, test.span, "", (_no_machine(test, store),))
    for entry in entries:
        board = boards.setdefault(entry, Board(store.knowledge(entry)))
        with around(board.knowledge) if around is not None else nullcontext():
            tested = _asked(test, entry, board)
        yield tested


def _asked(test: tree.Test, entry: Entry, board: Board) -> RuleTest:
    """What becomes of a test in a catalogue that has its machine."""
    facts = _machine(board.knowledge, test)
    assert facts is not None
    target = f"{entry.arch}-{entry.version}"
    try:
        trial = Trial(board, facts, test)
    except NoRules:
        return RuleTest(test.title, test.span, target, (Failure(test.machine.span, "a machine", "no rules describe it"),))
    return RuleTest(test.title, test.span, target, tuple(Failure(*f) for f in trial.failures()))


def _entries(test: tree.Test, store: Store) -> list[Entry]:
    """The catalogues that have the machine, of all versions, unless the test says which; of one architecture, the preferred one
    before others.
    """
    preferred = store.resolve(None, None).arch
    arches = dict.fromkeys((preferred, *(e.arch for e in store.targets())))
    of = ([e for e in store.targets() if e.arch == arch and fits(test, e)] for arch in arches)
    having = ([e for e in entries if _machine(store.knowledge(e), test) is not None] for entries in of)
    return next((found for found in having if found), [])


def fits(test: tree.Test, entry: Entry) -> bool:
    """Whether a test may be asked of a catalogue: ``10.0`` fits 10.0.2, and a test without version or architecture all."""
    versions, since, before = test.emulators.versions, test.emulators.since, test.emulators.before
    own = sources.version_key(entry.version)
    in_time = (since is None or own >= sources.version_key(since)) and (before is None or own < sources.version_key(before))
    named = not versions or any(entry.version == v or entry.version.startswith(v + ".") for v in versions)
    return in_time and named and (test.arch is None or entry.arch == test.arch)


def _machine(knowledge: Knowledge, test: tree.Test) -> MachineFacts | None:
    return knowledge.machine(test.machine.text)


def _no_machine(test: tree.Test, store: Store) -> Failure:
    names: Iterable[str] = (n for e in store.targets() if fits(test, e) for n in store.knowledge(e).machine_names())
    hint = did_you_mean(test.machine.text, names)
    return Failure(test.machine.span, f"a machine '{test.machine.text}'", f"no catalogue has it{'; ' + hint if hint else ''}")
