"""Points 2c and 2d: output that is linear in the input, and time that nearly is. What QEMU starts within a minute is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.fuzz.entry import Entry

ANSWERED = r"^(accepted|rejected)"
Q35 = "qemu-system-x86_64 -M q35 -nodefaults "
PC = "qemu-system-x86_64 -M pc -nodefaults "


def repeated(head: str, piece: str, count: int) -> Callable[[], bytes]:
    """A command line with a piece many times; `{i}`, `{h}` (hexadecimal) and `{b}` (i % 255) stand for its number."""
    return lambda: (head + " ".join(piece.format(i=i, h=f"{i:x}", b=i % 255, j=i - 1) for i in range(count))).encode()


def unknown_properties(count: int) -> Callable[[], bytes]:
    """One device with that many properties that it does not have."""
    return lambda: (Q35 + "-device e1000" + "".join(f",p{i}=1" for i in range(count))).encode()


def entries() -> Iterator[Entry]:
    """All of them."""
    yield from _linear()
    yield from _configs()


_LINEAR = (
    Entry(
        "unknown-properties",
        "2c",
        "one device with 20,000 unknown properties",
        ("check", "-"),
        unknown_properties(20_000),
        statuses=(1,),
    ),
    Entry(
        "unknown-properties-json", "2c", "the same, --json", ("check", "--json", "-"), unknown_properties(20_000), statuses=(1,)
    ),
    Entry("unknown-properties-2000", "2c", "2,000 of them", ("check", "-"), unknown_properties(2_000), statuses=(1,)),
    Entry(
        "unknown-machine-options",
        "2c",
        "20,000 unknown options of a machine",
        ("check", "-"),
        lambda: (Q35[:-13] + "".join(f",o{i}=1" for i in range(20_000))).encode(),
        statuses=(1,),
    ),
    Entry(
        "unknown-types",
        "2c",
        "5,000 devices of types that do not exist",
        ("check", "-"),
        repeated(Q35, "-device zork{i}", 5_000),
        statuses=(1,),
        says=ANSWERED,
    ),
    Entry(
        "one-long-id",
        "2c",
        "an id of 500,000 characters that 200 devices name",
        ("check", "-"),
        lambda: (Q35 + f"-device pcie-root-port,id={'a' * 100_000} " + "-device e1000,bus=zork " * 200).encode(),
        statuses=(1,),
    ),
    Entry(
        "one-long-type",
        "2c",
        "a type of 900,000 characters",
        ("check", "-"),
        lambda: (Q35 + "-device " + "a" * 900_000).encode(),
        statuses=(1, 2, 3),
    ),
    Entry(
        "one-long-value",
        "2c",
        "a value of 900,000 characters",
        ("check", "-"),
        lambda: (Q35 + "-device pcie-root-port,chassis=" + "1" * 900_000).encode(),
        statuses=(1, 2, 3),
    ),
    Entry("commas", "2c", "900,000 commas", ("check", "-"), lambda: (Q35 + "-device e1000" + "," * 900_000).encode()),
    Entry(
        "lone-words",
        "2c",
        "100,000 words that are no options",
        ("check", "-"),
        repeated(Q35, "-zork{i}", 100_000),
        statuses=(1, 2, 3),
        seconds=4,
    ),
)


def _linear() -> Iterator[Entry]:
    yield from _LINEAR


def sized(
    name: str,
    what: str,
    stdin: Callable[[], bytes],
    says: str = ANSWERED,
    heavy: bool = False,
    verb: tuple[str, ...] = ("check",),
    seconds: float = 2.0,
) -> Entry:
    """A config that grows, and what a verb has to say of it."""
    return Entry(name, "2d", what, (*verb, "-"), stdin, statuses=(0, 1, 3), says=says, heavy=heavy, seconds=seconds)


_CCW = "qemu-system-s390x -M s390-ccw-virtio -nodefaults "
_CONFIGS = (
    sized("usb-hubs-8000", "8,000 usb-hubs", repeated(Q35 + "-device qemu-xhci ", "-device usb-hub", 8_000)),
    sized(
        "usb-hubs-chain",
        "hubs behind one another",
        repeated(Q35 + "-device qemu-xhci,id=x ", "-device usb-hub,bus=x.0,port=1.1.1.1", 2_000),
    ),
    sized("root-ports-8000", "8,000 root ports", repeated(Q35, "-device pcie-root-port,id=r{i},chassis={b},slot={i}", 8_000)),
    sized("root-ports-plain", "8,000 root ports that all clash", repeated(Q35, "-device pcie-root-port", 8_000), heavy=True),
    sized("serial-2000", "2,000 -serial", repeated(Q35, "-serial null", 2_000)),
    sized("global-10000", "10,000 -global", repeated(Q35, "-global e1000.p{i}=1", 10_000)),
    sized(
        "global-10000-devices",
        "10,000 -global and 100 devices",
        repeated(Q35 + "-device e1000 " * 100, "-global e1000.mac=52:54:00:00:00:01", 10_000),
        heavy=True,
    ),
    sized("drives-32000", "32,000 drives", repeated(Q35, "-drive if=none,id=d{i},file=x", 32_000), heavy=True, seconds=12),
    sized("drives-32000-plain", "32,000 drives without an id", repeated(Q35, "-drive file=x", 32_000), heavy=True),
    sized(
        "drives-if-virtio", "8,000 drives that bring their devices", repeated(Q35, "-drive if=virtio,file=x", 8_000), heavy=True
    ),
    sized("no-such-bus-8000", "8,000 devices on buses that do not exist", repeated(Q35, "-device e1000,bus=b{i}", 8_000)),
    sized("e1000-8000", "8,000 e1000 where 28 fit", repeated(Q35, "-device e1000", 8_000)),
    sized("same-id-8000", "8,000 devices of one id", repeated(Q35, "-device e1000,id=a", 8_000), heavy=True),
    sized("same-address-8000", "8,000 devices at one address", repeated(Q35, "-device e1000,addr=5", 8_000), heavy=True),
    sized(
        "virtio-serial-ports",
        "8,000 ports of one virtio-serial",
        repeated(Q35 + "-device virtio-serial-pci ", "-device virtserialport", 8_000),
        heavy=True,
    ),
    sized(
        "scsi-disks",
        "8,000 disks on one controller",
        repeated(Q35 + "-device virtio-scsi-pci,id=s ", "-drive if=none,id=d{i},file=x -device scsi-hd,drive=d{i}", 8_000),
        seconds=4,
    ),
    sized("scsi-controllers", "2,000 controllers", repeated(Q35, "-device virtio-scsi-pci", 2_000), heavy=True),
    sized(
        "netdevs-8000",
        "8,000 network backends with a card each",
        repeated(Q35, "-netdev user,id=n{i} -device virtio-net-pci,netdev=n{i}", 8_000),
        heavy=True,
    ),
    sized("nic-8000", "8,000 -nic", repeated(Q35, "-nic user", 8_000), heavy=True),
    sized("chardevs-8000", "8,000 character devices", repeated(Q35, "-chardev null,id=c{i}", 8_000), heavy=True),
    sized("objects-8000", "8,000 objects", repeated(Q35, "-object rng-builtin,id=o{i}", 8_000), heavy=True),
    sized("set-8000", "8,000 -set of one device", repeated(Q35 + "-device e1000,id=a ", "-set device.a.mac=1", 8_000)),
    sized(
        "set-8000-ids",
        "4,000 devices, and -set of each",
        repeated(repeated(Q35, "-device e1000,id=d{i}", 4_000)().decode() + " ", "-set device.d{i}.mac=1", 4_000),
        heavy=True,
    ),
    sized(
        "usb-tablets",
        "8,000 usb-tablets: hubs come by themselves",
        repeated(Q35 + "-device piix3-usb-uhci ", "-device usb-tablet", 8_000),
    ),
    sized("machine-options-8000", "-machine 8,000 times", repeated(Q35, "-machine usb=on", 8_000), heavy=True),
    sized(
        "pxbs",
        "255 expander bridges, and 2,000 devices",
        repeated(repeated(PC, "-device pxb,id=p{i},bus_nr={b}", 255)().decode() + " ", "-device e1000", 2_000),
        heavy=True,
    ),
    sized("multifunction", "8,000 functions", repeated(Q35, "-device e1000,addr={h}.1,multifunction=on", 8_000), heavy=True),
    sized("pci-serial-devices", "8,000 isa-serial", repeated(PC, "-device isa-serial", 8_000), heavy=True),
    sized(
        "dimms",
        "2,000 pc-dimms",
        repeated(
            Q35 + "-m 1G,slots=255,maxmem=1T ", "-object memory-backend-ram,id=m{i},size=1M -device pc-dimm,memdev=m{i}", 2_000
        ),
        heavy=True,
    ),
    sized(
        "ccw-8000", "8,000 devices of a mainframe, which takes them", repeated(_CCW, "-device virtio-rng-ccw", 8_000), heavy=True
    ),
    sized("zpci-2000", "2,000 zpci devices", repeated(_CCW, "-device zpci,uid={i},fid={i},target=t{i}", 2_000), heavy=True),
    Entry(
        "quotes",
        "2d",
        "a megabyte of quotes: 100,000 words, each the name of an image",
        ("check", "-"),
        lambda: (Q35 + "'\" " * 300_000).encode(),
        statuses=(1,),
        says="^rejected",
        seconds=6,
    ),
    Entry(
        "unclosed-quote",
        "2d",
        "a megabyte of quotes, and one more",
        ("check", "-"),
        lambda: (Q35 + "'\" " * 300_001).encode(),
        statuses=(2,),
        seconds=6,
    ),
    sized("lone-images", "20,000 words that are no options: images", repeated(Q35, "zork{i}", 20_000), heavy=True),
    Entry(
        "backslash-lines",
        "2d",
        "300,000 lines that go on",
        ("check", "-"),
        lambda: (Q35 + "\\\n" * 300_000 + "-S").encode(),
        statuses=(0, 1, 3),
    ),
    Entry(
        "braces-that-stay-open",
        "2d",
        "a brace, and 100,000 commas that might end in it",
        ("check", "-"),
        lambda: (Q35 + "-name a{" + "," * 100_000).encode(),
        statuses=(0, 1, 3),
    ),
    Entry(
        "commands-300000",
        "2d",
        "300,000 commands",
        ("check", "-"),
        lambda: b"a;" * 300_000,
        statuses=(2,),
        says="more than 100,000 commands",
    ),
)


def _configs() -> Iterator[Entry]:
    yield from _CONFIGS
