"""Baselines: what was found of old configs once, kept with a reason, so that only what is new is told."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from stat import S_ISREG

from qrules.cli import status
from qrules.diagnostics import unusable
from qrules.explain.ignoring import Baseline, Rest
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments
    from qrules.explain.verdicts import Verdict

_MAX_BYTES = 16 * 1024 * 1024


def content(path: str, what: str) -> bytes:
    """The bytes of a regular file. Raises `Unusable` (QR458)."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise unusable("QR458", "this is no regular file", path, expected=what)
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise unusable("QR458", f"can't read it: {error.strerror or error}", path, expected=what) from error
    if len(raw) > _MAX_BYTES:
        raise unusable("QR458", f"more than {_MAX_BYTES // 1024 // 1024} MiB", path, expected=what)
    return raw


def read(path: str) -> Baseline:
    """A baseline. Raises `Unusable` (QR458) where the file is none."""
    expected = "a file that `qrules check --write-baseline` wrote"
    try:
        members = json.loads(content(path, expected))
        reason, entries = members["reason"], members["findings"]
        found = Counter({(e["file"], e["rule"], e["message"]): int(e["times"]) for e in entries})
        if not isinstance(reason, str) or not all(isinstance(word, str) for key in found for word in key):
            raise TypeError("texts")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unusable("QR458", "this is no baseline", path, expected=expected) from error
    return Baseline(reason, path, found)


def _text(found: list[tuple[str, Verdict]], reason: str) -> str:
    """What stands in a baseline of these configs: all that is told of them, by file, rule and words."""
    counts = Counter((file, r.rule, r.message) for file, verdict in found for r in verdict.reasons)
    entries = [{"file": f, "rule": r, "message": m, "times": n} for (f, r, m), n in sorted(counts.items())]
    return json.dumps({"schema": 1, "reason": reason, "findings": entries}, indent=2) + "\n"


def alone(path: str) -> Rest:
    """A baseline without settings; its files begin where we are."""
    return Rest(os.getcwd(), (), read(path))


def write(args: Arguments) -> int:
    """Writes all that is found of the configs. Raises `Unusable` (QR458) without a reason."""
    from qrules.cli import checking
    from qrules.cli.writing import write_whole

    if not (args.reason or "").strip():
        raise unusable("QR458", "a baseline wants its reason", "--write-baseline", expected='--reason "why these are left so"')
    folder = args.rest.folder if args.rest is not None else os.getcwd()
    found, unreadable = checking.verdicts(args)
    entries = [(os.path.relpath(file, folder) if file else "", verdict) for file, verdict in found]
    write_whole(args.write_baseline, _text(entries, args.reason.strip()))
    times = sum(len(verdict.reasons) for _, verdict in found)
    sys.stderr.write(f"{args.write_baseline}: {times:,} findings of {len(found):,} command lines{BREAK}")
    return status.UNUSABLE if unreadable else status.ACCEPTED
