"""Strangers' command lines, each changed in one small way: what somebody mistypes, leaves out, says twice or takes from another line.

Seeds are read where they lie: the command lines of documentation and tests, a list of cases that QRULES_COMMAND_LINES names, and labelled
configs in the folder QRULES_TRUTH. Nothing of what can be wrong is listed: a change knows words, members and values, and no option's meaning.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shlex
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from qrules.configs.argv import architecture
from tests.conformance.draw_options import HOST
from tests.fuzz.seeds import lines

Words = list[str]
Change = Callable[
    [random.Random, Words], str | None
]  # changes the words; what was changed, None where there is nothing to change

# Options that leave the host's ground, wait for somebody, or end the session: a line with one of them is no seed.
_UNFIT = frozenset(
    (
        "-daemonize", "-readconfig", "-writeconfig", "-pidfile", "-runas", "-chroot", "-sandbox", "-incoming", "-loadvm", "-qmp", "-monitor", "-mon",
        "-help", "-h", "-version", "-D", "-trace", "-plugin", "-L", "-kernel", "-initrd", "-dtb", "-bios", "-nographic", "-vnc", "-spice", "-gdb", "-s", "-add-fd",
    )
)  # fmt: skip
_FILE = re.compile(r"(?<![\w/.:-])[\w-][\w.-]*\.(?:img|iso|fd|raw|bin|rom|qcow2|vmdk|vdi)\b")
_TEMPLATE = re.compile(r"\{[A-Za-z_]+\}|\\n")  # of a test: no line as it stands
_HOSTS_OWN = re.compile(r"\b(?:stdio|pty|tcp:|udp:|unix:|telnet:|file:|pipe:|/dev/|tap\b|bridge\b|vhost|kvm|spice|/\w)")
FILE_SIZE = 1 << 20  # bytes of each file that a seed names


class Seed(NamedTuple):
    """A command line without its binary."""

    arch: str
    argv: tuple[str, ...]
    name: str


class Mutant(NamedTuple):
    """A seed with one or two changes; `what` names them."""

    seed: Seed
    what: str
    argv: Words


def seeds() -> list[Seed]:
    """All that are at hand and that need nothing of the host but files."""
    found: dict[tuple[str, ...], Seed] = {}
    for arch, argv, name in (*_shown(), *_cases(), *_labelled()):
        text = " ".join(argv)
        if "-device" in argv and not _UNFIT.intersection(argv) and not _HOSTS_OWN.search(text) and not _TEMPLATE.search(text):
            found.setdefault((arch, *argv), Seed(arch, tuple(argv), name))
    return list(found.values())


def files(argv: list[str]) -> set[str]:
    """Names of files in the working folder that a command line has."""
    return {name for word in argv for name in _FILE.findall(word)}


def _shown() -> Iterator[tuple[str, Words, str]]:
    for text in lines():
        words = shlex.split(text)
        yield architecture(words) or "x86_64", words if words[0].startswith("-") else words[1:], "shown"


def _cases() -> Iterator[tuple[str, Words, str]]:
    named = os.environ.get("QRULES_COMMAND_LINES", "")
    for case in json.loads(Path(named).read_text(encoding="utf-8")) if named else ():
        if argv := case["argv"]:
            yield case["arch"] or architecture(argv) or "x86_64", argv[1:], case["id"]


def _labelled() -> Iterator[tuple[str, Words, str]]:
    folder = os.environ.get("QRULES_TRUTH", "")
    for path in sorted(Path(folder).glob("wide-dev-*.jsonl.gz")) if folder else ():
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row["verdict"] == "accepted" and not row.get("host"):
                    yield row["arch"], row["argv"], row["id"]


# ------------------------------------------------------------------------------------- words
def _arguments(words: Words) -> list[int]:
    """Where arguments of options stand that have members."""
    return [n + 1 for n, (flag, text) in enumerate(pairwise(words)) if flag.startswith("-") and not text.startswith("-") and text]


def _members(text: str) -> list[str]:
    return re.split(r"(?<!,),(?!,)", text)


def _touched(text: str) -> bool:
    """Whether a member may be changed: none that leads to the host."""
    return text.partition("=")[0].rpartition(".")[2] not in HOST


def _member(rng: random.Random, words: Words, with_value: bool = False) -> tuple[int, list[str], int] | None:
    """A member of an argument in the form key=value: where it stands, the argument's members, which of them."""
    found = [
        (at, members, n)
        for at in _arguments(words)
        if not words[at].startswith("{")
        for members in [_members(words[at])]
        for n, member in enumerate(members)
        if _touched(member) and (not with_value or "=" in member)
    ]
    return rng.choice(found) if found else None


def _put(words: Words, at: int, members: list[str]) -> str:
    words[at] = ",".join(members)
    return f"{words[at - 1]} {words[at]}"


def _changed_text(rng: random.Random, text: str) -> str:
    """A value that is near to another one, or far from it in a way of its own."""
    number = re.fullmatch(r"(0x)?([0-9a-fA-F]+)([KMGT]?)", text)
    ways = [
        "",
        text + "x",
        text[:-1],
        text.upper(),
        text + " ",
        "x" + text,
        text + "," + text,
        "0",
        "-1",
        "1",
        "on",
        "99999999999999999999",
        "0x10",
    ]
    if text in ("on", "off", "yes", "no", "true", "false"):
        ways += ["off" if text in ("on", "yes", "true") else "on"] * 6 + ["auto", "maybe", "1", "yes", "y", "true"]
    elif number is not None and (number[1] or number[2].isdigit()):
        value = int(number[2], 16 if number[1] else 10)
        near = (value + 1, value - 1, 2 * value, value // 2, value + 7, value * 1024, 255, 256, 65536)
        ways += [f"{n}{number[3]}" for n in near] * 2 + [
            hex(value),
            f"0{value}",
            f"{value}.5",
            f"{value}K",
            f"{value}G",
            f"{value} M",
        ]
    elif len(text) > 2:
        at = rng.randrange(1, len(text))
        ways += [text[:at] + text[at + 1 :], text[:at] + text[at - 1] + text[at:], text[:at], text[at:]] * 2
    return rng.choice([way for way in ways if way != text])


# ------------------------------------------------------------------------------------- changes
def option_left_out(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(_arguments(words))
    gone = words[at - 1 : at + 1]
    del words[at - 1 : at + 1]
    return " ".join(gone)


def option_twice(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(_arguments(words))
    words += words[at - 1 : at + 1]
    return f"{words[at - 1]} {words[at]}"


def options_swapped(rng: random.Random, words: Words) -> str | None:
    places = _arguments(words)
    if len(places) < 2:
        return None
    a, b = rng.sample(places, 2)
    words[a - 1 : a + 1], words[b - 1 : b + 1] = words[b - 1 : b + 1], words[a - 1 : a + 1]
    return f"{words[a - 1]} {words[a]} and {words[b - 1]} {words[b]}"


def option_misspelt(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(_arguments(words)) - 1
    words[at] = rng.choice((words[at] + "s", words[at][:-1], "-" + words[at], words[at].upper()))
    return words[at]


def member_left_out(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words)
    if said is None or len(said[1]) < 2:
        return None
    at, members, n = said
    del members[n]
    return _put(words, at, members)


def member_twice(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words, True)
    if said is None:
        return None
    at, members, n = said
    key, _, value = members[n].partition("=")
    members.append(f"{key}={rng.choice((value, _changed_text(rng, value)))}")
    return _put(words, at, members)


def members_swapped(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words)
    if said is None or len(said[1]) < 2:
        return None
    at, members, n = said
    other = rng.randrange(len(members))
    members[n], members[other] = members[other], members[n]
    return _put(words, at, members)


def value_changed(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words, True)
    if said is None:
        return None
    at, members, n = said
    key, _, value = members[n].partition("=")
    members[n] = f"{key}={_changed_text(rng, value)}"
    return _put(words, at, members)


def value_left_out(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words, True)
    if said is None:
        return None
    at, members, n = said
    members[n] = members[n].partition("=")[0]
    return _put(words, at, members)


def value_from_elsewhere(rng: random.Random, words: Words) -> str | None:
    """What another member says, of the same key or of any."""
    said = _member(rng, words, True)
    if said is None:
        return None
    at, members, n = said
    key, _, value = members[n].partition("=")
    pairs = [m.partition("=") for a in _arguments(words) for m in _members(words[a]) if "=" in m and not words[a].startswith("{")]
    same = [v for k, _, v in pairs if k == key and v != value]
    others = same or [v for _, _, v in pairs if v != value]
    if not others:
        return None
    members[n] = f"{key}={rng.choice(others)}"
    return _put(words, at, members)


def key_misspelt(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words, True)
    if said is None:
        return None
    at, members, n = said
    key, _, value = members[n].partition("=")
    spelt = rng.choice((key[:-1], key + "s", key.replace("-", "_"), key.replace("_", "-"), key.upper(), key[1:] + key[0]))
    members[n] = f"{spelt}={value}"
    return _put(words, at, members)


def member_from_elsewhere(rng: random.Random, words: Words) -> str | None:
    said, other = _member(rng, words), _member(rng, words, True)
    if said is None or other is None:
        return None
    at, members, _ = said
    return _put(words, at, [*members, other[1][other[2]]])


def first_word_changed(rng: random.Random, words: Words) -> str | None:
    """The type of a device, an object, a backend; the model of a processor; the name of a machine."""
    at = rng.choice(_arguments(words))
    if words[at].startswith("{"):
        return None
    members = _members(words[at])
    same = [_members(words[a])[0] for a in _arguments(words) if words[a - 1] == words[at - 1] and not words[a].startswith("{")]
    others = [word for word in same if word != members[0]]
    if rng.random() < 0.6 and others and "=" not in members[0]:
        members[0] = rng.choice(others)
    else:
        members[0] = _changed_text(rng, members[0])
    return _put(words, at, members)


def version_changed(rng: random.Random, words: Words) -> str | None:
    at = next((n + 1 for n, word in enumerate(words[:-1]) if word in ("-M", "-machine")), None)
    if at is None:
        return None
    members = _members(words[at])
    name = members[0].removeprefix("type=")
    family = {"pc": "pc-i440fx"}.get(name, "pc-q35" if name == "q35" else re.sub(r"-[0-9.]+$", "", name))
    members[0] = f"{family}-{rng.choice(('2.12', '4.2', '5.1', '6.2', '7.1', '7.2', '8.0', '8.2', '9.1', '10.0', '11.0'))}"
    return _put(words, at, members)


# ------------------------------------------------------------------------------------- JSON
def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _json(rng: random.Random, words: Words) -> tuple[int, Any, dict[str, Any], str] | None:
    found = []
    for at in _arguments(words):
        if words[at].startswith("{"):
            try:
                whole = json.loads(words[at])
            except ValueError:
                continue
            found += [(at, whole, each, key) for each in _objects(whole) for key in each if _touched(key)]
    return rng.choice(found) if found else None


def json_retyped(rng: random.Random, words: Words) -> str | None:
    """A value of another type of JSON."""
    said = _json(rng, words)
    if said is None:
        return None
    at, whole, each, key = said
    value = each[key]
    each[key] = rng.choice(
        (
            str(value).lower() if isinstance(value, bool) else str(value),
            [value],
            {"x": value},
            None,
            True,
            1,
            -1,
            1.5,
            "",
            "x",
            2**64,
        )
    )
    words[at] = json.dumps(whole)
    return f"{words[at - 1]} {words[at]}"


def json_member_left_out(rng: random.Random, words: Words) -> str | None:
    said = _json(rng, words)
    if said is None:
        return None
    at, whole, each, key = said
    del each[key]
    words[at] = json.dumps(whole)
    return f"{words[at - 1]} {words[at]}"


def written_as_json(rng: random.Random, words: Words) -> str | None:
    """A device, an object or a block node in the other form."""
    tags = {"-device": "driver", "-object": "qom-type", "-blockdev": "driver", "-netdev": "type", "-audiodev": "driver"}
    found = [at for at in _arguments(words) if words[at - 1] in tags and not words[at].startswith("{") and "." not in words[at]]
    if not found:
        return None
    at = rng.choice(found)
    first, *rest = _members(words[at])
    made: dict[str, Any] = {tags[words[at - 1]]: first.partition("=")[2] or first}
    for member in rest:
        key, _, value = member.partition("=")
        spoken = {"on": True, "off": False}.get(value, int(value) if value.isdigit() and rng.random() < 0.7 else value)
        made[key] = spoken
    words[at] = json.dumps(made)
    return f"{words[at - 1]} {words[at]}"


CHANGES: tuple[tuple[Change, int], ...] = (
    (value_changed, 8), (value_left_out, 2), (value_from_elsewhere, 4), (key_misspelt, 2), (member_left_out, 5), (member_twice, 3), (members_swapped, 1),
    (member_from_elsewhere, 3), (first_word_changed, 4), (option_left_out, 4), (option_twice, 3), (options_swapped, 3), (option_misspelt, 1),
    (version_changed, 2), (json_retyped, 3), (json_member_left_out, 2), (written_as_json, 3),
)  # fmt: skip


def mutants(chosen: list[Seed], rng: random.Random, count: int) -> Iterator[Mutant]:
    """`count` of them, each of a seed with one change, now and then with two."""
    changes, weights = zip(*CHANGES, strict=True)
    made = 0
    while made < count:
        seed = rng.choice(chosen)
        words = list(seed.argv)
        done = []
        for change in rng.choices(changes, weights, k=1 if rng.random() < 0.8 else 2):
            said = change(rng, words) if _arguments(words) else None
            done += [change.__name__] if said is not None else []
        if done and words != list(seed.argv) and not _HOSTS_OWN.search(" ".join(words)):
            made += 1
            yield Mutant(seed, "+".join(done), words)
