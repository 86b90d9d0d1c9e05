"""Command lines that start, each with one mistake made in it: what people leave out, misspell, say twice or take from elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from qrules.configs.argv import read
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from tests.conformance.device_configs import configs

Words = list[str]
Mistake = Callable[
    [random.Random, Words], str | None
]  # changes the words; what was wrong, None where there is nothing to get wrong

_NEEDED = ("serial", "drive", "chassis", "chassis_nr", "chardev", "bus_nr", "memdev", "index", "multifunction", "audiodev")
_ALIEN = (
    "vectors=2",
    "aio=threads",
    "scsi=off",
    "iothread=io0",
    "romfile=",
    "indirect_desc=off",
    "colour=red",
    "chassis=3",
    "x-vga=on",
)


class Mistaken(NamedTuple):
    """A command line with one mistake, `right` without it. `made` says which mistake, `what` what was changed."""

    made: str
    what: str
    argv: Words
    right: Words


def _devices(words: Words) -> list[int]:
    return [at + 1 for at, word in enumerate(words[:-1]) if word == "-device" and not words[at + 1].startswith("{")]


def _members(text: str) -> list[list[str]]:
    return [piece.split("=", 1) for piece in text.split(",")]


def _text(members: list[list[str]]) -> str:
    return ",".join("=".join(member) for member in members)


def _said(rng: random.Random, words: Words, *names: str) -> tuple[int, list[list[str]], int] | None:
    """A device that says one of these, its members, and which of them it is."""
    found = [(at, m, n) for at in _devices(words) for m in [_members(words[at])] for n, x in enumerate(m) if n and x[0] in names]
    return rng.choice(found) if found else None


def _misspelt(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, max(2, len(word) - 1))
    kind = rng.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1 and at + 1 < len(word) and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at] + word[at:]


def type_misspelt(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(_devices(words))
    members = _members(words[at])
    members[0][0] = _misspelt(rng, members[0][0])
    words[at] = _text(members)
    return words[at]


def property_misspelt(rng: random.Random, words: Words) -> str | None:
    found = [at for at in _devices(words) if len(_members(words[at])) > 1]
    if not found:
        return None
    at = rng.choice(found)
    members = _members(words[at])
    member = rng.choice(members[1:])
    if len(member[0]) < 4:
        return None
    member[0] = _misspelt(rng, member[0])
    words[at] = _text(members)
    return words[at]


def bus_misspelt(rng: random.Random, words: Words) -> str | None:
    said = _said(rng, words, "bus")
    if said is None or len(said[1][said[2]][1]) < 3:
        return None
    at, members, n = said
    members[n][1] = _misspelt(rng, members[n][1])
    words[at] = _text(members)
    return words[at]


def resource_misspelt(rng: random.Random, words: Words) -> str | None:
    said = _said(rng, words, "drive", "chardev", "netdev", "memdev", "audiodev")
    if said is None:
        return None
    at, members, n = said
    members[n][1] += "x"
    words[at] = _text(members)
    return words[at]


def controller_left_out(rng: random.Random, words: Words) -> str | None:
    texts = {at: _members(words[at]) for at in _devices(words)}
    used = {m[1].split(".")[0] for ms in texts.values() for m in ms if m[0] == "bus" and len(m) > 1}
    found = [at for at, ms in texts.items() if any(m[0] == "id" and m[1] in used for m in ms)]
    if not found:
        return None
    at = rng.choice(found)
    gone = words[at]
    del words[at - 1 : at + 1]
    return gone


def controller_later(rng: random.Random, words: Words) -> str | None:
    gone = controller_left_out(rng, words)
    if gone is not None:
        words += ["-device", gone]
    return gone


def id_twice(rng: random.Random, words: Words) -> str | None:
    having = [(at, m[1]) for at in _devices(words) for m in _members(words[at]) if m[0] == "id"]
    if len(having) < 2:
        return None
    (_, first), (at, second) = rng.sample(having, 2)
    used = {m[1].split(".")[0] for a in _devices(words) for m in _members(words[a]) if m[0] == "bus" and len(m) > 1}
    if second in used:
        return None
    words[at] = words[at].replace(f"id={second}", f"id={first}")
    return words[at]


def address_twice(rng: random.Random, words: Words) -> str | None:
    said, other = _said(rng, words, "addr", "port", "lun", "unit", "devno", "nr"), None
    if said is not None:
        found = [at for at in _devices(words) if at != said[0] and words[at].split(",")[0] == words[said[0]].split(",")[0]]
        other = rng.choice(found) if found else None
    if said is None or other is None:
        return None
    _, members, _ = said
    kept = [m for m in members if m[0] not in ("id", "drive", "chardev", "serial")]
    own = [m for m in _members(words[other]) if m[0] in ("id", "drive", "chardev", "serial")]
    words[other] = _text([kept[0], *own, *kept[1:]])
    return words[other]


def address_bad(rng: random.Random, words: Words) -> str | None:
    said = _said(rng, words, "addr")
    if said is None:
        return None
    at, members, n = said
    members[n][1] = rng.choice(("1e.8", "20", "0x40", "slot3", "5.9"))
    words[at] = _text(members)
    return words[at]


def needed_left_out(rng: random.Random, words: Words) -> str | None:
    said = _said(rng, words, *_NEEDED)
    if said is None:
        return None
    at, members, n = said
    del members[n]
    words[at] = _text(members)
    return words[at]


def resource_left_out(rng: random.Random, words: Words) -> str | None:
    found = [at for at, word in enumerate(words[:-1]) if word in ("-blockdev", "-chardev", "-netdev", "-object", "-audiodev")]
    if not found:
        return None
    at = rng.choice(found)
    gone = f"{words[at]} {words[at + 1]}"
    del words[at : at + 2]
    return gone


def resource_twice(rng: random.Random, words: Words) -> str | None:
    said = _said(rng, words, "drive", "chardev", "netdev", "memdev")
    if said is None:
        return None
    at, members, n = said
    others = [m for a in _devices(words) if a != at for m in _members(words[a]) if m[0] == members[n][0]]
    if not others:
        return None
    members[n][1] = rng.choice(others)[1]
    words[at] = _text(members)
    return words[at]


def other_transport(rng: random.Random, words: Words) -> str | None:
    found = [at for at in _devices(words) if words[at].split(",")[0].endswith(("-pci", "-ccw", "-device"))]
    if not found:
        return None
    at = rng.choice(found)
    members = _members(words[at])
    stem, _, ending = members[0][0].rpartition("-")
    members[0][0] = f"{stem}-{rng.choice([e for e in ('pci', 'ccw', 'device') if e != ending])}"
    words[at] = _text(members)
    return words[at]


def older_name(rng: random.Random, words: Words) -> str | None:
    named = {
        "ide-hd": "ide-drive",
        "scsi-hd": "scsi-disk",
        "pcie-root-port": "pci-root-port",
        "ide-cd": "ide-drive",
        "qemu-xhci": "xhci",
    }
    found = [at for at in _devices(words) if words[at].split(",")[0] in named]
    if not found:
        return None
    at = rng.choice(found)
    members = _members(words[at])
    members[0][0] = named[members[0][0]]
    words[at] = _text(members)
    return words[at]


def alien_property(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(_devices(words))
    words[at] += "," + rng.choice(_ALIEN)
    return words[at]


def number_too_high(rng: random.Random, words: Words) -> str | None:
    said = _said(rng, words, "lun", "unit", "port", "nr", "slot", "chassis", "chassis_nr", "nsid", "index", "p2", "bus_nr")
    if said is None:
        return None
    at, members, n = said
    members[n][1] = rng.choice(("99", "300", "70000"))
    words[at] = _text(members)
    return words[at]


def machine_option_misspelt(rng: random.Random, words: Words) -> str | None:
    at = next((n + 1 for n, word in enumerate(words[:-1]) if word in ("-M", "-machine")), None)
    if at is None:
        return None
    members = _members(words[at])
    if len(members) < 2:
        members[0][0] = _misspelt(rng, members[0][0])
    else:
        member = rng.choice(members[1:])
        member[0] = _misspelt(rng, member[0])
    words[at] = _text(members)
    return words[at]


MISTAKES: tuple[Mistake, ...] = (
    type_misspelt, property_misspelt, bus_misspelt, resource_misspelt, controller_left_out, controller_later, id_twice,
    address_twice, address_bad, needed_left_out, resource_left_out, resource_twice, other_transport, older_name, alien_property,
    number_too_high, machine_option_misspelt,
)  # fmt: skip


def mistaken(rules: Board, seed: int, count: int, series: str, profiles: tuple[str, ...] = ("qemu",)) -> Iterator[Mistaken]:
    """`count` command lines that the rules refuse for one mistake alone; without it they accept them."""
    arch = rules.knowledge.arch
    rng = random.Random(f"{seed} {arch} {series}")
    found, tried = 0, 0
    for config in configs(seed, 60 * count + 200, arch, series):
        right = list(config.words)
        if found == count:
            return
        if not _devices(right) or len(_devices(right)) > 14 or not _is(rules, right, profiles, "accept", "warn"):
            continue
        tried += 1
        wrong = list(right)
        mistake = MISTAKES[tried % len(MISTAKES)]
        what = mistake(rng, wrong)
        if what is not None and wrong != right and _is(rules, wrong, profiles, "reject"):
            found += 1
            yield Mistaken(mistake.__name__, what, wrong, right)


def _is(rules: Board, words: Words, profiles: tuple[str, ...], *verdicts: str) -> bool:
    try:
        return judge(rules, read(words, rules.knowledge), profiles).verdict in verdicts
    except Unusable:
        return False
