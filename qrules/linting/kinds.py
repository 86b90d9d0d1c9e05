"""What the catalogues of a rule set say that there is, all versions and architectures together: kinds, properties, versions.

Catalogues are long, so they are scanned line by line, not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from qrules.knowledge import sources
from qrules.knowledge.world import ROOTS
from qrules.language import tree

_WORD = r'(?:"[^"\n]+"|[\w-][\w.-]*)'
_DECLARED = re.compile(
    rf"^((?:abstract |internal )?)(type|bus-type|machine-type|interface) +({_WORD})"
    rf"(?: is ({_WORD}(?:, *{_WORD})*))?(?: on ({_WORD}))?",
    re.MULTILINE,
)
_PROPERTY = re.compile(r"^ +property +([^:\n]+):", re.MULTILINE)


class Kinds:
    """Types, bus kinds and machines by name, with what they are and which properties they have, over all catalogues of a set."""

    def __init__(self, rule_set: sources.RuleSet, said: Iterable[tree.Statement]) -> None:
        self.versions = sorted({sources.version_key(target.version) for target in rule_set.catalogues})
        self.arches = sorted({target.arch for target in rule_set.catalogues})
        self.properties: dict[str, set[str]] = {}  # of types, bus kinds and machines, by the kind that has them
        self.concrete: dict[str, None] = {}  # what there can be one of, in the order of names
        self._parents: dict[str, dict[str, None]] = {}
        self._lines: dict[str, frozenset[str]] = {}
        self.answers: dict[tuple[str, ...], set[tuple[bool, ...]]] = {}  # to whether something is of these kinds
        self.on: dict[str, set[str]] = {}  # the bus kinds that a type goes on, by type
        for path in dict.fromkeys(rule_set.catalogues.values()):
            self._scan(rule_set.text(path))
        for statement in said:
            if isinstance(statement, tree.Group):
                for member in statement.members:
                    self._parents.setdefault(member.text, {})[statement.name.text] = None
        self.concrete = dict.fromkeys(sorted(self.concrete))

    def _scan(self, text: str) -> None:
        declared = list(_DECLARED.finditer(text))
        for match, end in zip(declared, [*(m.start() for m in declared[1:]), len(text)], strict=True):
            name, parents = match[3].strip('"'), [p.strip().strip('"') for p in (match[4] or "").split(",") if p.strip()]
            self._parents.setdefault(name, {}).update(dict.fromkeys(parents))
            if match[5] is not None:
                self.on.setdefault(name, set()).add(match[5].strip('"'))
            if match[2] != "interface" and match[1] != "abstract ":
                self.concrete[name] = None
            own = self.properties.setdefault(name, set())
            for found in _PROPERTY.finditer(text, match.end(), end):
                own.update(word.strip().strip('"') for word in found[1].split(","))

    def known(self, name: str) -> bool:
        """Whether some catalogue or group has the name, or it is a root of all kinds."""
        return name in self._parents or name in ROOTS or name in self._above

    @cached_property
    def _above(self) -> frozenset[str]:
        return frozenset(parent for parents in self._parents.values() for parent in parents)

    def line(self, name: str) -> frozenset[str]:
        """The kind and all that it is in any version, groups too."""
        if name not in self._lines:
            found, waiting = {name}, [name]
            while waiting:
                for parent in self._parents.get(waiting.pop(), ()):
                    if parent not in found:
                        found.add(parent)
                        waiting.append(parent)
            self._lines[name] = frozenset(found)
        return self._lines[name]

    @cached_property
    def lines(self) -> frozenset[frozenset[str]]:
        """All that there can be one of, as what it is."""
        return frozenset(self.line(one) for one in self.concrete)

    def below(self, name: str) -> set[frozenset[str]]:
        """Those of `lines` that are of a kind."""
        return self._below.get(name, set())

    @cached_property
    def _below(self) -> dict[str, set[frozenset[str]]]:
        found: dict[str, set[frozenset[str]]] = {}
        for line in self.lines:
            for kind in line:
                found.setdefault(kind, set()).add(line)
        return found
