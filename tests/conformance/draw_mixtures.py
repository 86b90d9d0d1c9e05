"""Several options that bear on one another: one thing said twice, in two ways, in another order, by old options and by new ones.

What `draw_options` never draws: JSON beside key=value of the same, machine options beside legacy ones, nodes with memory devices,
places for processors, -nic beside -net, shared character devices, units and LUNs of disks, ports of virtio-serial, flash.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

from qrules.knowledge.model import Knowledge
from tests.conformance.draw_options import MACHINES, Drawn
from tests.conformance.draw_words import FILE

Words = list[str]


class _Mixture:
    """Draws the words of one command line."""

    def __init__(self, knowledge: Knowledge, rng: random.Random) -> None:
        self.knowledge, self.rng, self.arch = knowledge, rng, knowledge.arch
        self.on_ccw = self.arch == "s390x"

    def one(self, *texts: str) -> str:
        return self.rng.choice(texts)

    def some(self, chance: float, *texts: str) -> str:
        return self.one(*texts) if self.rng.random() < chance else ""

    def device(self, text: str) -> Words:
        """A -device, now and then as JSON."""
        if self.rng.random() < 0.75:
            return ["-device", text]
        driver, *rest = text.split(",")
        pairs = dict(piece.split("=", 1) for piece in rest if "=" in piece)
        return ["-device", json.dumps({"driver": driver, **{k: {"on": True, "off": False}.get(v, v) for k, v in pairs.items()}})]

    def virtio(self, what: str) -> str:
        return f"virtio-{what}-{'ccw' if self.on_ccw and self.rng.random() < 0.8 else 'pci'}"

    # ------------------------------------------------------------------------------ memory and processors
    def memory(self) -> Words:
        words = [
            "-m",
            self.one(
                "256M",
                "size=256M",
                "256M,slots=2,maxmem=2G",
                "256,slots=4,maxmem=1G",
                "1G,maxmem=4G,slots=1",
                "slots=2,maxmem=1G",
            ),
        ]
        words += ["-m", self.one("512M", "slots=1", "maxmem=8G")] if self.rng.random() < 0.15 else []
        for name in "ab"[: self.rng.randrange(3)]:
            words += ["-object", f"memory-backend-ram,id=m{name},size={self.one('64M', '128M', '256M', '1G', '100M')}"]
        for name in "ab"[: self.rng.randrange(3)]:
            kind = self.one("pc-dimm", "pc-dimm", "nvdimm", self.virtio("mem"), self.virtio("pmem"))
            key = "memaddr" if "virtio" in kind else "addr"
            words += self.device(
                f"{kind},id=d{name},memdev=m{name}{self.some(0.3, ',node=0', ',node=1', ',slot=0', ',slot=3', f',{key}=0x100000000')}"
            )
        return words

    def nodes(self) -> Words:
        words = ["-smp", self.one("1", "2", "4", "2,maxcpus=4", "4,sockets=2,cores=2")]
        words += ["-m", self.one("256M", "512M", "1G")]
        for node in range(self.rng.randrange(1, 4)):
            how = self.one(
                "", ",mem=128M", f",memdev=n{node}", f",nodeid={node}", f",cpus={node}", f",nodeid={node},memdev=n{node}"
            )
            if "memdev" in how:
                words += ["-object", f"memory-backend-ram,id=n{node},size={self.one('128M', '256M', '512M')}"]
            words += ["-numa", f"node{how}"]
        if self.rng.random() < 0.4:
            words += [
                "-numa",
                self.one(
                    "dist,src=0,dst=1,val=20",
                    "cpu,node-id=0,socket-id=0",
                    "cpu,node-id=1,core-id=1",
                    "dist,src=1,dst=0,val=11",
                    "cpu,node-id=0,thread-id=0",
                ),
            ]
        return words

    def topology(self) -> Words:
        said = self.one(
            "2",
            "1,maxcpus=4",
            "4,sockets=2,cores=2,threads=1",
            "2,sockets=2,maxcpus=2",
            "1,cores=2,maxcpus=2",
            "2,threads=2",
            "cpus=1,maxcpus=2,sockets=2",
        )
        if self.rng.random() < 0.3:
            pairs = [p if "=" in p else f"cpus={p}" for p in said.split(",")]
            return [
                "-machine",
                ",".join(f"smp.{p}" for p in pairs),
                *(["-smp", self.one("2", "4")] if self.rng.random() < 0.4 else []),
            ]
        kind = {"x86_64": "qemu64-x86_64-cpu", "s390x": "qemu-s390x-cpu", "ppc64": "power9_v2.0-spapr-cpu-core"}.get(
            self.arch, "cortex-a15-arm-cpu"
        )
        place = self.one(
            "",
            ",core-id=1",
            ",socket-id=1,core-id=0,thread-id=0",
            ",socket-id=0,core-id=1,thread-id=0",
            ",core-id=0",
            ",core-id=2",
        )
        return ["-smp", said, *self.device(f"{kind}{place}")]

    # ------------------------------------------------------------------------------ disks
    def disks(self) -> Words:
        words: Words = []
        for number in range(self.rng.randrange(2, 5)):
            what = self.rng.randrange(4)
            if what == 0:
                words += [self.one("-hda", "-hdb", "-hdc", "-cdrom", "-fda"), "null-co://"]
            elif what == 1:
                words += [
                    "-drive",
                    f"if={self.one('ide', 'scsi', 'virtio', 'floppy', 'none')}{self.some(0.5, ',index=0', ',index=1', ',bus=1', ',unit=1', ',index=2,media=cdrom')},{FILE}",
                ]
            else:
                words += ["-drive", f"if=none,id=x{number},{FILE}{self.some(0.2, ',readonly=on', ',media=cdrom')}"]
                kind = self.one(
                    "ide-hd", "ide-cd", "scsi-hd", "scsi-cd", self.virtio("blk"), self.virtio("blk"), "usb-storage", "floppy"
                )
                words += self.device(f"{kind},drive=x{number}{self.some(0.3, ',unit=1', ',bus=ide.1', ',lun=1', ',bootindex=1')}")
        return words

    def luns(self) -> Words:
        words = self.device(
            f"{self.one(self.virtio('scsi'), self.virtio('scsi'), 'lsi53c895a', 'megasas', 'mptsas1068', 'am53c974')},id=s0"
        )
        for number in range(self.rng.randrange(1, 4)):
            words += ["-drive", f"if=none,id=x{number},{FILE}"]
            place = self.one(
                "",
                ",scsi-id=0",
                ",scsi-id=1",
                ",lun=0",
                ",lun=1",
                ",scsi-id=0,lun=1",
                ",scsi-id=7",
                ",channel=1",
                ",scsi-id=300",
                ",lun=20000",
                ",channel=0,scsi-id=0,lun=0",
            )
            words += self.device(f"{self.one('scsi-hd', 'scsi-cd')},bus=s0.0,drive=x{number}{place}")
        return words

    def flash(self) -> Words:
        ways = (
            ["-drive", f"if=pflash,{FILE}"],
            ["-drive", f"if=pflash,unit={self.one('0', '1', '2')},{FILE}"],
            ["-pflash", "null-co://"],
            [
                "-blockdev",
                f"null-co,node-name=f0,size={self.one('4M', '1M', '64M', '100K')},read-zeroes=on",
                "-machine",
                "pflash0=f0",
            ],
            ["-blockdev", "null-co,node-name=f1,size=4M,read-zeroes=on", "-machine", "pflash1=f1"],
            ["-drive", f"if=none,id=f2,{FILE}", "-machine", "pflash0=f2"],
            ["-bios", "/dev/null"],
        )
        return [word for way in self.rng.sample(ways, self.rng.randrange(1, 3)) for word in way]

    # ------------------------------------------------------------------------------ lines, cards, sound
    def cards(self) -> Words:
        ways = (
            ["-nic", self.one("none", "user", "user,model=e1000", "user,id=u0", "hubport,hubid=0")],
            ["-net", self.one("nic", "user", "none", "nic,model=virtio", "nic,netdev=u1", "hubport,hubid=0")],
            ["-netdev", self.one("user,id=u1", "hubport,id=u1,hubid=0", '{"type": "user", "id": "u1"}')],
            [
                "-netdev",
                "user,id=u2",
                *self.device(
                    f"{self.virtio('net')},netdev={self.one('u2', 'u2', 'u1', 'u0')}{self.some(0.3, ',mac=52:54:00:12:34:56', ',bootindex=1', ',mq=on')}"
                ),
            ],
            self.device(f"{self.one(self.virtio('net'), 'e1000', 'rtl8139')},netdev=u1"),
        )
        return [word for way in self.rng.sample(ways, self.rng.randrange(2, 4)) for word in way]

    def lines(self) -> Words:
        words = ["-chardev", f"{self.one('null', 'null', 'ringbuf')},id=c0{self.some(0.5, ',mux=on')}"]
        words += ["-chardev", self.one("mux,id=c1,chardev=c0", "null,id=c1", "vc,id=c1")] if self.rng.random() < 0.4 else []
        for _ in range(self.rng.randrange(1, 4)):
            name = self.one("c0", "c0", "c1")
            words += self.rng.choice((
                ["-serial", f"chardev:{name}"], ["-mon", f"chardev={name}"], ["-monitor", f"chardev:{name}"], ["-serial", self.one("null", "none", "mon:null")],
                self.device(f"pci-serial,chardev={name}"), self.device(f"usb-serial,chardev={name}"), ["-parallel", self.one("none", f"chardev:{name}")],
                ["-mon", f"{name},mode={self.one('control', 'readline')}"], ["-qmp", f"chardev:{name}"],
            ))  # fmt: skip
        return words

    def ports(self) -> Words:
        words = self.device(
            f"{self.virtio('serial')}{self.some(0.8, ',id=vs0')}{self.some(0.3, ',max_ports=2', ',max_ports=1', ',max_ports=40', ',max_ports=31')}"
        )
        for number in range(self.rng.randrange(1, 4)):
            words += ["-chardev", f"null,id=p{number}"]
            where = self.one("", ",nr=0", ",nr=1", ",nr=2", ",nr=31", ",bus=vs0.0", ",bus=vs0.0,nr=1", ",name=org.x", ",nr=40")
            words += self.device(f"{self.one('virtserialport', 'virtconsole')},chardev=p{number}{where}")
        return words

    def usb(self) -> Words:
        words = ["-usb"] if self.rng.random() < 0.3 else []
        words += self.device(
            f"{self.one('qemu-xhci', 'nec-usb-xhci', 'usb-ehci', 'ich9-usb-uhci1', 'pci-ohci')},id=u{self.some(0.2, ',p2=2', ',p3=1', ',ports=1')}"
        )
        for _ in range(self.rng.randrange(1, 4)):
            words += self.device(
                f"{self.one('usb-tablet', 'usb-hub', 'usb-kbd', 'usb-mouse')}{self.some(0.6, ',port=1', ',port=2', ',port=1.1', ',port=9', ',bus=u.0', ',bus=u.0,port=2')}"
            )
        words += ["-usbdevice", self.one("tablet", "mouse")] if self.rng.random() < 0.2 else []
        return words

    def sound(self) -> Words:
        words = [
            *self.rng.choice(
                (
                    ["-audiodev", "none,id=s0"],
                    ["-audio", "none"],
                    ["-audio", "none,id=s0"],
                    ["-audiodev", '{"driver": "none", "id": "s0"}'],
                )
            )
        ]
        words += self.device(
            self.one("intel-hda,id=h", "ich9-intel-hda,id=h", "AC97,audiodev=s0", "ES1370", "usb-audio,audiodev=s0")
        )
        words += (
            self.device(
                f"{self.one('hda-duplex', 'hda-output', 'hda-micro')}{self.some(0.7, ',audiodev=s0')}{self.some(0.4, ',cad=0', ',cad=3', ',cad=20', ',bus=h.0')}"
            )
            if self.rng.random() < 0.7
            else []
        )
        return words

    # ------------------------------------------------------------------------------ one thing in several ways
    def again(self) -> Words:
        """One option twice, or by an older name beside the one of today."""
        ways = (
            ["-machine", self.one("usb=on", "usb=off", "graphics=off", "acpi=off", "dump-guest-core=off", "mem-merge=off")],
            ["-usb"], ["-no-acpi"], ["-accel", "tcg"], ["-machine", "accel=tcg"], ["-boot", self.one("c", "order=dc", "strict=on", "menu=on,strict=on", "once=n", "q")],
            ["-machine", self.one("boot.order=c", "boot.strict=on", "boot.menu=maybe")], ["-vga", self.one("none", "std", "cirrus", "virtio", "qxl")],
            self.device(self.one("VGA", "virtio-gpu-pci", "qxl-vga", "cirrus-vga", "bochs-display", "secondary-vga")), ["-nodefaults"], ["-snapshot"], ["-name", self.one("a", "guest=b", "a,process=c")],
            ["-rtc", self.one("base=utc", "base=localtime,clock=vm", "driftfix=slew", "base=2020-01-01")], ["-uuid", "8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11"], ["-smbios", self.one("type=1,serial=x", "type=11,value=y")],
            ["-append", "quiet"], ["-cpu", self.one("max", "max,-x", "qemu64")], ["-m", self.one("256", "512M")], ["-smp", self.one("2", "cpus=4")], ["-global", self.one("e1000.mac=52:54:00:00:00:01", "virtio-net-pci.mq=on", "PCI.x=1")],
            ["-watchdog-action", "reset"], ["-action", self.one("watchdog=none", "panic=none,shutdown=pause")], ["-nographic"], ["-display", "none"],
        )  # fmt: skip
        return [word for way in self.rng.sample(ways, self.rng.randrange(2, 6)) for word in way]

    def order(self) -> Words:
        """What needs something before it, in any order."""
        pieces = [
            self.rng.choice(group)
            for group in (
                (
                    self.device("pcie-root-port,id=rp0,chassis=1"),
                    self.device("pci-bridge,id=rp0,chassis_nr=1"),
                    self.device("pcie-pci-bridge,id=rp0"),
                ),
                (
                    self.device(f"{self.virtio('rng')},bus=rp0"),
                    self.device("e1000,bus=rp0,addr=1"),
                    self.device("x3130-upstream,bus=rp0,id=up"),
                ),
                (
                    ["-object", "rng-builtin,id=r0"],
                    ["-object", '{"qom-type": "rng-builtin", "id": "r0"}'],
                    ["-object", "iothread,id=io0"],
                ),
                (
                    self.device(f"{self.virtio('rng')},rng=r0"),
                    self.device(f"{self.virtio('balloon')}"),
                    self.device("xio3130-downstream,bus=up,chassis=3"),
                ),
                (
                    ["-set", self.one("device.q.rng=r0", "device.q.id=z", "device.gone.a=b")],
                    self.device(f"{self.virtio('rng')},id=q"),
                ),
            )
        ]
        self.rng.shuffle(pieces)
        return [word for piece in pieces[: self.rng.randrange(2, 6)] for word in piece]


def draw(knowledge: Knowledge, rng: random.Random) -> Drawn:
    """One config of a target."""
    mixture = _Mixture(knowledge, rng)
    kinds: tuple[Callable[[], Words], ...] = (
        mixture.memory, mixture.nodes, mixture.topology, mixture.disks, mixture.luns, mixture.flash, mixture.cards, mixture.lines,
        mixture.ports, mixture.usb, mixture.sound, mixture.again, mixture.order,
    )  # fmt: skip
    kind = rng.choice(kinds)
    machine = ["-M", rng.choice(MACHINES[knowledge.arch]), *(["-nodefaults"] if rng.random() < 0.5 else [])]
    return Drawn(kind.__name__, [*machine, *kind()])


def draws(knowledge: Knowledge, seed: str, count: int) -> Iterator[Drawn]:
    """Configs of a target, the same ones for a seed."""
    rng = random.Random(f"mixtures {seed} {knowledge.version} {knowledge.arch}")
    for _ in range(count):
        yield draw(knowledge, rng)
