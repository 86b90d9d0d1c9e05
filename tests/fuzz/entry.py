"""One hostile input: how it is run and what must hold; and the running of it, as a process with limits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

LAUNCH = Path(__file__).with_name("launch.py")
COMMAND = "from qrules.cli.main import run; run()"
Make = Callable[[Path], None]
Look = Callable[[Path], str]
Text = bytes | Callable[[], bytes]

ANY = (0, 1, 2, 3)
SHOWN = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\udc80-\udcff]"  # what no output may have raw


class Entry(NamedTuple):
    """An input.

    `words` are those of qrules, or of `program` (Python text) where that is given; they run in a folder of their own that
    `make` fills. `statuses`, `says` and `never` (regular expressions on all that was printed), `seconds` of CPU, `megabytes` at
    the peak and `output` (bytes; none: linear in the input) are what must hold, and `look` tells what is wrong in the folder afterwards.
    `cache` is the folder of compiled rules: that of all, one of its own (empty), or a copy of its own. `heavy` ones are left
    out of an ordinary test run; `closed` are descriptors that are closed before the start.
    """

    name: str
    point: str
    what: str
    words: tuple[str, ...] = ()
    stdin: Text = b""
    program: str = ""
    make: Make | None = None
    statuses: tuple[int, ...] = ANY
    says: str = ""
    never: str = ""
    seconds: float = 2.0
    megabytes: float = 300.0
    output: int = 0
    look: Look | None = None
    cache: str = "shared"
    heavy: bool = False
    closed: tuple[int, ...] = ()
    wall: float = 60.0


class Checkout(NamedTuple):
    """A checkout of qrules: its folder, its Python, and the folder of its compiled rules."""

    folder: Path
    python: str
    cache: Path

    @staticmethod
    def at(folder: Path, cache: Path) -> Checkout:
        """The checkout of a folder, with the virtual environment in it if there is one."""
        own = folder / ".venv" / "bin" / "python"
        return Checkout(folder, str(own) if own.exists() else sys.executable, cache)


class Limits(NamedTuple):
    """What a run is ended at: CPU seconds and bytes of memory."""

    cpu: int = 30
    memory: int = 3 << 30


class Measured(NamedTuple):
    """What a run came to. `status` is negative for a signal; `late`: it had to be ended because of the clock."""

    status: int
    cpu: float
    megabytes: float
    wall: float
    late: bool
    orphans: bool
    out: str
    err: str
    bytes: int
    given: int
    wrong: str

    @property
    def first_line(self) -> str:
        """What it said first, made visible."""
        said = (self.out + self.err).strip().split("\n")[0][:150]
        return said.encode("ascii", "backslashreplace").decode()


def measure(entry: Entry, checkout: Checkout, limits: Limits = Limits()) -> Measured:  # noqa: B008 (immutable)
    """Runs an input on a checkout."""
    with tempfile.TemporaryDirectory(prefix="qrules-fuzz-") as scratch:
        folder, beside = Path(scratch, "here"), Path(scratch, "beside")
        folder.mkdir()
        beside.mkdir()
        if entry.make is not None:
            entry.make(folder)
        text = entry.stdin() if callable(entry.stdin) else entry.stdin
        (beside / "stdin").write_bytes(text)
        given = len(text) + sum(map(len, entry.words)) + sum(_size(p) for p in folder.rglob("*"))
        spec = _spec(entry, checkout, limits, folder, beside)
        (beside / "spec").write_text(json.dumps(spec), encoding="ascii")
        command = [sys.executable, "-I", "-S", str(LAUNCH), str(beside / "spec")]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return Measured(**found, given=given, wrong=entry.look(folder) if entry.look is not None else "")


def _size(path: Path) -> int:
    """Bytes that a file really has: a hole has none."""
    return min(path.stat().st_size, path.stat().st_blocks * 512) if path.is_file() and not path.is_symlink() else 0


def _spec(entry: Entry, checkout: Checkout, limits: Limits, folder: Path, beside: Path) -> Mapping[str, object]:
    cache = checkout.cache if entry.cache == "shared" else beside / "cache"
    if entry.cache == "copy":
        subprocess.run(["cp", "-a", str(checkout.cache), str(cache)], check=True)
    environment = {
        "PATH": f"{Path(checkout.python).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}", "PYTHONPATH": str(checkout.folder),
        "XDG_CACHE_HOME": str(cache), "HOME": str(beside), "PYTHONUTF8": "1",
    }  # fmt: skip
    words = [checkout.python, "-c", entry.program or COMMAND, *entry.words]
    return {
        "words": words, "cwd": str(folder), "env": environment, "stdin": str(beside / "stdin"), "cpu": limits.cpu,
        "memory": limits.memory, "wall": entry.wall, "closed": entry.closed, "orphans": entry.point in ("4", "6"),
    }  # fmt: skip


def wrong(entry: Entry, found: Measured, patience: float = 1.0) -> list[str]:
    """What does not hold. CPU seconds are longer on a busy machine: `patience` times as many are let pass."""
    text = found.out + found.err
    allowed = entry.output or 200_000 + 60 * found.given
    told = [
        (found.late, f"it had not ended after {entry.wall:g} s"),
        (not found.late and found.status not in entry.statuses, f"status {found.status}, not one of {entry.statuses}"),
        ("Traceback (most recent call last)" in text, "a traceback"),
        ("a bug of qrules itself" in text and 70 not in entry.statuses, "an internal error"),
        (found.cpu > entry.seconds * patience, f"{found.cpu:.1f} CPU s, more than {entry.seconds:g}"),
        (found.megabytes > entry.megabytes, f"{found.megabytes:.0f} MB, more than {entry.megabytes:g}"),
        (found.bytes > allowed, f"{found.bytes:,} bytes of output, more than {allowed:,}"),
        (found.orphans, "processes left behind"),
        (bool(entry.says) and not re.search(entry.says, text, re.MULTILINE), f"it does not say {entry.says!r}"),
        (bool(entry.never) and bool(re.search(entry.never, text, re.MULTILINE)), f"it says {entry.never!r}"),
        (bool(found.wrong), found.wrong),
    ]
    return [message for holds, message in told if holds]


def warmed(checkout: Checkout) -> Checkout:
    """The checkout with all shipped rules compiled into its cache, so that no input pays for that."""
    plain = Entry("warm", "", "", cache="shared", wall=600, program=_WARM)
    done = measure(plain, checkout, Limits(600, 4 << 30))
    if done.status:
        raise RuntimeError(f"the shipped rules can't be compiled by {checkout.python}: {done.err[-500:]}")
    return checkout


_WARM = """
from qrules.cli.main import main
main(["explain", "no rule says this, so all architectures are asked"])
for version in ("7.2", "10.0"):
    main(["types", "q35", "--qemu", version])
"""
