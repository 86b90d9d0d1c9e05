"""What building the boards of a target looked at: where none of it has changed since, no board needs to be built again.

Boards are built to see whether they can stand (`qrules.rulesets.boards`), which is most of compiling. They look at the machines,
their families, the types and kinds that boards are made of, and the words of rules that refused something: a sentence that is
worded anew, or a rule about a device that no board has, is none of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qrules.rulesets.stamp import digest_of

TABLES = ("kinds", "types")  # of what all machines share, of which boards look at a part


class Looks(Mapping[str, Any]):
    """A table that notes the names that are looked up; one that is walked through is looked at as a whole."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self.names: set[str] = set()
        self.whole = False

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return self._table[name]

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return name in self._table

    def __iter__(self) -> Iterator[str]:
        self.whole = True
        return iter(self._table)

    def __len__(self) -> int:
        self.whole = True
        return len(self._table)


class Looking:
    """Pieces of a target, and what of them is looked at. `load` is for `qrules.knowledge.model.Knowledge`."""

    def __init__(self, pieces: Mapping[str, Any]) -> None:
        self._pieces = pieces
        self._tables = {name: Looks(pieces["shared"][name]) for name in TABLES}
        self._notes = Looks(pieces["notes"]["entries"])
        self._own = {
            "shared": {**pieces["shared"], **self._tables},
            "notes": {**pieces["notes"], "entries": self._notes},
        }
        self._read: set[str] = set()

    def load(self, name: str) -> Any:
        """A piece. Raises `KeyError`."""
        self._read.add(name)
        return self._own[name] if name in self._own else self._pieces[name]

    def seen(self) -> dict[str, Any]:
        """What was looked at: the names of pieces, and those of each table (None: all of it)."""
        tables = {**self._tables, "notes": self._notes}
        named = {name: None if table.whole else sorted(table.names) for name, table in tables.items()}
        return {"pieces": sorted(self._read - self._own.keys()), **named}


def digest_of_seen(pieces: Mapping[str, Any], seen: Mapping[str, Any]) -> str:
    """A digest of what `Looking.seen` names, as it is in some pieces.

    Raises `KeyError` and `TypeError` for what names nothing.
    """
    shared = pieces["shared"]
    texts = [_text({name: member for name, member in shared.items() if name not in TABLES})]
    texts += [_text([name, pieces.get(name)]) for name in seen["pieces"]]
    for table in TABLES:
        names = seen[table]
        texts.append(_text(shared[table] if names is None else [[name, shared[table].get(name)] for name in names]))
    entries = pieces["notes"]["entries"]
    for name in entries if seen["notes"] is None else seen["notes"]:
        file, _, *words = entries.get(name, (0, 0))  # the line where it stands is nobody's matter
        texts.append(_text([name, file, words]))
    return digest_of(*texts)


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
