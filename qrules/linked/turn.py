"""The order in which the emulator comes to members that are written together, and so the order of its complaints.

They are kept in a table of hashes (qemu:qobject/qdict.c "tdb_hash") and taken out bucket by bucket.
"""

from __future__ import annotations

_BUCKETS = 512
_WORD = 0xFFFFFFFF


def turn(name: str) -> int:
    """The bucket of a member: those in lower ones are looked at first."""
    text = name.encode("utf-8", "replace")
    value = 0x238F13AF * len(text) & _WORD
    for place, letter in enumerate(text):
        value = (value + (letter << (place * 5 % 24))) & _WORD
    return ((1103515243 * value + 12345) & _WORD) % _BUCKETS


__all__ = ["turn"]
