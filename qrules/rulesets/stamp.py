"""A cheap stamp of a rule set: paths, sizes and times of all that its compiled form is made from.

A question in a checkout asks for it each time, so it must cost well under a millisecond; the names of compiled folders
are made of it.
"""

from __future__ import annotations

import os

from qrules import paths

try:
    from _blake2 import blake2b  # what hashlib gives out, without its loading of OpenSSL (2 ms)
except ImportError:  # another Python than CPython
    from hashlib import blake2b

_COMPILER = ("language", "knowledge", "rulesets/build.py")  # what has a say in how the compiled form looks


def stamp(root: str) -> str:
    """The stamp of a rule folder (or single file) as it is now, with the compiler and the grammar that would read it.

    Twenty hexadecimal digits. Raises `OSError` where the folder can't be read.
    """
    digest = blake2b(digest_size=10)
    folders = [root, *(os.path.join(paths.PACKAGE, part) for part in _COMPILER), paths.data("grammar")]
    shipped = paths.data("rules")
    if root != shipped and not root.startswith(shipped + os.sep):
        folders.append(shipped)  # a folder's rules may use shipped files
    for folder in folders:
        for path, entry in _entries(folder):
            digest.update(f"{path}\0{entry.st_size}\0{entry.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _entries(folder: str) -> list[tuple[str, os.stat_result]]:
    found: list[tuple[str, os.stat_result]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith((".", "__")):
                        found.extend(_entries(entry.path))
                elif entry.name.endswith((".qr", ".py", ".lark")):
                    found.append((entry.path, entry.stat()))
    except NotADirectoryError:
        found.append((folder, os.stat(folder)))
    return found
