"""What boards make of options by themselves, and every part of them: ``verify`` has to see whatever is wrong there.

``scripts/seed-faults --board`` has the faults: parts without an address that are left out or counted wrong, options of the command
line that mean something else.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from qrules.paths import rules_folder
from qrules.plugging.board import Board
from qrules.qemu.trials import Scope, Trial, machines, trials
from qrules.qemu.verify import with_needs
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling, start, told
from tests.qemu.conftest import Binary
from tests.rule_tests.test_seeded_faults import faults

pytestmark = pytest.mark.qemu

BOARDS = (
    ("x86_64", "q35"), ("x86_64", "pc"), ("x86_64", "isapc"), ("x86_64", "microvm"), ("aarch64", "virt"), ("riscv64", "virt"),
    ("riscv64", "sifive_u"), ("riscv64", "microchip-icicle-kit"), ("riscv64", "spike"), ("s390x", "s390-ccw-virtio"),
    ("ppc64", "pseries"),
)  # fmt: skip
SAMPLE = 8  # of the lines that rules have for a board


def planned(board: Board, machine: str, scope: Scope) -> list[Trial]:
    [facts] = machines(board.knowledge, scope._replace(machines=(machine,)))
    return [each for trial in trials(board.knowledge, facts, scope) for each in with_needs(board, trial)]


@pytest.mark.parametrize(("arch", "machine"), BOARDS)
def test_boards_are_asked_what_they_make_of_options(qemu: Binary, store: Store, arch: str, machine: str) -> None:
    board = Board(store.knowledge(store.resolve(qemu.series, arch)))
    lines = [t for t in planned(board, machine, Scope(options=False, modes=(), probes=True)) if t.words]
    assert len(lines) > 100
    asked = lines if full else random.Random(machine).sample(lines, SAMPLE)
    assert told(start(sibling(qemu, arch), board, asked)) == []


# ------------------------------------------------------------------------------ faults
@pytest.fixture(scope="module")
def compiler() -> Any:
    return faults.Compiler(rules_folder())


def test_thirty_faults_of_boards() -> None:
    assert len({fault.name for fault in faults.OF_BOARDS}) == len(faults.OF_BOARDS) >= 30


def test_each_fault_has_its_place() -> None:
    texts = {fault.file: (rules_folder() / fault.file).read_text(encoding="utf-8") for fault in faults.OF_BOARDS}
    assert [fault.name for fault in faults.OF_BOARDS if texts[fault.file].count(fault.old) != 1] == []


@pytest.mark.parametrize("arch", ["x86_64", "riscv64"] if not full else sorted({fault.arch for fault in faults.OF_BOARDS}))
def test_verify_finds_what_is_wrong_with_a_board(qemu: Binary, compiler: Any, arch: str) -> None:
    """Each fault is put into the rules by itself; a sample of them, but with QRULES_FULL."""
    binary = faults.Binary(sibling(qemu, arch), 2)
    there = [fault for fault in faults.OF_BOARDS if fault.arch == arch]
    asked = there if full else random.Random(2).sample(there, min(5, len(there)))
    found = {fault.name: faults.seen_on_board(fault, compiler, binary) for fault in asked}
    assert [name for name, starts in found.items() if starts == []] == []
