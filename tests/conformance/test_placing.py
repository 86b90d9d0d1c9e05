"""Placed and repaired command lines on real binaries: every one starts, and each device stands where the placement says.

What is to come later is plugged into the running machine. Where no placement is found, the binary has to refuse the config too.
Run with ``-s`` to see the counts.
"""

from __future__ import annotations

import os
import random
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from qrules.configs.argv import read
from qrules.configs.rewriting import device_text, rewritten
from qrules.explain.verdicts import judge, judge_outcome, placement
from qrules.machine.request import Request
from qrules.place.answer import Placed, Undecided
from qrules.place.placing import place
from qrules.place.repairs import repairs
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from qrules.qemu import qtree
from qrules.qemu.process import ask
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
COUNT = 22 if full else 6  # for each machine and version: 308 in all
LEAST = {"s390-ccw-virtio": 0.15}  # of the wishes have a placement; here two consoles are often drawn, where one may be
LEAST_ELSEWHERE = 0.5


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


class Told(NamedTuple):
    """A placed config as it is put to a binary: what starts with it, and what is plugged into it then, as texts of -device.

    `places` has each device's type, bus and address, as the rules read the whole placed config.
    """

    argv: list[str]
    adds: list[str]
    places: list[tuple[str, str, dict[str, str]]]

    def __str__(self) -> str:
        return " ".join((*self.argv, *(f"+ {add}" for add in self.adds)))


def told(rules: Board, argv: list[str], placed: Request, later: set[int]) -> Told:
    """`later` are positions of devices that are plugged while the machine runs; what hangs on them is too."""
    _, outcome = judge_outcome(rules, placed, ("qemu",))
    assert outcome is not None
    plugged = {id(device): number for number, device in enumerate(outcome.devices) if device is not None}
    places = []
    for number, device in enumerate(outcome.devices):
        assert device is not None, f"{shlex.join(argv)}: the rules refuse their own placement of {placed.devices[number]}"
        if device.bus is not None:
            if plugged.get(id(device.bus.owner)) in later:
                later.add(number)
            at = placement(number, device).address
            places.append((device.kind.name, device.bus.id, {name: str(value) for name, value in at.items()}))
    cold = [device for number, device in enumerate(placed.devices) if number not in later]
    return Told(rewritten(argv, cold), [device_text(placed.devices[n]) for n in sorted(later)], places)


def wrong(binary: str, config: Told) -> list[str]:
    """What the binary says against a placed config: refusals, and devices that stand elsewhere."""
    outcome, said = ask(binary, config.argv, (*(f"device_add {add}" for add in config.adds), "info qtree"))
    if not outcome.accepted:
        return [f"{config}: refused: {outcome.message}"]
    refused = [
        f"{config}: {add} is not taken later: {text}" for add, text in zip(config.adds, said, strict=False) if text.strip()
    ]
    return refused or [f"{config}: no {place}" for place in elsewhere(config, said[-1])]


def elsewhere(config: Told, tree: str) -> list[tuple[str, str, dict[str, str]]]:
    """The places of a config at which its device does not stand. Each device of the tree stands for one."""
    standing = qtree.device_places(qtree.parse(tree), {name for _, _, at in config.places for name in at})
    missing = []
    for kind, bus, at in config.places:
        found = next((d for d in standing if (d.type, d.bus) == (kind, bus) and at.items() <= d.address.items()), None)
        if found is None:
            missing.append((kind, bus, at))
        else:
            standing.remove(found)
    return missing


def check_all(binary: str, configs: dict[str, Told]) -> dict[str, list[str]]:
    """What is wrong with each config that something is wrong with."""
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        found = pool.map(lambda config: wrong(binary, config), configs.values())
        return {asked: lines for asked, lines in zip(configs, found, strict=True) if lines}


def taken(binary: str, argv: list[str], request: Request, hot: frozenset[int]) -> bool:
    """Whether the binary takes a config just as it was asked, what comes later included: then it has a placement."""
    cold = rewritten(argv, [d for n, d in enumerate(request.devices) if n not in hot])
    outcome, said = ask(binary, cold, [f"device_add {device_text(request.devices[n])}" for n in sorted(hot)])
    return outcome.accepted and not any(text.strip() for text in said)


@pytest.mark.parametrize(("arch", "machine"), MACHINES, ids=[f"{a}-{m}" for a, m in MACHINES])
def test_every_device_stands_where_it_was_placed(arch: str, machine: str, qemu: Binary, store: Store) -> None:
    binary, rules = sibling(qemu, arch), board(store, qemu, arch)
    placed: dict[str, Told] = {}
    mistaken, random_ = [], random.Random(f"{arch} {machine}")
    for argv in questions(arch, machine, "place", COUNT):
        request = read(argv, rules.knowledge)
        hot = frozenset(i for i in range(len(request.devices)) if random_.random() < 0.1)
        answer = place(rules, request, Wants(hotplug=hot, profiles=("qemu",)))
        asked = f"{shlex.join(argv)}, later {sorted(hot)}"
        if isinstance(answer, Placed):
            later = {number for number, origin in enumerate(answer.origin) if origin in hot}
            placed[asked] = told(rules, argv, answer.request, later)
        elif isinstance(answer, Undecided) and not answer.reasons:
            mistaken.append(f"{asked}: undecided: {answer.why}")
        elif taken(binary, argv, request, hot):
            mistaken.append(f"{asked}: the binary takes it as it is")
    print(f"\n{arch} {machine}: {len(placed)} of {COUNT} placed, {sum(len(c.adds) for c in placed.values())} devices later")
    assert mistaken == []
    assert len(placed) >= COUNT * LEAST.get(machine, LEAST_ELSEWHERE)
    found = check_all(binary, placed)
    assert found == {}


@pytest.mark.parametrize(("arch", "machine"), MACHINES[:2], ids=[f"{a}-{m}" for a, m in MACHINES[:2]])
def test_every_repair_starts(arch: str, machine: str, qemu: Binary, store: Store) -> None:
    """Each config that is refused has a repair, and all that are shown start, each device where the rules say."""
    binary, rules = sibling(qemu, arch), board(store, qemu, arch)
    shown: dict[str, Told] = {}
    refused, helpless = 0, []
    for argv in questions(arch, machine, "repair", 25 if full else 4):
        request = read(argv, rules.knowledge)
        refused += judge(rules, request, ("qemu",)).verdict == "reject"
        found = [list(repair.argv) for repair in repairs(rules, request, ("qemu",), argv=argv)]
        if not found and judge(rules, request, ("qemu",)).verdict == "reject":
            helpless.append(shlex.join(argv))
        shown |= {shlex.join(words): told(rules, words, read(words, rules.knowledge), set()) for words in found}
    assert refused
    assert helpless == []
    assert check_all(binary, shown) == {}
