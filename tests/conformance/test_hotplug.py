"""What a running machine takes by device_add, one device after the other: the binary's verdict and its words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import Any

import pytest

from qrules.configs.argv import devices, read
from qrules.explain.hotplug import hotplug
from qrules.explain.reasons import emulator_words
from qrules.knowledge.model import Knowledge
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest
from qrules.plugging.board import Board
from qrules.qemu.errors import CommandFailed
from qrules.qemu.process import PROFILE, attempt
from qrules.qemu.qmp import Session
from qrules.rulesets.store import Store
from tests.conformance.conftest import sibling
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

Q35 = (
    "-M q35 -nodefaults -device pcie-root-port,id=rp,chassis=1 -device qemu-xhci,id=x -device virtio-scsi-pci,id=s "
    "-device ich9-ahci,id=ah -device isa-fdc -device pcie-pci-bridge,id=br -device i82801b11-bridge,id=dmi "
    "-device virtio-serial-pci,id=vs -device nvme,id=nv,serial=1 -device usb-ccid -device intel-hda -chardev null,id=c"
)
Q35_ADDS = (
    "VGA", "VGA,bus=rp", "e1000e", "e1000e,bus=rp", "e1000e,bus=rp", "e1000e,bus=rp,addr=0.1", "intel-iommu", "floppy",
    "isa-serial", "usb-kbd", "scsi-cd", "ide-cd,bus=ah.0", "e1000,bus=br", "e1000,bus=br,addr=1", "e1000,bus=dmi",
    "virtserialport,chardev=c", "nvme-ns", "ccid-card-passthru", "vmgenid", "nosuch", "pci-bridge,chassis_nr=3,bus=br",
    "pcie-root-port,chassis=9", "hda-duplex",
)  # fmt: skip
PC = "-M pc -nodefaults -device pci-bridge,id=b1,chassis_nr=1 -device pci-bridge,id=b2,chassis_nr=2,shpc=off"
PC_ADDS = (
    "VGA", "e1000", "pci-bridge,chassis_nr=7", "pxb,bus_nr=5", "e1000,bus=b1", "e1000,bus=b1,addr=0", "e1000,bus=b1,addr=1.1",
    "e1000,bus=b2", "pcie-root-port,chassis=3", "e1000,addr=0.1", "virtio-vga", "qxl", "isa-debugcon", "nvme", "nvme,serial=1",
    "piix3-ide", "virtio-iommu-pci", "vmware-svga", "usb-tablet",
)  # fmt: skip
VIRT = (
    "-M virt -nodefaults -bios none -device pcie-root-port,id=rp,chassis=1 -device qemu-xhci,id=x -device virtio-scsi-pci "
    "-device pcie-pci-bridge,id=br -device pci-bridge,id=plain,chassis_nr=7,shpc=off -device virtio-scsi-device,id=over-mmio"
)
VIRT_ADDS = (
    "VGA", "e1000e", "e1000e,bus=rp", "e1000e,bus=rp", "e1000,bus=br", "e1000,bus=br,addr=1", "e1000,bus=plain", "usb-kbd",
    "scsi-cd", "scsi-cd,bus=over-mmio.0", "ramfb", "tpm-tis-device", "virtio-rng-device", "virtio-iommu-pci", "riscv-iommu-pci",
    "vmcoreinfo", "loader,addr=1", "nvme-subsys",
)  # fmt: skip
ARM = (
    "-M virt -cpu max -bios /dev/null -m 256M,slots=2,maxmem=2G -nodefaults -device pcie-root-port,id=rp,chassis=1 "
    "-device pcie-root-port,id=fixed,chassis=2,hotplug=off -device x3130-upstream,id=up,bus=rp -chardev null,id=c "
    "-device xio3130-downstream,id=dn,bus=up,chassis=7 -device pcie-pci-bridge,id=br -device virtio-scsi-pci "
    "-object memory-backend-ram,id=m,size=64M -object memory-backend-ram,id=m2,size=64M -object memory-backend-ram,id=m3,size=64M"
)
ARM_ADDS = (
    "e1000e", "e1000e,bus=fixed", "e1000e,bus=dn", "igb,bus=dn", "VGA,bus=dn", "e1000,bus=br", "e1000,bus=br,addr=1", "scsi-cd",
    "virtio-rng-device", "virtio-mem-pci", "virtio-mem-pci,memdev=m", "pc-dimm", "pc-dimm,memdev=m2", "pc-dimm,memdev=m2",
    "nvdimm,memdev=m3", "pc-dimm,memdev=m3", "pc-dimm", "ramfb", "tpm-tis-device", "vfio-platform", "cortex-a57-arm-cpu", "led",
    "usb-kbd", "virtio-iommu-pci", "gpio-key",
)  # fmt: skip
CCW = (
    "-M s390-ccw-virtio -nodefaults -smp 1,maxcpus=3 -device pci-bridge,id=br,chassis_nr=1,shpc=off -device virtio-scsi-ccw,id=s "
    "-device pci-bridge,id=native,chassis_nr=2,shpc=on -device zpci,target=later,fid=7 -device virtio-rng-ccw,devno=fe.0.0004"
)
CCW_ADDS = (
    "virtio-rng-ccw", "virtio-rng-ccw,devno=fe.0.0002", "virtio-rng-ccw,devno=fe.0.0002", "virtio-rng-ccw,devno=fe.9.0002",
    "virtio-net-ccw,devno=nowhere", "virtio-gpu-ccw", "virtio-balloon-ccw", "virtio-balloon-pci,vectors=2", "scsi-cd,bus=s.0",
    "virtio-net-pci,id=later", "virtio-net-pci,bus=br", "zpci,target=auto_01:00.0", "zpci,target=z,fid=7", "zpci,target=z,uid=2",
    "zpci,target=z", "zpci", "virtio-net-pci,bus=native,addr=31", "virtio-net-pci,bus=native", "virtio-net-pci,vectors=0",
    "sclpconsole", "x-terminal3270", "diag288", "vfio-ccw", "vfio-ap", "virtio-iommu-pci", "pci-bridge,chassis_nr=3",
    "qemu-s390x-cpu,core-id=1", "max-s390x-cpu,core-id=1", "qemu-s390x-cpu,core-id=3", "z900-s390x-cpu,core-id=2",
)  # fmt: skip
PSERIES = (
    "-M pseries -nodefaults -device pci-bridge,id=b1,chassis_nr=1 -device pci-bridge,id=b2,chassis_nr=2,shpc=off "
    "-device qemu-xhci -device spapr-vscsi,id=v -cpu power8 -smp 1,maxcpus=4 -m 1G,slots=3,maxmem=4G "
    "-object memory-backend-ram,id=m0,size=256M -object memory-backend-ram,id=m1,size=64M"
)
PSERIES_ADDS = (
    "VGA", "e1000,addr=9", "e1000,addr=9.1", "e1000,addr=9", "e1000,bus=b1", "e1000,bus=b2", "pcie-root-port",
    "pci-bridge,chassis_nr=1", "pci-bridge,chassis_nr=7,id=b7", "e1000,bus=b7", "spapr-pci-host-bridge,index=1,id=p1",
    "spapr-pci-host-bridge,index=1", "spapr-pci-host-bridge,index=31", "e1000,bus=p1.0", "spapr-vlan", "scsi-cd,bus=v.0",
    "usb-tablet", "pc-dimm,memdev=m0", "pc-dimm,memdev=m1", "power8_v2.0-spapr-cpu-core,core-id=0",
    "power8_v2.0-spapr-cpu-core,core-id=1", "power7_v2.3-spapr-cpu-core,core-id=2", "power8_v2.0-spapr-cpu-core,core-id=7",
    "spapr-rng", "spapr-tpm-proxy,host-path=/dev/null", "sm501", "loader,addr=1",
)  # fmt: skip
NUMBERS = re.compile("chassis.*|bus_nr|index|core-id|fid|uid|vectors")  # properties that QMP takes as numbers only
BOARDS = {
    "q35": ("x86_64", Q35, Q35_ADDS),
    "pc": ("x86_64", PC, PC_ADDS),
    "arm": ("aarch64", ARM, ARM_ADDS),
    "pseries": ("ppc64", PSERIES, PSERIES_ADDS),
    "riscv": ("riscv64", VIRT, VIRT_ADDS),
    "s390x": ("s390x", CCW, CCW_ADDS),
}


@pytest.mark.parametrize(("arch", "words", "adds"), BOARDS.values(), ids=BOARDS)
def test_one_after_the_other(arch: str, words: str, adds: tuple[str, ...], qemu: Binary, store: Store) -> None:
    argv, knowledge = shlex.split(words), store.knowledge(store.resolve(qemu.series, arch))
    board = Board(knowledge)
    request = read(argv, knowledge)
    facts = knowledge.machine(request.machine)
    assert facts is not None
    outcome = board.run(facts, request)
    assert own_words(knowledge, outcome.refusals) == []
    with Session(sibling(qemu, arch), argv) as session:
        for number, add in enumerate(adds, len(request.devices)):
            pairs = (pair.split("=") for pair in f"driver={add}".split(","))
            members = {key: int(value) if NUMBERS.fullmatch(key) else value for key, value in pairs}
            _, refusals = board.hotplug(outcome.state, number, asked(dict(members)))
            said = next(iter(own_words(knowledge, refusals)), "taken")
            assert (add, said) == (add, answer(session, members))


def own_words(knowledge: Knowledge, refusals: Iterable[Refusal]) -> list[str]:
    """What the emulator says: not what one should do."""
    return [emulator_words(knowledge, r) for r in refusals if r.note is None or knowledge.note(r.note).profile in ("", PROFILE)]


def asked(members: dict[str, Any]) -> DeviceRequest:
    driver, identity, bus = (members.pop(name, None) for name in ("driver", "id", "bus"))
    return DeviceRequest(driver, identity, bus, members, json=True)


def answer(session: Session, members: dict[str, Any]) -> str:
    try:
        session.execute("device_add", **members)
    except CommandFailed as refused:
        return refused.description
    return "taken"


STARTED = "-M q35 -nodefaults -device pcie-root-port,id=rp,chassis=1 -device pcie-pci-bridge,id=br -device qemu-xhci,id=x"
WISHES = ("virtio-net-pci", "e1000", "usb-kbd", "scsi-cd", "VGA", "ide-cd")


@pytest.mark.parametrize("wish", WISHES)
def test_what_would_take_it(wish: str, qemu: Binary, board_of: Board) -> None:
    """Every free place takes the device in the binary too, every other bus refuses it, and what was lacking helps."""
    argv = shlex.split(STARTED)
    (added,) = hotplug(board_of, read(argv, board_of.knowledge), devices([wish])).added
    named = [place.placement.bus for place in added.places]
    if added.placement is None:
        for bus in ("rp", "br", "x.0", "pcie.0"):
            assert (bus, answer_of(qemu, argv, wish, bus) == "taken") == (bus, bus in named)
    for start in added.starts:
        more = shlex.split(start.text)
        if start.kind == "cold":
            assert attempt(qemu.path, [*argv, *more]).accepted
        elif start.kind == "device":
            assert answer_of(qemu, [*argv, *more], wish, start.bus) == "taken"


def answer_of(qemu: Binary, argv: list[str], driver: str, bus: str | None) -> str:
    with Session(qemu.path, argv) as session:
        return answer(session, {"driver": driver, "bus": bus})
