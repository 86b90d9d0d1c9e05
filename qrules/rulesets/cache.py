"""Compiled pieces as files: what one looks like, and reading it only where nobody else can have written it.

    compiled-v2/made-by-qrules              the mark of the folder, which is ours alone (mode 0700)
    compiled-v2/seen-STAMP                  the digest of the rules that have this stamp
    compiled-v2/DIGEST/manifest.json        which targets the rules have
    compiled-v2/DIGEST/TARGET/shared.json   a piece; TARGET is a digest as well
    compiled-v2/DIGEST/SCHEMA/index.json    a piece of a schema file, which several targets share; SCHEMA too

Names are digests and nothing else, so no text of a rule file is part of a path. Each file begins with a line that says which
format it has, what it was compiled from, for which target, how long it is and what its own digest is.
"""

from __future__ import annotations

import os
import stat
import time

from qrules import paths
from qrules.rulesets import tables
from qrules.rulesets.stamp import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = 2  # of folders and files; another one is another folder
MARK = "made-by-qrules"
MANIFEST = "manifest"
ARCHIVE = "pieces.xz"  # of a package
DIGITS = 40  # of a digest or stamp
SEEN = "seen-"
_OFTEN = 3600  # seconds after which a use is noted again
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def home() -> str:
    """The folder that is ours below the user's cache. It need not be there."""
    return os.path.join(paths.cache(), f"compiled-v{FORMAT}")


def usable() -> str | None:
    """`home`, where it is there and may be read and written: a folder, no link, of this user, that nobody else can write."""
    folder = home()
    for part in (os.path.dirname(folder), folder):
        if not _ours(part, stat.S_IFDIR):
            return None
    return folder if _ours(os.path.join(folder, MARK), stat.S_IFREG) else None


def _ours(path: str, sort: int) -> bool:
    try:
        return trusted(os.lstat(path), sort)
    except OSError:
        return False


def trusted(status: os.stat_result, sort: int) -> bool:
    """Whether something is of a sort, belongs to this user, and nobody else can write it."""
    return stat.S_IFMT(status.st_mode) == sort and status.st_uid == os.geteuid() and not status.st_mode & 0o022


HOMES = digest_of("homes")  # the folder of what all targets know together


def target_name(version: str, arch: str) -> str:
    """The folder of a target: forty hexadecimal digits."""
    return digest_of(version, arch)


def schema_name(schema: str) -> str:
    """The folder of a schema file, which targets share, by its name in the manifest: forty hexadecimal digits."""
    return digest_of(schema)


def piece_path(folder: str, target: str, name: str) -> str:
    """Where a piece stands in the folder of a rule set; `target` is empty for the manifest."""
    return os.path.join(folder, target, f"{name}.json")


def head(digest: str, target: str, name: str) -> bytes:
    """How the first line of a piece begins."""
    return f"qrules-piece {FORMAT} {digest} {target or '-'} {name} ".encode()


def written(value: Any, digest: str, target: str, name: str) -> bytes:
    """A piece as the bytes of its file."""
    body = tables.written(value)
    return head(digest, target, name) + f"{len(body)} {digest_of(body)}\n".encode() + body


def read(folder: str, digest: str, target: str, name: str, packed: bool = False) -> Any:
    """A piece; None where it is not there, not ours, of something else, or not as it was written.

    What came with the package (`packed`) belongs to whoever installed that, and is not digested anew.
    """
    return value(_bytes(piece_path(folder, target, name), packed), digest, target, name, packed)


def value(raw: bytes, digest: str, target: str, name: str, packed: bool = False) -> Any:
    """The piece that a file holds; None where it is of something else, or not as it was written. For `packed` see `read`."""
    beginning = head(digest, target, name)
    if not raw.startswith(beginning):
        return None
    end = raw.find(b"\n", len(beginning), len(beginning) + 80)
    length, _, check = raw[len(beginning) : end].partition(b" ")
    body = raw[end + 1 :]
    if end < 0 or length != b"%d" % len(body) or not (packed or check == digest_of(body).encode()):
        return None
    try:
        return tables.read(body)
    except (ValueError, RecursionError):
        return None


def packed_digest(folder: str) -> str:
    """The digest that the compiled rules of a package were made from; empty where they can't be read."""
    words = _bytes(piece_path(folder, "", MANIFEST), True)[:200].split(b" ", 3)
    return words[2].decode("ascii", "replace") if len(words) == 4 else ""


def seen(folder: str, stamp: str) -> str | None:
    """The digest of the rules that have a stamp, where that was noted. Notes when it was last asked for, by the hour."""
    path = os.path.join(folder, SEEN + stamp)
    digest = _bytes(path, False).decode("ascii", "replace")
    if not is_digest(digest):
        return None
    try:
        if time.time() - os.lstat(path).st_mtime > _OFTEN:
            os.utime(path, follow_symlinks=False)
    except OSError:  # it may have gone since
        return digest
    return digest


def is_digest(name: str) -> bool:
    """Whether a name is one of those that we give."""
    return len(name) == DIGITS and not name.strip("0123456789abcdef")


def _bytes(path: str, packed: bool) -> bytes:
    """What a file of ours holds; nothing where it is no such file."""
    try:
        handle = os.open(path, _OPEN)
    except OSError:
        return b""
    try:
        status = os.fstat(handle)
        if not (packed or trusted(status, stat.S_IFREG)):
            return b""
        return os.read(handle, status.st_size + 1)
    except OSError:
        return b""
    finally:
        os.close(handle)
