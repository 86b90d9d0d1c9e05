"""Configs of a given size from a seed: PCs as people build them, no two alike, and all of them start.

Thirty devices are one group: on q35 a slot of root ports with devices behind them, on pc a bridge with devices behind it;
among these devices disks behind SCSI adapters and what hangs on USB controllers. Some buses and addresses are written, others
left to QEMU. A larger config is more such groups, so that its devices are of the same kinds as those of a small one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

GROUP = 30
_EXPRESS = ("virtio-net-pci", "virtio-blk-pci", "virtio-rng-pci", "e1000e", "virtio-serial-pci", "nvme", "virtio-balloon-pci")
_CONVENTIONAL = ("e1000", "rtl8139", "virtio-rng-pci", "virtio-net-pci", "virtio-blk-pci", "pci-serial", "intel-hda", "i6300esb")
_ADAPTERS = ("virtio-scsi-pci", "virtio-scsi-pci", "megasas-gen2")
_OLD_ADAPTERS = ("virtio-scsi-pci", "virtio-scsi-pci", "lsi53c895a", "megasas")
_DISKS = ("scsi-hd", "scsi-hd", "scsi-cd")
_CONTROLLERS = ("qemu-xhci", "nec-usb-xhci")
_ON_USB = ("usb-tablet", "usb-kbd", "usb-mouse", "usb-tablet", "usb-hub")
_ONE_A_MACHINE = ("virtio-balloon-pci",)


class _Draw:
    """Draws the words of one config."""

    def __init__(self, rng: random.Random, express: bool, devices: int) -> None:
        self.rng, self.express, self.left = rng, express, devices
        self.words: list[str] = []
        self.backends: list[str] = []
        self.names = 0
        self.chassis = rng.randrange(1, 8)
        self.once: set[str] = set()

    def name(self, stem: str) -> str:
        """An id that nothing else has, in no other config either but by chance."""
        self.names += 1
        return f"{stem}{self.rng.randrange(10_000)}-{self.names}"

    def device(self, driver: str, stem: str, *properties: str) -> str:
        """Adds a device while there is room in the config. Gives its id."""
        identity = self.name(stem)
        if self.left:
            self.left -= 1
            self.words += ["-device", ",".join((driver, f"id={identity}", *properties))]
        return identity

    def disk(self) -> str:
        """A host resource for a disk, as a property that names it."""
        node = self.name("node")
        self.backends += ["-blockdev", f"driver=null-co,node-name={node},size=67108864,read-zeroes=on"]
        return f"drive={node}"

    def plain(self, drivers: tuple[str, ...], *place: str) -> None:
        """A device with nothing behind it, with what it has to be given."""
        driver = self.rng.choice([d for d in drivers if d not in self.once])
        if driver in _ONE_A_MACHINE:
            self.once.add(driver)
        properties = list(place)
        if driver in ("virtio-blk-pci",):
            properties.append(self.disk())
        elif driver == "nvme":
            properties += [self.disk(), f"serial={self.rng.randrange(10**8):08d}"]
        elif driver in ("virtio-net-pci", "e1000", "e1000e", "rtl8139") and self.rng.random() < 0.7:
            properties.append(f"mac=52:54:00:{self.rng.randrange(256):02x}:{self.rng.randrange(256):02x}:{self.names % 256:02x}")
        self.device(driver, "dev", *properties)

    def disks(self, *place: str) -> None:
        """A SCSI adapter and three to five disks."""
        adapter = self.device(self.rng.choice(_ADAPTERS if self.express else _OLD_ADAPTERS), "hba", *place)
        for unit in range(self.rng.randrange(3, 6)):
            where = (f"bus={adapter}.0",)
            if self.rng.random() < 0.5:
                where += (f"scsi-id={unit}",) if self.rng.random() < 0.5 else (f"scsi-id={unit}", "lun=0")
            self.device(self.rng.choice(_DISKS), "disk", *where, self.disk())

    def usb(self, *place: str) -> None:
        """A USB controller and two or three devices."""
        controller = self.device(self.rng.choice(_CONTROLLERS), "usb", *place)
        for port in range(1, self.rng.randrange(3, 5)):
            where = (f"port={port}",) if self.rng.random() < 0.4 else ()
            self.device(self.rng.choice(_ON_USB[: 5 if where else 4]), "in", f"bus={controller}.0", *where)

    def ports(self, slot: int) -> None:
        """A slot of root ports with what stands behind them, and a bridge for conventional devices behind the last."""
        ports = []
        for function in range(6):
            first = ("multifunction=on",) if function == 0 else ()
            chassis = (f"chassis={self.chassis}", f"slot={self.rng.randrange(32)}")
            ports.append(self.device("pcie-root-port", "rp", "bus=pcie.0", f"addr={slot:x}.{function}", *chassis, *first))
            self.chassis += 1
        self.disks(f"bus={ports[0]}", "addr=0")
        self.usb(f"bus={ports[1]}")
        bridge = self.device("pcie-pci-bridge", "br", f"bus={ports[2]}")
        for port in ports[3:]:
            self.plain(_EXPRESS, f"bus={port}", *(("addr=0.0",) if self.rng.random() < 0.5 else ()))
        self.behind(bridge)

    def behind(self, bridge: str) -> None:
        """Conventional devices behind a bridge until the group is full; half of them say where."""
        slot = 12
        while self.left % GROUP:
            slot += 1
            self.plain(_CONVENTIONAL, f"bus={bridge}", *((f"addr={slot:02x}",) if self.rng.random() < 0.5 else ()))

    def bridged(self) -> None:
        """A bridge with an adapter, a USB controller and plain devices behind it, and some beside it."""
        bridge = self.device("pci-bridge", "br", f"chassis_nr={self.chassis}")
        self.chassis += 1
        self.disks(f"bus={bridge}", "addr=b")
        self.usb(*((f"bus={bridge}",) if self.rng.random() < 0.7 else ()))
        self.disks(f"bus={bridge}")
        self.plain(_CONVENTIONAL)
        self.behind(bridge)

    def config(self) -> list[str]:
        machine = self.rng.choice(("q35", "q35,usb=on", "pc-q35-9.2") if self.express else ("pc", "pc,usb=on", "pc-i440fx-9.2"))
        slot = 4
        while self.left:
            if self.express:
                self.ports(slot)
            else:
                self.bridged()
            slot += 2
        defaults = [] if self.rng.random() < 0.5 else ["-nodefaults"]
        return ["-M", machine, *defaults, *self.backends, *self.words]


def configs(seed: int, count: int, devices: int = GROUP) -> Iterator[list[str]]:
    """`count` command lines of `devices` devices (a multiple of 30, 300 at most), the same ones for the same seed."""
    rng = random.Random(f"{seed} {devices}")
    for number in range(count):
        yield _Draw(rng, number % 2 == 0, devices).config()
