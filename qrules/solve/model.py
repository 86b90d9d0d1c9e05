"""A problem made small: pools that are alike become one type, and expanders become steps from type to type."""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.solve.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Type(NamedTuple):
    """What pools have in common. ``solo`` is the name of a pool that somebody asked for: it is a type of its own."""

    kind: str
    hotplug: bool
    node: int | None
    level: int
    functions: int
    solo: str | None


class Step(NamedTuple):
    """One expander in a pool of type ``source`` makes a pool of type ``target``; ``node`` where it is given one."""

    expander: int
    source: int
    target: int
    node: int | None
    packs: bool
    size: int


class Model:
    """Types and steps of a problem; pools by name. Immutable once made, but for a table of look-ups and the work done."""

    __slots__ = (
        "_flat", "_lookups", "biggest", "capacities", "functions_left", "pool_types", "pools", "problem", "spent", "steps",
        "types",
    )  # fmt: skip

    def __init__(self, problem: Problem, spent: list[int] | None = None) -> None:
        self.problem = problem
        self.spent = [0] if spent is None else spent  # what the programmes made of it computed, as a measure of work
        self.pools = {pool.name: pool for pool in problem.pools}
        self.types: list[Type] = []
        self.steps: list[Step] = []
        self.pool_types: dict[str, int] = {}
        self._flat: Model | None = None
        self._lookups: dict[object, tuple[int, ...]] = {}
        known: dict[Type, int] = {}
        wanted = {item.pin.pool for item in problem.items if item.pin is not None and item.pin.place is None}
        for pool in problem.pools:
            solo = pool.name if pool.name in wanted else None
            kind = Type(pool.kind, pool.hotplug, pool.node, pool.level, pool.functions, solo)
            self.pool_types[pool.name] = self._number(kind, known)
        self._grow(known)
        self.capacities = [0] * len(self.types)
        self.functions_left = [0] * len(self.types)
        self.biggest = [0] * len(self.types)
        for pool in problem.pools:
            t, free = self.pool_types[pool.name], free_places(pool.size, pool.first, pool.taken)
            self.capacities[t] += free
            self.functions_left[t] += sum(len(s.free) for s in pool.shared)
            self.biggest[t] = max(self.biggest[t], free)
        for step in self.steps:
            self.biggest[step.target] = max(self.biggest[step.target], step.size)

    def _number(self, kind: Type, known: dict[Type, int]) -> int:
        if kind not in known:
            known[kind] = len(self.types)
            self.types.append(kind)
        return known[kind]

    def _grow(self, known: dict[Type, int]) -> None:
        """Every step that could ever be taken, from the pools that are there on."""
        for source, t in enumerate(self.types):  # grows while it is read
            for e, expander in enumerate(self.problem.expanders):
                if t.kind not in expander.accepts or expander.limit == 0 or expander.size == 0:
                    continue
                if expander.nest is not None and t.level >= expander.nest:
                    continue
                level = t.level + (expander.nest is not None)
                for node in expander.nodes or (None,):
                    given = t.node if node is None else node
                    target = Type(expander.gives, expander.hotplug, given, level, expander.functions, None)
                    packs = expander.packs and t.functions > 1
                    self.steps.append(Step(e, source, self._number(target, known), node, packs, expander.size))

    def flat(self) -> Model | None:
        """The same problem where pools may stand as deep as they like; None where that makes no difference to types."""
        if self._flat is None and len({t._replace(level=0) for t in self.types}) < len(self.types):
            pools = tuple(p._replace(level=0) for p in self.problem.pools)
            expanders = tuple(e._replace(nest=None) for e in self.problem.expanders)
            self._flat = Model(self.problem._replace(pools=pools, expanders=expanders))
            self._flat.spent = self.spent
        return self._flat

    def types_for(
        self, kinds: frozenset[str], hotplug: bool, node: int | None, pool: str | None = None, functions: int = 1
    ) -> tuple[int, ...]:
        """The types that suit somebody who asks for this, in order."""
        key = (kinds, hotplug, node, pool, functions)
        found = self._lookups.get(key)
        if found is None:
            found = self._lookups[key] = tuple(
                i
                for i, t in enumerate(self.types)
                if t.kind in kinds
                and (t.hotplug or not hotplug)
                and (node is None or t.node == node)
                and (pool is None or t.solo == pool)
                and t.functions >= functions
            )
        return found

    def carved(self, carved: Mapping[str, frozenset[int] | set[int]]) -> list[int]:
        """Capacities by type without the places that pins hold."""
        left = self.capacities[:]
        for pool, numbers in carved.items():
            left[self.pool_types[pool]] -= len(numbers)
        return left


def free_places(size: int, first: int, taken: frozenset[int]) -> int:
    """How many places of a pool are free. ``taken`` may name numbers that it does not have."""
    return size - sum(first <= number < first + size for number in taken)
