"""Strangers' command lines with one small change each, on the binaries: verdicts and words, counted, and by kind of change.

A seed counts where rules and binary agree on it as it stands. QRULES_COUNT and QRULES_SEED ask for another number, and for others; QRULES_FULL=1
asks for 1,000. QRULES_COMMAND_LINES names a list of cases, QRULES_TRUTH a folder of labelled configs: more seeds. Run with ``-s`` to see what
was missed.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.draw_options import Drawn
from tests.conformance.mutants import FILE_SIZE, Seed, files, mutants, seeds
from tests.conformance.test_random_options import Compared, compare
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = os.environ.get("QRULES_SEED", "20261201")
COUNT = int(os.environ.get("QRULES_COUNT", "1000" if full else "30"))
LEAST = {"verdict": 0.97, "words": 0.88}  # what holds already
ALLOWED = 0 if COUNT > 100 else 2  # of a small sample one is a large part
ARCHITECTURES = ("x86_64", "aarch64", "riscv64", "ppc64", "s390x") if full else ("x86_64",)


def test_agreement(qemu: Binary, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    boards = {arch: Board(store.knowledge(store.resolve(qemu.series, arch))) for arch in ARCHITECTURES}

    def ask(seed: Seed, argv: list[str], what: str) -> Compared:
        for name in files(argv):
            if not Path(name).exists():
                with Path(name).open("wb") as file:
                    file.truncate(FILE_SIZE)
        return compare(sibling(qemu, seed.arch), boards[seed.arch], Drawn(what, argv))

    @cache
    def fit(seed: Seed) -> bool:
        return ask(seed, list(seed.argv), "seed").right

    chosen = [seed for seed in seeds() if seed.arch in ARCHITECTURES]
    drawn = mutants(chosen, random.Random(f"{SEED} {qemu.series}"), COUNT)
    results = [ask(mutant.seed, mutant.argv, mutant.what) for mutant in drawn if fit(mutant.seed)]
    results = [each for each in results if not each.outcome.crashed and not each.outcome.timed_out]
    said = [each for each in results if each.right and not each.outcome.accepted]
    found = {
        "verdict": (sum(each.right for each in results), len(results)),
        "words": (sum(each.worded for each in said), len(said)),
    }
    print(f"\nQEMU {qemu.series}, {len(chosen)} seeds")
    for name, (right, of) in found.items():
        print(row(name, right, of))
    kinds = Counter(each.drawn.what for each in results)
    for what, count in Counter(each.drawn.what for each in results if not each.right).most_common():
        print(f"    {count} of {kinds[what]} {what}")
    for each in results:
        if not each.right or (not each.outcome.accepted and not each.worded):
            print(f"    {'verdict' if not each.right else 'words'}: {' '.join(each.drawn.argv)}")
            print(f"        binary: {each.outcome.message or 'accepted'}\n        rules: {each.verdict} {each.words}")
    assert len(results) >= COUNT // 2
    assert [name for name, (right, of) in found.items() if right + ALLOWED < LEAST[name] * of] == []
