"""Rule files on a disk, which may be anybody's: found and read within bounds, and nothing but regular files of the folder.

A pull request can hold links, FIFOs and files with holes. What is no rule file is told in one diagnostic and never opened, so
that neither its content is shown nor its reading waits.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from qrules.diagnostics import Diagnostic, Span, Unusable, unusable
from qrules.paths import APART as APART

MAX_FILES = 2_000
MAX_BYTES = 2 * 1024 * 1024  # of one file; of all that one target is compiled from, too
MAX_TOTAL = 16 * 1024 * 1024  # of all files of a rule set
MAX_ENTRIES = 20_000  # of whatever sort, in a folder and all below it
MAX_DEPTH = 40  # folders in one another
_SORTS = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))


def found(root: Path, apart: bool = False) -> list[Path]:
    """The rule files of a folder, by name, or the one file; `apart`: those of rule sets that stand apart, too.

    Raises `Unusable` where there is no such folder (QR502), and where it has too much in it (QR505) or something with the name
    of a rule file that is none (QR508).
    """
    if not root.exists():
        raise unusable("QR502", "there is no such rule folder", str(root), expected="a folder with .qr files")
    if not root.is_dir():
        return [root]
    files: list[Path] = []
    for path in _walked(root, apart):
        files.append(path)
        if len(files) > MAX_FILES:
            raise unusable("QR505", f"more than {MAX_FILES:,} rule files", str(root), expected="a folder of rules")
    return files


def _walked(root: Path, apart: bool) -> Iterator[Path]:
    entries, deepest = 0, len(root.parts) + MAX_DEPTH
    inside = os.path.realpath(root)
    for folder, folders, names in os.walk(root):
        entries += len(folders) + len(names)
        here = Path(folder)
        if entries > MAX_ENTRIES or len(here.parts) > deepest:
            what = (
                f"more than {MAX_ENTRIES:,} files" if entries > MAX_ENTRIES else f"more than {MAX_DEPTH} folders in one another"
            )
            raise unusable("QR505", what, str(root), expected="a folder of rules")
        folders[:] = sorted(f for f in folders if (apart or f != APART) and not f.startswith("."))
        for name in folders:
            if (here / name).is_symlink() and not _within(os.path.realpath(here / name), inside):
                raise _strange(here / name, "a link to a folder outside")
        for name in sorted(names):
            if name.endswith(".qr"):
                _check(here / name, inside)
                yield here / name


def _check(path: Path, inside: str) -> None:
    """Raises `Unusable` (QR508) for whatever is not a regular file of the folder."""
    try:
        if path.is_symlink() and not _within(os.path.realpath(path), inside):
            raise _strange(path, "a link to something outside the rule folder")
        sort = path.stat().st_mode
    except OSError as error:
        raise _strange(path, f"a link that leads nowhere ({error.strerror})") from None
    if not stat.S_ISREG(sort):
        raise _strange(path, next((word for test, word in _SORTS if test(sort)), "a device"))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _strange(path: Path, what: str) -> Unusable:
    return unusable("QR508", f"this is no rule file but {what}", str(path), expected="a regular file of the rule folder")


def content(path: Path, shown: str | None = None) -> bytes:
    """The bytes of a rule file. Raises `Unusable`: it can't be read (QR501), is none (QR508), or is too large (QR101).

    Nothing waits: what is no regular file is not opened, and what became a FIFO since is opened without blocking.
    """
    name = shown or str(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise _strange(path, next((word for test, word in _SORTS if test(os.stat(path).st_mode)), "a device"))
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY), "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _strange(path, "something else")
            if status.st_size > MAX_BYTES:
                raise Unusable([too_large(status.st_size, name)])
            raw: bytes = file.read(MAX_BYTES + 1) or b""
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise Unusable([Diagnostic("QR501", f"can't read the rule file: {reason}", Span(name, 0))]) from error
    if len(raw) > MAX_BYTES:
        raise Unusable([too_large(len(raw), name)])
    return raw


def too_large(count: int, name: str) -> Diagnostic:
    """What is said of a file of so many bytes."""
    limit = MAX_BYTES // 1024 // 1024
    return Diagnostic("QR101", f"the file has {count:,} bytes", Span(name, 0), f"a rule file of at most {limit} MiB")
