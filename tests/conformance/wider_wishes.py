"""Random wishes of many kinds: any type that the catalogue has, switches, expanders, many alike, configs that start as they are.

Each is drawn from a seed, for an architecture whose rules are given; nothing of the host is used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board
from tests.conformance import device_configs
from tests.conformance.proposals import Wish
from tests.conformance.wishes import MACHINES, ON_MAINFRAMES, PCI, SPARED, wishes

# What needs more of the host than a file that is not there, or draws a whole machine of its own.
HOSTS = (
    "vfio", "vhost", "xen", "usb-host", "usb-mtp", "usb-redir", "ivshmem-doorbell", "virtio-9p", "scsi-block", "scsi-generic",
    "nvdimm", "pc-dimm", "tpm", "cxl", "u2f", "emulated", "passthru", "pmem", "virtio-mem", "cpu", "kvm", "igd", "x-pci-proxy",
)  # fmt: skip
ALSO = (("x86_64", "pc-q35-7.2"), ("x86_64", "pc-i440fx-7.2"), ("aarch64", "virt-7.2"), ("ppc64", "pseries-7.2"))
WITH_PORTS = (("x86_64", "q35"), ("aarch64", "virt"), ("riscv64", "virt"))


def wider(seed: str, count: int, series: str, boards: Callable[[str], Board]) -> Iterator[Wish]:
    """So many wishes for a version of QEMU, the same ones for the same seed; `boards` gives the rules of an architecture."""
    for number in range(count):
        rng = random.Random(f"{seed} {series} {number}")
        kind = rng.choice(
            ("mixed", "mixed", "catalogue", "catalogue", "switch", "expander", "many", "virtual", "started", "started")
        )
        if kind == "mixed":
            yield from wishes(f"wider {seed} {series} {number}", 1)
        elif kind == "started":
            yield _started(rng, series, boards)
        else:
            yield getattr(_Drawing(rng, boards), kind)()


def _started(rng: random.Random, series: str, boards: Callable[[str], Board]) -> Wish:
    """A config that the rules accept as it is, sometimes with a further wish."""
    while True:
        arch = rng.choice(("x86_64", "x86_64", "aarch64", "riscv64", "ppc64", "s390x"))
        config = next(iter(device_configs.configs(rng.randrange(1 << 30), 1, arch, series)))
        rules = boards(arch)
        request = read(list(config.words), rules.knowledge)
        if request.devices and judge(rules, request, ("qemu",)).verdict == "accept":
            wants = Wants(profiles=("qemu",))
            if rng.random() < 0.3:
                wants = wants._replace(spare=(Spare(rng.choice(SPARED), rng.randint(1, 3), rng.random() < 0.3),))
            return Wish(arch, config.words, wants, not wants.spare)


class _Drawing:
    def __init__(self, rng: random.Random, boards: Callable[[str], Board]) -> None:
        self.rng, self.boards = rng, boards
        self.arch, self.machine = rng.choice((*MACHINES, *ALSO))
        self.options: list[str] = []
        self.devices: list[str] = []

    def _wish(self, wants: Wants | None = None) -> Wish:
        wants = self._wants() if wants is None else wants
        argv = ["-M", self.machine, *(["-nodefaults"] if self.rng.random() < 0.6 else []), *self.options]
        profiles = ("qemu",) if self.rng.random() < 0.6 else ()
        words = (*argv, *(word for d in self.devices for word in ("-device", d)))
        return Wish(self.arch, words, wants._replace(profiles=profiles))

    def _wants(self) -> Wants:
        rng, count = self.rng, len(self.devices)
        some = tuple(rng.sample(range(count), min(count, rng.randint(2, 3))))
        wants = Wants()
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            match rng.randrange(6):
                case 0:
                    wants = wants._replace(hotplug=frozenset({rng.randrange(count)}))
                case 1 if count > 1:
                    wants = wants._replace(apart=(some,))
                case 2 if count > 1:
                    wants = wants._replace(together=(some,))
                case 3 if count > 1:
                    wants = wants._replace(functions=(some,))
                case 4 | 5:
                    wants = wants._replace(spare=(Spare(rng.choice(SPARED), rng.randint(1, 4), rng.random() < 0.4),))
        return wants

    def _add(self, text: str) -> str:
        """Adds a device with an id, which it tells."""
        self.devices.append(f"{text},id=w{len(self.devices)}")
        return f"w{len(self.devices) - 1}"

    # ------------------------------------------------------------------------------ any type
    def catalogue(self) -> Wish:
        """Types of any kind of bus, each with the backends that its properties name."""
        rules = self.boards(self.arch)
        by_kind: dict[str, list[str]] = {}
        for name, facts in rules.knowledge.shared["types"].items():
            if facts[0] == "user" and facts[1] and not any(part in name for part in HOSTS):
                by_kind.setdefault(facts[1], []).append(name)
        for _ in range(self.rng.choice((1, 2, 3, 4, 6))):
            name = self.rng.choice(sorted(by_kind[self.rng.choice(sorted(by_kind))]))
            for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
                self._add(self._needing(rules, name))
        return self._wish()

    def _needing(self, rules: Board, name: str) -> str:
        kind, n = rules.kinds.type(name), len(self.devices)
        assert kind is not None
        text = name
        for known, given, option, argument in (
            ("drive", f"d{n}", "-blockdev", f"driver=null-co,node-name=d{n},size=67108864,read-zeroes=on"),
            ("chardev", f"c{n}", "-chardev", f"null,id=c{n}"),
            ("audiodev", f"a{n}", "-audiodev", f"none,id=a{n}"),
            ("serial", f"s{n}", "", ""),
            ("chassis_nr", f"{n + 1}", "", ""),
        ):
            if kind.catalogued(known) is not None and (known not in ("drive", "serial") or self.rng.random() < 0.9):
                text += f",{known}={given}"
                self.options += [option, argument] if option else []
        return text

    # ------------------------------------------------------------------------------ switches, expanders, many
    def switch(self) -> Wish:
        """Parts of switches, with or without what they stand on, and devices that may go behind them."""
        rng = self.rng
        self.arch, self.machine = rng.choice(WITH_PORTS)
        for number in range(rng.choice((1, 1, 2))):
            port = self._add(f"pcie-root-port,chassis={number + 1}") if rng.random() < 0.7 else None
            upper = self._add("x3130-upstream" + (f",bus={port}" if port and rng.random() < 0.7 else ""))
            for lower in range(rng.choice((0, 1, 2, 4))):
                self._add(
                    f"xio3130-downstream,chassis={10 * (number + 1) + lower}" + (f",bus={upper}" if rng.random() < 0.7 else "")
                )
        self._plain(rng.choice((1, 2, 4)))
        return self._wish()

    def expander(self) -> Wish:
        """Root buses beside the machine's own, with ports or bridges on them."""
        rng = self.rng
        express = rng.random() < 0.7
        self.arch, self.machine = rng.choice(WITH_PORTS) if express else ("x86_64", "pc")
        for number in range(rng.choice((1, 1, 2))):
            beside = self._add(f"{'pxb-pcie' if express else 'pxb'},bus_nr={64 * (number + 1)}")
            for port in range(rng.choice((0, 1, 2))):
                text = f"pcie-root-port,chassis={20 * (number + 1) + port}" if express else f"pci-bridge,chassis_nr={9 + port}"
                self._add(text + (f",bus={beside}" if rng.random() < 0.7 else ""))
        self._plain(rng.choice((1, 2, 3)))
        return self._wish()

    def many(self) -> Wish:
        """So many alike that a bus has not room for all of them."""
        rng = self.rng
        text = rng.choice(
            ON_MAINFRAMES[:3] if self.arch == "s390x" else ("e1000e", "e1000", "virtio-net-pci", "usb-tablet", "scsi-cd")
        )
        for _ in range(rng.choice((9, 17, 30, 33, 40, 64)) if rng.random() < 0.95 else 241):
            self._add(text)
        return self._wish(Wants() if rng.random() < 0.7 else None)

    def virtual(self) -> Wish:
        """Devices with virtual functions, which hold addresses beside their own."""
        self.arch, self.machine = self.rng.choice(
            (("x86_64", "q35"), ("x86_64", "pc"), ("ppc64", "pseries"), ("aarch64", "virt"))
        )
        for _ in range(self.rng.choice((1, 2, 3, 5))):
            self._add("igb" + self.rng.choice(("", "", ",addr=5", ",addr=4.0,multifunction=on")))
        self._plain(self.rng.choice((0, 1, 2)))
        return self._wish()

    def _plain(self, count: int) -> None:
        for _ in range(count):
            text = self.rng.choice([t for t in PCI if "{drive}" not in t])
            n = len(self.devices)
            for _ in range(self.rng.choice((1, 1, 2, 5))):
                self._add(text.format(n=len(self.devices), n1=n + 40))
