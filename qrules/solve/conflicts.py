"""Why not: minimal conflicts and minimal corrections, from one tree (Reiter, Artificial Intelligence 32, 1987), over counts.

A conflict is shrunk as QuickXplain does (Junker, AAAI 2004): a flow that is stuck names its Hall set at once; halves of what is
left are dropped while it still does not fit; then each count goes down by bisection. Every other conflict lacks something of
this one, so the search goes on below each of its counts; a leaf that fits is what a correction leaves.
"""

from __future__ import annotations

from qrules.solve.answers import Conflict, Correction, Infeasible, Part, Unknown
from qrules.solve.attempt import fits, load_of
from qrules.solve.flow import distribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from qrules.solve.demands import Demands, Vector

NODES = 2000  # of the tree
WORK = 15_000_000  # numbers that the programmes of all its questions compute: two seconds


class Search:
    """All conflicts of a problem, up to a limit. Answers about vectors are kept."""

    def __init__(self, demands: Demands) -> None:
        self.demands = demands
        self.conflicts: list[Vector] = []
        self.kept: list[Vector] = []  # maximal vectors that fit
        self.unsure = False
        self.complete = True
        self._known: dict[Vector, bool] = {}
        self.end = demands.model.spent[0] + WORK

    def fits(self, vector: Vector) -> bool:
        """A search that gives up counts as "does not fit": a conflict may then be too large, and is called a bound."""
        vector = self.demands.normal(vector)
        answer = self._known.get(vector)
        if answer is None:
            over = self.demands.model.spent[0] > self.end
            sure = None if over else fits(self.demands, vector)
            self.complete &= not over
            self.unsure |= sure is None
            answer = self._known[vector] = bool(sure)
        return answer

    def run(self, limit: int) -> None:
        """Conflicts breadth first: those found first lie under the fewest others."""
        level = [self.demands.full]
        seen = set(level)
        nodes = 0
        while level:
            following: list[Vector] = []
            for top in level:
                nodes += 1
                if nodes > NODES or (len(self.conflicts) >= limit > 0 and not self.fits(top)):
                    self.complete = False
                    continue
                conflict = next((c for c in self.conflicts if _below(c, top)), None)
                if conflict is None:
                    if self.fits(top):
                        self.kept.append(self.demands.normal(top))
                        continue
                    conflict = self.shrink(top)
                    self.conflicts.append(conflict)
                for i, n in enumerate(conflict):
                    if n:
                        lower = self.demands.normal((*top[:i], n - 1, *top[i + 1 :]))
                        if lower not in seen:
                            seen.add(lower)
                            following.append(lower)
            level = following
        self.kept = [v for v in dict.fromkeys(self.kept) if not any(v != w and _below(v, w) for w in self.kept)]

    def shrink(self, top: Vector) -> Vector:
        """A minimal vector below this one that does not fit."""
        vector = self._core(top)
        present = [i for i, n in enumerate(vector) if n]
        needed = self._explain(vector, present)
        vector = self.demands.normal(tuple(n if i in needed else 0 for i, n in enumerate(vector)))
        for i in sorted(range(len(vector)), key=lambda i: self.demands.dimensions[i].parent is None):
            if vector[i] > 1:
                vector = self._lower(vector, i)
        return vector

    def _lower(self, vector: Vector, i: int) -> Vector:
        """The least of one count that still does not fit, the others as they are."""

        def at(n: int) -> Vector:
            return self.demands.normal((*vector[:i], n, *vector[i + 1 :]))

        low, high = 0, vector[i]  # low fits, high does not
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.fits(at(middle)) else (low, middle)
        return at(high)

    def _explain(self, vector: Vector, candidates: list[int]) -> set[int]:
        """QuickXplain over whole dimensions; wishes come last, so they are dropped first."""
        order = sorted(candidates, key=lambda i: self.demands.dimensions[i].parent is not None)

        def only(chosen: list[int]) -> Vector:
            kept = set(chosen)
            return tuple(n if i in kept else 0 for i, n in enumerate(vector))

        return set(_quick(order, lambda chosen: self.fits(only(chosen))))

    def _core(self, top: Vector) -> Vector:
        """Where counting alone fails, the Hall set; nothing else has a part in it."""
        if self.demands.special or self.demands.model.steps:
            return top
        load = load_of(self.demands, top)
        if load is None:
            return top
        classes = list(load.plain.items())
        stuck = distribute(classes, self.demands.model.capacities).stuck
        if stuck is None:
            return top
        tight = stuck[2]
        found = list(top)
        for a in self.demands.alike:
            types = self.demands.model.types_for(self.demands.kinds(top, a.accepts, a.tag), a.hotplug, a.node)
            if not tight.issuperset(types):
                found[a.present] = 0
        smaller = self.demands.normal(found)
        return top if self.fits(smaller) else smaller


def _quick(candidates: list[int], fits: Callable[[list[int]], bool]) -> list[int]:
    """A minimal part of the candidates that does not fit."""
    if fits([]) is False:
        return []

    def inner(background: list[int], fresh: bool, rest: list[int]) -> list[int]:
        if fresh and not fits(background):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        from_second = inner(background + first, bool(first), second)
        from_first = inner(background + from_second, bool(from_second), first)
        return from_first + from_second

    return inner([], False, candidates) if candidates else []


def _below(small: Vector, large: Vector) -> bool:
    return all(a <= b for a, b in zip(small, large, strict=True))


def explain(demands: Demands, limit: int) -> Infeasible | Unknown:
    """All conflicts and corrections, up to a limit."""
    search = Search(demands)
    search.run(limit)
    if not search.conflicts:
        return Unknown("no placement was found, and none was ruled out", 0)
    conflicts = tuple(_conflict(search, v) for v in search.conflicts[: limit or None])
    ranked = sorted((demands.cost(v), i, v) for i, v in enumerate(search.kept))
    least = ranked[0][0] if ranked else 0
    sure = search.complete and not search.unsure
    corrections = tuple(Correction(_dropped(demands, v), cost, sure and cost == least) for cost, _, v in ranked)
    return Infeasible(conflicts, corrections[: limit or None], sure)


def _parts(demands: Demands, counts: Vector) -> tuple[Part, ...]:
    return tuple(Part(d.what, tuple(d.names), n) for d, n in zip(demands.dimensions, counts, strict=True) if n)


def _dropped(demands: Demands, kept: Vector) -> tuple[Part, ...]:
    tops = (demands.full[i] if d.parent is None else kept[d.parent] for i, d in enumerate(demands.dimensions))
    return _parts(demands, tuple(top - n for top, n in zip(tops, kept, strict=True)))


def _conflict(search: Search, vector: Vector) -> Conflict:
    demands, model = search.demands, search.demands.model
    load = load_of(demands, vector)
    if load is None:
        return Conflict(_parts(demands, vector), (), 0, False, not search.unsure)
    types = {t for wanted in load.plain for t in wanted} | {t for bundle in load.bundles for t in bundle.types}
    pools = tuple(p.name for p in model.problem.pools if model.pool_types[p.name] in types)
    places = sum(model.carved(load.carved)[t] for t in types)
    capacity = not load.bundles and not any(s.target in types for s in model.steps)
    return Conflict(_parts(demands, vector), pools, places, capacity, not search.unsure)
