"""Command lines as libvirt writes them: QEMU 10.0's verdict and words, once what only their host has is replaced by null backends.

The folder that QRULES_ARGS_CORPUS names holds them, a ``.args`` file each; without one the test is skipped. Run with ``-s`` to see
the counts, and what is different.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from qrules.configs import shell
from qrules.configs.argv import architecture, read
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import Verdict, judge
from qrules.plugging.board import Board
from qrules.qemu.process import Outcome, attempt
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import sibling
from tests.conformance.host_free import host_free
from tests.qemu.conftest import find

pytestmark = pytest.mark.qemu

FOLDER = os.environ.get("QRULES_ARGS_CORPUS", "")
SERIES = "10.0"
GOAL = 0.99


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
    files = sorted(Path(FOLDER).rglob("*.args")) if FOLDER else []
    if not files:
        pytest.skip("no .args files: set QRULES_ARGS_CORPUS to a folder that has some")
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
    assert len(right) >= GOAL * len(asked)


def answers(files: list[Path], store: Store) -> Iterator[Asked]:
    binary = find(SERIES)
    boards: dict[str, Board] = {}
    readable: list[tuple[Path, list[str], list[str], Board]] = []
    for path in files:
        words = shell.command(path.read_text(encoding="utf-8"), path.name).argv
        arch = architecture(words) or "x86_64"
        try:
            board = boards.setdefault(arch, Board(store.knowledge(store.resolve(SERIES, arch))))
        except Unusable:
            continue  # an architecture that no rules describe
        free = host_free(words)
        if not any(r.rule == "no-rules" for r in judge(board, read(free, board.knowledge), ("qemu",)).reasons):
            readable.append((path, words, free, board))
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        started = pool.map(lambda r: attempt(sibling(binary, r[3].knowledge.arch), r[2]), readable)
    for (path, words, free, board), outcome in zip(readable, started, strict=True):
        judged = [judge(board, read(line, board.knowledge), ("qemu",)) for line in (words, free)]
        yield Asked(path.name, judged[0], judged[1], outcome)
