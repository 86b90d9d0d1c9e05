"""Rules against real binaries. Without a binary these tests skip, or fail where QRULES_REQUIRE_QEMU=1 demands it.

QRULES_FULL=1 tries everything, which takes minutes; otherwise a sample is tried, the same one every time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import pytest

from qrules.knowledge.model import Knowledge
from qrules.knowledge.store import Store
from qrules.qemu.trials import Trial
from qrules.qemu.verify import Checked, check
from qrules.topology.board import Board
from tests.qemu.conftest import Binary, qemu

__all__ = ["Try", "board_of", "full", "qemu", "tried"]

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
    """Starts trials, two at a time for each processor, and compares them with the rules."""

    def start(trials: Iterable[Trial]) -> list[Checked]:
        with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
            return list(pool.map(lambda trial: check(qemu.path, board_of, trial), list(trials)))

    return start


def told(results: Iterable[Checked]) -> list[str]:
    """What differs, readable in a failed test."""
    return [
        f"{c.trial}: {d.what} {d.subject} rules: {d.rules!r} binary: {d.binary!r} {d.where}"
        for c in results
        for d in c.differences
    ]
