"""Random wishes from a seed: devices of all bus kinds of an architecture, with pins, NUMA nodes, functions, and room for more."""

from __future__ import annotations

import random
from collections.abc import Iterator

from qrules.place.wants import Spare, Wants
from tests.conformance.proposals import Wish

PCI = (
    "e1000", "e1000e", "igb", "rtl8139", "vmxnet3", "virtio-net-pci", "virtio-rng-pci", "virtio-balloon-pci", "virtio-gpu-pci",
    "virtio-scsi-pci", "virtio-serial-pci", "virtio-keyboard-pci", "nvme,serial=s{n}", "qemu-xhci", "usb-ehci", "intel-hda",
    "ich9-ahci", "pci-testdev", "edu", "VGA", "bochs-display", "i6300esb", "pvpanic-pci", "sdhci-pci", "tpci200", "lsi53c895a",
    "megasas", "pci-bridge,chassis_nr={n1}", "pcie-root-port,chassis={n1}", "pcie-pci-bridge", "ufs", "virtio-blk-pci,drive={drive}",
)  # fmt: skip
HANGING = (
    "usb-tablet", "usb-kbd", "usb-hub", "usb-ccid", "usb-storage,drive={drive}", "scsi-cd", "scsi-hd,drive={drive}", "ide-cd",
    "ide-hd,drive={drive}", "virtconsole,chardev={char}", "virtserialport,chardev={char}", "nvme-ns,drive={drive}",
    "hda-duplex,audiodev=au0", "sd-card,drive={drive}", "ipoctal232", "ccid-card-passthru,chardev={char}", "ufs-lu,drive={drive}",
)  # fmt: skip
OWN = {
    "x86_64": ("floppy", "isa-serial,chardev={char}", "isa-debugcon,chardev={char}", "ib700", "ne2k_isa", "virtio-rng-device"),
    "aarch64": ("virtio-net-device", "virtio-rng-device", "virtio-blk-device,drive={drive}", "virtio-scsi-device"),
    "riscv64": ("virtio-net-device", "virtio-rng-device", "virtio-blk-device,drive={drive}", "virtio-serial-device"),
    "ppc64": ("spapr-vlan", "spapr-vscsi", "spapr-vty,chardev={char}", "spapr-pci-host-bridge,index={n1}"),
    "s390x": ("virtio-net-ccw", "virtio-rng-ccw", "virtio-blk-ccw,drive={drive}", "virtio-scsi-ccw", "virtio-serial-ccw"),
}
MACHINES = (
    ("x86_64", "q35"), ("x86_64", "q35,usb=on"), ("x86_64", "pc"), ("x86_64", "pc,usb=on"), ("x86_64", "pc-i440fx-4.2"),
    ("x86_64", "pc-q35-5.2"), ("x86_64", "isapc"), ("x86_64", "microvm"), ("x86_64", "microvm,pcie=on"), ("aarch64", "virt"),
    ("riscv64", "virt"), ("ppc64", "pseries"), ("s390x", "s390-ccw-virtio"),
)  # fmt: skip
ON_MAINFRAMES = ("virtio-net-pci", "virtio-rng-pci", "virtio-balloon-pci", "virtio-blk-pci,drive={drive}", "nvme,serial=s{n}")
SPARED = ("e1000", "e1000e", "virtio-net-pci", "usb-tablet", "scsi-cd", "ide-cd", "virtio-rng-ccw", "spapr-vlan")


def wishes(seed: str, count: int) -> Iterator[Wish]:
    """So many wishes; the same ones for the same seed."""
    for number in range(count):
        yield _Drawing(random.Random(f"{seed} {number}")).wish()


class _Drawing:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.arch, self.machine = rng.choice(MACHINES)
        self.options: list[str] = ["-audiodev", "none,id=au0"]
        self.devices: list[str] = []

    def wish(self) -> Wish:
        rng = self.rng
        for _ in range(rng.choice((1, 2, 3, 4, 5, 6, 8))):
            text = rng.choice(self._types())
            for _ in range(rng.randint(2, 40 if rng.random() < 0.3 else 6) if rng.random() < 0.2 else 1):
                self.devices.append(self._device(text))
        wants = self._wants()
        argv = ["-M", self.machine, *(["-nodefaults"] if rng.random() < 0.6 else []), *self.options]
        return Wish(self.arch, (*argv, *(word for d in self.devices for word in ("-device", d))), wants)

    def _types(self) -> tuple[str, ...]:
        pci = ON_MAINFRAMES if self.arch == "s390x" else PCI
        return self.rng.choice((pci, pci, HANGING, HANGING, OWN[self.arch]))

    def _device(self, text: str) -> str:
        n = len(self.devices)
        if "{drive}" in text:
            self.options += ["-blockdev", f"driver=null-co,node-name=d{n},size=67108864,read-zeroes=on"]
        if "{char}" in text:
            self.options += ["-chardev", f"null,id=c{n}"]
        text = text.format(n=n, n1=n % 30 + 1, drive=f"d{n}", char=f"c{n}")
        root = {"q35": "pcie.0", "virt": "pcie.0", "pc": "pci.0", "pseries": "pci.0"}.get(
            self.machine.split(",")[0].split("-")[0]
        )
        plain = [p.split(",")[0] for p in PCI]
        if root is not None and text.split(",")[0] in plain and self.rng.random() < 0.1:
            text += f",bus={root},addr={self.rng.choice((5, 6, 8, 9, 0x10, 0x1E)):x}"
        return f"{text},id=w{n}"

    def _wants(self) -> Wants:
        rng, count = self.rng, len(self.devices)
        profiles = ("qemu",) if rng.random() < 0.6 else ()
        wants = Wants(profiles=profiles)

        def some(most: int) -> tuple[int, ...]:
            return tuple(rng.sample(range(count), min(count, rng.randint(2, most))))

        match rng.randrange(14):
            case 0 | 1:
                return wants._replace(hotplug=frozenset({rng.randrange(count)}))
            case 2 if count > 1:
                return wants._replace(apart=(some(3),))
            case 3 if count > 1:
                return wants._replace(together=(some(3),))
            case 4 if count > 1:
                return wants._replace(functions=(some(3),))
            case 5:
                return wants._replace(spare=(Spare(rng.choice(SPARED), rng.randint(1, 6)),))
            case 6:
                return wants._replace(spare=(Spare(rng.choice(SPARED), rng.randint(1, 3), True),))
            case 7 if self.arch == "x86_64" and self.machine not in ("isapc", "microvm"):
                for node in (0, 1):
                    self.options += ["-object", f"memory-backend-ram,id=m{node},size=64M", "-numa", f"node,memdev=m{node}"]
                self.options += ["-smp", "2", "-m", "128"]
                return wants._replace(nodes={rng.randrange(count): rng.randrange(2)})
            case _:
                return wants
