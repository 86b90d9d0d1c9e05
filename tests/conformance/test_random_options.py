"""Every option and every property of every type that users can make, right and wrong, on the binaries: verdicts and words, counted.

QRULES_FULL=1 starts 400 on each architecture; otherwise a sample. Run with ``-s`` to see the counts by option and by kind of property,
and what was missed.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from qrules.configs.argv import read
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.qemu.process import Outcome
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling
from tests.conformance.draw_options import MACHINES, Drawn, draws
from tests.conformance.plain_start import start
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = "20261129"
EACH = 400 if full else 16
LEAST = {"verdict": 0.97, "words": 0.9}  # what holds already
BEHIND = {"s390x": 0.6}  # words: which features each model of a processor has is not known
ALLOWED = 0 if full else 2  # of a small sample one is a large part


class Compared(NamedTuple):
    """A config, what the binary said, and what the rules said: the verdict and the first words."""

    drawn: Drawn
    outcome: Outcome
    verdict: str
    words: str

    @property
    def right(self) -> bool:
        return self.verdict == ("accepted" if self.outcome.accepted else "rejected")

    @property
    def worded(self) -> bool:
        return self.words == self.outcome.message.partition("\n")[0].strip()


def compare(binary: str, board: Board, drawn: Drawn) -> Compared:
    """Asks both."""
    outcome = start(binary, drawn.argv, 25)
    try:
        answer = judge(board, read(list(drawn.argv), board.knowledge), (board.knowledge.profile,))
    except Unusable as wrong:
        return Compared(drawn, outcome, f"not read: {wrong}", "")
    verdict = {"accept": "accepted", "warn": "accepted", "reject": "rejected"}.get(answer.verdict, answer.verdict)
    words = answer.reasons[0].emulator_message.partition("\n")[0].strip() if answer.reasons else ""
    return Compared(drawn, outcome, verdict, words)


def least(name: str, arch: str) -> float:
    return BEHIND.get(arch, LEAST[name]) if name == "words" else LEAST[name]


@pytest.mark.parametrize("arch", MACHINES)
def test_agreement(qemu: Binary, store: Store, arch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # some of what is drawn makes the emulator write files
    board, binary = Board(store.knowledge(store.resolve(qemu.series, arch))), sibling(qemu, arch)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = list(pool.map(lambda drawn: compare(binary, board, drawn), draws(board.knowledge, SEED, EACH)))
    results = [each for each in results if not each.outcome.crashed and not each.outcome.timed_out]
    said = [each for each in results if each.right and not each.outcome.accepted]
    found = {
        "verdict": (sum(each.right for each in results), len(results)),
        "words": (sum(each.worded for each in said), len(said)),
    }
    print(f"\n{arch}, QEMU {qemu.series}:", found)
    kinds = Counter(each.drawn.what for each in results)
    for what, count in sorted(Counter(each.drawn.what for each in results if not each.right).items(), key=lambda item: -item[1]):
        print(f"    {count} of {kinds[what]} {what}")
    for each in results:
        if not each.right or (not each.outcome.accepted and not each.worded):
            print(f"    {'verdict' if not each.right else 'words'}: {' '.join(each.drawn.argv[3:])}")
            print(f"        binary: {each.outcome.message or 'accepted'}\n        rules: {each.verdict} {each.words}")
    assert len(kinds) > 3
    assert [name for name, (right, of) in found.items() if right + ALLOWED < least(name, arch) * of] == []
