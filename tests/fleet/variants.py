"""Configs that look like a given one: names, addresses and paths renamed alike everywhere, or only here and there, or to odd ones."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

_VALUE = re.compile(r'(?<=[=:"])[^,"\0{}\[\]=]+(?=[,"\0]|\Z)')
_FIXED = re.compile(
    r"(?:0x|\d+[kKMGT]?$|(?:pc|pcie|q35|virtio|qemu|scsi|usb|e1000|vhost|ich9|i82|nvme|virt|s390)(?![a-z]*\d*$)|e1000)"
)  # types
_MAC = re.compile(r"[0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){5}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ODD = (
    "pcie", "pci", "ide", "scsi", "usb", "virtio0", "ide0-hd0", "pcie.0", "pci.1", "a", "x.0", "on", "off", "auto", "none", "0", "3",
    "0x10", "-1", "q35", "e1000", "network", "n" * 101, "n" * 60, "9name", "na me", "/dev/kvm", "null-co://", "stdio", "unix:/x",
    "01:00:5e:00:00:01", "52:54:00:00:00:01", "52-54-0-0-0-1", "52:54:00:00:00", "8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11", "floppy0",
    "1G", "host", "max", "isa", "sata", "fd:3", "3", "4", "null", "json:{}", "é", "\\", "#block1", "hub0port0", "mem", "pc.ram",
)  # fmt: skip


def renamed(argv: list[str], rng: random.Random, share: float = 0.8) -> list[str]:
    """A config whose values are others of the same sort, the same ones everywhere."""
    text = "\0".join(argv)
    values = list(dict.fromkeys(_VALUE.findall(text)))
    new = {value: _like(value, rng) for value in values if rng.random() < share and _free(value)}
    return _VALUE.sub(lambda found: _renamed(found.group(), new), text).split("\0")


def odd(argv: list[str], rng: random.Random) -> list[str]:
    """A config of which one value, or one of a name's places, is another one."""
    text = "\0".join(argv)
    found = list(_VALUE.finditer(text))
    if not found:
        return argv
    where = rng.choice(found)
    how = rng.random()
    new = (
        rng.choice(ODD) if how < 0.4 else rng.choice(found).group() if how < 0.8 else where.group() + rng.choice((".0", "0", "x"))
    )
    if rng.random() < 0.5:
        return (text[: where.start()] + new + text[where.end() :]).split("\0")
    old = where.group()
    return _VALUE.sub(lambda one: new if one.group() == old else one.group(), text).split("\0")


def stream(argv: list[str], rng: random.Random, plain: int, strange: int) -> Iterator[list[str]]:
    """Configs like one: `plain` ones that a template may serve, then `strange` ones."""
    for _ in range(plain):
        yield renamed(argv, rng, 1.0)
    for number in range(strange):
        yield odd(renamed(argv, rng, 0.8) if number % 2 else argv, rng)


def _renamed(value: str, new: dict[str, str]) -> str:
    if value in new:
        return new[value]
    head, dot, tail = value.rpartition(".")
    return new[head] + dot + tail if head in new and tail.isdigit() else value


def _free(value: str) -> bool:
    """Whether a value looks like a name, an address of a card, a serial number or a path."""
    if value.startswith("/") or _MAC.fullmatch(value):
        return True
    return bool(re.search(r"[A-Za-z]", value)) and bool(re.search(r"\d", value)) and not _FIXED.match(value) and "." not in value


def _like(value: str, rng: random.Random) -> str:
    if _MAC.fullmatch(value):
        return ":".join(["52", "54", "00", *(f"{rng.randrange(256):02x}" for _ in range(3))])
    if _UUID.fullmatch(value):
        return f"8a8e4a5c-1f3b-4b52-9d8e-{rng.randrange(16**12):012x}"
    if value.startswith("/"):
        return f"/srv/{rng.randrange(10**6)}/{rng.choice(('disk', 'x', 'image-of-it'))}"
    return rng.choice(("web", "db", "Vm", "k")) + str(rng.randrange(10**6)) + rng.choice(("", "-a", "_long-name-of-it"))
