"""Every hostile input that is known, as data: smallest forms, each standing for a kind. `tests.fuzz.entry` says how they run."""

from __future__ import annotations

from tests.fuzz.corpus import looks, processes, reading, rule_files, rule_steps, rule_texts, sizes, sizes_of_verbs, streams
from tests.fuzz.entry import Entry

# Of those that compile rules of their own (0.7 CPU s each), the ones that an ordinary test run has time for.
QUICK = frozenset(
    (
        "catalogue-absolute", "catalogue-upwards", "cache-is-a-clone", "cache-is-a-link", "cache-entry-truncated", "cache-stale", "cache-of-another",
        "link-out-check", "fifo-check", "fifo-fmt", "device-zero-check", "sparse-check", "link-loop-check", "not-text-fmt", "fmt-keeps", "plain-board",
        "attributes-that-double", "attributes-in-a-row", "texts-that-double", "nested-terms", "includes-twice", "claims-a-cube", "pattern-nested-plus",
        "every-number", "many-earlier", "many-no", "escaped-quotes", "uses-all", "number-of-digits", "rules-text-escape", "threads-cold",
    )
)  # fmt: skip


def entries() -> list[Entry]:
    """All of them; names are unique."""
    rooms = (rule_files, rule_texts, rule_steps, streams, sizes, sizes_of_verbs, reading, looks, processes)
    found = [entry for room in rooms for entry in room.entries()]
    return [e if e.cache == "shared" or e.name in QUICK else e._replace(heavy=True) for e in found]
