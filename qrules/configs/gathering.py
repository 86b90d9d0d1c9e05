"""The files of a folder that may hold command lines: found within bounds, and nothing but regular files of the folder.

A folder may be a checkout of somebody else's: no link is followed, no FIFO opened, and what begins with a dot is left alone, and
so are copies (``.bak``, ``.orig``, ``~``).
"""

from __future__ import annotations

import os
import re
from stat import S_ISREG

from qrules.diagnostics import unusable

MAX_BYTES = 4 * 1024 * 1024  # of one file
MAX_ENTRIES = 200_000  # of whatever sort, in a folder and all below it
_COPY = re.compile(r"(?:\.bak\d*|\.orig|~)$")  # of another file
_NAMES_EMULATOR = re.compile(rb"qemu|kvm", re.IGNORECASE)


def gathered(folder: str) -> list[str]:
    """The regular files in a folder and all below it, by name. Raises `Unusable` (QR455) where there are too many."""
    found: list[str] = []
    entries = 0
    for here, folders, names in os.walk(folder):
        entries += len(folders) + len(names)
        if entries > MAX_ENTRIES:
            raise unusable("QR455", f"more than {MAX_ENTRIES:,} files", folder, expected="a folder of configs")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(here, name)
            if not name.startswith(".") and not _COPY.search(name) and _regular(path):
                found.append(path)
    return found


def _regular(path: str) -> bool:
    try:
        return S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def content(path: str) -> bytes | None:
    """The bytes of a file of a folder; None where it has more than `MAX_BYTES` or is none any more. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW)
    with open(handle, "rb") as file:
        if not S_ISREG(os.fstat(handle).st_mode):
            return None
        raw = file.read(MAX_BYTES + 1)
    return raw if len(raw) <= MAX_BYTES else None


def names_emulator(raw: bytes) -> bool:
    """Whether a file has the name of an emulator in it, so that it is worth a complaint where it can't be read."""
    return _NAMES_EMULATOR.search(raw) is not None
