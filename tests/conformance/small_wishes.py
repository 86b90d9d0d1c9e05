"""Random wishes of a few devices, so small that everything can be tried."""

from __future__ import annotations

import random
from collections.abc import Iterator

from qrules.place.wants import Wants
from tests.conformance.proposals import Wish
from tests.conformance.wishes import HANGING, MACHINES, ON_MAINFRAMES, OWN, PCI

LIKE = ("usb-tablet", "e1000", "e1000e", "igb", "scsi-cd", "virtserialport", "ide-cd", "usb-hub", "virtio-net-pci", "floppy")


def small(seed: str, count: int) -> Iterator[tuple[str, Wish]]:
    """So many wishes, each with the version of QEMU that it is for; the same ones for the same seed."""
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        arch, machine = rng.choice(MACHINES)
        options: list[str] = ["-audiodev", "none,id=au0"]
        devices: list[str] = []
        pci = ON_MAINFRAMES if arch == "s390x" else PCI
        if rng.random() < 0.25:  # several alike, that one bus has not room for
            text = rng.choice(LIKE)
            devices += [text] * rng.randint(2, 7)
        for _ in range(rng.choice((1, 1, 2, 3)) if not devices else rng.choice((0, 1))):
            text, n = rng.choice(rng.choice((pci, HANGING, HANGING, OWN[arch]))), len(devices)
            if "{drive}" in text:
                options += ["-blockdev", f"driver=null-co,node-name=d{n},size=67108864,read-zeroes=on"]
            if "{char}" in text:
                options += ["-chardev", f"null,id=c{n}"]
            devices.append(text.format(n=n, n1=n % 30 + 1, drive=f"d{n}", char=f"c{n}"))
        nodefaults = ["-nodefaults"] if rng.random() < 0.7 else []
        words = ("-M", machine, *nodefaults, *options, *(w for d in devices for w in ("-device", d)))
        profiles = ("qemu",) if rng.random() < 0.6 else ()
        yield rng.choice(("7.2", "10.0")), Wish(arch, words, Wants(profiles=profiles))
