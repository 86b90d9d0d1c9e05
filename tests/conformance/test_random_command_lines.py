"""Random command lines on the binaries: verdicts, words, buses and addresses, counted for each option and each machine.

QRULES_FULL=1 starts 2,400 on each binary of x86_64 and 300 on each other one; otherwise a sample. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from qrules.knowledge.store import Store
from qrules.qemu.trials import Trial
from qrules.qemu.verify import Checked
from qrules.topology.board import Board
from tests.conformance.conftest import full, sibling, start
from tests.conformance.generate import MACHINES, Config, configs
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = 20261123
COUNT = {"x86_64": 2400 if full else 150}
UNKNOWN = 0.05  # where an architecture's board puts SCSI drives by itself is not modelled: the rules say so
OTHER_WORDS = 0.02  # of two mistakes in one line, the binary may have met the other one first
OTHERS = 300 if full else 15


def trial(config: Config) -> Trial:
    return Trial(config.machine, False, (), config.words[2:])


@pytest.mark.parametrize("arch", MACHINES)
def test_agreement(qemu: Binary, store: Store, arch: str) -> None:
    drawn = list(configs(SEED, COUNT.get(arch, OTHERS), arch))
    board = Board(store.knowledge(store.resolve(qemu.series, arch)))
    results = start(sibling(qemu, arch), board, map(trial, drawn))
    print(f"\n{arch}, QEMU {qemu.series}:", *agreement(drawn, results), sep="\n  ")
    decided = [c for c in results if c.verdict != "unknown"]
    assert len(results) - len(decided) <= UNKNOWN * len(results)
    assert [told(c) for c in decided if any(d.what != "message" for d in c.differences)] == []
    other_words = [told(c) for c in decided if c.differences]
    assert len(other_words) <= 1 + OTHER_WORDS * len(results), other_words


def agreement(drawn: Iterable[Config], results: Iterable[Checked]) -> list[str]:
    """How many agree, for each option and for each machine."""
    counts: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for config, checked in zip(drawn, results, strict=True):
        for name in ("all", config.machine, *config.options):
            counts[name] += 1
            same[name] += checked.verdict == "same"
    return [f"{name}: {same[name]} of {counts[name]}" for name in sorted(counts)]


def told(checked: Checked) -> str:
    differing = [f"{d.what} {d.subject} rules: {d.rules!r} binary: {d.binary!r} {d.where}" for d in checked.differences]
    return f"{checked.trial} {checked.rules} " + "; ".join(differing)
