"""A cheap stamp of a rule set: paths, sizes and times of all that its compiled form is made from.

A question in a checkout asks for it each time, so it must cost well under a millisecond; the names of compiled folders
are made of it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from qrules.paths import PACKAGE, grammar_file, rules_folder


class Stamp(NamedTuple):
    name: str


def stamp(root: Path) -> Stamp:
    """The stamp of a rule folder as it is now, with the compiler and the grammar that would read it."""
    digest = hashlib.blake2b(digest_size=10)
    folders = [str(root), str(PACKAGE / "language"), str(PACKAGE / "knowledge"), str(grammar_file().parent)]
    if not root.is_relative_to(rules_folder()):
        folders.append(str(rules_folder()))  # a folder's rules may use shipped files
    for folder in folders:
        for path, entry in _entries(folder):
            digest.update(f"{path}\0{entry.st_size}\0{entry.st_mtime_ns}\n".encode())
    return Stamp(digest.hexdigest())


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
