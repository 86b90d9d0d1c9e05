"""Converted command lines on real binaries: every one starts, from configs with addresses, controllers and options of all kinds.

Those of the wider generator are also searched for changes that a guest sees and nothing tells (`conversions`). QRULES_FULL=1 asks
some 500 with each version; otherwise a sample. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterator

import pytest

from qrules.configs.argv import read
from qrules.conversion.answer import Converted, Impossible
from qrules.conversion.converting import convert
from qrules.conversion.target import target
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.conversions import judged, startable
from tests.conformance.test_placing import Told, board, check_all, told
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

PCI = (
    "e1000", "e1000e", "rtl8139", "virtio-net-pci", "virtio-rng-pci", "virtio-balloon-pci", "virtio-keyboard-pci", "nvme,serial=x",
    "qemu-xhci", "intel-hda", "ich9-ahci", "pci-testdev", "edu", "lsi53c895a", "piix3-usb-uhci", "pcie-root-port,chassis=60",
    "VGA", "ES1370",
)  # fmt: skip
OTHERS = ("usb-tablet", "usb-kbd", "scsi-cd", "ide-cd", "floppy", "isa-debug-exit", "vmgenid", "intel-iommu")
OPTIONS = (
    ["-hda", "null-co://"], ["-hdb", "null-co://"], ["-cdrom", "null-co://"], ["-fda", "null-co://"], ["-vga", "std"], ["-vga", "none"],
    ["-drive", "if=virtio,file=null-co://,format=raw"], ["-nic", "user,model=rtl8139"], ["-nic", "none"], ["-usb"], ["-serial", "null"],
    ["-usbdevice", "tablet"], ["-global", "e1000.mac=52:54:00:12:34:56"], ["-global", "PIIX4_PM.disable_s3=1"], ["-parallel", "none"],
)  # fmt: skip
VIRTIO = ("virtio-net-device", "virtio-rng-device", "virtio-balloon-device", "virtio-keyboard-device", "virtio-scsi-device")
ROUTES = (
    ("x86_64", "pc", "q35"), ("x86_64", "q35", "pc"), ("x86_64", "pc,usb=on", "q35"), ("x86_64", "q35,usb=on", "pc"),
    ("x86_64", "pc", "microvm"), ("x86_64", "microvm", "q35"), ("x86_64", "pc-i440fx-6.0", "pc"), ("x86_64", "q35", "pc-q35-6.0"),
    ("x86_64", "isapc", "pc"),
)  # fmt: skip
COUNT = 120 if full else 2
WIDE = (
    ("x86_64", "pc", "q35", 200), ("x86_64", "q35", "pc", 200), ("x86_64", "pc", "pc-i440fx-6.0", 30), ("x86_64", "q35", "pc-q35-7.2", 30),
    ("x86_64", "pc-q35", "q35", 20), ("x86_64", "microvm", "q35", 30), ("x86_64", "q35", "microvm,pcie=on", 20), ("x86_64", "isapc", "pc", 20),
    ("aarch64", "virt", "virt-6.2", 30), ("aarch64", "virt-2.12", "virt", 10), ("aarch64", "virt-6.1", "virt", 10),
    ("riscv64", "virt", "virt,aia=aplic", 15),
    ("ppc64", "pseries", "pseries-6.0", 20), ("ppc64", "pseries-3.1", "pseries", 10), ("ppc64", "pseries-6.0", "pseries", 10),
    ("s390x", "s390-ccw-virtio", "s390-ccw-virtio-6.0", 20),
)  # fmt: skip
SEED = 20261130


class Draw:
    """One config that may or may not start: several of these are drawn until one does."""

    def __init__(self, random_: random.Random, machine: str) -> None:
        self.random, self.machine = random_, machine
        self.words = ["-M", machine, *(["-nodefaults"] if random_.random() < 0.5 else [])]
        self.root = "pcie.0" if "q35" in machine else "pci.0"
        self.count = 0
        self.bridges: list[str] = []

    def config(self) -> list[str]:
        plain = self.machine.startswith(("microvm", "isapc"))
        for _ in range(self.random.randint(1, 7)):
            self.count += 1
            roll = self.random.random()
            if plain:
                kinds = VIRTIO if self.machine == "microvm" else ("ide-cd", "isa-debug-exit", "ne2k_isa")
                self.words += ["-device", self.random.choice(kinds)]
            elif roll < 0.45:
                self.words += ["-device", self.random.choice(PCI) + self.place()]
            elif roll < 0.6:
                self.controller()
            elif roll < 0.75:
                self.words += ["-device", self.random.choice(OTHERS)]
            elif roll < 0.85:
                self.disk()
            else:
                self.words += self.random.choice(OPTIONS)
        return self.words

    def name(self) -> str:
        return f",id=x{self.count}" if self.random.random() < 0.3 else ""

    def place(self) -> str:
        roll = self.random.random()
        if roll < 0.4:
            return self.name()
        if roll < 0.6 and self.bridges:
            return f"{self.name()},bus={self.random.choice(self.bridges)}"
        bus = f",bus={self.root}" if self.random.random() < 0.6 else ""
        slot = self.random.choice((2, 3, 4, 5, 9, 0x10, 0x1D, 0x1E, 0x1F))
        form = self.random.choice(
            (f"{slot:#x}", f"{slot:02x}.0", f"{slot:x}.0,multifunction=on", f"{slot:x}.{self.random.randint(1, 3)}")
        )
        return f"{self.name()}{bus},addr={form}"

    def controller(self) -> None:
        name = f"b{self.count}"
        if self.root == "pcie.0":
            kind = self.random.choice(
                (f"pcie-root-port,chassis={self.count}", "pcie-pci-bridge", f"ioh3420,chassis={self.count}")
            )
        else:
            kind = f"pci-bridge,chassis_nr={self.count}"
        self.words += ["-device", f"{kind},id={name}"]
        self.bridges.append(name)

    def disk(self) -> None:
        name = f"d{self.count}"
        unit = f",bus=ide.{self.random.randint(0, 3)}" + (",unit=1" if self.random.random() < 0.3 else "")
        kind = self.random.choice(("ide-hd", "ide-hd" + unit, "ide-cd" + unit, "virtio-blk-pci", "floppy"))
        self.words += ["-drive", f"if=none,id={name},file=null-co://,format=raw", "-device", f"{kind},drive={name}"]


def configs(rules: Board, machine: str, seed: str, count: int) -> Iterator[list[str]]:
    """Configs that start on their machine, as the rules say."""
    random_ = random.Random(f"{machine} {seed}")
    found = 0
    while found < count:
        words = Draw(random_, machine).config()
        if judge(rules, read(words, rules.knowledge), ("qemu",)).verdict in ("accept", "warn"):
            found += 1
            yield words


@pytest.mark.parametrize(("arch", "old", "new"), ROUTES, ids=[f"{o}-to-{n}" for _, o, n in ROUTES])
def test_every_conversion_starts(arch: str, old: str, new: str, qemu: Binary, store: Store) -> None:
    binary, rules = sibling(qemu, arch), board(store, qemu, arch)
    shown: dict[str, Told] = {}
    refused, unsure = 0, []
    for words in configs(rules, old, "convert", COUNT):
        answer = convert(rules, words, target(rules, read(words, rules.knowledge), new))
        if isinstance(answer, Converted):
            shown[shlex.join(answer.argv)] = told(rules, list(answer.argv), read(list(answer.argv), rules.knowledge), set())
        elif isinstance(answer, Impossible):
            assert answer.blocked or answer.conflict, words
            refused += 1
        else:
            unsure.append((words, answer))
    assert unsure == []
    assert shown, "some configs should be converted"
    assert check_all(binary, shown) == {}


@pytest.mark.parametrize(("arch", "old", "new", "count"), WIDE, ids=[f"{o}-to-{n}" for _, o, n, _ in WIDE])
def test_what_changes_is_told(arch: str, old: str, new: str, count: int, qemu: Binary, store: Store) -> None:
    binary, rules = sibling(qemu, arch), board(store, qemu, arch)
    if "." in old and rules.knowledge.machine(old) is None:
        pytest.skip(f"QEMU {qemu.series} has no {old} any more; a later one is asked beside it")
    asked, wrong = 0, []
    counts: dict[str, int] = {}
    for words in startable(rules, SEED, count if full else 1, qemu.series, old):
        found = judged(rules, binary, words, new)
        asked += 1
        counts[found.verdict] = counts.get(found.verdict, 0) + 1
        wrong += [f"{shlex.join(words)} --to {new}: {found.verdict}: {issue}" for issue in found.issues]
    print("", row(f"{old} to {new}: nothing wrong", asked - len(wrong), asked), counts, sep="\n")
    assert asked
    assert wrong == []
