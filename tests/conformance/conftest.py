"""Rules against real binaries. Without a binary these tests skip, or fail where QRULES_REQUIRE_QEMU=1 demands it.

QRULES_FULL=1 tries everything, which takes minutes; otherwise a sample is tried, the same one every time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import pytest

from qrules.configs.argv import architecture
from qrules.knowledge.model import Knowledge
from qrules.plugging.board import Board
from qrules.qemu.trials import Trial
from qrules.qemu.verify import Checked, check
from qrules.rulesets.store import Store
from tests.qemu.conftest import Binary, missing, qemu, reports

__all__ = ["Try", "board_of", "full", "qemu", "sibling", "start", "tried"]

Try: TypeAlias = Callable[[Iterable[Trial]], list[Checked]]

full = os.environ.get("QRULES_FULL") == "1"


@pytest.fixture
def board_of(qemu: Binary, store: Store) -> Board:
    """What the rules say of the binary's version."""
    return Board(knowledge_of(qemu, store))


def knowledge_of(binary: Binary, store: Store) -> Knowledge:
    return store.knowledge(store.resolve(binary.series, "x86_64"))


@pytest.fixture
def tried(qemu: Binary, board_of: Board) -> Try:
    """Starts trials and compares them with the rules."""
    return lambda trials: start(qemu.path, board_of, trials)


def start(binary: str, board: Board, trials: Iterable[Trial]) -> list[Checked]:
    """Starts trials, two at a time for each processor, and compares them with the rules."""
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda trial: check(binary, board, trial), list(trials)))


def sibling(binary: Binary, arch: str) -> str:
    """The binary of another architecture, which stands beside the one that is named."""
    if arch == architecture([binary.path]):
        return binary.path
    path = Path(binary.path).with_name(f"qemu-system-{arch}")
    return str(path) if reports(str(path), binary.series) else missing(f"no QEMU {binary.series} for {arch} at {path}")


def told(results: Iterable[Checked]) -> list[str]:
    """What differs, readable in a failed test."""
    return [
        f"{c.trial}: {d.what} {d.subject} rules: {d.rules!r} binary: {d.binary!r} {d.where}"
        for c in results
        for d in c.differences
    ]
