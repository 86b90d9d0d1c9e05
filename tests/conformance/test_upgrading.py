"""Configs of one version on another: the verdict on both binaries, and what the guest finds otherwise against ``info qtree`` of both.

QRULES_FULL=1 asks 300 configs of five architectures, otherwise a sample. Run with ``-s`` to see the counts with their intervals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from qrules.conversion.upgrading import Upgraded, upgrade
from qrules.plugging.board import Board
from qrules.qemu import process, qtree
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.conversions import startable
from tests.qemu.conftest import find

pytestmark = pytest.mark.qemu

SEED = 20261202
OLD, NEW = "10.0", "11.1"
COUNT = {"x86_64": 120, "aarch64": 60, "s390x": 40, "ppc64": 40, "riscv64": 40}
SAMPLE = {"x86_64": 8, "aarch64": 4, "s390x": 2, "ppc64": 2, "riscv64": 2}


class Asked(NamedTuple):
    """A config with what `upgrade` says, and what is wrong with that: of the verdict, of the changed config, of what the guest finds."""

    words: list[str]
    answer: Upgraded
    wrong: tuple[str, ...]


def told(answer: Upgraded) -> tuple[Counter[str], Counter[str]]:
    """What is gone and what has come by type and address, as the answer has it."""
    gone = Counter(f"{s.type}{_address(s.before.address.items())}" for s in answer.seen)
    come = Counter(f"{s.type}{_address(s.after.address.items())}" for s in answer.seen)
    for brought in answer.brought:
        for into, listed in ((gone, brought.before), (come, brought.after)):
            for each in listed:
                number, _, rest = each.partition(" ")
                kind, _, place = (rest if number.isdigit() else each).partition(" on ")
                into[kind + _address(part.split("=") for part in place.split(", ")[1:])] += int(number) if number.isdigit() else 1
    return gone, come


def _address(parts: Iterable[Sequence[object]]) -> str:
    return "".join(f" {name}={value}" for name, value in sorted((str(n), str(v)) for n, v in parts))


def shown(tree: str) -> Counter[str]:
    """The devices of a tree, as the answer writes them."""
    return Counter(f"{place.type}{_address(place.address.items())}" for place in qtree.device_places(qtree.parse(tree)))


def asked(boards: tuple[Board, Board], binaries: tuple[str, str], words: list[str]) -> Asked:
    answer = upgrade(*boards, words, ("qemu",))
    there, _ = process.ask(binaries[1], words, ("info qtree",))
    wrong = []
    if there.accepted is not (answer.will == "starts"):
        wrong.append(f"verdict: {answer.will}, and the binary: {there.message or 'starts'}")
    if answer.argv:
        started, trees = process.ask(binaries[1], list(answer.argv), ("info qtree",))
        if not started.accepted:
            wrong.append(f"changed: {started.message}")
        before = process.ask(binaries[0], words, ("info qtree",))[1]
        if trees and before:
            was, now = shown(before[0]), shown(trees[0])
            gone, come = told(answer)
            if (was - now, now - was) != (gone - come, come - gone):
                wrong.append(f"guest: gone {was - now} come {now - was}, and the answer: {gone} {come}")
    return Asked(words, answer, tuple(wrong))


@pytest.mark.parametrize("arch", COUNT)
def test_agreement(store: Store, arch: str) -> None:
    boards = tuple(Board(store.knowledge(store.resolve(series, arch))) for series in (OLD, NEW))
    binaries = tuple(sibling(find(series), arch) for series in (OLD, NEW))
    drawn = list(startable(boards[0], SEED, (COUNT if full else SAMPLE)[arch], OLD))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda words: asked((boards[0], boards[1]), (binaries[0], binaries[1]), words), drawn))
    print()
    for what in ("verdict", "changed", "guest"):
        bad = sum(any(w.startswith(what) for w in r.wrong) for r in results)
        print(row(f"{arch}, {what}", len(results) - bad, len(results)))
    print(dict(Counter(r.answer.will for r in results)))
    assert [(r.words, r.wrong) for r in results if r.wrong] == []
