"""The compiled rules of a package, in one file: targets are nearly alike, so that all together take a fortieth of what they hold.

    compiled/manifest.json     which targets there are, as in the cache
    compiled/pieces.xz         all pieces, folder by folder: those that are asked for most come first

Before each piece stands a line, ``FOLDER FILE LENGTH``; the piece is the file as it stands in the cache (`cache`), with the
digest that guards it there. Who asks about a target for the first time has its folder laid out in the cache, and reads of the
stream what stands before it: 10 ms for the architecture that is meant where none is named, 70 ms for the last one.
"""

from __future__ import annotations

import json
import lzma
import os
from collections import Counter
from pathlib import Path

from qrules.rulesets.cache import ARCHIVE, HOMES, MANIFEST, target_name

_DICTIONARY = 1 << 24  # bytes that the stream looks back, and that unpacking may take: several targets
_LONGEST = 200  # bytes of a line before a piece
_BROKEN = (OSError, EOFError, ValueError, lzma.LZMAError)


def pack(folder: Path) -> None:
    """Puts the pieces of a compiled rule set into its archive, in place of the folders that they stand in. Raises `OSError`."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6 | lzma.PRESET_EXTREME, "dict_size": _DICTIONARY}]
    with lzma.open(folder / ARCHIVE, "wb", filters=filters) as stream:
        for name in _in_order(folder):
            for path in sorted((folder / name).iterdir()):
                content = path.read_bytes()
                stream.write(f"{name} {path.name} {len(content)}\n".encode("ascii") + content)
                path.unlink()
            (folder / name).rmdir()


def _in_order(folder: Path) -> list[str]:
    """The folders of pieces, those that are asked for most before the others: the newest version of the usual architecture.

    Then what all targets share, its older versions, and architectures of several versions before those of one.
    """
    manifest = json.loads((folder / f"{MANIFEST}.json").read_bytes().split(b"\n")[1])[0]
    targets = [(arch, target_name(version, arch)) for version, arch in reversed(manifest["targets"])]
    versions = Counter(arch for arch, _ in targets)
    targets.sort(key=lambda target: (target[0] != manifest["preferred"], -versions[target[0]], target[0]))
    there = {path.name for path in folder.iterdir() if path.is_dir()}
    names = [name for _, name in targets if name in there]
    return [*names[:1], HOMES, *sorted(there - {HOMES, *names}), *names[1:]]


def unpacked(path: str, folder: str) -> dict[str, bytes]:
    """The files of a folder by name; none where the archive lacks it, or is not as it was written.

    Nothing behind the folder is read.
    """
    found: dict[str, bytes] = {}
    try:
        with lzma.open(path, "rb") as stream:
            while line := stream.readline(_LONGEST):
                owner, name, length = line.decode("ascii").split()
                content = stream.read(int(length))
                if owner == folder and name == os.path.basename(name):
                    found[name] = content
                elif found:
                    break
    except _BROKEN:
        return {}
    return found
