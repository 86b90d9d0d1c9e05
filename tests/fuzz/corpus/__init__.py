"""Every hostile input that is known, as data: smallest forms, each standing for a kind. `tests.fuzz.entry` says how they run."""

from __future__ import annotations

from tests.fuzz.corpus import looks, processes, reading, rule_files, rule_texts, sizes, streams
from tests.fuzz.entry import Entry


def entries() -> list[Entry]:
    """All of them; names are unique."""
    rooms = (rule_files, rule_texts, streams, sizes, reading, looks, processes)
    return [entry for room in rooms for entry in room.entries()]
