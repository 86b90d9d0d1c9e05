"""Random configs of many devices on the binaries: verdicts, words, blame, places, and what hot plug says, counted.

The only misses are those that stand here by name. QRULES_FULL=1 starts 1,500 on each binary of x86_64 and 500 on each other one; otherwise a sample. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling
from tests.conformance.device_comparison import Miss, compare
from tests.conformance.device_configs import MACHINES, configs
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = 20261126
COUNT = {"x86_64": 1500 if full else 40}
OTHERS = 500 if full else 12
OTHER_WORDS = 0.02 if full else 0.0  # of several mistakes in one line, the binary may have met another one first
OF_WORDS = {"message", "blamed", "hot-words"}


class Known(NamedTuple):
    """A miss that is known: where, of what kind, part of the line, and why."""

    series: str
    archs: tuple[str, ...]
    what: str
    part: str
    why: str


KNOWN = (
    Known(
        "7.2",
        ("riscv64", "riscv32"),
        "message",
        "-M virt,iommu-sys=on,acpi=off ",
        "of two properties that the machine lacks, QEMU 7.2 names the one that its hash table has first",
    ),
)


def name(miss: Miss, series: str, arch: str) -> Known | None:
    """The known miss that this is."""
    named = (k for k in KNOWN if k.series == series and arch in k.archs and k.what == miss.what and k.part in str(miss.config))
    return next(named, None)


@pytest.mark.parametrize("arch", MACHINES)
def test_agreement(qemu: Binary, store: Store, arch: str) -> None:
    board, binary = Board(store.knowledge(store.resolve(qemu.series, arch))), sibling(qemu, arch)
    drawn = list(configs(SEED, COUNT.get(arch, OTHERS), arch, qemu.series))
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        results = list(pool.map(lambda config: compare(binary, board, config), drawn))
    asked = Counter(what for compared in results for what in compared.asked)
    missed = [miss for compared in results for miss in compared.misses]
    print(f"\n{arch}, QEMU {qemu.series}:", dict(asked), "missed:", dict(Counter(miss.what for miss in missed)))
    named = {known for miss in missed if (known := name(miss, qemu.series, arch)) is not None}
    unnamed = [miss for miss in missed if name(miss, qemu.series, arch) is None]
    assert [str(miss) for miss in unnamed if miss.what not in OF_WORDS] == []
    in_words = [str(miss) for miss in unnamed if miss.what in OF_WORDS]
    assert len(in_words) <= OTHER_WORDS * len(drawn), in_words
    gone = [k for k in KNOWN if k.series == qemu.series and arch in k.archs and k not in named]
    assert gone == [], "these agree now: take them out of KNOWN"
    assert {"verdict", "message", "blamed", "place"} <= asked.keys(), "all kinds of questions come up"
