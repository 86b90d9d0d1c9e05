"""What boards make of options by themselves, and every part of them: ``verify`` has to see whatever is wrong there.

The faults are put into the compiled rules, one at a time: a part that stands on no address is left out, an option of the command
line loses an effect. What the binary does is asked once.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from qrules.knowledge.model import PART, Knowledge
from qrules.plugging.board import Board
from qrules.qemu.compare import Observed, derive, differences, observe
from qrules.qemu.trials import Scope, Trial, machines, trials
from qrules.qemu.verify import with_needs
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling, start, told
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

BOARDS = (
    ("x86_64", "q35"), ("x86_64", "pc"), ("x86_64", "isapc"), ("x86_64", "microvm"), ("aarch64", "virt"), ("riscv64", "virt"),
    ("riscv64", "sifive_u"), ("riscv64", "microchip-icicle-kit"), ("riscv64", "spike"), ("s390x", "s390-ccw-virtio"),
    ("ppc64", "pseries"),
)  # fmt: skip
SAMPLE = 8  # of the lines that rules have for a board
FAULTY = (("x86_64", "q35"), ("riscv64", "sifive_u"))  # where each part and each effect is left out
BY_THE_BOARD = ("-net", "-nic", "-vga", "-serial", "-parallel", "-drive", "-hda", "-cdrom", "-m", "-smp", "-numa", "-usb", "-audio", "-cpu")


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
def changed(knowledge: Knowledge, name: str, piece: Any) -> Board:
    """The same rules with another piece."""
    return Board(Knowledge(knowledge.version, knowledge.arch, lambda asked: piece if asked == name else knowledge.piece(asked)))


def without_a_part(knowledge: Knowledge, family: int) -> Iterator[tuple[str, Board]]:
    """The board without one of its parts that have no address."""
    name, at, kind, when = f"family-{family}", PART.index("at"), PART.index("type"), PART.index("when")
    parts = knowledge.piece(name)["parts"]
    for index, part in enumerate(parts):
        if part[at] is None and part[PART.index("each")] is None and part[when] is None:
            piece = copy.deepcopy(knowledge.piece(name))
            del piece["parts"][index]
            yield f"without {part[kind]}", changed(knowledge, name, piece)


def without_an_effect(knowledge: Knowledge) -> Iterator[tuple[str, Board]]:
    """The rules with an option that lacks one of its effects."""
    for option in BY_THE_BOARD:
        for value, effects in knowledge.shared["shorthands"].get(option, {}).items():
            for index, effect in enumerate(effects):
                shared = {**knowledge.shared, "shorthands": copy.deepcopy(knowledge.shared["shorthands"])}
                del shared["shorthands"][option][value][index]
                yield f"{option} {value} without {effect[0]} {effect[1] or effect[2]}", changed(knowledge, "shared", shared)


def is_found(board: Board, seen: dict[Trial, Observed]) -> bool:
    for trial, observed in seen.items():
        derived = derive(board, trial)
        if derived.verdict == "unknown" or any(True for _ in differences(board.knowledge, derived, observed)):
            return True
    return False


@pytest.mark.parametrize(("arch", "machine"), FAULTY)
def test_a_part_that_is_left_out_is_found(qemu: Binary, store: Store, arch: str, machine: str) -> None:
    knowledge = store.knowledge(store.resolve(qemu.series, arch))
    facts = knowledge.machine(machine)
    assert facts is not None
    assert facts.family is not None
    plain = [t for t in planned(Board(knowledge), machine, Scope(options=False)) if not t.words]
    seen = {trial: observe(sibling(qemu, arch), trial) for trial in plain}
    assert not is_found(Board(knowledge), seen)
    faults = list(without_a_part(knowledge, facts.family))
    assert len(faults) >= 5
    assert [name for name, board in faults if not is_found(board, seen)] == []
