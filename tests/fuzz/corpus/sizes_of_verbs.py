"""Point 2d, of other verbs than `check`: large configs, large wishes, large messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.fuzz.corpus.sizes import PC, Q35, repeated, sized, unknown_properties
from tests.fuzz.entry import Entry

_INPUT = "<input type='tablet' bus='9'/>"
_VERBS = (
    sized("repairs-250-e1000", "check --repairs of 250 e1000", repeated(Q35, "-device e1000", 250), verb=("check", "--repairs")),
    sized(
        "repairs-250-wrong", "check --repairs of 250 mistakes", repeated(Q35, "-device zork{i}", 250), verb=("check", "--repairs")
    ),
    sized(
        "repairs-2000-ids",
        "check --repairs of 2,000 devices of one id",
        repeated(Q35, "-device usb-tablet,id=a", 2_000),
        verb=("check", "--repairs"),
        heavy=True,
    ),
    sized("place-250", "place of 250 e1000e", repeated(Q35, "-device e1000e", 250), "q35", verb=("place",)),
    sized(
        "place-2000",
        "place of 2,000 e1000e: on conventional bridges, against advice",
        repeated(Q35, "-device e1000e", 2_000),
        "",
        verb=("place",),
    ),
    sized("place-scsi", "place of 2,000 disks", repeated(Q35, "-device scsi-cd", 2_000), "", verb=("place",), heavy=True),
    sized("convert-250", "convert of 250 e1000", repeated(PC, "-device e1000,id=e{i}", 250), "", verb=("convert", "--to", "q35")),
    sized(
        "convert-2000",
        "convert of 2,000 devices",
        repeated(PC, "-device virtio-net-pci,id=e{i}", 2_000),
        "",
        verb=("convert", "--to", "q35"),
        heavy=True,
    ),
    sized(
        "slots-2000",
        "slots --tree of 2,000 devices",
        repeated(Q35 + "-device virtio-serial-pci,max_ports=31 ", "-device pcie-root-port,chassis={b},slot={i}", 2_000),
        "",
        verb=("slots", "--tree"),
    ),
    Entry(
        "spare-255",
        "2d",
        "spare of a config of 200 ports",
        ("spare", "e1000e", "-"),
        repeated(Q35, "-device pcie-root-port,chassis={b}", 200),
        statuses=(0, 1, 3),
    ),
    Entry("spare-for", "2d", "spare --for 100000", ("spare", "e1000e", "--on", "q35", "--for", "100000"), statuses=(0, 1, 2, 3)),
    Entry("place-times", "2d", "place e1000*100000", ("place", "--on", "q35", "e1000*100000"), statuses=(0, 1, 2, 3)),
    Entry(
        "place-spare",
        "2d",
        "place --spare e1000=1000000",
        ("place", "--on", "q35", "--spare", "e1000=1000000", "e1000"),
        statuses=(0, 1, 2, 3),
    ),
    Entry(
        "place-count",
        "2d",
        "place --count of 60 devices",
        ("place", "--on", "q35", "--count", "e1000*25", "virtio-net-pci"),
        statuses=(0, 1, 3),
    ),
    Entry(
        "place-all",
        "2d",
        "place --all --limit 1000000: at most 1,000 are listed",
        ("place", "--on", "q35", "--all", "--limit", "1000000", "e1000*8"),
        statuses=(2,),
        says="from 1 to 1,000",
    ),
    Entry(
        "place-all-1000",
        "2d",
        "place --all --limit 1000",
        ("place", "--on", "q35", "--all", "--limit", "1000", "e1000*8"),
        statuses=(0,),
        output=3_000_000,
        heavy=True,
    ),
    Entry(
        "hotplug-500",
        "2d",
        "hotplug of 500 devices in turn",
        ("hotplug", *["e1000e,bus=zork"] * 500, "--into", "--", "-M", "q35"),
        statuses=(0, 1, 3),
    ),
    Entry(
        "why-many-before",
        "2d",
        "why with 500 devices before it",
        ("why", "e1000", "--on", "q35", *["--with", "usb-tablet"] * 500),
        statuses=(0, 1, 2, 3),
    ),
)


def domain(devices: str) -> Callable[[], bytes]:
    """A domain of libvirt with these devices."""
    head = (
        "<domain type='qemu'><name>a</name><memory>1048576</memory><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
    )
    return lambda: f"{head}{devices}</devices></domain>".encode()


def switches(count: int, ports: int) -> Callable[[], bytes]:
    """So many switches, each behind a root port, with so many ports."""
    words = [
        f"-device pcie-root-port,id=r{n},chassis={n},slot=0,addr={n:x} -device x3130-upstream,id=u{n},bus=r{n} "
        + " ".join(f"-device xio3130-downstream,id=d{n}.{i},bus=u{n},chassis={n},slot={i + 1},addr={i:x}" for i in range(ports))
        for n in range(1, count + 1)
    ]
    return lambda: (Q35 + " ".join(words)).encode()


_PLACES = (
    sized(
        "place-wrong-properties",
        "place of one device with 2,700 wrong properties",
        unknown_properties(2_700),
        "^No",
        verb=("place",),
    ),
    sized("spare-switches", "spare of 100 ports behind switches", switches(4, 25), "^How many", verb=("spare", "e1000e")),
    sized("check-switches", "400 ports behind switches, which QEMU starts", switches(16, 25), heavy=True),
)
_DOMAINS = (
    sized("domain-disks", "20,000 disks of which nothing is said", domain("<disk/>" * 20_000), says="^rejected"),
    sized(
        "domain-devices", "189 inputs in 21 lists", domain(f"<devices>{_INPUT * 9}</devices>" * 21), verb=("check", "--repairs")
    ),
)


def entries() -> Iterator[Entry]:
    """All of them."""
    yield from _VERBS
    yield from _PLACES
    yield from _DOMAINS
    for name, text in (
        ("colons", "a: " * 2_000), ("colons-far", "a: " * 300_000), ("quotes", "'" * 300_000), ("lines", "a: b\n" * 50_000),
        ("brackets", '{"desc"' * 100_000), ("options", "-a b: " * 100_000), ("words", "Bus 'pcie.0' does not support " * 20_000),
        ("holes", "PCI: slot " * 20_000 + "not available for x, in use by y,id=z"), ("dashes", "(-" * 300_000), ("one-word", "a" * 1_000_000),
        ("blanks", " " * 1_000_000 + "x"), ("colon-blanks", (":" + " " * 2_000) * 400),
    ):  # fmt: skip
        yield Entry(
            f"explain-{name}",
            "2d",
            f"explain of {text[:12]!r} ... ({len(text):,} characters)",
            ("explain", "-"),
            text.encode(),
            statuses=(0, 1, 2, 3),
        )
