"""Devices for random command lines: controllers with devices on their buses, and the cards that each architecture has of its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple


class Tree(NamedTuple):
    """A device that makes buses, what goes on them, and how many of its buses there are to name."""

    maker: str
    on_it: tuple[str, ...]
    bus: str = "{id}.0"


SCSI = (
    "scsi-cd",
    "scsi-cd,scsi-id=2",
    "scsi-cd,lun=1",
    "scsi-cd,channel=1",
    "scsi-hd",
    "scsi-cd,scsi-id=2,lun=3",
    "scsi-cd,scsi-id=300",
)
USB = ("usb-tablet", "usb-kbd", "usb-mouse", "usb-hub", "usb-tablet,port=2", "usb-hub,port=1", "usb-kbd,port=1.1", "usb-ccid",
       "usb-wacom-tablet", "usb-storage", "usb-bot", "usb-tablet,port=9", "usb-mtp")  # fmt: skip
IDE = ("ide-cd", "ide-cd,unit=0", "ide-cd,unit=1", "ide-hd", "ide-cd,unit=2")
SERIAL_PORTS = ("virtserialport", "virtconsole,chardev={null}", "virtserialport,chardev={null}", "virtserialport,nr=0", "virtserialport,nr=3",
                "virtserialport,nr=31", "virtserialport,name=a")  # fmt: skip
EXPRESS = ("virtio-net-pci", "e1000e", "virtio-rng-pci,addr=1", "virtio-rng-pci,addr=0.1", "qemu-xhci", "pcie-pci-bridge", "nvme,serial=a",
           "virtio-balloon-pci", "pcie-root-port", "x3130-upstream")  # fmt: skip
SLOTS = ("e1000", "virtio-rng-pci,addr=2", "rtl8139,addr=1f.7", "e1000,addr=0", "virtio-net-pci,addr=20", "pci-bridge,chassis_nr=9",
         "virtio-rng-pci,addr=2.1", "e1000,addr=3,multifunction=on", "virtio-rng-pci,addr=3.1", "virtio-rng-pci,addr=x")  # fmt: skip

PCI_TREES = (
    Tree("virtio-scsi-pci", SCSI),
    Tree("lsi53c895a", SCSI),
    Tree("megasas", SCSI),
    Tree("qemu-xhci", USB),
    Tree("nec-usb-xhci,p2=2,p3=2", USB),
    Tree("usb-ehci", USB),
    Tree("pci-ohci", USB),
    Tree("piix3-usb-uhci", USB),
    Tree("ich9-ahci", IDE),
    Tree("virtio-serial-pci", SERIAL_PORTS),
    Tree("virtio-serial-pci,max_ports=3", SERIAL_PORTS),
    Tree("pci-bridge,chassis_nr=1", SLOTS, "{id}"),
    Tree("pci-bridge,chassis_nr=2,shpc=off", SLOTS, "{id}"),
    Tree("intel-hda", ("hda-output", "hda-duplex", "hda-micro,cad=3", "hda-duplex,cad=15")),
)
EXPRESS_TREES = (
    Tree("pcie-root-port,chassis=1", EXPRESS, "{id}"),
    Tree("pcie-root-port,chassis=2,slot=1,multifunction=on", EXPRESS, "{id}"),
    Tree("pcie-root-port", EXPRESS, "{id}"),
    Tree("pxb-pcie,bus_nr=8", ("pcie-root-port,chassis=7", "e1000", "virtio-rng-pci", "pci-bridge,chassis_nr=3"), "{id}"),
    Tree("i82801b11-bridge", SLOTS, "{id}"),
    Tree("pcie-pci-bridge", SLOTS, "{id}"),
)
PCI_CARDS = ("e1000", "rtl8139", "virtio-net-pci", "virtio-rng-pci", "virtio-balloon-pci", "virtio-keyboard-pci", "virtio-gpu-pci", "VGA",
             "pci-testdev", "edu", "usb-ehci", "ich9-ahci", "nvme", "nvme,serial=a", "ioh3420", "pcie-root-port", "pci-bridge", "sdhci-pci",
             "virtio-rng-pci,addr=5", "virtio-rng-pci,addr=5.1", "e1000,addr=5,multifunction=on", "e1000,addr=1f.2", "e1000,addr=20",
             "e1000,bus=nowhere", "virtio-net-pci,mac=no", "virtio-net-pci,vectors=0", "virtio-rng-pci,disable-legacy=on",
             "virtio-rng-pci,disable-modern=maybe", "virtio-rng-pci-transitional", "virtio-rng-pci-non-transitional", "secondary-vga",
             "virtio-iommu-pci", "bochs-display", "ati-vga", "virtio-rng-pci,iommu_platform=on", "i6300esb", "pvpanic-pci", "pci-serial",
             "vmxnet3", "e1000,romfile=", "usb-tablet", "scsi-cd", "ide-cd", "floppy", "virtserialport", "hda-duplex")  # fmt: skip

OWN: dict[str, tuple[str, ...]] = {
    "x86_64": (
        "isa-serial", "isa-serial,index=1", "isa-fdc", "floppy", "floppy,unit=1", "isa-debugcon", "ib700", "isa-parallel", "sb16", "pvpanic",
        "piix3-ide", "isa-vga", "i8042", "pc-testdev", "vmgenid", "intel-iommu", "amd-iommu", "isa-ide", "isa-cirrus-vga", "tpm-crb",
        "isa-debug-exit", "vmcoreinfo", "ramfb", "hpet", "virtio-rng-device", "isa-applesmc", "ipmi-bmc-sim,id=bmc0", "ne2k_isa", "pxb,bus_nr=9",
        "smbus-eeprom", "qxl-vga", "cirrus-vga", "vmware-svga", "virtio-vga", "x86-iommu", "isa-pit", "kvmclock", "qemu64-x86_64-cpu",
    ),
    "aarch64": (
        "virtio-net-device", "virtio-rng-device", "virtio-balloon-device", "virtio-keyboard-device", "ramfb", "virtio-serial-device",
        "virtio-scsi-device", "virtio-gpu-device", "pl011", "arm-smmuv3", "gpio-key", "usb-xhci", "sysbus-ahci", "pci-serial", "vmcoreinfo",
        "virtio-rng-device,bus=virtio-mmio-bus.3", "virtio-rng-device,bus=virtio-mmio-bus.31", "virtio-rng-device,bus=virtio-mmio-bus.32",
        "cortex-a15-arm-cpu", "isa-serial", "guest-loader", "loader",
    ),
    "riscv64": (
        "virtio-net-device", "virtio-rng-device", "virtio-balloon-device", "virtio-keyboard-device", "ramfb", "virtio-serial-device",
        "virtio-scsi-device", "virtio-gpu-device", "virtio-rng-device,bus=virtio-mmio-bus.3", "virtio-rng-device,bus=virtio-mmio-bus.8",
        "riscv-iommu-pci", "isa-serial", "sifive.uart", "loader", "rv64-riscv-cpu",
    ),
    "s390x": (
        "virtio-net-ccw", "virtio-rng-ccw", "virtio-balloon-ccw", "virtio-keyboard-ccw", "virtio-gpu-ccw", "virtio-serial-ccw",
        "virtio-scsi-ccw", "virtio-rng-ccw,devno=fe.0.0001", "virtio-rng-ccw,devno=fe.1.0001", "virtio-rng-ccw,devno=fe.4.0001",
        "virtio-rng-ccw,devno=fe.0.zz", "virtio-rng-ccw,devno=fd.0.0001", "virtio-rng-ccw,devno=fe.0.0000", "zpci", "zpci,uid=1,fid=1,target=x1",
        "zpci,uid=2,target=x2", "zpci,target=x1", "sclpconsole", "sclplmconsole", "diag288", "x-terminal3270", "virtio-rng-ccw,bus=virtual-css",
        "virtio-rng-ccw,bus=pci.0", "qemu-s390x-cpu", "qemu-s390x-cpu,core-id=1", "vfio-ap", "virtio-crypto-ccw", "virtio-tablet-ccw",
    ),
    "ppc64": (
        "spapr-vty,chardev={null}", "spapr-vty", "spapr-vlan", "spapr-vscsi", "spapr-pci-host-bridge,index=1", "spapr-pci-host-bridge,index=2,id=h",
        "spapr-pci-host-bridge", "spapr-pci-host-bridge,index=31", "spapr-vlan,reg=0x71000000", "spapr-vlan,reg=0x2000", "spapr-vty,reg=0x30000000,chardev={null}",
        "spapr-rng", "spapr-nvram", "e1000,bus=pci.1.0", "power10_v2.0-spapr-cpu-core,core-id=1", "power9_v2.2-spapr-cpu-core", "tpm-spapr",
        "virtio-rng-pci,bus=h.0", "virtio-rng-pci,bus=h", "nec-usb-xhci", "macio-oldworld", "i82378", "isa-serial", "spapr-vscsi,id=v",
        "scsi-cd,bus=v.0", "pci-bridge,chassis_nr=4",
    ),
}  # fmt: skip
OWN_TREES: dict[str, tuple[Tree, ...]] = {
    "x86_64": (
        Tree("isa-fdc", ("floppy", "floppy,unit=0", "floppy,unit=2"), "floppy-bus.0"),
        Tree("isa-ide", IDE),
        Tree("usb-ccid", ("ccid-card-passthru",)),
        Tree("mptsas1068", SCSI),
        Tree("pvscsi", SCSI),
        Tree("am53c974", SCSI),
        Tree("ipmi-bmc-sim", ("isa-ipmi-kcs,bmc={id}", "isa-ipmi-bt,bmc={id}", "pci-ipmi-bt,bmc={id}"), ""),
    ),
    "aarch64": (Tree("virtio-scsi-device", SCSI), Tree("virtio-serial-device", SERIAL_PORTS)),
    "riscv64": (Tree("virtio-scsi-device", SCSI), Tree("virtio-serial-device", SERIAL_PORTS)),
    "s390x": (Tree("virtio-scsi-ccw", SCSI), Tree("virtio-serial-ccw", SERIAL_PORTS)),
    "ppc64": (
        Tree("spapr-vscsi", ("scsi-cd", "scsi-cd,scsi-id=8", "scsi-cd,lun=1", "scsi-cd,channel=2", "scsi-cd,scsi-id=64")),
        Tree("spapr-pci-host-bridge,index=3", SLOTS),
    ),
}


def tree(rng: random.Random, arch: str, name: Callable[[], str]) -> list[str]:
    """The texts of a controller's -device and of those on its buses. `{null}` stands for a character device."""
    trees = OWN_TREES[arch] * 2 + PCI_TREES + (EXPRESS_TREES if rng.random() < 0.7 else ())
    chosen = rng.choice(trees)
    identity = name() if rng.random() < 0.8 else ""
    found = [chosen.maker + (f",id={identity}" if identity else "")]
    for _ in range(rng.choice((1, 1, 2, 3))):
        child = rng.choice(chosen.on_it).replace("{id}", identity or "none")
        bus = chosen.bus.format(id=identity) if identity or "{id}" not in chosen.bus else ""
        found.append(child + (f",bus={bus}" if bus and rng.random() < 0.7 else ""))
    return found


def card(rng: random.Random, arch: str) -> str:
    """The text of one -device: any card of PCI, or one of the architecture's own."""
    return rng.choice(OWN[arch] if rng.random() < 0.5 else PCI_CARDS)
