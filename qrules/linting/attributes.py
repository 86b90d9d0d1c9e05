"""Bare names that nothing of the block's kind can have: they would be unset for ever (QR610).

Compiling finds names that no device (bus, machine) has at all; here each kind is asked, over the catalogues of all versions.
Below ``provides`` bare names are the device's, not those of the bus that it makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qrules.knowledge.scopes import BUILT_IN, CONTEXT
from qrules.language import tree
from qrules.linting.kinds import Kinds
from qrules.linting.walking import within
from qrules.rulesets.lint import Finding

_ASKED = ("device", "bus")  # blocks whose kinds the catalogues tell; what a machine lacks, others have on purpose


class Attributes:
    """Which names each kind can have. `everywhere` are names that schemas give without saying of which device."""

    def __init__(self, said: list[tree.Statement], kinds: Kinds, everywhere: frozenset[str]) -> None:
        self._kinds, self._everywhere = kinds, everywhere
        self._given: dict[str, dict[str, set[str]]] = {what: {} for what in _ASKED}  # by sort, then kind
        self._of_addresses: set[str] = set()
        self._having: dict[tuple[str, tuple[str, ...]], set[str]] = {}
        for statement in said:
            if isinstance(statement, tree.Block):
                self._take(statement)

    def _take(self, block: tree.Block) -> None:
        names = [name.text for name in block.names]
        for clause in block.clauses:
            match clause:
                case tree.Attribute(name=name) | tree.Fills(property=name):
                    self._add(block.what, names, [name])
                case tree.Property() | tree.Fact():
                    self._add(block.what, names, [n.text for n in clause.names])
                case tree.Addressed():
                    self._of_addresses.update((clause.property, *(d.name for d in clause.dimensions)))
                case tree.Provides():
                    self._add("bus", [clause.kind.text], [a.name for a in clause.attributes])
                case tree.Part():
                    self._add("device", [clause.type.text], [a.name for a in clause.values])
                case tree.Becomes(type=tree.Name() as kind):
                    self._add("device", [kind.text], [a.name for a in clause.values])
                case _:
                    pass

    def _add(self, what: str, kinds: Iterable[str], names: list[str]) -> None:
        for kind in kinds:
            self._given.get(what, {}).setdefault(kind, set()).update(names)

    def findings(self, said: list[tree.Statement]) -> Iterator[Finding]:
        """The bare names of blocks that nothing of their kinds can have, each place once."""
        for statement in said:
            if isinstance(statement, tree.Block) and statement.what in _ASKED:
                yield from self._of_block(statement)

    def _of_block(self, block: tree.Block) -> Iterator[Finding]:
        kinds = tuple(name.text for name in block.names)
        having = self._names(block.what, kinds)
        if having is None:
            return
        for clause in block.clauses:
            for expr, variables in within(clause):
                name = str(expr.args[0]) if expr.op == "path" else ""
                if name and name not in having and name not in (*variables, "d", "machine", *CONTEXT):
                    elsewhere = self._elsewhere(block.what, name)
                    told = f"nothing that is {' or '.join(kinds)} has '{name}': it is never set here{elsewhere}"
                    yield Finding("QR610", told, expr.span)

    def _names(self, what: str, kinds: tuple[str, ...]) -> set[str] | None:
        """What something of one of these kinds can have; None where no catalogue has such a thing."""
        if (what, kinds) not in self._having:
            below = (self._kinds.below(kind) for kind in kinds)
            lines = set().union(*below) if what not in kinds else set(self._kinds.lines)
            above = {kind for line in lines for kind in line} | {what}
            found = {*BUILT_IN[what], *self._of_addresses, *self._everywhere} if lines else set()
            for kind in above:
                found |= self._kinds.properties.get(kind, set()) | self._given[what].get(kind, set())
            self._having[what, kinds] = found
        return self._having[what, kinds] or None

    def _elsewhere(self, what: str, name: str) -> str:
        other = "bus" if what == "device" else "device"
        having = sorted(kind for kind, names in self._given[other].items() if name in names)
        return f" ({having[0]}, a {other}, has one)" if having else ""
