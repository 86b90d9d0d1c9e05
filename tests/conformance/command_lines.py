"""Random command lines with every kind of option that bears on devices, from a seed."""

from __future__ import annotations

import random

NULL = "null-co://"
MACHINES = ("q35", "pc", "microvm", "microvm,pcie=on", "isapc", "pc-q35-7.2", "pc-i440fx-6.2", "q35,usb=on", "pc,usb=on")
MODELS = ("e1000", "rtl8139", "virtio-net-pci", "virtio", "ne2k_isa", "e1000e", "nonsense")
DEVICES = (
    "e1000", "virtio-rng-pci", "usb-tablet", "qemu-xhci,id=x", "scsi-cd", "virtio-scsi-pci,id=s", "ide-cd", "floppy", "isa-serial",
    "pcie-root-port,id=r", "e1000,addr=4.0", "rtl8139,addr=1f.0", "virtio-serial-pci", "isa-debugcon", "AC97", "VGA", "nvme,serial=a",
    "vmcoreinfo", "i6300esb", "pci-testdev,bus=pci.0", "usb-kbd,bus=usb-bus.0,port=1",
)  # fmt: skip


def option(random_: random.Random, n: int) -> list[str]:
    """One option, right or wrong; `n` makes names unique where they should be."""
    r = random_
    interface = r.choice(("ide", "scsi", "virtio", "none", "floppy", "sd", "mtd", "xen"))
    index = r.choice(("", "", ",index=0", ",index=1", ",index=5", ",bus=0,unit=1", ",media=cdrom"))
    choices = (
        [r.choice(("-hda", "-hdb", "-hdc", "-hdd", "-cdrom", "-fda", "-fdb")), NULL],
        ["-drive", f"if={interface},file={NULL},format=raw{index}"],
        ["-drive", f"if=none,id=n{n},file={NULL},format=raw"],
        ["-nic", r.choice(("none", "hubport,hubid=0", f"hubport,hubid=0,model={r.choice(MODELS)}"))],
        ["-net", r.choice(("none", "nic", f"nic,model={r.choice(MODELS)}"))],
        ["-netdev", f"hubport,hubid=0,id=net{n}"],
        ["-serial", r.choice(("null", "none"))],
        ["-parallel", r.choice(("null", "none"))],
        ["-vga", r.choice(("std", "cirrus", "qxl", "virtio", "none", "vmware"))],
        ["-usb"],
        ["-usbdevice", r.choice(("tablet", "keyboard", "mouse", "nonsense"))],
        [
            "-global",
            r.choice(("e1000.mac=52:54:00:12:34:57", "nonsense.a=1", "pcie-root-port.chassis=2", "virtio-net-pci.mrg_rxbuf=off")),
        ],
        ["-device", r.choice(DEVICES)],
        ["-device", '{{"driver": "{}"}}'.format(r.choice(("e1000", "virtio-rng-pci", "usb-kbd", "floppy", "nonsense")))],
        ["-chardev", f"null,id=c{n}"],
        ["-object", f"rng-builtin,id=o{n}"],
        ["-blockdev", f"driver=null-co,node-name=b{n}"],
        ["-set", r.choice(("device.r.chassis=3", "device.nobody.a=1", "nonsense.a.b=c", "device"))],
        ["-smp", r.choice(("1", "2", "4,sockets=2"))],
        ["-m", r.choice(("256", "512M,slots=2,maxmem=2G"))],
    )
    return list(r.choice(choices))


def command_line(seed: str) -> list[str]:
    """The command line of a seed, without the binary."""
    random_ = random.Random(seed)
    argv = ["-M", random_.choice(MACHINES), *(["-nodefaults"] if random_.random() < 0.5 else [])]
    for n in range(random_.choice((1, 1, 1, 2, 3, 5))):
        argv += option(random_, n)
    return argv


def kinds(argv: list[str]) -> set[str]:
    """The options that a command line has."""
    return {word for word in argv if word.startswith("-") and word not in ("-M", "-nodefaults")}
