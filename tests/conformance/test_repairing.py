"""Repairs of command lines with one mistake each, on the binaries: nearly all have one that keeps every device, and all that are shown start.

QRULES_FULL=1 asks 60 on each architecture; otherwise a sample. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

import shlex

import pytest

from qrules.configs.argv import read
from qrules.place.repairs import repairs
from qrules.place.shown import Repair
from qrules.plugging.board import Board
from qrules.qemu.process import attempt
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.one_mistake import mistaken
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = 20261129
COUNT = 60 if full else 6
ARCHES = ("x86_64", "aarch64", "riscv64", "ppc64", "s390x")
LEAST = 0.9  # of them have a repair that leaves no device out


def keeps_all(repair: Repair) -> bool:
    return all(edit.kind != "drop" for edit in repair.edits)


@pytest.mark.parametrize("arch", ARCHES)
def test_one_mistake(arch: str, qemu: Binary, store: Store) -> None:
    rules, binary = Board(store.knowledge(store.resolve(qemu.series, arch))), sibling(qemu, arch)
    asked, kept, shown, refused = 0, 0, 0, []
    for question in mistaken(rules, SEED, COUNT, qemu.series):
        found = repairs(rules, read(question.argv, rules.knowledge), ("qemu",), argv=question.argv)
        asked += 1
        kept += any(keeps_all(repair) for repair in found)
        for repair in found:
            shown += 1
            outcome = attempt(binary, list(repair.argv))
            if not outcome.accepted:
                refused.append(f"{question.made} ({question.what}): {shlex.join(repair.argv)}: {outcome.message}")
    print(
        "", row(f"{arch}: a repair that keeps all", kept, asked), row("shown that start", shown - len(refused), shown), sep="\n"
    )
    assert asked
    assert refused == []
    assert kept >= LEAST * asked
