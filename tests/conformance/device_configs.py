"""Random configs of many devices: what is not PCI or a disk, and whole configs with their mistakes and hot plugs."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

from tests.conformance.device_draws import Config, Draw, Item
from tests.conformance.device_kinds import BARE, CCW, ISA, MACHINES, MMIO, ON_USB, ONLY_OLD, OPTIONS, XHCI
from tests.conformance.device_mistakes import MISTAKES, added_later

__all__ = ["MACHINES", "Config", "configs"]


class _Draw(Draw):
    # ------------------------------------------------------------------------------ USB, serial ports, sound
    def usb(self) -> None:
        kind = self.rng.choice(XHCI)
        item = self.pci(self.add(kind, "usb", 0.85))
        if kind in ("qemu-xhci", "nec-usb-xhci"):
            for name in ("p2", "p3"):
                if self.maybe(0.2):
                    item[name] = self.rng.choice((1, 2, 4, 8, 15, 16))
        elif kind == "pci-ohci" and self.maybe(0.4):
            item["num-ports"] = self.rng.choice((1, 6, 15))
        self._on_usb(f"{item['id']}.0" if "id" in item else None)

    def _on_usb(self, bus: str | None) -> None:
        if bus:
            self.buses["usb"].append(bus)
        hubs: list[str] = []
        for _ in range(self.rng.randrange(6)):
            item = self.add(self.rng.choice(ON_USB))
            if bus and self.maybe(0.7):
                item["bus"] = bus
            if self.maybe(0.4):
                behind = self.rng.choice(["", "", *hubs])
                item["port"] = behind + str(self.rng.randrange(1, 9 if behind else 3))
                if item["driver"] == "usb-hub":
                    hubs.append(f"{item['port']}.")
            self._usb_needs(item)

    def _usb_needs(self, item: Item) -> None:
        driver = item["driver"]
        if driver == "usb-storage" and self.maybe(0.95):
            item["drive"] = self.drive()
        elif driver in ("usb-serial", "usb-braille") and self.maybe(0.9):
            item["chardev"] = self.chardev()
        elif driver == "usb-audio":
            item["audiodev"] = self.audio()
        elif driver == "usb-ccid" and "id" in item:
            self.buses["ccid"].append(f"{item['id']}.0")
            for _ in range(self.rng.randrange(2)):
                self.card()
        elif driver in ("usb-bot", "usb-uas") and "id" in item:
            for _ in range(self.rng.randrange(3)):
                disk = self.add("scsi-cd", bus=f"{item['id']}.0", lun=self.rng.choice((None, 0, 1)))
                if self.maybe(0.3):
                    disk["scsi-id"] = self.rng.randrange(2)

    def card(self) -> None:
        item = self.add("ccid-card-passthru", chardev=self.chardev())
        if self.buses["ccid"] and self.maybe(0.6):
            item["bus"] = self.rng.choice(self.buses["ccid"])
        if self.maybe(0.4):
            item["slot"] = self.rng.choice((0, 0, 1))

    def companions(self) -> None:
        slot, name = self.slot(self.root), self.fresh("ehci")
        self.items.append({"driver": "ich9-usb-ehci1", "id": name, "bus": self.root, "addr": f"{slot:x}.7"})
        if self.maybe(0.3):
            self.items[-1]["multifunction"] = "on"
        numbers = [0, 1, 2]
        self.rng.shuffle(numbers)
        for n in numbers[: self.rng.choice((1, 3, 3))]:
            item = self.add(
                f"ich9-usb-uhci{n + 1}", "uhci", masterbus=f"{name}.0", firstport=2 * n, bus=self.root, addr=f"{slot:x}.{n}"
            )
            if n == 0:
                item["multifunction"] = "on"
            if self.maybe(0.04):
                item["firstport"] = self.rng.randrange(7)
        self._on_usb(f"{name}.0")

    def serial(self) -> None:
        if self.arch == "s390x":
            kind = self.rng.choice(("virtio-serial-ccw", "virtio-serial-ccw", "virtio-serial-pci"))
        elif self.has_pci:
            kind = self.rng.choice(
                ("virtio-serial-pci", "virtio-serial-pci-transitional", "virtio-serial-pci-non-transitional", "virtio-serial")
            )
        else:
            kind = "virtio-serial-device"
        item = self.add(kind, "vs", 0.8)
        if kind not in ("virtio-serial-ccw", "virtio-serial-device"):
            self.pci(item)
        if self.maybe(0.3):
            item["max_ports"] = self.rng.choice((31, 31, 4, 1, 32, 511))
        bus = f"{item['id']}.0" if "id" in item else None
        if bus:
            self.buses["serial"].append(bus)
        for _ in range(self.rng.randrange(4)):
            self.on_serial(bus)

    def on_serial(self, bus: str | None) -> None:
        item = self.add(self.rng.choice(("virtserialport", "virtserialport", "virtconsole")), "port", chardev=self.chardev())
        if bus and self.maybe(0.7):
            item["bus"] = bus
        if self.maybe(0.3):
            item["nr"] = self.rng.choice((17, 18, 19, 28, 30) if self.maybe(0.8) else (0, 1, 2, 31))
        if self.maybe(0.2):
            item["name"] = self.fresh("org.p.")

    def sound(self) -> None:
        item = self.pci(self.add(self.rng.choice(("intel-hda", "ich9-intel-hda")), "snd", 0.85))
        bus = f"{item['id']}.0" if "id" in item else None
        if bus:
            self.buses["hda"].append(bus)
        for _ in range(self.rng.randrange(4)):
            codec = self.add(self.rng.choice(("hda-duplex", "hda-micro", "hda-output")), "codec", audiodev=self.audio())
            if bus and self.maybe(0.7):
                codec["bus"] = bus
            if self.maybe(0.2):
                codec["cad"] = self.rng.choice((3, 4, 5, 6, 7, 8, 14, 15))

    def carrier(self) -> None:
        item = self.pci(self.add("tpci200", "tp", 0.9))
        for _ in range(self.rng.choice((1, 2, 3, 5))):
            module = self.add("ipoctal232", bus=f"{item['id']}.0" if "id" in item and self.maybe(0.6) else None)
            if self.maybe(0.1):
                module["slot"] = self.rng.randrange(5)
        if "id" in item:
            self.buses["ipack"].append(f"{item['id']}.0")

    # ------------------------------------------------------------------------------ the boards' own buses
    def isa(self) -> None:
        driver = self.rng.choice(ISA)
        for _ in range(
            self.rng.choice((1, 1, 1, 2, 4)) if driver in ("isa-serial", "isa-parallel", "pvpanic", "isa-debugcon") else 1
        ):
            item = self.add(driver, bus="isa.0" if self.maybe(0.3) else None)
            if driver in ("isa-serial", "isa-parallel", "isa-debugcon") and self.maybe(0.95):
                item["chardev"] = self.chardev()
            elif driver in ("adlib", "gus", "sb16", "cs4231a"):
                item["audiodev"] = self.audio()
            elif driver == "isa-applesmc":
                item["osk"] = "x" * 64
            if driver in ("isa-serial", "isa-parallel") and self.maybe(0.15):
                item["index"] = self.rng.randrange(5)

    def ipmi(self) -> None:
        name = self.add("ipmi-bmc-sim", "bmc", 1)["id"]
        self.add(
            self.rng.choice(("isa-ipmi-kcs", "isa-ipmi-bt", "pci-ipmi-kcs", "pci-ipmi-bt")), bmc=name if self.maybe(0.9) else None
        )

    def floppy(self) -> None:
        item = self.add("floppy")
        if self.maybe(0.4):
            item["bus"] = "floppy-bus.0"
        if self.maybe(0.5):
            item["unit"] = self.rng.choice((0, 1, 1, 2))

    def mmio(self) -> None:
        for _ in range(self.rng.choice((1, 1, 2, 3, 9 if self.arch.startswith("riscv") else 3))):
            driver = self.rng.choice(MMIO)
            item = self.add(driver, "vm", bus=f"virtio-mmio-bus.{self.rng.randrange(9)}" if self.maybe(0.15) else None)
            if driver == "virtio-blk-device":
                item["drive"] = self.drive()
            elif driver == "virtio-crypto-device":
                item["cryptodev"] = self.backend("-object", "cryptodev-backend-builtin,id={}")
            elif driver == "virtio-sound-device":
                item["audiodev"] = self.audio()

    def ccw(self) -> None:
        for _ in range(self.rng.choice((1, 2, 3, 6))):
            driver = self.rng.choice(
                CCW if self.maybe(0.95) else ("virtio-balloon-ccw", "virtio-net-pci", "x-terminal3270", "vfio-ccw")
            )
            item = self.add(driver, "ccw")
            if driver == "virtio-blk-ccw":
                item["drive"] = self.drive()
            elif driver == "virtio-crypto-ccw":
                item["cryptodev"] = self.backend("-object", "cryptodev-backend-builtin,id={}")
            if self.maybe(0.4):
                item["devno"] = (
                    f"fe.{self.rng.choice((0, 0, 0, 1, 3))}.{self.rng.choice((self.rng.randrange(65536), self.rng.randrange(64))):04x}"
                )
            if self.maybe(0.01):
                item["devno"] = self.rng.choice(
                    ("fd.0.0001", "fe.4.0001", "fe.0.12345", "ff.0.1", "0.0.0001", "fe.0.xyz", "fe.0", "fe.0.1")
                )
            if self.maybe(0.1):
                item["bus"] = "virtual-css"

    def zpci(self) -> None:
        number = self.fresh("zd")
        handle = self.add("zpci", "z", target=number)
        for name, chance in (("uid", 0.5), ("fid", 0.4)):
            if self.maybe(chance):
                handle[name] = int(number[2:]) + 10 if self.maybe(0.9) else self.rng.randrange(6)
        if self.maybe(0.9):
            item = self.pci(
                self.add(self.rng.choice(("virtio-rng-pci", "virtio-net-pci", "e1000e", "igb", "virtio-gpu-pci")), named=0)
            )
            item["id"] = number
            if self.maybe(0.04):
                self.items.remove(handle)  # a handle may come after what it speaks of; then it is too late
                self.items.append(handle)

    def vio(self) -> None:
        driver = self.rng.choice(("spapr-vlan", "spapr-vlan", "spapr-vscsi", "spapr-vty", "spapr-nvram"))
        for _ in range(self.rng.choice((1, 1, 2))):
            item = self.add(driver, "vio")
            if driver == "spapr-vty":
                item["chardev"] = self.chardev()
            if self.maybe(0.4):
                item["reg"] = self.rng.choice(
                    (0x30000000 + 0x1000 * self.rng.randrange(64), 0x71000000 + self.rng.randrange(9), self.rng.randrange(9))
                )
            if self.maybe(0.2):
                item["bus"] = "spapr-vio"

    # ------------------------------------------------------------------------------ what stands on no bus
    def bare(self) -> None:
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            self.add(self.rng.choice(BARE[{"arm": "aarch64", "riscv32": "riscv64"}.get(self.arch, self.arch)]), "one")

    def core(self) -> None:
        if self.arch == "ppc64":
            self.add(self.rng.choice(("power9_v2.0-spapr-cpu-core", "power8_v2.0-spapr-cpu-core", "power10_v2.0-spapr-cpu-core")),
                     core_id=self.rng.choice((0, 1, 2, 3, 8)))  # fmt: skip
        elif self.arch == "s390x":
            self.add(
                self.rng.choice(("qemu-s390x-cpu", "qemu-s390x-cpu", "z14-s390x-cpu")), core_id=self.rng.choice((0, 1, 2, 3, 8))
            )
        elif self.arch == "x86_64":
            item = self.add(self.rng.choice(("qemu64-x86_64-cpu", "qemu64-x86_64-cpu", "max-x86_64-cpu")))
            item.update({"socket-id": self.rng.randrange(4), "core-id": 0, "thread-id": 0} if self.maybe(0.8) else {})

    def memory(self) -> None:
        item = self.add(self.rng.choice(("pc-dimm", "pc-dimm", "nvdimm")))
        if self.maybe(0.9):
            item["memdev"] = self.backend(
                "-object", f"memory-backend-ram,id={{}},size={self.rng.choice(('256M', '256M', '64M', '100M'))}"
            )


COMMON = {
    "endpoint": 10, "functions": 2, "bridge": 3, "scsi": 5, "nvme": 3, "serial": 4, "virtio_disk": 3, "other_backends": 3, "bare": 1,
}  # fmt: skip
OF_PCI = {"ahci": 3, "ufs": 1, "sd": 1, "usb": 5, "companions": 1, "sound": 2, "carrier": 1}
EXPRESS = {"port": 6, "ports_of_one_slot": 1, "switch": 3, "expander": 1}
PARTS: dict[str, dict[str, float]] = {
    "q35": {**COMMON, **OF_PCI, **EXPRESS, "isa": 2, "ipmi": 1, "floppy": 1, "board_ide": 2, "core": 0.3, "memory": 0.3},
    "pc": {**COMMON, **OF_PCI, "port": 2, "expander": 1, "isa": 3, "ipmi": 1, "floppy": 1, "board_ide": 2, "core": 0.3, "memory": 0.3},
    "isapc": {"isa": 8, "floppy": 3, "board_ide": 3, "bare": 1, "ipmi": 1, "endpoint": 0},
    "microvm": {"mmio": 6, "isa": 4, "scsi": 2, "serial": 2, "bare": 1},
    "microvm-pcie": {**COMMON, **OF_PCI, **EXPRESS, "mmio": 6, "isa": 4},
    "arm": {**COMMON, **OF_PCI, **EXPRESS, "mmio": 4, "memory": 0.3},
    "riscv": {**COMMON, **OF_PCI, **EXPRESS, "mmio": 4},
    "s390x": {"endpoint": 12, "functions": 1, "bridge": 1, "scsi": 4, "nvme": 2, "serial": 3, "virtio_disk": 1, "ccw": 20, "zpci": 10, "bare": 1, "core": 0.3},
    "ppc64": {**COMMON, **OF_PCI, "vio": 5, "host_bridge": 3, "core": 0.3, "memory": 0.3},
}  # fmt: skip


def _family(arch: str, machine: str) -> str:
    board = machine.partition(",")[0]
    if arch == "x86_64":
        kind = next(kind for kind in ("q35", "isapc", "microvm", "pc") if kind in board)
        return "microvm-pcie" if kind == "microvm" and "pcie=on" in machine else kind
    return {"aarch64": "arm", "riscv64": "riscv", "riscv32": "riscv"}.get(arch, arch)


def configs(seed: int, count: int, arch: str, series: str) -> Iterator[Config]:
    """`count` configs of one architecture for a QEMU version: the same ones for the same seed."""
    machines = MACHINES[arch] + (ONLY_OLD.get(arch, ()) if series == "7.2" else ())
    rng = random.Random(f"{seed} {arch}")
    for _ in range(count):
        machine = rng.choice(machines)
        family = _family(arch, machine)
        chosen = {
            option.partition("=")[0]: option
            for option in rng.sample(OPTIONS[family.partition("-")[0]], rng.choice((0, 0, 0, 1, 2)))
        }
        machine = ",".join((machine, *(o for name, o in chosen.items() if f",{name}=" not in machine)))
        draw = _Draw(rng, arch, machine)
        weights = PARTS[family]
        for part in rng.choices(list(weights), list(weights.values()), k=rng.choice((1, 2, 3, 4, 5, 7))):
            getattr(draw, part)()
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
            rng.choice(MISTAKES)(draw)
        adds = tuple(added_later(draw) for _ in range(rng.randrange(1, 5))) if rng.random() < 0.35 else ()
        yield Config(arch, tuple(_words(draw, family)), adds)


# ------------------------------------------------------------------------------------- how it is written
def _words(draw: _Draw, family: str) -> Iterator[str]:
    yield from ("-M", draw.machine)
    if draw.maybe(0.65):
        yield "-nodefaults"
    if family == "riscv":
        yield from ("-bios", "none")
    if any("cpu" in item["driver"] for item in draw.items) and draw.maybe(0.8):
        yield from ("-smp", "1,maxcpus=4")
    if any("dimm" in item["driver"] for item in draw.items) and draw.maybe(0.8):
        yield from ("-m", "1G,slots=2,maxmem=4G")
    for option, argument, _ in draw.backends:
        yield from (option, argument)
    style = draw.rng.choice((0.0, 0.0, 0.0, 0.3, 1.0))
    write: Callable[[_Draw, Item], str]
    for item in draw.items:
        write = _json if draw.maybe(style) else _pairs
        yield from ("-device", write(draw, item))


def _pairs(draw: _Draw, item: Item) -> str:
    """The form `driver,name=value`; numbers in decimal or hexadecimal."""
    written = [str(item["driver"])]
    for name, value in item.items():
        if name != "driver":
            text = hex(value) if isinstance(value, int) and value >= 0 and draw.maybe(0.1) else str(value)
            written.append(f"{name}={text.replace(',', ',,')}")
    return ",".join(written)


def _json(draw: _Draw, item: Item) -> str:
    """The JSON form; switches are switches, except where a property takes a word."""
    members = {name: value == "on" if value in ("on", "off") and name not in WORDS else value for name, value in item.items()}
    for name, value in members.items():
        if isinstance(value, int) and draw.maybe(0.03):
            members[name] = str(value)
    return json.dumps(members, separators=(",", ":"))


WORDS = {"disable-legacy"}
