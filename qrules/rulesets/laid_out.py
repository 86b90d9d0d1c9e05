"""Pieces that a package has in its archive: read where they were laid out in the cache, and laid out when first asked for."""

from __future__ import annotations

import os

from qrules.rulesets import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_held: dict[tuple[str, str], dict[str, Any]] = {}  # what could be kept nowhere, by archive and folder


def read(archive: str, digest: str, folder: str, name: str) -> Any:
    """A piece; None where the archive lacks it, or is damaged. `digest` is what the rules were made from."""
    home = cache.usable()
    found = cache.read(os.path.join(home, digest), digest, folder, name) if home is not None else None
    return found if found is not None else _unpacked(archive, digest, folder).get(name)


def _unpacked(archive: str, digest: str, folder: str) -> dict[str, Any]:
    """The pieces of a folder, which the next question finds in the cache, or this process where nothing can be kept."""
    if (archive, folder) in _held:
        return _held[archive, folder]
    from qrules.rulesets import keeping, packing

    files = packing.unpacked(archive, folder)
    named = {file.removesuffix(".json"): raw for file, raw in files.items()}
    pieces = {name: cache.value(raw, digest, folder, name) for name, raw in named.items()}
    if not pieces or None in pieces.values():
        return {}
    if not keeping.lay_out(files, os.path.dirname(archive), digest, folder):
        _held[archive, folder] = pieces
    return pieces
