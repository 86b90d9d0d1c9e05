"""Random command lines from a seed: every option that makes or moves devices, right and wrong, several of them in one line.

What depends on the host alone (files that are not there, sockets, sound) is left out: what is drawn here, a binary decides by itself.
"""

from __future__ import annotations

import json
import random
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conformance.draw_devices import card, tree

Words = list[str]
FILE = "file=null-co://,format=raw"


class Config(NamedTuple):
    """A command line without the binary's name, as words and as somebody's text, and the options that were drawn for it.

    `files` are those that it names, with their contents.
    """

    arch: str
    machine: str
    words: tuple[str, ...]
    options: frozenset[str]
    text: str
    files: tuple[tuple[str, str], ...] = ()

    def placed(self, folder: Path) -> Config:
        """The same with its files in a folder, where they are written."""
        if FOLDER not in self.text:
            return self
        for name, content in self.files:
            Path(name.replace(FOLDER, str(folder))).write_text(content, encoding="utf-8")
        words = tuple(word.replace(FOLDER, str(folder)) for word in self.words)
        return self._replace(words=words, text=self.text.replace(FOLDER, str(folder)))


FOLDER = "drawn-files"  # stands for the folder of the files that a command line names


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
    "aarch64": (
        ("virt", 4),
        ("virt,gic-version=3", 1),
        ("virt,iommu=smmuv3", 1),
        ("virt-2.6", 1),
        ("virt,secure=on", 1),
        ("virt-7.0,acpi=off", 1),
        ("none", 1),
    ),
    "riscv64": (("virt", 4), ("virt,aclint=on", 1), ("virt,aia=aplic", 1), ("virt,acpi=off", 1), ("spike", 1)),
    "s390x": (("s390-ccw-virtio", 5), ("s390-ccw-virtio-5.2", 1), ("s390-ccw-virtio-2.9", 1), ("none", 1)),
    "ppc64": (
        ("pseries", 5),
        ("pseries,usb=on", 1),
        ("pseries-4.2", 1),
        ("pseries-3.0,cap-htm=off", 1),
        ("pseries-3.1,cap-htm=off", 1),
    ),
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
CARDS_OF = {"ppc64": ("spapr-vlan", "ibmveth"), "s390x": ("virtio-net-ccw",)}
PLAIN = ("e1000", "virtio-rng-pci", "pcie-root-port", "ide-cd", "usb-tablet", "isa-serial", "VGA", "qemu-xhci", "lsi53c895a")
MACHINE_OPTIONS = {
    "x86_64": ("usb=on", "usb=off", "acpi=off", "i8042=off", "sata=off", "hpet=off", "smbus=off", "vmport=off", "graphics=off", "pic=off",
               "pit=off", "nvdimm=on", "usb=maybe", "no-such-option=on", "dump-guest-core=off", "smm=off"),
    "aarch64": ("acpi=off", "gic-version=3", "gic-version=9", "virtualization=on", "its=off", "highmem=off", "usb=on", "secure=on", "ras=on"),
    "riscv64": ("acpi=off", "aclint=on", "aia=aplic-imsic", "aia=none", "aia=x", "usb=on"),
    "s390x": ("aes-key-wrap=off", "dea-key-wrap=on", "loadparm=1", "usb=on"),
    "ppc64": ("usb=on", "usb=off", "ic-mode=xics", "ic-mode=dual", "ic-mode=xive", "cap-htm=off", "nvdimm=off", "cap-htm=on", "graphics=off"),
}  # fmt: skip


class _Draw:
    """Draws the words of one command line."""

    def __init__(self, rng: random.Random, arch: str, machine: str) -> None:
        self.rng, self.arch, self.machine = rng, arch, machine
        self.count = 0
        self.files: list[tuple[str, str]] = []

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
        kinds = ["ide-hd", "ide-cd", "virtio-blk-pci", "scsi-hd", "floppy", "usb-storage", "nvme,serial=a"]
        kind = self.rng.choice([*kinds, *({"s390x": ("virtio-blk-ccw",) * 4}.get(self.arch, ("virtio-blk-device",)))])
        medium = f",{FILE}" if self.rng.random() < 0.9 else ""
        return ["-drive", f"if={interface},id={name}{medium}", "-device", f"{kind},drive={name}"]

    def blockdev(self) -> Words:
        name = self.name()
        members = {"driver": "null-co", "node-name": name, "size": 67108864, "read-zeroes": True}
        text = json.dumps(members) if self.rng.random() < 0.7 else f"driver=null-co,node-name={name},size=67108864,read-zeroes=on"
        kind = self.rng.choice(("ide-hd", "virtio-blk-pci", "ide-cd", "virtio-blk-ccw" if self.arch == "s390x" else "scsi-hd"))
        above = self.name()
        layer = json.dumps({"driver": "raw", "node-name": above, "file": name, "read-only": self.rng.random() < 0.2})
        if self.rng.random() < 0.3:
            return ["-blockdev", text, "-blockdev", layer, "-device", f"{kind},drive={above}"]
        nested = json.dumps(
            {"driver": "raw", "node-name": above, "file": {"driver": "null-co", "size": 67108864, "node-name": name}}
        )
        return ["-blockdev", nested if self.rng.random() < 0.3 else text, "-device", f"{kind},drive={name}"]

    # ------------------------------------------------------------------------------ network
    def nic(self) -> Words:
        if self.rng.random() < 0.15:
            return ["-nic", "none"]
        model = self.some(0.6, f",model={self.card()}")
        return ["-nic", f"{self.rng.choice(('user', 'user', 'user', 'nothing'))}{model}{self.some(0.2, ',id=' + self.name())}"]

    def net(self) -> Words:
        what = self.rng.choice(("nic", "nic", "user", "none"))
        return ["-net", what + (self.some(0.6, f",model={self.card()}") if what == "nic" else "")]

    def card(self) -> str:
        return self.rng.choice((*CARDS, *CARDS_OF.get(self.arch, ()) * 3))

    def netdev(self) -> Words:
        name = self.name()
        plain = self.rng.choice((f"user,id={name}", f"hubport,hubid=0,id={name}", f"user,id={name},net=10.0.2.0/24"))
        words = ["-netdev", json.dumps({"type": "user", "id": name}) if self.rng.random() < 0.3 else plain]
        own = {"s390x": "virtio-net-ccw", "ppc64": "spapr-vlan", "x86_64": "e1000e"}.get(self.arch, "virtio-net-device")
        kind = self.rng.choice(("e1000", "virtio-net-pci", own))
        used = self.rng.choice(
            (["-device", f"{kind},netdev={name}"], ["-net", f"nic,netdev={name}"], ["-device", f"{kind},netdev=gone"], [])
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
        kind = {"ppc64": "spapr-vty", "s390x": "sclpconsole", "x86_64": "isa-serial"}.get(self.arch, "pci-serial")
        again = ["-device", f"{kind},chardev={name}"] if self.rng.random() < 0.3 else []
        mixed = self.some(0.3, ",mux=on")
        return ["-chardev", f"null,id={name}{mixed}", "-serial", f"chardev:{name}", *again]

    def chardev(self) -> Words:
        name = self.name()
        kind = self.rng.choice(("null", "ringbuf", "ringbuf,size=4096", "null,mux=on"))
        port = {"ppc64": "spapr-vty", "s390x": "sclplmconsole", "x86_64": "isa-serial"}.get(self.arch, "pci-serial")
        port = self.rng.choice((port, "virtconsole", "virtserialport", "pci-serial", "usb-serial", "usb-redir"))
        serial = ["-device", "virtio-serial-pci"] if port.startswith("virt") else []
        twice = ["-device", f"pci-serial,chardev={name}"] if self.rng.random() < 0.2 else []
        return ["-chardev", f"{kind},id={name}", *serial, "-device", f"{port},chardev={name}", *twice]

    def mon(self) -> Words:
        name = self.name()
        return ["-chardev", f"null,id={name}", "-mon", f"chardev={name},mode=control", "-rtc", "base=utc", "-boot", "strict=on"]

    def parallel(self) -> Words:
        return ["-parallel", self.rng.choice(("null", "null", "none", "nothing"))]

    def vga(self) -> Words:
        more = () if self.machine == "isapc" else ("vmware", "qxl", "virtio")  # it says that it has none, and starts
        return ["-vga", self.rng.choice(("none", "std", "cirrus", "nothing", *more))]

    def audio(self) -> Words:
        model = self.rng.choice(("hda", "ac97", "es1370", "sb16", "cs4231a", "virtio", "nothing", ""))
        return ["-audio", self.rng.choice(("none", "driver=none")) + (f",model={model}" if model else "")]

    def audiodev(self) -> Words:
        name = self.name()
        text = json.dumps({"driver": "none", "id": name}) if self.rng.random() < 0.3 else f"none,id={name}"
        kind = self.rng.choice(("AC97", "ES1370", "intel-hda", "usb-audio", "virtio-sound-pci", "sb16", "hda-duplex"))
        on = f",audiodev={self.rng.choice((name, name, 'gone'))}" if kind != "intel-hda" else ""
        codec = ["-device", f"hda-duplex,audiodev={name}"] if kind == "intel-hda" else []
        return ["-audiodev", text, "-device", f"{kind}{on}", *codec]

    def of_old_versions(self) -> Words:
        alone = (
            "-no-acpi",
            "-no-hpet",
            "-enable-fips",
            "-no-quit",
            "-sdl",
            "-portrait",
            "-singlestep",
            "-no-kvm",
            "-win2k-hack",
            "-nonsense",
        )
        with_word = ("-watchdog i6300esb", "-soundhw hda", "-balloon virtio", "-realtime mlock=off", "-clock unix", "-bt hci,null", "-tdf x",
                     "-g 800x600", "-prom-env a=b", "-no-fd-bootchk", "-watchdog-action none", "-async-teardown")  # fmt: skip
        return self.rng.choice((*alone, *with_word)).split()

    # ------------------------------------------------------------------------------ devices, and options about options
    def device(self) -> Words:
        return ["-device", f"{self.rng.choice(PLAIN)}{self.some(0.3, ',id=' + self.name())}"]

    def own_device(self) -> Words:
        return self.with_null([card(self.rng, self.arch)])

    def device_tree(self) -> Words:
        return self.with_null(tree(self.rng, self.arch, self.name))

    def with_null(self, texts: list[str]) -> Words:
        """The -device options, with a character device for each that wants one."""
        words: Words = []
        for text in texts:
            if "{null}" in text:
                name = self.name()
                words += ["-chardev", f"null,id={name}"]
                text = text.replace("{null}", name)
            words += ["-device", self.as_json(text) if self.rng.random() < 0.15 else text]
        return words

    def as_json(self, text: str) -> str:
        driver, *rest = text.split(",")
        pairs = (piece.split("=", 1) for piece in rest)
        return json.dumps({"driver": driver, **{k: {"on": True, "off": False}.get(v, v) for k, v in pairs}})

    def machine_option(self) -> Words:
        return [self.rng.choice(("-machine", "-M")), self.rng.choice(MACHINE_OPTIONS[self.arch])]

    def readconfig(self) -> Words:
        lines = ["# drawn"]
        for _ in range(self.rng.choice((1, 2))):
            lines += self.rng.choice(
                (
                    [
                        f'[device "{self.name()}"]',
                        '  driver = "virtio-rng-pci"',
                        f'  addr = "{self.rng.choice(("4", "5", "40"))}"',
                    ],
                    [f'[device "{self.name()}"]', '  driver = "pcie-root-port"', '  chassis = "4"'],
                    ["[device]", 'driver = "no-such-type"'],
                    ["[machine]", '  usb = "on"'],
                    [f'[drive "{self.name()}"]', '  if = "none"', '  file = "null-co://"', '  format = "raw"'],
                    [f'[netdev "{self.name()}"]', '  type = "user"'],
                    [f'[chardev "{self.name()}"]', '  backend = "null"'],
                    ["[global]", '  driver = "e1000"', '  property = "mac"', '  value = "52:54:00:12:34:56"'],
                    ["[nothing]", 'a = "b"'],
                    ["[device"],
                    ["a = b"],
                    [f'[object "{self.name()}"]', '  qom-type = "rng-builtin"'],
                    ["[memory]", '  size = "256M"'],
                    ["[smp-opts]", '  cpus = "1"'],
                )
            )
        path = f"{FOLDER}/{len(self.files)}-{self.rng.randrange(10**9)}.cfg"
        self.files.append((path, "\n".join(lines) + "\n"))
        return ["-readconfig", path if self.rng.random() < 0.95 else f"{FOLDER}/gone.cfg"]

    def object(self) -> Words:
        name = self.name()
        rng = ["-object", f"rng-builtin,id={name}", "-device", f"virtio-rng-pci,rng={self.rng.choice((name, name, 'gone'))}"]
        thread = ["-object", json.dumps({"qom-type": "iothread", "id": name}), "-device", f"virtio-scsi-pci,iothread={name}"]
        return self.rng.choice((rng, thread, ["-object", f"no-such-object,id={name}"], ["-object", f"secret,id={name},data=a"]))

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
                ("virtio-rng-pci", "disable-legacy", "on"),
                ("virtio-blk-pci", "scsi", "off"),
                ("ICH9-LPC", "disable_s3", "1"),
                ("PIIX4_PM", "disable_s4", "0"),
                ("isa-fdc", "fallback", "144"),
                ("virtio-net-pci", "mac", "no"),
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
        device = [] if self.arch == "s390x" else ["-device", f"pxb-pcie,bus_nr=9,numa_node={self.rng.randrange(2)}"]
        return ["-m", "128M", *backend, *device]


EVERYWHERE: dict[str, Callable[[_Draw], Words]] = {
    "-drive": _Draw.drive,
    "-drive with -device": _Draw.drive_and_device,
    "-hda and the like": _Draw.short_disk,
    "-blockdev": _Draw.blockdev,
    "-nic": _Draw.nic,
    "-net": _Draw.net,
    "-netdev": _Draw.netdev,
    "-usb": _Draw.usb,
    "-usbdevice": _Draw.usbdevice,
    "-serial": _Draw.serial,
    "-serial chardev:": _Draw.serial_chardev,
    "-parallel": _Draw.parallel,
    "-chardev": _Draw.chardev,
    "-mon, -rtc, -boot": _Draw.mon,
    "-vga": _Draw.vga,
    "-audio": _Draw.audio,
    "-audiodev": _Draw.audiodev,
    "-device": _Draw.device,
    "-device, the architecture's": _Draw.own_device,
    "-device, own buses": _Draw.device_tree,
    "-device, JSON": _Draw.device_json,
    "doubled commas": _Draw.doubled_commas,
    "-machine": _Draw.machine_option,
    "-global": _Draw.global_,
    "-set": _Draw.set_,
    "-readconfig": _Draw.readconfig,
    "-object": _Draw.object,
    "-object memory": _Draw.module,
    "-m": _Draw.memory,
    "-smp": _Draw.processors,
    "-numa": _Draw.numa,
    "options of old versions": _Draw.of_old_versions,
}
SIZES = ("-m", "-object memory", "-numa")
OFTEN = ("-device, the architecture's", "-device, own buses", "-device, own buses")


def configs(seed: int, count: int, arch: str = "x86_64") -> Iterator[Config]:
    """`count` command lines for the machines of an architecture, the same ones for the same seed."""
    rng = random.Random(f"{seed} {arch}")
    names = [name for name, weight in MACHINES[arch] for _ in range(weight)]
    for _ in range(count):
        machine = rng.choice(names)
        draw = _Draw(rng, arch, machine)
        chosen = [rng.choice((*EVERYWHERE, *OFTEN)) for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))]
        sizes = [option for option in chosen if option in SIZES][1:]  # two sizes of memory are no question about devices
        if "-smp" in chosen and (chosen.count("-smp") > 1 or machine == "none"):
            sizes.append("-smp")
        chosen = [option for option in chosen if option not in sizes]
        words = ["-nodefaults"] if rng.random() < 0.3 else []
        for option in chosen:
            words += EVERYWHERE[option](draw)
        drawn = frozenset((*chosen, "-nodefaults") if "-nodefaults" in words else chosen)
        spelled = rng.choice(("-M", "-machine", "-machine"))
        whole = (spelled, machine, *words)
        form, text = as_text(rng, arch, whole)
        yield Config(arch, machine, whole, drawn | {form}, text, tuple(draw.files))


# ------------------------------------------------------------------------------ as people write them down
def as_text(rng: random.Random, arch: str, words: tuple[str, ...]) -> tuple[str, str]:
    """A command line in a text: what kind of text it is, and the text."""
    binary = f"/usr/bin/qemu-system-{arch}"
    form = rng.choice(("shell line", "shell quoting", "libvirt .args"))
    if form == "shell line":
        return form, shlex.join((binary, *words))
    if form == "shell quoting":
        return form, " ".join([binary, *(quoted(rng, word) for word in words)])
    rows: list[str] = []
    for word in words:
        if word.startswith("-") or not rows:
            rows.append(shlex.quote(word))
        else:
            rows[-1] += " " + shlex.quote(word)
    return form, " \\\n".join(("LC_ALL=C", "PATH=/bin", "HOME=/var/lib/domain-1", binary, *rows)) + "\n"


def quoted(rng: random.Random, word: str) -> str:
    """A word in one of the ways in which a shell reads it."""
    double = '"' + "".join("\\" + c if c in '\\"$`' else c for c in word) + '"'
    backslashes = "".join(c if c.isalnum() or c in "-_=./:" else "\\" + c for c in word) or "''"
    half = len(word) // 2
    mixed = shlex.quote(word[:half]) + shlex.quote(word[half:]) if word else "''"
    return rng.choice((shlex.quote(word), double, backslashes, mixed))
