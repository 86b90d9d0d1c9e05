"""The first repair of a mistake is the one that a person would make, on machines of all architectures, and of several mistakes."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.place.repairs import repairs
from qrules.plugging.board import Board
from qrules.rulesets.store import Store

Edits = list[tuple[str, str, str]]

CRYPTO = "-object cryptodev-backend-builtin,id=o0 -device "
SERIAL = (
    "-chardev null,id=c0 -chardev null,id=c1 -device virtio-serial-pci,id=vs0 -device virtserialport,chardev=c0,bus=vs0.0,nr=17 "
)
EHCI = "-device ich9-usb-uhci2,masterbus=e.0,firstport=2,addr=19.1 -device usb-mouse,bus=e.0 "
FIRST: tuple[tuple[str, str, Edits], ...] = (
    # a transport that the type is not made for, where no twin is named
    ("x86_64", "-M q35 -device sdhci-device,id=s -device sd-card", [("model", "sdhci-device", "sdhci-pci")]),
    # two neighbouring letters
    ("x86_64", "-M q35 -device i8255a8", [("model", "i8255a8", "i82558a")]),
    # options that -machine passes on
    ("ppc64", "-M pseries,kernel-iqchip=off", [("words", "-machine kernel-iqchip=off", "-machine kernel-irqchip=off")]),
    ("ppc64", "-M pseries-3.0,ic-mode=dual", [("words", "-machine ic-mode=dual", "")]),
    # a place says where the device was to go; an alias of the emulator, what it takes by itself
    (
        "s390x",
        f"-M s390-ccw-virtio {CRYPTO} virtio-crypto-pci,cryptodev=o0,devno=fe.0.001c",
        [("model", "virtio-crypto-pci,cryptodev=o0,devno=fe.0.001c", "virtio-crypto-ccw,cryptodev=o0")],
    ),
    ("s390x", "-M s390-ccw-virtio -device virtio-scsi-device", [("model", "virtio-scsi-device", "virtio-scsi-ccw")]),
    # the address is given up before the bus, of the device that is refused
    (
        "x86_64",
        f"-M q35 {SERIAL} -device virtserialport,chardev=c1,bus=vs0.0,nr=17",
        [("property", "virtserialport,chardev=c1,bus=vs0.0,nr=17", "virtserialport,chardev=c1,bus=vs0.0")],
    ),
    (
        "x86_64",
        "-M pc -nodefaults -device ide-cd,bus=ide.1,unit=300",
        [("property", "ide-cd,bus=ide.1,unit=300", "ide-cd,bus=ide.1")],
    ),
    # before all that names it, and not only before what is refused first
    (
        "x86_64",
        f"-M q35 -nodefaults {EHCI} -device ich9-usb-ehci1,id=e,addr=19.7",
        [
            (
                "earlier",
                "ich9-usb-ehci1,id=e,addr=19.7",
                "ich9-usb-uhci2,masterbus=e.0,firstport=2,addr=19.1",
            )
        ],
    ),
    # of two with one id the one that somebody looks for by another
    (
        "x86_64",
        "-M pc -device ipmi-bmc-sim,id=d -device pci-ipmi-bt,id=d,bmc=b",
        [("property", "ipmi-bmc-sim,id=d", "ipmi-bmc-sim,id=b")],
    ),
    # what nothing could be asked of comes first
    (
        "x86_64",
        '-M q35 -nodefaults -device xhci -device \'{"driver":"usb-kbd","bus":"usb-bus.0"}\'',
        [("model", "xhci", "qemu-xhci")],
    ),
    # a rule that says to leave a key out leaves it out, and not the whole option
    (
        "x86_64",
        "-M q35 -object iothread,id=a,poll-max-ns=-5",
        [("words", "-object iothread,id=a,poll-max-ns=-5", "-object iothread,id=a")],
    ),
    # a bare word of an option is a switch
    ("x86_64", "-M q35,nvdimm -m 1G,slots=2,maxmem=4G", [("words", "-M q35,nvdimm", "-M q35,nvdimm=on")]),
    # an option of the machine that has members
    (
        "aarch64",
        "-M virt,cxl=on,cxl-fmw.0.size=4G,cxl-fmw.0.targets.0=x",
        [("words", "-machine cxl=on", ""), ("words", "-machine cxl-fmw.0.size=4G,cxl-fmw.0.targets.0=x", "")],
    ),
    # devices of JSON come after all others
    (
        "x86_64",
        '-M q35 -nodefaults -device \'{"driver":"virtio-scsi-pci","id":"s","addr":"12.0"}\' -device scsi-cd,bus=s.0',
        [("property", '{"driver":"virtio-scsi-pci","id":"s","addr":"12.0"}', "virtio-scsi-pci,id=s,addr=12.0")],
    ),
    (
        "x86_64",
        '-M q35 -nodefaults -device scsi-cd -device \'{"driver":"virtio-scsi-pci"}\'',
        [
            ("property", '{"driver":"virtio-scsi-pci"}', "virtio-scsi-pci"),
            ("earlier", "virtio-scsi-pci", "scsi-cd"),
        ],
    ),
    # what is said of all devices of a type, and not the devices
    (
        "x86_64",
        "-M q35 -global e1000.maac=52:54:00:11:22:33 -device e1000",
        [("words", "-global e1000.maac=52:54:00:11:22:33", "-global e1000.mac=52:54:00:11:22:33")],
    ),
    ("x86_64", "-M q35 -global e1000.addr=5 -device e1000", [("words", "-global e1000.addr=5", "")]),
    ("s390x", "-M s390-ccw-virtio -cpu z14ZR1-base", [("words", "-cpu z14ZR1-base", "-cpu qemu")]),
    # what nothing can be done about keeps nothing else from being mended
    (
        "x86_64",
        "-M q35 -smp 2,cores=3 -device zork -device e1000,addr=77",
        [("property", "e1000,addr=77", "e1000"), ("words", "-smp 2,cores=3", "-smp 2"), ("drop", "zork", "")],
    ),
    # what can be mended is, where one device has to go all the same
    (
        "aarch64",
        "-M virt -device virtio-balloon-ccw,id=a -device virtio-balloon-ccw",
        [("model", "virtio-balloon-ccw", "virtio-balloon-pci"), ("drop", "virtio-balloon-ccw", "")],
    ),
    (
        "x86_64",
        "-M microvm,pcie=on,acpi=off -device virtio-balloon-pci,addr=18 -device edu -device virtio-balloon-device",
        [("option", "", "acpi=on"), ("drop", "virtio-balloon-device", "")],
    ),
)


@pytest.fixture(scope="module")
def boards(store: Store) -> Callable[[str], Board]:
    made: dict[str, Board] = {}
    return lambda arch: made.setdefault(arch, Board(store.knowledge(store.resolve("10.0", arch))))


@pytest.mark.parametrize(("arch", "text", "edits"), FIRST, ids=[text[3:44] for _, text, _ in FIRST])
def test_first_repair(arch: str, text: str, edits: Edits, boards: Callable[[str], Board]) -> None:
    rules, words = boards(arch), shlex.split(text)
    found = repairs(rules, read(words, rules.knowledge), ("qemu",), argv=words)
    assert [(e.kind, e.before, e.after) for e in found[0].edits] == edits
    for repair in found:
        assert judge(rules, read(list(repair.argv), rules.knowledge), ("qemu",)).verdict in ("accept", "warn")
