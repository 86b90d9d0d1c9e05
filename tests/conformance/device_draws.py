"""Random configs of many devices from a seed: controllers with what plugs into them, on all buses that a machine can have.

Each config is drawn right first: a device goes where there is room, as far as that is easy to know. Then some get mistakes
(`device_mistakes`), and some get devices that are added while the machine runs. Nothing of the host is used: disks are null,
characters vanish, so what is drawn here a binary decides by itself.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from typing import Any, NamedTuple

from tests.conformance.device_kinds import DISPLAYS, NETWORK, ON_MAINFRAMES, ONLY_ONE, PLAIN, SCSI, UNDERSCORED

Item = dict[str, Any]
"""A device: its driver, and what is written for it, in the order written."""


class Config(NamedTuple):
    """A command line without the binary's name; `adds` are added in turn while the machine runs."""

    arch: str
    words: tuple[str, ...]
    adds: tuple[Item, ...] = ()

    def __str__(self) -> str:
        return " ".join((f"[{self.arch}]", *self.words, *(f"+ {json.dumps(add)}" for add in self.adds)))


class Draw:
    """Draws one config. `items` grow; `buses` are names of buses by what goes there, `backends` the options that devices name."""

    def __init__(self, rng: random.Random, arch: str, machine: str) -> None:
        self.rng, self.arch, self.machine = rng, arch, machine
        self.board = machine.partition(",")[0]
        self.items: list[Item] = []
        self.backends: list[tuple[str, str, str]] = []  # option, argument, id
        self.buses: dict[str, list[str]] = defaultdict(list)
        self.used: dict[str, set[int]] = defaultdict(set)  # slots of PCI buses
        self.counts: dict[str, int] = defaultdict(int)
        self.root = "pcie.0" if any(part in self.board for part in ("q35", "virt", "microvm")) and arch != "s390x" else "pci.0"
        if self.has_pci:
            self.buses["pci"].append(self.root)

    @property
    def has_pci(self) -> bool:
        return self.board not in ("isapc", "microvm") or "pcie=on" in self.machine

    @property
    def express(self) -> bool:
        return self.root == "pcie.0"

    # ------------------------------------------------------------------------------ names, backends, places
    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def fresh(self, stem: str) -> str:
        self.counts[stem] += 1
        return f"{stem}{self.counts[stem] - 1}"

    def backend(self, option: str, argument: str) -> str:
        name = self.fresh({"-chardev": "c", "-blockdev": "d", "-netdev": "n"}.get(option, "o"))
        self.backends.append((option, argument.replace("{}", name), name))
        return name

    def drive(self) -> str:
        return self.backend("-blockdev", "driver=null-co,node-name={},size=67108864,read-zeroes=on")

    def chardev(self) -> str:
        return self.backend("-chardev", "null,id={}")

    def audio(self) -> str:
        if not any(name == "au" for _, _, name in self.backends):
            self.backends.append(("-audiodev", "none,id=au", "au"))
        return "au"

    def add(self, driver: str, stem: str = "", named: float = 0.5, **written: object) -> Item:
        """One more device; `stem` begins its id. What is None is not written."""
        item: Item = {"driver": driver}
        if self.maybe(named):
            item["id"] = self.fresh(stem or "dev")
        item.update(
            (name.replace("_", "-") if name not in UNDERSCORED else name, v) for name, v in written.items() if v is not None
        )
        self.items.append(item)
        return item

    def slot(self, bus: str) -> int:
        """A slot that is free as far as we know; now and then any slot."""
        low = 1 if bus != self.root else 0x10 if self.maybe(0.8) else 3
        free = [n for n in range(low, 0x1F) if n not in self.used[bus]] or [0x1E]
        slot = self.rng.choice(free) if not self.maybe(0.02) else self.rng.randrange(32)
        self.used[bus].add(slot)
        return slot

    def address(self, slot: int, function: int | None = None) -> object:
        """An address in one of the forms that it can be written in."""
        if function:
            return f"{slot:x}.{function:x}"
        return self.rng.choice((f"{slot:x}", f"0x{slot:x}", f"{slot:x}.0", f"{slot:02x}.0", f"{slot:x}"))

    def pci(self, item: Item) -> Item:
        """Puts an item on some PCI bus, at some address or none."""
        if self.buses["port"] and self.maybe(0.4):
            item["bus"] = self.buses["port"].pop(self.rng.randrange(len(self.buses["port"])))
            if self.maybe(0.4):
                item["addr"] = self.rng.choice(("0", "0.0", "0x0", "00.0"))
        elif self.buses["pci"]:
            bus = self.rng.choice(self.buses["pci"]) if self.maybe(0.4) else self.root
            if bus != self.root or self.maybe(0.6):
                item["bus"] = bus
            if self.maybe(0.4):
                item["addr"] = self.address(self.slot(bus))
        return item

    # ------------------------------------------------------------------------------ PCI
    def endpoint(self) -> None:
        kinds = ON_MAINFRAMES if self.arch == "s390x" else (*NETWORK, *PLAIN, *PLAIN, *DISPLAYS[: 3 if self.maybe(0.8) else None])
        driver = self.rng.choice(kinds if self.maybe(0.9) else ONLY_ONE)
        item = self.pci(self.add(driver))
        if driver in ("ivshmem-plain", "acpi-erst") and self.maybe(0.9):
            item["memdev"] = self.backend("-object", "memory-backend-ram,id={},size=1M,share=on")
        if driver in NETWORK and self.maybe(0.2):
            item["netdev"] = self.backend("-netdev", "hubport,id={},hubid=7")
        if self.maybe(0.02):
            item["acpi-index"] = self.rng.choice((1, 7, 7, 16384, 0))
        if self.maybe(0.01):
            item["rombar"] = self.rng.choice((0, 1, -1))
        if "virtio" in driver and self.maybe(0.1):
            item[self.rng.choice(("disable-modern", "disable-legacy"))] = self.rng.choice(("on", "off", "auto"))

    def functions(self) -> None:
        """Several functions of one slot, the first one mostly with multifunction=on."""
        bus = self.rng.choice(self.buses["pci"])
        slot, count = self.slot(bus), self.rng.randrange(2, 5)
        numbers = [0, *sorted(self.rng.sample(range(1, 8), count - 1))]
        if self.maybe(0.3):
            self.rng.shuffle(numbers)
        for number in numbers:
            item = self.add(self.rng.choice(("virtio-rng-pci", "virtio-net-pci", "e1000e", "virtio-scsi-pci")), "fn")
            item.update(bus=bus, addr=self.address(slot, number))
            if (number == 0 and self.maybe(0.85)) or self.maybe(0.2):
                item["multifunction"] = "on"

    def port(self) -> None:
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            number = self.fresh("chassis")[7:]
            item = self.add(self.rng.choice(("pcie-root-port", "pcie-root-port", "pcie-root-port", "ioh3420")), "rp", 0.95)
            item["chassis"] = int(number) + 1
            if self.maybe(0.4):
                item["slot"] = self.rng.randrange(4)
            if self.maybe(0.2):
                item["port"] = self.rng.randrange(20)
            if self.maybe(0.15):
                item["hotplug"] = self.rng.choice(("on", "off"))
            if self.maybe(0.6):
                item["bus"] = self.rng.choice([self.root] * 3 + self.buses["pxb"]) if self.buses["pxb"] else self.root
            if self.maybe(0.4):
                item["addr"] = self.address(self.slot(item.get("bus", self.root)))
            if "id" in item:
                self.buses["port"].append(item["id"])
                self.buses["anyport"].append(item["id"])

    def ports_of_one_slot(self) -> None:
        slot = self.slot(self.root)
        for function in range(self.rng.choice((2, 3, 8))):
            number = int(self.fresh("chassis")[7:]) + 1
            item = self.add("pcie-root-port", "rpf", 1, bus=self.root, addr=f"{slot:x}.{function}", chassis=number, port=function)
            if function == 0:
                item["multifunction"] = "on"
            self.buses["port"].append(item["id"])
            self.buses["anyport"].append(item["id"])

    def switch(self) -> None:
        if not self.buses["port"]:
            self.port()
        if not self.buses["port"]:
            return
        above = self.buses["port"].pop()
        upstream = self.add("x3130-upstream", "up", 1, bus=above)["id"]
        for _ in range(self.rng.choice((1, 2, 2, 4))):
            number = int(self.fresh("chassis")[7:]) + 1
            item = self.add("xio3130-downstream", "dn", 0.95, bus=upstream, chassis=number)
            if self.maybe(0.4):
                item["slot"] = self.rng.randrange(4)
            if "id" in item:
                self.buses["port"].append(item["id"])
                self.buses["anyport"].append(item["id"])

    def bridge(self) -> None:
        kinds = (
            ("pci-bridge", "pci-bridge", "pcie-pci-bridge", "i82801b11-bridge", "pci-bridge-seat")
            if self.express
            else ("pci-bridge",)
        )
        item = self.pci(self.add(self.rng.choice(kinds), "br", 0.95))
        if item["driver"].startswith("pci-bridge"):
            item["chassis_nr"] = int(self.fresh("chassis")[7:]) + 1
            if self.maybe(0.4):
                item["shpc"] = self.rng.choice(("on", "off"))
        if "id" in item:
            self.buses["pci"].append(item["id"])

    def expander(self) -> None:
        item = self.add(
            "pxb-pcie" if self.express else "pxb", "pxb", 0.9, bus_nr=self.rng.choice((0x20, 0x40, 0x60, 0x80, 0xA0, 0xF0))
        )
        if self.maybe(0.5):
            item["bus"] = self.root
        if self.maybe(0.05):
            item["numa_node"] = self.rng.randrange(2)
        if "id" in item:
            self.buses["pxb" if self.express else "pci"].append(item["id"])

    def host_bridge(self) -> None:
        item = self.add("spapr-pci-host-bridge", "phb", 0.8, index=int(self.fresh("index")[5:]) + 1)
        if "id" in item:
            self.buses["pci"].append(f"{item['id']}.0")

    # ------------------------------------------------------------------------------ disks
    def scsi(self) -> None:
        on = {"s390x": ("virtio-scsi-ccw", "virtio-scsi-ccw", "virtio-scsi-pci"), "ppc64": (*SCSI, *("spapr-vscsi",) * 6)}.get(
            self.arch, SCSI
        )
        kind = self.rng.choice(on) if self.has_pci else "virtio-scsi-device"
        item = self.add(kind, "scsi", 0.7)
        if kind not in ("virtio-scsi-ccw", "spapr-vscsi", "virtio-scsi-device"):
            self.pci(item)
        bus = f"{item['id']}.0" if "id" in item else None
        if bus:
            self.buses["scsi"].append(bus)
        for _ in range(self.rng.randrange(4)):
            self.on_scsi(bus)

    def on_scsi(self, bus: str | None) -> None:
        item = self.add(self.rng.choice(("scsi-hd", "scsi-hd", "scsi-cd")), "disk")
        if bus and self.maybe(0.7):
            item["bus"] = bus
        if (item["driver"] == "scsi-hd" and self.maybe(0.97)) or self.maybe(0.3):
            item["drive"] = self.drive()
        for name, chance, most in (("scsi-id", 0.4, 7), ("lun", 0.2, 1), ("channel", 0.1, 1)):
            if self.maybe(chance):
                item[name] = self.rng.randrange(most)
        if self.maybe(0.03):
            item.update(
                self.rng.choice(
                    ({"lun": 1}, {"lun": 2}, {"scsi-id": 8}, {"lun": 300}, {"scsi-id": 300}, {"channel": 1}, {"lun": 16384})
                )
            )

    def ahci(self) -> None:
        item = self.pci(self.add(self.rng.choice(("ich9-ahci", "ich9-ahci", "ahci")), "ahci", 0.85))
        for _ in range(self.rng.randrange(4)):
            self.on_ide(f"{item['id']}.{self.rng.randrange(6)}" if "id" in item else None)
        if "id" in item:
            self.buses["ide"].append(f"{item['id']}.{self.rng.randrange(6)}")

    def on_ide(self, bus: str | None = None) -> None:
        item = self.add(self.rng.choice(("ide-hd", "ide-cd", "ide-cd")), "ide")
        if bus and self.maybe(0.85):
            item["bus"] = bus
        if item["driver"] == "ide-hd" and self.maybe(0.95):
            item["drive"] = self.drive()
        if self.maybe(0.3):
            item["unit"] = 0 if self.maybe(0.95) else 1

    def board_ide(self) -> None:
        self.on_ide(f"ide.{self.rng.randrange(6 if self.express else 2)}")

    def nvme(self) -> None:
        subsystem = self.add("nvme-subsys", "subsys", 1)["id"] if self.maybe(0.15) else None
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            item = self.pci(self.add("nvme", "nvme", 0.9))
            item["serial"] = self.fresh("S")
            if subsystem:
                item["subsys"] = subsystem
            if not subsystem and self.maybe(0.5):
                item["drive"] = self.drive()
            for _ in range(self.rng.choice((0, 1, 1, 2))):
                space = self.add("nvme-ns", "ns", drive=self.drive())
                if "id" in item and self.maybe(0.8):
                    space["bus"] = item["id"]
                if self.maybe(0.4):
                    space["nsid"] = self.rng.choice((10, 11, 12, 13, 14, 15, 16) if self.maybe(0.9) else (1, 2, 256, 257))
            if "id" in item:
                self.buses["nvme"].append(item["id"])

    def ufs(self) -> None:
        item = self.pci(self.add("ufs", "ufs", 0.9))
        for number in range(self.rng.choice((1, 2, 3))):
            unit = self.add("ufs-lu", "lu", drive=self.drive())
            if "id" in item and self.maybe(0.8):
                unit["bus"] = item["id"]
            if number or self.maybe(0.3):
                unit["lun"] = number if self.maybe(0.9) else self.rng.choice((0, 31, 32))
        if "id" in item:
            self.buses["ufs"].append(item["id"])

    def sd(self) -> None:
        self.pci(self.add("sdhci-pci", "sd"))
        if self.maybe(0.8):
            self.add("sd-card", "card", drive=self.drive() if self.maybe(0.9) else None)

    def virtio_disk(self) -> None:
        item = self.pci(
            self.add(
                self.rng.choice(
                    ("virtio-blk-pci", "virtio-blk-pci-transitional", "virtio-blk-pci-non-transitional", "virtio-blk")
                ),
                "vd",
            )
        )
        item["drive"] = self.drive()

    def other_backends(self) -> None:
        """Devices of PCI that need something of another option."""
        kind, name, make = self.rng.choice((
            ("virtio-crypto-pci", "cryptodev", lambda: self.backend("-object", "cryptodev-backend-builtin,id={}")),
            ("virtio-sound-pci", "audiodev", self.audio), ("AC97", "audiodev", self.audio), ("ES1370", "audiodev", self.audio),
            ("virtio-rng-pci", "rng", lambda: self.backend("-object", "rng-builtin,id={}")),
            ("pci-serial", "chardev", self.chardev), ("virtio-balloon-pci", "iothread", lambda: self.backend("-object", "iothread,id={}")),
        ))  # fmt: skip
        item = self.pci(self.add(kind))
        if self.maybe(0.95):
            item[name] = make()
