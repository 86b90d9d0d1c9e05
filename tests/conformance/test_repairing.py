"""Repairs on the binaries: nearly all refused configs have one, those of one mistake one that keeps every device, and all shown start.

QRULES_FULL=1 asks 60 of one mistake on each architecture, and as many refused configs of the labelled data; otherwise a sample. Run
with ``-s`` to see the counts.
"""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterable

import pytest

from qrules.configs.argv import read
from qrules.configs.rewriting import lines
from qrules.explain.verdicts import judge
from qrules.place.repairs import repairs
from qrules.place.shown import Repair
from qrules.plugging.board import Board
from qrules.qemu.process import attempt
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.device_configs import configs
from tests.conformance.one_mistake import mistaken
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = 20261129
COUNT = 60 if full else 4
RANDOM = 40 if full else 3
ARCHES = ("x86_64", "aarch64", "arm", "riscv64", "ppc64", "s390x")
LEAST = 0.95  # of those with one mistake have a repair that leaves no device out
HELPED = 0.98  # of all refused ones have a repair


class Counted:
    """What became of the repairs of several configs."""

    def __init__(self, rules: Board, binary: str) -> None:
        self.rules, self.binary = rules, binary
        self.asked = self.helped = self.kept = self.shown = 0
        self.refused: list[str] = []

    def ask(self, argv: list[str], name: str) -> None:
        """Repairs one config, and starts what is shown, as a shell would take it."""
        found = repairs(self.rules, read(argv, self.rules.knowledge), ("qemu",), argv=argv)
        self.asked += 1
        self.helped += bool(found)
        self.kept += any(keeps_all(repair) for repair in found)
        for repair in found:
            self.shown += 1
            outcome = attempt(self.binary, shlex.split(" ".join(lines(repair.argv))))
            if not outcome.accepted:
                self.refused.append(f"{name}: {shlex.join(repair.argv)}: {outcome.message}")

    def rows(self, name: str) -> Iterable[str]:
        yield row(f"{name}: has a repair", self.helped, self.asked)
        yield row(f"{name}: one that keeps all", self.kept, self.asked)
        yield row(f"{name}: shown that start", self.shown - len(self.refused), self.shown)


def keeps_all(repair: Repair) -> bool:
    return all(edit.kind != "drop" for edit in repair.edits)


def counted(store: Store, qemu: Binary, arch: str) -> Counted:
    return Counted(Board(store.knowledge(store.resolve(qemu.series, arch))), sibling(qemu, arch))


@pytest.mark.parametrize("arch", ARCHES)
def test_one_mistake(arch: str, qemu: Binary, store: Store) -> None:
    found = counted(store, qemu, arch)
    for question in mistaken(found.rules, SEED, COUNT, qemu.series):
        found.ask(question.argv, f"{question.made} ({question.what})")
    print("", *found.rows(arch), sep="\n")
    assert found.asked
    assert found.refused == []
    assert found.kept >= int(LEAST * found.asked)


@pytest.mark.parametrize("arch", ARCHES)
def test_random_refused_configs(arch: str, qemu: Binary, store: Store) -> None:
    """Configs of several devices that the binary refuses, for whatever reason."""
    found = counted(store, qemu, arch)
    drawn = list(configs(SEED, 40 * RANDOM, arch, qemu.series))
    random.Random(f"{SEED} {arch}").shuffle(drawn)
    for config in drawn:
        words = list(config.words)
        if found.asked == RANDOM:
            break
        if judge(found.rules, read(words, found.rules.knowledge), ("qemu",)).verdict != "reject":
            continue
        if not attempt(found.binary, words).accepted:
            found.ask(words, "random")
    print("", *found.rows(arch), sep="\n")
    assert found.asked
    assert found.refused == []
    assert found.helped >= int(HELPED * found.asked)
