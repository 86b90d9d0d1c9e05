"""Writing compiled pieces: whole or not at all, into a folder of our own, of which only what we made is ever deleted."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from pathlib import Path
from typing import Any

from qrules import paths
from qrules.rulesets import cache
from qrules.rulesets.cache import MANIFEST, MARK, SEEN, is_digest, trusted
from qrules.rulesets.stamp import Stamp

_KEPT = 48  # rule sets; of more the ones that were not asked for the longest go
_DAYS = 60  # without being asked for, after which a rule set goes
_DAY = 86_400
_SCRATCH = ".new-"
_COARSE = 2_500_000_000  # nanoseconds; the coarsest file systems count in steps of two seconds


def made_home() -> str | None:
    """Our folder below the user's cache, made where there is none; None where it can't be had or is not ours."""
    if cache.usable() is not None:
        return cache.home()
    try:
        os.makedirs(os.path.dirname(paths.cache()), exist_ok=True)
        if not os.path.lexists(paths.cache()):
            os.mkdir(paths.cache(), 0o700)
        if not os.path.lexists(cache.home()) and trusted(os.lstat(paths.cache()), stat.S_IFDIR):
            whole(Path(cache.home()), {MARK: b"Compiled rules of qrules, which delete themselves. Nothing else stands here.\n"})
    except OSError:
        pass
    return cache.usable()


def write_manifest(manifest: dict[str, Any], folder: Path, digest: str, private: bool = True) -> None:
    """Makes the folder of a rule set's compiled form. Raises `OSError` where that can't be done."""
    whole(folder, {f"{MANIFEST}.json": cache.written(manifest, digest, "", MANIFEST)}, private)
    if private:
        tidy(str(folder.parent))


def write_pieces(pieces: dict[str, Any], folder: Path, digest: str, target: str, private: bool = True) -> None:
    """Writes the pieces of a target or schema (`cache.target_name`, `schema_name`) into the folder of a rule set.

    Raises `OSError`.
    """
    files = {f"{name}.json": cache.written(piece, digest, target, name) for name, piece in pieces.items()}
    whole(folder / target, files, private)


def lay_out(found: dict[str, bytes], packed: str, digest: str, target: str) -> bool:
    """Keeps the files of a target that came with a package, whose manifest stands in `packed`: whether that could be done."""
    home = made_home()
    if home is None:
        return False
    folder = Path(home, digest)
    try:
        if not os.path.lexists(folder):
            whole(folder, {f"{MANIFEST}.json": Path(packed, f"{MANIFEST}.json").read_bytes()})
            tidy(home)
        whole(folder / target, found)
    except OSError:
        return False
    return True


def room_for(folder: Path, most: int) -> None:
    """Makes a folder of ours for single files, where there is none; of more files than `most` the oldest go. Raises `OSError`."""
    if not os.path.lexists(folder):
        os.mkdir(folder, 0o700)
    if not trusted(os.lstat(folder), stat.S_IFDIR):
        raise OSError(f"{folder} is no folder of ours")
    files = [entry for entry in _listed(str(folder)) if entry.name.endswith(".json")]
    if len(files) > most:
        for entry in sorted(files, key=lambda e: e.stat(follow_symlinks=False).st_mtime)[: len(files) - most // 2]:
            os.unlink(entry.path)


def add(folder: Path, name: str, content: bytes) -> None:
    """A file in a folder of ours, whole or not at all. Raises `OSError`."""
    handle, scratch = tempfile.mkstemp(prefix=_SCRATCH, suffix=".json", dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(scratch, folder / name)


def note(home: str, stamp: Stamp, began: int, digest: str) -> None:
    """Notes which rules have a stamp that was taken at `began` (nanoseconds), where it will be another after any change.

    A file that was changed just before may be changed again without a later time: the clocks of file systems are coarse. The next
    question that comes late enough notes it (as git does with its index).
    """
    if stamp.changed > began - _COARSE:
        return
    try:
        handle, scratch = tempfile.mkstemp(prefix=_SCRATCH, dir=home)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(digest)
        os.replace(scratch, os.path.join(home, SEEN + stamp.digest))
    except OSError:  # then the rules are read and looked at again
        return


def whole(folder: Path, files: dict[str, bytes], private: bool = True) -> None:
    """A folder that appears with all its files or not at all; one that is there already is replaced. Raises `OSError`.

    With `private` nobody else may look into it: else everybody may.
    """
    scratch = tempfile.mkdtemp(prefix=_SCRATCH, dir=folder.parent)
    try:
        for name, content in files.items():
            path = os.path.join(scratch, name)
            with open(path, "xb") as file:
                file.write(content)
            os.chmod(path, 0o600 if private else 0o644)
        os.chmod(scratch, 0o700 if private else 0o755)
        try:
            os.rename(scratch, folder)
        except OSError:  # there is one, which is damaged; or somebody else was quicker, with the same pieces
            _replaced(scratch, folder, files)
    finally:
        forget(scratch)


def _replaced(scratch: str, folder: Path, files: dict[str, bytes]) -> None:
    """Puts files into a folder that is there. Raises `OSError`."""
    if not trusted(os.lstat(folder), stat.S_IFDIR):
        raise OSError(f"{folder} is no folder of ours")
    for name in files:
        place = folder / name
        if place.is_dir() and not place.is_symlink():
            os.rmdir(place)
        os.replace(os.path.join(scratch, name), place)


# ------------------------------------------------------------------------------------- what is not asked for any more
def tidy(home: str) -> None:
    """Deletes rule sets that were not asked for lately. Whatever has another name than ours stays."""
    used: dict[str, float] = {}
    now = time.time()
    for entry in _listed(home):
        if entry.name.startswith(_SCRATCH):
            if now - entry.stat(follow_symlinks=False).st_mtime > _DAY:
                forget(entry.path)
        elif is_digest(entry.name) and entry.is_dir(follow_symlinks=False):
            used[entry.name] = max(used.get(entry.name, 0.0), entry.stat(follow_symlinks=False).st_mtime)
    stamps = _stamps(home)
    for digest, _, last in stamps:
        if digest in used:
            used[digest] = max(used[digest], last)
    oldest_last = sorted(used, key=lambda name: used[name], reverse=True)
    gone = {name for place, name in enumerate(oldest_last) if place >= _KEPT or now - used[name] > _DAYS * _DAY}
    for name in gone:
        forget(os.path.join(home, name))
    for digest, path, last in stamps:
        if digest in gone or now - last > _DAYS * _DAY:
            forget(path)


def _stamps(home: str) -> list[tuple[str, str, float]]:
    """The stamps that were noted: the digest, the file, and when it was last asked for."""
    found = []
    for entry in _listed(home):
        if entry.name.startswith(SEEN) and is_digest(entry.name[len(SEEN) :]) and entry.is_file(follow_symlinks=False):
            with open(entry.path, encoding="ascii", errors="replace") as file:
                found.append((file.read(cache.DIGITS), entry.path, entry.stat(follow_symlinks=False).st_mtime))
    return found


def _listed(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder, which is closed again whatever becomes of it meanwhile. Raises `OSError`."""
    with os.scandir(folder) as entries:
        return list(entries)


def forget(path: str) -> None:
    """Deletes a file of ours, or a folder of ours with the files and target folders that we make; what else is in it stays."""
    try:
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            os.unlink(path)
            return
        for entry in _listed(path):
            if entry.is_dir(follow_symlinks=False):
                if is_digest(entry.name) or entry.name.startswith(_SCRATCH):
                    forget(entry.path)
            elif entry.name.endswith(".json") or entry.name == MARK:
                os.unlink(entry.path)
        os.rmdir(path)
    except OSError:  # gone already, or not to be deleted: it does no harm
        return
