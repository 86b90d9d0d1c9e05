"""Random wishes for places: what is printed starts and lands as said, nothing breaks or takes long, and a no is a no.

A no is confirmed by `searching`, which puts devices down on the machine at random and shares nothing with the solver.
``QRULES_FULL=1`` asks many more. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from qrules.place.answer import Placed
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.proposals import Wish, judged
from tests.conformance.wider_wishes import wider
from tests.conformance.wishes import wishes
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

COUNT = 250 if full else 5  # with each version
WIDER = 250 if full else 5
UNKNOWN = 0.01  # of the wishes may go undecided

QEMU_ONLY = Wants(profiles=("qemu",))
# What was wrong once, with what it costs to place it; None where that may be anything.
KNOWN = (
    ("x86_64", "-M pc,usb=on -device usb-tablet -device usb-kbd", Wants(), 0),
    ("x86_64", "-M q35" + " -device usb-tablet" * 6, Wants(), 15),
    ("x86_64", "-M q35 -device qemu-xhci" + " -device usb-tablet" * 4, Wants(), 0),
    ("x86_64", "-M pc -device igb -device scsi-cd", QEMU_ONLY, 15),
    ("ppc64", "-M pseries -device igb -device scsi-cd", QEMU_ONLY, 15),
    ("ppc64", "-M pseries -device igb -device igb -device igb", QEMU_ONLY, 0),
    ("aarch64", "-M virt" + " -device e1000" * 33, Wants(), 25),
    ("aarch64", "-M virt" + " -device virtio-net-pci" * 32, Wants(), None),
    ("x86_64", "-M q35 -device ipoctal232", QEMU_ONLY, None),
    ("x86_64", "-M microvm -device scsi-cd -device virtserialport", QEMU_ONLY, None),
    ("x86_64", "-M q35 -device pci-bridge,chassis_nr=9", QEMU_ONLY, 0),
    ("x86_64", "-M q35 -device pci-bridge,chassis_nr=3", Wants(hotplug=frozenset({0})), None),
)


def board(store: Store, qemu: Binary, arch: str) -> Board:
    return Board(store.knowledge(store.resolve(qemu.series, arch)))


@pytest.mark.parametrize(("arch", "line", "wants", "cost"), KNOWN, ids=[f"{a}{line[2:40]}" for a, line, _, _ in KNOWN])
def test_what_was_wrong_once(arch: str, line: str, wants: Wants, cost: int | None, qemu: Binary, store: Store) -> None:
    found = judged(board(store, qemu, arch), sibling(qemu, arch), Wish(arch, tuple(line.split()), wants))
    if qemu.series == "7.2" and "igb" in line:
        assert found.verdict == "nowhere"  # that version has no such device
        return
    assert (found.verdict, found.issues) == ("placed", ())
    assert isinstance(found.answer, Placed)
    assert cost is None or found.answer.cost == cost


def test_random_wishes(qemu: Binary, store: Store) -> None:
    _ask(wishes(f"wishes {qemu.series}", COUNT), qemu, store)


def test_wider_wishes(qemu: Binary, store: Store) -> None:
    _ask(wider("wider", WIDER, qemu.series, lambda arch: board(store, qemu, arch)), qemu, store)


def _ask(drawn: Iterator[Wish], qemu: Binary, store: Store) -> None:
    """Each wish is placed as it has to be; a config that starts as it is costs nothing."""
    counts: Counter[str] = Counter()
    wrong, undecided, right = [], [], 0
    for wish in drawn:
        found = judged(board(store, qemu, wish.arch), sibling(qemu, wish.arch), wish, 30 if full else 3)
        right += found.verdict != "unknown" and not found.issues
        counts[found.verdict] += 1
        if found.verdict == "unknown":
            undecided.append(f"{wish}: {found.issues}")
        elif found.issues:
            wrong.append(f"{wish}: {found.issues}")
        if wish.starts and not (isinstance(found.answer, Placed) and found.answer.cost == 0):
            wrong.append(f"{wish}: it starts as it is, and is answered {found.verdict}")
    count = counts.total()
    print(f"\n{qemu.series}: {dict(counts)}\n{row('right', right, count)}")
    assert wrong == []
    assert len(undecided) <= max(1, count * UNKNOWN), undecided
    assert counts["placed"] > (count / 4 if full else 0)
