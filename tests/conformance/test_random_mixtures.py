"""Several options that bear on one another, right and wrong, on the binaries: verdicts, counted.

QRULES_FULL=1 starts 100 on each architecture; otherwise a sample of x86_64. Run with ``-s`` to see what was missed.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling
from tests.conformance.draw_mixtures import draws
from tests.conformance.draw_options import MACHINES
from tests.conformance.test_random_options import compare
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = "20261130"
LEAST = 0.95  # what holds already
ALLOWED = 0 if full else 1  # of a small sample one is a large part


@pytest.mark.parametrize("arch", MACHINES if full else ["x86_64"])
def test_agreement(qemu: Binary, store: Store, arch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    board, binary = Board(store.knowledge(store.resolve(qemu.series, arch))), sibling(qemu, arch)
    drawn = list(draws(board.knowledge, SEED, 100 if full else 12))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = list(pool.map(lambda each: compare(binary, board, each), drawn))
    results = [each for each in results if not each.outcome.crashed and not each.outcome.timed_out]
    missed = [each for each in results if not each.right]
    for each in missed:
        print(f"\n{' '.join(each.drawn.argv)}\n    binary: {each.outcome.message or 'accepted'}\n    rules: {each.verdict}")
    assert len({each.drawn.what for each in results}) > 4
    assert len(results) - len(missed) + ALLOWED >= LEAST * len(results)
