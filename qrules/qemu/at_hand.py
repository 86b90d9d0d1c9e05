"""The QEMU at hand as a rule set: its own types and machines, and beside them all that is shipped.

    binaries-v1/DIGEST/own.qr     what the binary says of itself, harvested once
    binaries-v1/DIGEST/all.qr     uses "."

What it has beside the shipped catalogues is known, and what it lacks is refused. A vendor's machines stand there under the names
that they stand for, which rules know. DIGEST is that of the binary's content and version: a wrapper stays the same when what it
runs is another.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from qrules import paths
from qrules.knowledge.vendors import stands_for
from qrules.qemu.catalogue_text import write
from qrules.qemu.facts import Facts, MachineType
from qrules.qemu.harvest import gather
from qrules.qemu.process import DEFAULT_TIMEOUT, version
from qrules.records import NamedTuple
from qrules.rulesets import cache, keeping
from qrules.rulesets.store import open_store
from qrules.visible import clean

_FOLDER = "binaries-v1"
_TARGET = re.compile(r'^catalogue "([^"]+)" for ([\w-]+)$', re.MULTILINE)
_USES = 'uses "."  # all that is shipped; of a catalogue of the same version and architecture the binary\'s own counts\n'


class AtHand(NamedTuple):
    """Where the rule set of a binary stands, and which target of it the binary is."""

    folder: Path
    version: str
    arch: str


def at_hand(binary: str, timeout: float = DEFAULT_TIMEOUT) -> AtHand:
    """The rule set of a binary, a path or a name on PATH. `timeout` is in seconds, for each step.

    Raises what `Session` raises, NotQemu for answers with names that do not show, and `OSError` where nothing can be kept.
    """
    number = version(binary, timeout)
    folder = _home() / _digest(binary, number)
    own = folder / "own.qr"
    if not (_ours(folder) and own.is_file()):
        from qrules.qemu.harvesting import shown

        text = shown(write(as_upstream(gather(binary, timeout))), binary)
        keeping.whole(folder, {"own.qr": text.encode(), "all.qr": _USES.encode()})
    match = _TARGET.search(own.read_text(encoding="utf-8"))
    assert match is not None, own
    return AtHand(folder, match[1], match[2])


def as_upstream(facts: Facts) -> Facts:
    """The facts with a vendor's machines by the names that they stand for; of two of one name the emulator's own is kept."""
    store = open_store()
    knowledge = store.knowledge(store.resolve(None, None))
    renamed: dict[str, MachineType] = {}
    for machine in sorted(facts.machine_types, key=lambda m: stands_for(knowledge, m.name) is not None):
        stands = stands_for(knowledge, machine.name)
        name = stands.upstream if stands is not None else machine.name
        kept = renamed.get(name, machine)
        alias, default = kept.alias or machine.alias, kept.default or machine.default
        renamed[name] = kept._replace(name=name, alias=alias, default=default)
    return facts._replace(machine_types=tuple(sorted(renamed.values())))


def program(binary: str) -> str | None:
    """The path of a program, named by a path or found on PATH; None where there is none that could be run."""
    return shutil.which(binary) if clean(binary) else None


def _digest(binary: str, number: str) -> str:
    with open(program(binary) or binary, "rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{content} {number}".encode()).hexdigest()[: cache.DIGITS]


def _home() -> Path:
    """Our folder of binaries below the user's cache; where that can't be had, one that lives as long as the process."""
    keeping.made_home()  # makes the folder above
    folder = Path(paths.cache(), _FOLDER)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return _passing()
    return folder if _ours(folder) else _passing()


def _ours(folder: Path) -> bool:
    try:
        return cache.trusted(os.lstat(folder), stat.S_IFDIR) and cache.trusted(os.lstat(folder.parent), stat.S_IFDIR)
    except OSError:
        return False


_kept: list[tempfile.TemporaryDirectory[str]] = []


def _passing() -> Path:
    if not _kept:
        _kept.append(tempfile.TemporaryDirectory(prefix="qrules-"))
    return Path(_kept[0].name)
