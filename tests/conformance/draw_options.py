"""Options and properties of devices, drawn right and wrong from what the emulator itself says that it takes.

Nothing is drawn from a list of what is known to be judged well: the types, their properties and the members of options are those of
the schema, their values those of the types, and one in three is of no type at all. `Drawn.what` names the option or the kind of
property, so that misses can be counted by it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from qrules.knowledge.model import Knowledge
from qrules.knowledge.schema import Member, Part, Record

MACHINES = {"x86_64": "q35", "aarch64": "virt", "riscv64": "virt", "ppc64": "pseries", "s390x": "s390-ccw-virtio"}
WRONG = ("x", "-1", "99999999999", "maybe", "", "1.5", "4K")
# What the host decides, ends the session, or waits for somebody.
HOST = frozenset(
    (
        "path", "file", "filename", "mem-path", "sdrfile", "romfile", "host", "sysfsdev", "fd", "helper", "script", "downscript", "br",
        "ifname", "evdev", "dir", "server", "port", "to", "input-path", "vhostdev", "vhostfd", "vhostfds", "fds", "smb", "sock", "if",
        "logfile", "tftp", "bootfile", "listen", "connect", "mcast", "udp", "localaddr", "chroot", "user", "rendernode", "hugetlb",
        "events", "initiator-name", "reserve", "prealloc", "keyid", "loadparm", "rrfile", "rr", "rrsnapshot", "canbus", "subsys",
    )
)  # fmt: skip
OPTIONS = (
    "-netdev", "-object", "-audiodev", "-chardev", "-mon", "-name", "-m", "-msg", "-rtc", "-overcommit", "-action", "-boot", "-compat",
    "-icount", "-fw_cfg",
)  # fmt: skip
FIRST = {
    "-netdev": ("user", "hubport", "socket", "nope", "stream"),
    "-object": ("iothread", "memory-backend-ram", "rng-builtin", "secret", "throttle-group", "cryptodev-backend-builtin", "nope"),
    "-audiodev": ("none", "nope"),
    "-chardev": ("null", "ringbuf", "vc", "socket", "udp", "nope"),
}
KEYS = {"-object": "qom-type", "-audiodev": "driver"}


class Drawn(NamedTuple):
    """A config, and what of it was drawn."""

    what: str
    argv: list[str]


def draw(knowledge: Knowledge, rng: random.Random) -> Drawn:
    """One config of a target: a machine with one option or device, of which one or two members are drawn."""
    machine = ["-M", MACHINES[knowledge.arch], "-nodefaults"]
    what, option = _device(knowledge, rng) if rng.random() < 0.6 else _option(knowledge, rng)
    return Drawn(what, [*machine, *option])


# ------------------------------------------------------------------------------------- options
def _option(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    option = rng.choice(OPTIONS)
    record = knowledge.option(option)
    if record is None:
        return option, [option, "x=1"]
    first = rng.choice(FIRST[option]) if option in FIRST else ""
    members = list(record.members)
    case = record.case(first) if first and not record.plain else None
    members += case.members if case is not None else ()
    said = [first] if first else []
    named = [member for member in members if member.name not in HOST and member.name not in ("id", record.tag, "backend")]
    if option in FIRST and rng.random() < 0.9:
        said.append("id=a0")
    needed = [member for member in named if member.needed and rng.random() < 0.8]
    for member in [*needed, *rng.sample(named, min(len(named), rng.randrange(3)))]:
        said.append(f"{member.name}={_text(member.shape[0], rng) if member.shape else 'x'}")
    if rng.random() < 0.15 or not said:
        said.append("no-such=1")
    return option, [option, ",".join(dict.fromkeys(said))]


def _text(part: Part, rng: random.Random) -> str:
    if rng.random() < 0.35:
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


# ------------------------------------------------------------------------------------- devices
def _device(knowledge: Knowledge, rng: random.Random) -> tuple[str, list[str]]:
    users = [name for name, facts in knowledge.shared["types"].items() if facts[0] == "user"]
    name = rng.choice(users)
    line = tuple(knowledge.line_of(name))
    known = {prop: knowledge.catalogued(line, prop) for prop in knowledge.property_names(line)} | {
        prop: [type_, None] for prop, type_ in knowledge.features_of(line).items()
    }
    chosen = rng.sample(sorted(known), min(len(known), rng.randrange(1, 3)))
    given: dict[str, Any] = {}
    kinds = []
    as_json = rng.random() < 0.4
    for prop in chosen:
        fact = known[prop]
        if prop not in HOST and fact is not None:
            kinds.append(str(fact[0]))
            given[prop] = _value(knowledge, str(fact[0]), rng, as_json)
    if rng.random() < 0.1:
        given["no-such"] = "1"
    what = f"property {'+'.join(kinds) or 'none'}{' (JSON)' if as_json else ''}"
    if as_json:
        return what, ["-device", json.dumps({"driver": name, **given})]
    return what, ["-device", ",".join([name, *(f"{key}={value}" for key, value in given.items())])]


def _value(knowledge: Knowledge, type_: str, rng: random.Random, as_json: bool) -> Any:
    if rng.random() < 0.35:
        return rng.choice((*WRONG, 5, True, -1, None, [], {})) if as_json else rng.choice(WRONG)
    words = knowledge.enum(type_)
    if words:
        return rng.choice(words)
    if type_ == "bool":
        return rng.choice((True, False)) if as_json else rng.choice(("on", "off", "yes", "false"))
    if type_.startswith(("uint", "int", "size")):
        number = rng.choice((0, 1, 2, 3, 16, 255, 4096))
        return number if as_json else str(number)
    return "x"


def draws(knowledge: Knowledge, seed: str, count: int) -> Iterator[Drawn]:
    """Configs of a target, the same ones for a seed."""
    rng = random.Random(f"{seed} {knowledge.version} {knowledge.arch}")
    for _ in range(count):
        yield draw(knowledge, rng)


__all__ = ["MACHINES", "Drawn", "Member", "Record", "draw", "draws"]
