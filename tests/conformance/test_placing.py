"""Placed and repaired command lines on real binaries: every one starts, and each device stands where the placement says."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from qrules.configs.argv import read
from qrules.configs.rewriting import rewritten
from qrules.place.placing import Placed, place
from qrules.place.repairs import repairs
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from qrules.qemu.process import attempt
from qrules.report.placing import repaired
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

PLAIN = (
    "e1000", "e1000e", "rtl8139", "virtio-net-pci", "virtio-rng-pci", "virtio-balloon-pci", "virtio-keyboard-pci", "usb-tablet",
    "usb-kbd", "scsi-cd", "virtconsole", "nvme,serial=x", "qemu-xhci", "virtio-scsi-pci", "pcie-root-port,chassis=60", "intel-hda",
    "ich9-ahci", "pci-testdev", "edu", "ide-cd", "floppy",
)  # fmt: skip
CHANNEL = (
    "virtio-net-ccw", "virtio-rng-ccw", "virtio-balloon-ccw", "virtio-scsi-ccw", "virtio-serial-ccw", "scsi-cd", "virtconsole",
    "virtio-keyboard-ccw", "sclpconsole", "virtio-net-pci",
)  # fmt: skip
MACHINES = (
    ("x86_64", "q35"), ("x86_64", "pc"), ("x86_64", "microvm,pcie=on"), ("aarch64", "virt"), ("riscv64", "virt"),
    ("ppc64", "pseries"), ("s390x", "s390-ccw-virtio"),
)  # fmt: skip
COUNT = 22 if full else 4  # for each machine and version: 308 in all


def board(store: Store, qemu: Binary, arch: str) -> Board:
    return Board(store.knowledge(store.resolve(qemu.series, arch)))


def wish_list(machine: str, random_: random.Random, most: int, types: tuple[str, ...]) -> list[str]:
    """A command line without addresses (or nearly so)."""
    argv = ["-M", machine, *(["-nodefaults"] if random_.random() < 0.7 else [])]
    for number in range(random_.randint(1, most)):
        kind = random_.choice(types)
        if kind in ("virtconsole", "sclpconsole"):
            argv += ["-chardev", f"null,id=c{number}"]
            kind += f",chardev=c{number}"
        if random_.random() < 0.3:
            kind += f",id=d{number}"
        argv += ["-device", kind] * (random_.randint(2, 12) if random_.random() < 0.1 and "chassis" not in kind else 1)
    return argv


def questions(arch: str, machine: str, seed: str, count: int) -> Iterator[list[str]]:
    random_ = random.Random(f"{arch} {machine} {seed}")
    for _ in range(count):
        yield wish_list(machine, random_, 10, CHANNEL if arch == "s390x" else PLAIN)


def start_all(binary: str, lines: list[list[str]]) -> list[str]:
    """What the binary says of each command line that it refuses."""
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        outcomes = list(pool.map(lambda argv: attempt(binary, argv), lines))
    return [f"{' '.join(argv)}: {o.message}" for argv, o in zip(lines, outcomes, strict=True) if not o.accepted]


@pytest.mark.parametrize(("arch", "machine"), MACHINES, ids=[f"{a}-{m}" for a, m in MACHINES])
def test_every_placement_starts(arch: str, machine: str, qemu: Binary, store: Store) -> None:
    binary, rules = sibling(qemu, arch), board(store, qemu, arch)
    placed, random_ = [], random.Random(f"{arch} {machine}")
    for argv in questions(arch, machine, "place", COUNT):
        request = read(argv, rules.knowledge)
        hot = frozenset(i for i in range(len(request.devices)) if random_.random() < 0.1)
        answer = place(rules, request, Wants(hotplug=hot, profiles=("qemu",)))
        if isinstance(answer, Placed):
            placed.append(rewritten(argv, answer.request.devices))
    assert placed, "some wishes should be placed"
    assert start_all(binary, placed) == []


@pytest.mark.parametrize(("arch", "machine"), MACHINES[:2], ids=[f"{a}-{m}" for a, m in MACHINES[:2]])
def test_every_repair_starts(arch: str, machine: str, qemu: Binary, store: Store) -> None:
    binary, rules = sibling(qemu, arch), board(store, qemu, arch)
    shown = []
    for argv in questions(arch, machine, "repair", 25 if full else 2):
        request = read(argv, rules.knowledge)
        shown += [repaired(repair, argv) for repair in repairs(rules, request, ("qemu",))]
    assert shown
    assert start_all(binary, shown) == []
