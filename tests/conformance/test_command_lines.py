"""Command lines as people write them, right and wrong: the binary's verdict and words, and what the reason carries."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import Verdict, judge
from qrules.paths import rules_folder
from qrules.plugging.board import Board
from qrules.qemu.process import attempt
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu


class Line(NamedTuple):
    """What somebody wrote. `blamed` is the device that is refused, by its number; None where all goes well."""

    words: str
    blamed: int | None = None
    rule: str = ""


DISK = "-blockdev driver=null-co,node-name=d0,size=67108864 "
LINES = (
    Line("-M q35 -device virtio-net-pci -device virtio-rng-pci"),
    Line("-M q35 -device pcie-root-port,id=rp1,chassis=1 -device virtio-net-pci,bus=rp1"),
    Line("-M q35 -device pcie-root-port,id=rp1 -device pcie-root-port,id=rp2", 1, "chassis-slot"),
    Line("-M q35 -device floppy -device virtio-net-pci", 0, "no-bus"),
    Line("-M q35 -device isa-fdc -device floppy"),
    Line("-M pc -device floppy,unit=0 -device floppy,unit=0", 1, "unit"),
    Line("-M q35 -device usb-tablet -device qemu-xhci", 0, "no-bus"),
    Line("-M q35 -device qemu-xhci,id=xhci -device usb-tablet,bus=xhci.0 -device usb-kbd"),
    Line("-M q35 -device usb-ehci,id=ehci -device usb-hub,bus=ehci.0", 1, "usb-speed"),
    Line(DISK + "-M q35 -device scsi-hd,drive=d0 -device virtio-scsi-pci", 0, "no-bus"),
    Line(DISK + "-M q35 -device virtio-scsi-pci,id=s -device scsi-hd,drive=d0,bus=s.0 -device scsi-cd"),
    Line(DISK + "-M q35 -device virtio-blk-pci,drive=d0 -device virtio-blk-pci,drive=d0", 1, "one-writer"),
    Line("-M q35 -device virtio-blk-pci,drive=nowhere -device virtio-rng-pci", 0, "block-backend"),
    Line("-M q35 -nodefaults -device ide-cd -device ide-cd -device ide-cd", 1, "unit"),
    Line("-M pc -device e1000,addr=5 -device rtl8139,addr=5", 1, "addr"),
    Line("-M q35 -device e1000,addr=5.0 -device e1000,addr=5.1", 1, "function-needs-multifunction"),
    Line("-M q35 -device e1000,addr=5.0,multifunction=on -device e1000,addr=5.1"),
    Line("-M pc -device pcie-root-port,id=rp1 -device nvme,serial=a,bus=rp1 -device nvme", 2, "nvme-serial"),
    Line("-M q35 -device pxb-pcie,id=pxb1,bus_nr=64 -device virtio-net-pci", 1, "bridges-only-behind-expander"),
    Line("-M pc -device pci-bridge,id=b1 -device e1000,bus=b1", 0, "bridge-chassis-given"),
    Line("-M pc -device pci-bridge,id=b1,chassis_nr=1 -device e1000,bus=b1,addr=1 -device e1000,bus=b1,addr=2"),
    Line("-M q35 -device virtio-serial-pci -chardev null,id=c -device virtserialport,chardev=c,nr=0", 1, "port-zero-is-console"),
    Line("-M pc -device intel-iommu -device virtio-net-pci", 0, "sysbus-allowed"),
    Line("-M q35 -device VGA,id=screen -device qxl-vga", 1, "qxl-is-first"),
    Line("-M q35 -device virtio-nic -device e1000", 0, "no-such-type"),
    Line("-M q35 -device e1000,id=net0 -device e1000e,id=net0", 1, "duplicate-option-id"),
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.words)
def test_verdict_and_words(line: Line, qemu: Binary, board_of: Board) -> None:
    argv = shlex.split(line.words)
    started = attempt(qemu.path, argv)
    verdict = judge(board_of, read(argv, board_of.knowledge), ("qemu",))
    assert (verdict.verdict == "accept", started.accepted) == (line.blamed is None,) * 2
    if line.blamed is not None:
        assert verdict.reasons[0].emulator_message == started.message
        assert started.blamed == ("-device", [w for v, w in pairwise(argv) if v == "-device"][line.blamed])
        check_reason(verdict, line)


def check_reason(verdict: Verdict, line: Line) -> None:
    """A reason names the device, says why, and tells where the rule stands and where that comes from."""
    reason = verdict.reasons[0]
    assert (reason.devices[0], reason.rule, reason.severity, reason.profile) == (line.blamed, line.rule, "reject", "qemu")
    assert reason.message
    assert reason.span is not None
    assert reason.see
    assert all(source.document.startswith("qemu:") for source in reason.see)
    assert reason.where is not None
    text = Path(rules_folder()).parent.joinpath(reason.where.file).read_text(encoding="utf-8").splitlines()
    assert text[reason.where.line - 1].strip()
