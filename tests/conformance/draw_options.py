"""Options and properties of devices, drawn right and wrong from what the emulator itself says that it takes.

Nothing is drawn from a list of what is known to be judged well: the types, their properties and the members of options are those of
the schema, their values those of the types, and one in three is of no type at all; options without a grammar are drawn from
`draw_words`. Half of the devices get what they need to stand, so that more than the first thing is looked at. `Drawn.what` names the
options and the kinds of property, so that misses can be counted by them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from qrules.knowledge.model import Knowledge
from qrules.knowledge.schema import Member, Part, Record
from tests.conformance.draw_words import FILE, LONE, WORDS

MACHINES: dict[str, tuple[str, ...]] = {
    "x86_64": ("q35", "q35", "pc", "microvm", "isapc", "pc-q35-5.2", "pc-i440fx-6.0"),
    "aarch64": ("virt", "virt", "virt-6.2"),
    "riscv64": ("virt", "virt", "spike"),
    "ppc64": ("pseries", "pseries", "pseries-6.0"),
    "s390x": ("s390-ccw-virtio", "s390-ccw-virtio", "s390-ccw-virtio-6.1"),
}
WRONG = ("x", "-1", "99999999999", "maybe", "", "1.5", "4K")
# What the host decides, ends the session, or waits for somebody.
HOST = frozenset(
    (
        "path", "file", "filename", "mem-path", "sdrfile", "romfile", "host", "sysfsdev", "fd", "helper", "script", "downscript", "br",
        "ifname", "evdev", "dir", "server", "port", "to", "input-path", "vhostdev", "vhostfd", "vhostfds", "fds", "smb", "sock", "if",
        "logfile", "tftp", "bootfile", "listen", "connect", "mcast", "udp", "localaddr", "chroot", "user", "rendernode", "hugetlb",
        "events", "initiator-name", "reserve", "prealloc", "keyid", "loadparm", "rrfile", "rr", "rrsnapshot", "canbus", "subsys",
        "dumpdtb", "dtb", "kernel", "initrd", "shim", "firmware", "append", "accel",
        "hidraw", "cdat", "plugin",
    )
)  # fmt: skip
NEEDS = {
    "drive": "d0", "netdev": "n0", "chardev": "c0", "memdev": "m0", "audiodev": "au0", "iothread": "io0", "rng": "r0", "cryptodev": "cr0", "serial": "s1", "bmc": "bmc0",
}  # fmt: skip
MAKERS = {
    "drive": ("-drive", f"if=none,id=d0,{FILE}"), "netdev": ("-netdev", "hubport,id=n0,hubid=0"), "chardev": ("-chardev", "null,id=c0"),
    "memdev": ("-object", "memory-backend-ram,id=m0,size=128M"), "audiodev": ("-audiodev", "none,id=au0"), "iothread": ("-object", "iothread,id=io0"),
    "rng": ("-object", "rng-builtin,id=r0"), "cryptodev": ("-object", "cryptodev-backend-builtin,id=cr0"),
}  # fmt: skip
CONTROLLERS = {
    "usb-bus": "qemu-xhci", "SCSI": "virtio-scsi-pci", "virtio-serial-bus": "virtio-serial-pci", "HDA": "intel-hda", "nvme-bus": "nvme-subsys", "sd-bus": "sdhci-pci", "ufs-bus": "ufs", "IDE": "ich9-ahci", "ccid-bus": "usb-ccid",
}  # fmt: skip
OBJECTS_LEFT = frozenset(
    (
        "qtest",
        "main-loop",
        "can-host-socketcan",
        "input-linux",
        "dbus-vmstate",
        "x-vfio-user-server",
        "x-remote-object",
        "rng-random",
        "pr-manager-helper",
        "secret_keyring",
        "input-barrier",
    )
)
OF_HOST = frozenset(("u2f-passthru", "usb-host", "vfio-ccw", "vfio-ap"))  # types that look at the host
DRIVERS = (
    "null-co",
    "null-aio",
    "raw",
    "throttle",
    "blkdebug",
    "copy-on-read",
    "quorum",
    "preallocate",
    "qcow2",
    "luks",
    "nope",
    "compress",
    "blkverify",
)


class Drawn(NamedTuple):
    """A config, and what of it was drawn; several kinds of property stand with a bar between them."""

    what: str
    argv: list[str]


def draw(knowledge: Knowledge, rng: random.Random) -> Drawn:
    """One config of a target: a machine with one option or device, of which one or two members are drawn."""
    machine = ["-M", rng.choice(MACHINES[knowledge.arch])]
    if rng.random() < 0.7:
        machine.append("-nodefaults")
    kind = rng.choices((_device, _word, _schema, _machine, _processor, _lone), (50, 22, 12, 7, 7, 2))[0]
    what, option = kind(knowledge, rng)
    if option[0] == "-M":
        machine[1] += option[1]
        option = []
    return Drawn(what, [*machine, *option])


# ------------------------------------------------------------------------------------- options
def _word(_: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    option = rng.choice(sorted(WORDS))
    value = rng.choice(WORDS[option])
    stands = [
        word
        for name in ("chardev", "netdev", "memdev", "iothread")
        for word in MAKERS[name]
        if rng.random() < 0.8 and _named(value, name)
    ]
    stands = stands if len(stands) % 2 == 0 else []
    return option, [*stands, option, value]


def _named(value: str, name: str) -> bool:
    return NEEDS[name] in value


def _lone(_: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    option = rng.choice(LONE)
    return option, [option]


def _schema(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    """-object, -netdev, -blockdev, -audiodev and options with flat keys, by their members."""
    option = rng.choice(
        (
            "-object",
            "-object",
            "-blockdev",
            "-audiodev",
            "-netdev",
            "-numa",
            "-chardev",
            "-drive",
            "-accel",
            "-boot",
            "-m",
            "-smp",
        )
    )
    if option == "-accel":
        return _accelerator(knowledge, rng)
    record = knowledge.option(option)
    if record is None:
        return option, [option, "x=1"]
    first = _first(option, knowledge, record, rng)
    members = list(record.members)
    case = record.case(first) if first and not record.plain else None
    members += case.members if case is not None else ()
    said = [first] if first else []
    named = [
        member for member in members if member.name not in HOST and member.name not in ("id", "node-name", record.tag, "backend")
    ]
    name = "node-name" if option == "-blockdev" else "id"
    if option in ("-object", "-audiodev", "-netdev", "-chardev", "-blockdev") and rng.random() < 0.93:
        said.append(f"{name}=a0")
    needed = [member for member in named if member.needed and rng.random() < 0.9]
    for member in [*needed, *rng.sample(named, min(len(named), rng.randrange(3)))]:
        said.append(f"{member.name}={_member(member, rng)}")
    if rng.random() < 0.07 or not said:
        said.append("no-such=1")
    if option == "-drive":
        said += [f"if=none,id=d9,{FILE}"]
    return f"{option} {first}".strip(), [option, ",".join(dict.fromkeys(said))]


def _first(option: str, knowledge: Knowledge, record: Record, rng: random.Random) -> str:
    if option == "-object":
        return rng.choice([name for name in (*knowledge.objects(), "nope") if name not in OBJECTS_LEFT])
    pools = {
        "-netdev": ("user", "hubport", "socket", "nope", "stream", "dgram"), "-audiodev": ("none", "wav", "nope"), "-blockdev": DRIVERS,
        "-chardev": ("null", "ringbuf", "vc", "mux", "udp", "nope", "qemu-vdagent"), "-numa": tuple(record.cases),
    }  # fmt: skip
    return rng.choice(pools[option]) if option in pools else ""


def _accelerator(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    known = knowledge.accelerators()["tcg"]
    name = rng.choice(sorted(known))
    return "-accel", ["-accel", f"tcg,{name}={_value(knowledge, known[name], rng, False)}"]


def _member(member: Member, rng: random.Random) -> str:
    return _text(member.shape[0], rng) if member.shape else "x"


def _text(part: Part, rng: random.Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(WRONG)
    if part.words:
        return rng.choice(part.words)
    if part.type in ("bool", "boolean"):
        return rng.choice(("on", "off", "yes", "no", "true"))
    if part.type == "size":
        return rng.choice(("64M", "4096", "1G"))
    if part.type.startswith(("int", "uint", "number")):
        return rng.choice(("0", "1", "2", "7", "300", "70000"))
    return rng.choice(("x", "c0"))


# ------------------------------------------------------------------------------------- machines and processors
def _machine(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    facts = knowledge.machine(MACHINES[knowledge.arch][0])
    assert facts is not None
    names = [name for name in sorted(knowledge.property_names(facts.line)) if name not in HOST]
    said, kinds = "", []
    for name in rng.sample(names, rng.randrange(1, 3)):
        fact = knowledge.catalogued(facts.line, name)
        type_ = str(fact[0]) if fact is not None else "bool"
        kinds.append(f"machine {name}")
        said += f",{name}={_value(knowledge, type_, rng, False)}"
    if rng.random() < 0.06:
        said += ",no-such=1"
    return "|".join(kinds), ["-M", said]


def _processor(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    models = knowledge.models()
    name = rng.choice([*sorted(models), "nope"]) if rng.random() < 0.8 else "max"
    model = models.get(name)
    features = knowledge.features_of(tuple(knowledge.line_of(model.type))) if model is not None else {}
    said = [name]
    for feature in rng.sample(sorted(features), min(len(features), rng.randrange(3))):
        if feature in HOST:
            continue
        wrong = rng.random() < 0.2
        if features[feature] == "bool" and not wrong:
            said.append(rng.choice((f"{feature}=on", f"{feature}=off", f"+{feature}", f"-{feature}")))
        else:
            said.append(f"{feature}={_value(knowledge, features[feature], rng, False)}")
    if rng.random() < 0.08:
        said.append(rng.choice(("no-such=1", "+no-such", "no-such")))
    return "-cpu", ["-cpu", ",".join(said)]


# ------------------------------------------------------------------------------------- devices
def _device(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    types = knowledge.shared["types"]
    families: dict[str, list[str]] = {}
    for name, facts in types.items():
        if facts[0] == "user" and name not in OF_HOST:
            families.setdefault((*knowledge.line_of(name), "device")[1], []).append(name)
    family = rng.choice(sorted(families))  # there are dozens of flash chips and hundreds of processors
    name = rng.choice(
        families[family] if family != "device" or rng.random() < 0.5 else [n for names in families.values() for n in names]
    )
    line = tuple(knowledge.line_of(name))
    known = {prop: knowledge.catalogued(line, prop) for prop in knowledge.property_names(line)} | {
        prop: [type_, None] for prop, type_ in knowledge.features_of(line).items()
    }
    before: list[str] = []
    given: dict[str, Any] = {}
    if rng.random() < 0.75:
        before, given = _needs(types[name][1], known)
    kinds = []
    as_json = rng.random() < 0.4
    for prop in rng.sample(sorted(known), min(len(known), rng.randrange(1, 3))):
        fact = known[prop]
        if prop not in HOST and fact is not None:
            kinds.append(f"property {fact[0]}{' (JSON)' if as_json else ''}")
            given[prop] = _value(knowledge, str(fact[0]), rng, as_json)
    if rng.random() < 0.05:
        given["no-such"] = "1"
    if "id" not in given and rng.random() < 0.3:
        given["id"] = "dev0"
    what = "|".join(dict.fromkeys(kinds)) or "no property"
    if as_json:
        return what, [*before, "-device", json.dumps({"driver": name, **given})]
    return what, [*before, "-device", ",".join([name, *(f"{key}={value}" for key, value in given.items())])]


def _needs(bus: str | None, known: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """What a device needs to stand, and what it says of it."""
    given = {prop: NEEDS[prop] for prop in known if prop in NEEDS}
    before = [word for prop in given if prop in MAKERS for word in MAKERS[prop]]
    if bus in CONTROLLERS:
        before += ["-device", f"{CONTROLLERS[bus]},id=ctl0"]
    if "bmc" in given:
        before += ["-device", "ipmi-bmc-sim,id=bmc0"]
    return before, dict(given)


def _value(knowledge: Knowledge, type_: str, rng: random.Random, as_json: bool) -> Any:
    if rng.random() < 0.3:
        return rng.choice((*WRONG, 5, True, -1, None, [], {})) if as_json else rng.choice(WRONG)
    words = knowledge.enum(type_)
    if words:
        return rng.choice(words)
    if type_ == "bool":
        return rng.choice((True, False)) if as_json else rng.choice(("on", "off", "yes", "false"))
    if type_.startswith(("uint", "int", "size")):
        number = rng.choice((0, 1, 2, 3, 16, 255, 4096))
        return number if as_json else str(number)
    if type_.endswith("Configuration"):
        return "x"
    return rng.choice(("x", "none", "8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11", "52:54:00:12:34:56", "3.0", "1"))


def draws(knowledge: Knowledge, seed: str, count: int) -> Iterator[Drawn]:
    """Configs of a target, the same ones for a seed."""
    rng = random.Random(f"{seed} {knowledge.version} {knowledge.arch}")
    for _ in range(count):
        yield draw(knowledge, rng)


__all__ = ["MACHINES", "Drawn", "Member", "Record", "draw", "draws"]
