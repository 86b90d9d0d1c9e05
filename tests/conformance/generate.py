"""Random command lines from a seed: every option that makes or moves devices, right and wrong, several of them in one line.

What depends on the host alone (files that are not there, sockets, sound) is left out: what is drawn here, a binary decides by itself.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

Words = list[str]
FILE = "file=null-co://,format=raw"


class Config(NamedTuple):
    """A command line without the binary's name, and the options that were drawn for it."""

    arch: str
    machine: str
    words: tuple[str, ...]
    options: frozenset[str]


MACHINES: dict[str, tuple[tuple[str, int], ...]] = {
    "x86_64": (
        ("q35", 4),
        ("pc", 4),
        ("isapc", 2),
        ("microvm", 2),
        ("microvm,pcie=on", 1),
        ("q35,usb=on", 1),
        ("pc,usb=on", 1),
        ("pc-q35-5.0", 1),
        ("pc-i440fx-4.2", 1),
        ("none", 1),
    ),
    "aarch64": (("virt", 1),),
    "riscv64": (("virt", 1),),
    "s390x": (("s390-ccw-virtio", 1),),
    "ppc64": (("pseries", 1),),
}
CARDS = (
    "e1000",
    "rtl8139",
    "virtio",
    "virtio-net-pci",
    "e1000e",
    "pcnet",
    "ne2k_pci",
    "vmxnet3",
    "i82551",
    "ne2k_isa",
    "no-such-card",
)
PLAIN = ("e1000", "virtio-rng-pci", "pcie-root-port", "ide-cd", "usb-tablet", "isa-serial", "VGA", "qemu-xhci", "lsi53c895a")


class _Draw:
    """Draws the words of one command line."""

    def __init__(self, rng: random.Random, arch: str, machine: str) -> None:
        self.rng, self.arch, self.machine = rng, arch, machine
        self.count = 0

    def name(self) -> str:
        """A new id; sometimes one that another option has."""
        if self.rng.random() > 0.04 or not self.count:
            self.count += 1
        return f"x{self.count}"

    def some(self, chance: float, text: str) -> str:
        return text if self.rng.random() < chance else ""

    # ------------------------------------------------------------------------------ disks
    def short_disk(self) -> Words:
        option = self.rng.choice(("-hda", "-hdb", "-hdc", "-hdd", "-cdrom", "-fda", "-fdb", "-sd", "-mtdblock"))
        return [option, "null-co://"]

    def drive(self) -> Words:
        interface = self.rng.choice(
            ("", "", "ide", "ide", "scsi", "floppy", "virtio", "virtio", "none", "sd", "mtd", "xen", "nowhere")
        )
        parts = [f"if={interface}"] if interface else []
        parts += [FILE] if self.rng.random() < 0.9 else []
        if self.rng.random() < 0.4:
            parts.append(f"index={self.rng.randrange(9)}")
        if self.rng.random() < 0.2:
            parts.append(f"bus={self.rng.randrange(3)}")
        if self.rng.random() < 0.2:
            parts.append(f"unit={self.rng.randrange(3)}")
        parts += [self.rng.choice(("media=cdrom", "media=disk", "media=tape"))] if self.rng.random() < 0.3 else []
        parts += [f"id={self.name()}"] if self.rng.random() < 0.3 else []
        parts += ["readonly=on"] if self.rng.random() < 0.05 else []
        self.rng.shuffle(parts)
        return ["-drive", ",".join(parts) or "if=none"]

    def drive_and_device(self) -> Words:
        name, interface = self.name(), self.rng.choice(("none", "none", "none", "ide", "virtio"))
        kind = self.rng.choice(("ide-hd", "ide-cd", "virtio-blk-pci", "scsi-hd", "floppy", "usb-storage", "nvme,serial=a"))
        medium = f",{FILE}" if self.rng.random() < 0.9 else ""
        return ["-drive", f"if={interface},id={name}{medium}", "-device", f"{kind},drive={name}"]

    def blockdev(self) -> Words:
        name = self.name()
        members = {"driver": "null-co", "node-name": name, "size": 67108864, "read-zeroes": True}
        text = json.dumps(members) if self.rng.random() < 0.7 else f"driver=null-co,node-name={name},size=67108864,read-zeroes=on"
        kind = self.rng.choice(("ide-hd", "virtio-blk-pci", "ide-cd"))
        return ["-blockdev", text, "-device", f"{kind},drive={name}"]

    # ------------------------------------------------------------------------------ network
    def nic(self) -> Words:
        if self.rng.random() < 0.15:
            return ["-nic", "none"]
        model = self.some(0.6, f",model={self.rng.choice(CARDS)}")
        return ["-nic", f"{self.rng.choice(('user', 'user', 'user', 'nothing'))}{model}{self.some(0.2, ',id=' + self.name())}"]

    def net(self) -> Words:
        what = self.rng.choice(("nic", "nic", "user", "none"))
        return ["-net", what + (self.some(0.6, f",model={self.rng.choice(CARDS)}") if what == "nic" else "")]

    def netdev(self) -> Words:
        name = self.name()
        words = ["-netdev", f"user,id={name}"]
        used = self.rng.choice(
            (["-device", f"e1000,netdev={name}"], ["-net", f"nic,netdev={name}"], ["-device", "e1000,netdev=gone"], [])
        )
        return words + used

    # ------------------------------------------------------------------------------ other short forms
    def usbdevice(self) -> Words:
        return ["-usbdevice", self.rng.choice(("tablet", "tablet", "mouse", "keyboard", "wacom-tablet", "disk:x", "toaster"))]

    def usb(self) -> Words:
        return ["-usb"]

    def serial(self) -> Words:
        return ["-serial", self.rng.choice(("null", "null", "none", "vc", "nothing", "chardev:gone"))]

    def serial_chardev(self) -> Words:
        name = self.name()
        again = ["-device", f"isa-serial,chardev={name}"] if self.rng.random() < 0.3 else []
        return ["-chardev", f"null,id={name}", "-serial", f"chardev:{name}", *again]

    def parallel(self) -> Words:
        return ["-parallel", self.rng.choice(("null", "null", "none", "nothing"))]

    def vga(self) -> Words:
        more = () if self.machine == "isapc" else ("vmware", "qxl", "virtio")  # it says that it has none, and starts
        return ["-vga", self.rng.choice(("none", "std", "cirrus", "nothing", *more))]

    def audio(self) -> Words:
        model = self.rng.choice(("hda", "ac97", "es1370", "sb16", "cs4231a", "virtio", "nothing", ""))
        return ["-audio", self.rng.choice(("none", "driver=none")) + (f",model={model}" if model else "")]

    def watchdog(self) -> Words:
        return ["-watchdog", "i6300esb"]

    # ------------------------------------------------------------------------------ devices, and options about options
    def device(self) -> Words:
        return ["-device", f"{self.rng.choice(PLAIN)}{self.some(0.3, ',id=' + self.name())}"]

    def device_json(self) -> Words:
        members: dict[str, object] = {"driver": self.rng.choice(PLAIN)}
        if self.rng.random() < 0.4:
            members["id"] = self.name()
        if self.rng.random() < 0.3:
            members["driver"] = "e1000"
            members["addr"] = self.rng.choice(("5", "1e", 40, 24))
        elif self.rng.random() < 0.3:
            members["driver"] = "pcie-root-port"
            members[self.rng.choice(("chassis", "multifunction", "slot"))] = self.rng.choice(
                (True, 3, "4", "on", "much", None, [1])
            )
        return ["-device", json.dumps(members)]

    def doubled_commas(self) -> Words:
        return ["-name", "guest=a,,b", "-device", "nvme,serial=a,,b"]

    def global_(self) -> Words:
        driver, name, value = self.rng.choice(
            (
                ("e1000", "mac", "52:54:00:12:34:56"),
                ("pcie-root-port", "chassis", "3"),
                ("pcie-root-port", "chassis", "many"),
                ("e1000", "multifunction", "on"),
                ("e1000", "no-such", "1"),
                ("no-such-type", "a", "b"),
                ("isa-serial", "index", "2"),
                ("usb-tablet", "port", "2"),
            )
        )
        spelled = f"{driver}.{name}={value}" if self.rng.random() < 0.6 else f"driver={driver},property={name},value={value}"
        device = ["-device", driver] if not driver.startswith("no-") and self.rng.random() < 0.7 else []
        return ["-global", spelled, *device]

    def set_(self) -> Words:
        name = self.name()
        said = self.rng.choice(
            (f"device.{name}.addr=7", f"device.{name}.no-such=1", "device.gone.addr=3", "nothing.a.b=c", "half")
        )
        return ["-device", f"e1000,id={name}", "-set", said]

    def memory(self) -> Words:
        return ["-m", self.rng.choice(("256", "256M", "size=256M", "256M,slots=2,maxmem=1G"))]

    def module(self) -> Words:
        name = self.name()
        make = {"qom-type": "memory-backend-ram", "id": name, "size": 134217728}
        text = json.dumps(make) if self.rng.random() < 0.5 else f"memory-backend-ram,id={name},size=128M"
        return ["-m", self.rng.choice(("256M", "256M,slots=1,maxmem=1G")), "-object", text, "-device", f"pc-dimm,memdev={name}"]

    def processors(self) -> Words:
        return ["-smp", self.rng.choice(("1", "1,maxcpus=1", "cpus=1", "2", "4,sockets=2"))]

    def numa(self) -> Words:
        name = self.name()
        backend = ["-object", f"memory-backend-ram,id={name},size=128M", "-numa", f"node,nodeid=0,memdev={name}"]
        return ["-m", "128M", *backend, "-device", f"pxb-pcie,bus_nr=9,numa_node={self.rng.randrange(2)}"]


EVERYWHERE: dict[str, Callable[[_Draw], Words]] = {
    "-drive": _Draw.drive,
    "-blockdev": _Draw.blockdev,
    "-nic": _Draw.nic,
    "-net": _Draw.net,
    "-netdev": _Draw.netdev,
    "-usb": _Draw.usb,
    "-device": _Draw.device,
    "-device, JSON": _Draw.device_json,
    "doubled commas": _Draw.doubled_commas,
    "-global": _Draw.global_,
    "-set": _Draw.set_,
    "-m": _Draw.memory,
    "-smp": _Draw.processors,
}
ON_PCS: dict[str, Callable[[_Draw], Words]] = {
    **EVERYWHERE,
    "-hda and the like": _Draw.short_disk,
    "-drive with -device": _Draw.drive_and_device,
    "-usbdevice": _Draw.usbdevice,
    "-serial": _Draw.serial,
    "-serial chardev:": _Draw.serial_chardev,
    "-parallel": _Draw.parallel,
    "-vga": _Draw.vga,
    "-audio": _Draw.audio,
    "-watchdog": _Draw.watchdog,
    "-object": _Draw.module,
    "-numa": _Draw.numa,
}


SIZES = ("-m", "-object", "-numa")


def configs(seed: int, count: int, arch: str = "x86_64") -> Iterator[Config]:
    """`count` command lines for the machines of an architecture, the same ones for the same seed."""
    rng = random.Random(f"{seed} {arch}")
    makers = ON_PCS if arch == "x86_64" else EVERYWHERE
    names = [name for name, weight in MACHINES[arch] for _ in range(weight)]
    for _ in range(count):
        machine = rng.choice(names)
        draw = _Draw(rng, arch, machine)
        chosen = [rng.choice(list(makers)) for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))]
        sizes = [option for option in chosen if option in SIZES][1:]  # two sizes of memory are no question about devices
        if "-smp" in chosen and (chosen.count("-smp") > 1 or machine == "none"):
            sizes.append("-smp")
        chosen = ["-watchdog"] if "-watchdog" in chosen else [option for option in chosen if option not in sizes]
        words = ["-nodefaults"] if rng.random() < 0.3 else []
        for option in chosen:
            words += makers[option](draw)
        yield Config(arch, machine, ("-M", machine, *words), frozenset(chosen))
