"""Command lines as libvirt writes them: QEMU 10.0's verdict and words, once what only their host has is replaced by null backends.

QRULES_ARGS_CORPUS names a folder that holds them, a ``.args`` file each, or an archive of such (read where it lies); without one
the test is skipped. Run with ``-s`` to see the counts, and what is different.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from qrules.configs import pasted
from qrules.configs.argv import architecture, read
from qrules.explain.verdicts import Verdict, judge
from qrules.plugging.board import Board
from qrules.qemu.process import Outcome, attempt
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import sibling
from tests.conformance.host_free import host_free
from tests.qemu.conftest import find

pytestmark = pytest.mark.qemu

CORPUS = os.environ.get("QRULES_ARGS_CORPUS", "")
SERIES = "10.0"
GOAL = 0.99
WORDS = 0.9  # of refusals are told in the binary's words
LEAST = 100  # files of machines whose rules stand: fewer are no corpus


class Asked(NamedTuple):
    """A file: the rules' answer to it as it stands, to what is left without its host, and what the binary made of that."""

    name: str
    written: Verdict
    free: Verdict
    started: Outcome

    @property
    def expected(self) -> str:
        return "accept" if self.started.accepted else "reject"

    @property
    def words(self) -> str:
        return self.free.reasons[0].emulator_message if self.free.reasons else ""


def test_verdicts_and_words(store: Store) -> None:
    if not CORPUS:
        pytest.skip("no .args files: set QRULES_ARGS_CORPUS to a folder, or an archive, that has some")
    files = list(texts(Path(CORPUS)))
    asked = list(answers(files, store))
    refused = [a for a in asked if a.expected == a.free.verdict == "reject"]
    right = [a for a in asked if a.free.verdict == a.expected]
    print(f"\n{len(files)} files, {len(asked)} of machines whose rules stand")
    print(row("verdicts, without the host", len(right), len(asked)))
    print(row("verdicts, as written", sum(a.written.verdict == a.expected for a in asked), len(asked)))
    print(row("words of refusals", sum(a.words == a.started.message for a in refused), len(refused)))
    for a in asked:
        if a.free.verdict != a.expected or a.words != a.started.message or a.written.verdict != a.expected:
            print(f"  {a.name}: {a.written.verdict}, {a.free.verdict} ({a.words}); QEMU: {a.expected} ({a.started.message})")
    assert len(asked) >= LEAST, f"{CORPUS} has {len(files)} .args files, of which {len(asked)} are of machines whose rules stand"
    assert len(right) >= GOAL * len(asked)
    assert sum(a.words == a.started.message for a in refused) >= WORDS * len(refused)


def texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """The command lines, each with the name of its file."""
    if corpus.is_file():
        with tarfile.open(corpus) as archive:
            for member in sorted(archive.getmembers(), key=lambda member: member.name):
                content = archive.extractfile(member) if member.name.endswith(".args") else None
                if content is not None:
                    yield Path(member.name).name, content.read().decode()
    else:
        yield from ((path.name, path.read_text(encoding="utf-8")) for path in sorted(corpus.rglob("*.args")))


def answers(files: list[tuple[str, str]], store: Store) -> Iterator[Asked]:
    binary = find(SERIES)
    boards: dict[str, Board] = {}
    fetched = {t.arch for t in store.targets() if t.version.startswith("7.2")}  # of whose emulators the tests have each version
    readable: list[tuple[str, list[str], list[str], Board]] = []
    for name, text in files:
        words = pasted.pasted(text, name).commands[0].argv
        arch = architecture(words) or "x86_64"
        if arch not in fetched:
            continue
        board = boards.setdefault(arch, Board(store.knowledge(store.resolve(SERIES, arch))))
        free = host_free(words)
        if not any(r.rule == "no-rules" for r in judge(board, read(free, board.knowledge), ("qemu",)).reasons):
            readable.append((name, words, free, board))
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        started = pool.map(lambda r: attempt(sibling(binary, r[3].knowledge.arch), r[2]), readable)
    for (name, words, free, board), outcome in zip(readable, started, strict=True):
        judged = [judge(board, read(line, board.knowledge), ("qemu",)) for line in (words, free)]
        yield Asked(name, judged[0], judged[1], outcome)
