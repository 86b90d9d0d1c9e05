"""Random configs of many devices on the binaries: verdicts, words, blame, places, and what hot plug says, counted.

The only misses are those that stand in `known` by name. QRULES_FULL=1 starts 1,500 on each binary of x86_64 and 500 on each other one; otherwise a sample. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling
from tests.conformance.device_comparison import compare
from tests.conformance.device_configs import MACHINES, configs
from tests.conformance.known import DEVICES, named
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = 20261126
COUNT = {"x86_64": 1500 if full else 40, "arm": 500 if full else 30}  # some of arm's machines are gone in 11.1
OTHERS = 500 if full else 12
OTHER_WORDS = 0.02 if full else 0.0  # of several mistakes in one line, the binary may have met another one first
OF_WORDS = {"message", "blamed", "hot-words"}


@pytest.mark.parametrize("arch", MACHINES)
def test_agreement(qemu: Binary, store: Store, arch: str) -> None:
    board, binary = Board(store.knowledge(store.resolve(qemu.series, arch))), sibling(qemu, arch)
    drawn = list(configs(SEED, COUNT.get(arch, OTHERS), arch, qemu.series))
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        results = list(pool.map(lambda config: compare(binary, board, config), drawn))
    asked = Counter(what for compared in results for what in compared.asked)
    missed = [miss for compared in results for miss in compared.misses]
    print(f"\n{arch}, QEMU {qemu.series}:", dict(asked), "missed:", dict(Counter(miss.what for miss in missed)))
    names = [named(DEVICES, qemu.series, arch, miss.what, str(miss)) for miss in missed]
    unnamed = [miss for miss, known in zip(missed, names, strict=True) if known is None]
    assert [str(miss) for miss in unnamed if miss.what not in OF_WORDS] == []
    in_words = [str(miss) for miss in unnamed if miss.what in OF_WORDS]
    assert len(in_words) <= OTHER_WORDS * len(drawn), in_words
    gone = [known for known in DEVICES if known.is_of(qemu.series, arch) and known not in names]
    assert gone == [], "these agree now: take them out of known.py"
    assert {"verdict", "message", "blamed", "place"} <= asked.keys(), "all kinds of questions come up"
