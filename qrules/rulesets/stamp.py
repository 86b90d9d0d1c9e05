"""What a rule set's compiled form is made from: a cheap stamp of the files, and a digest of what they hold.

A question in a checkout asks for the stamp each time, so it must cost well under a millisecond: it is made of what the file
system says without opening anything. The digest is made of the contents; compiled forms are named by it.
"""

from __future__ import annotations

import os

from qrules import paths
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

try:
    from _blake2 import blake2b  # what hashlib gives out, without its loading of OpenSSL (2 ms)
except ImportError:  # another Python than CPython
    from hashlib import blake2b

_COMPILER = ("language", "knowledge", "rulesets")  # the rooms that have a say in what the compiled form looks like
_MOST = 20_000  # entries of folders; more is for who reads the rules to complain of
_DEEPEST = 60


class Stamp(NamedTuple):
    """`digest`: forty hexadecimal digits. `changed` is when the youngest of the files was last changed, in nanoseconds."""

    digest: str
    changed: int


def digest_of(*texts: bytes | str) -> str:
    """A digest of some texts and where each ends: forty hexadecimal digits."""
    digest = blake2b(digest_size=20)
    for text in texts:
        raw = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        digest.update(b"%d:" % len(raw))
        digest.update(raw)
    return digest.hexdigest()


def stamp(root: str) -> Stamp | None:
    """The stamp of a rule folder (or single file) as it is now, with the compiler and the grammar that would read it.

    It differs whenever the file system shows that something was changed: by a file's path, inode, size, time of content and
    time of change, which nobody can set back. None where the folder can't be walked, or is no rule folder by its size.
    """
    rules = [root]
    shipped = paths.data("rules")
    if root != shipped and not root.startswith(shipped + os.sep):
        rules.append(shipped)  # a folder's rules may use shipped files
    walk = _Walk()
    try:
        for folder in rules:
            walk.take(folder, (".qr",), _DEEPEST)
        for folder in compiler():
            walk.take(folder, (".py", ".lark"), 0)
    except (OSError, _TooMuch):
        return None
    return Stamp(digest_of("\n".join(walk.found)), walk.changed)


def compiler() -> Iterable[str]:
    """The folders of what decides how rules are compiled."""
    return (*(os.path.join(paths.PACKAGE, room) for room in _COMPILER), paths.data("grammar"))


class _TooMuch(Exception):
    """The folder has more in it than a rule folder."""


class _Walk:
    """Folders as they are walked: a line for each file that would be read. `qrules.language.files` walks in the same way."""

    __slots__ = ("changed", "entries", "found")

    def __init__(self) -> None:
        self.found: list[str] = []
        self.changed = 0
        self.entries = 0

    def take(self, folder: str, endings: tuple[str, ...], deepest: int) -> None:
        """Adds a folder with so many levels below it, or a file. Raises `OSError`, `_TooMuch`."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=_name)
        except NotADirectoryError:
            self._note(folder, os.stat(folder))
            return
        self.entries += len(entries)
        if self.entries > _MOST:
            raise _TooMuch
        below = []
        for entry in entries:
            name = entry.name
            if name.endswith(endings):
                self._note(entry.path, entry.stat())
            if deepest and name[0] != "." and entry.is_dir():
                below.append(entry)
        for entry in below:
            if entry.is_symlink():
                self._note(entry.path, entry.stat(follow_symlinks=False))  # not followed, but it must not lead out
            elif deepest == 1:
                raise _TooMuch
            else:
                self.take(entry.path, endings, deepest - 1)

    def _note(self, path: str, status: os.stat_result) -> None:
        changed = status.st_ctime_ns
        self.found.append(f"{path}\0{status.st_dev}.{status.st_ino}.{status.st_size}.{status.st_mtime_ns}.{changed}")
        if changed > self.changed:
            self.changed = changed


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
