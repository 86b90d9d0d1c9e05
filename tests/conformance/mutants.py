"""Strangers' command lines, each changed in one small way: what somebody mistypes, leaves out, says twice or takes from another line.

Seeds are read where they lie: the command lines of documentation and tests, a list of cases that QRULES_COMMAND_LINES names, and labelled
configs in the folder QRULES_TRUTH. How they are changed stands in `changes`.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qrules.configs.argv import architecture
from tests.conformance.changes import CHANGES, Words, arguments
from tests.fuzz.seeds import lines

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


def mutants(chosen: list[Seed], rng: random.Random, count: int) -> Iterator[Mutant]:
    """`count` of them, each of a seed with one change, now and then with two."""
    changes, weights = zip(*CHANGES, strict=True)
    made = 0
    while made < count:
        seed = rng.choice(chosen)
        words = list(seed.argv)
        done = []
        for change in rng.choices(changes, weights, k=1 if rng.random() < 0.8 else 2):
            said = change(rng, words) if arguments(words) else None
            done += [change.__name__] if said is not None else []
        if done and words != list(seed.argv) and not _HOSTS_OWN.search(" ".join(words)):
            made += 1
            yield Mutant(seed, "+".join(done), words)
