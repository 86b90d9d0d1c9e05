"""Syntax trees and parser tables, kept by content beside the compiled rule sets: an edit of one file costs reading that file.

    compiled-v2/DIGEST/manifest.json   the tables of the parser; DIGEST is that of the grammar and of what reads by it
    compiled-v2/DIGEST/FILE.json       the tree of a rule file; FILE is the digest of its content
    compiled-v2/DIGEST/NAMES.json      the names that all catalogues of a rule set have
    compiled-v2/DIGEST/BOARDS.json     what the boards of a target looked at when they could stand (`looking`)

They are believed as compiled pieces are (`qrules.rulesets.cache`): in a folder that is ours alone, with their own digest.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qrules import paths
from qrules.knowledge.sources import scanned
from qrules.language.kept import NotPlain, keep_tables, plain_trees, trees
from qrules.language.reader import read_bytes
from qrules.rulesets import cache, keeping
from qrules.rulesets.stamp import digest_of

if TYPE_CHECKING:
    from qrules.knowledge.sources import RuleSet
    from qrules.language import tree

_READERS = ("language", "rulesets", "knowledge", "linked", "machine", "plugging")  # that make trees, and build boards
_SMALL = 200  # bytes of a file that is read as quickly as its tree
_MOST = 1_000  # trees that are kept; more are those of files that were edited


class Trees:
    """The trees of rule files, from the cache where they stand there."""

    def __init__(self, home: str | None) -> None:
        self._digest = _digest()
        self._folder = os.path.join(home, self._digest) if home is not None else None
        self._count = 0
        keep_tables(self._tables, self._keep_tables)

    def read(self, raw: bytes, name: str) -> tuple[tree.Statement, ...]:
        """The statements of what a rule file holds; `name` is what diagnostics show. Raises `Unusable`."""
        if self._folder is None or len(raw) < _SMALL:
            return read_bytes(raw, name)
        key = digest_of(raw)
        kept = self.kept(key)
        if kept is not None:
            with suppress(NotPlain):
                return trees(kept, name)
        statements = read_bytes(raw, name)
        with suppress(NotPlain, RecursionError):
            self.keep(key, plain_trees(statements, name))
        return statements

    def names(self, rule_set: RuleSet) -> tuple[frozenset[str], frozenset[str]]:
        """The names and properties that a rule set's catalogues and schemas have."""
        if self._folder is None:
            return scanned(rule_set)
        looked_at = dict.fromkeys((*rule_set.catalogues.values(), *(schema.path for schema in rule_set.schemas)))
        key = digest_of("names", *(rule_set.contents[path] for path in looked_at))
        match self.kept(key):
            case [[*names], [*properties]] if all(isinstance(word, str) for word in (*names, *properties)):
                return frozenset(names), frozenset(properties)
        found = scanned(rule_set)
        self.keep(key, [sorted(words) for words in found])
        return found

    def kept_of(self, raw: bytes) -> Any:
        """What is kept of a file's content; None where it was not read before, or stands in no cache."""
        return self.kept(digest_of(raw)) if self._folder is not None else None

    def _tables(self) -> Any:
        return self.kept(cache.MANIFEST)

    def _keep_tables(self, tables: Any) -> None:
        self.keep(cache.MANIFEST, tables)

    def kept(self, name: str) -> Any:
        """What was kept under a digest; None where there is nothing, or nothing as it was written."""
        return cache.read(self._folder, self._digest, "", name) if self._folder is not None else None

    def keep(self, name: str, value: Any) -> None:
        """Keeps a value of JSON under a digest, where our cache can be used."""
        if self._folder is None:
            return
        with suppress(OSError):
            if not self._count:
                keeping.room_for(Path(self._folder), _MOST)
            self._count += 1
            keeping.add(Path(self._folder), f"{name}.json", cache.written(value, self._digest, "", name))


def _digest() -> str:
    texts: list[bytes | str] = ["trees", str(cache.FORMAT)]
    for folder in (*(os.path.join(paths.PACKAGE, room) for room in _READERS), paths.data("grammar")):
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.name.endswith((".py", ".lark")):
                    texts += [entry.name, Path(entry.path).read_bytes()]
    return digest_of(*texts)
