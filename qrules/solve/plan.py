"""Which expanders to add, by type: the cheapest way to have a place for everybody.

First without any: a flow decides that alone. Otherwise an integer program over counts: one variable for each step (so many of
this expander in pools of that type), for each place opened to be shared, and for each class of items in each type. Its size
depends on kinds, not on numbers. What makes it exact, and fast:

* A count that balances can be built, one after the other, if every type used can be reached from a pool that stands: steps
  take one place each (a communication-free Petri net: Esparza, Fundamenta Informaticae 31, 1997). Where it cannot be
  reached, the program is told so and solved again: a bridge never hangs below itself.
* How deep pools may stand matters little to the cost: without it there are far fewer variables, and what that costs is a
  bound. Then as many expanders are spread over the depths; only where that fails is the whole solved.
* Items kept apart need as many pools as they are. With one such wish this is exact; where wishes overlap it is a bound, and
  `coupling` has the last word.
"""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.solve.flow import distribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.solve.integers import Row
    from qrules.solve.load import Load
    from qrules.solve.model import Model

SCALE = 10**10  # costs before preferences: a count of expanders times the index of a type stays below


class Plan(NamedTuple):
    """How many expanders are added by each step; not to be mixed up with the plans of `qrules.plans`, which plug devices.

    ``steps``: how many of each; empty where nothing can be added, or the search ended before it found any. ``bound``: no
    plan costs less; ``proven`` where the search came to its end.
    """

    steps: tuple[int, ...]
    cost: int
    bound: int
    proven: bool


def plan(model: Model, load: Load, cheapest: bool = True) -> Plan | None:
    """The cheapest plan (or any, if that is all one wants to know); None where it is proven that there is none."""
    capacities = model.carved(load.carved)
    if not load.bundles:
        none_added = distribute(list(load.plain.items()), capacities)
        if none_added.stuck is None:
            return Plan((0,) * len(model.steps), 0, 0, True)
    elif not model.steps:
        return Plan((), 0, 0, True)  # whether it fits is for the coupling to say
    if not model.steps:
        return None
    program = _Program(model, load, capacities, cheapest)
    flat = model.flat()
    if flat is None or not cheapest:
        return program.solve()
    to = [flat.types.index(t._replace(level=0)) for t in model.types]
    lower = _Program(flat, _flattened(load, to), flat.carved(load.carved), cheapest).solve()
    return lower and (program.spread(lower, to) or program.solve(lower.bound))


def _flattened(load: Load, to: list[int]) -> Load:
    """The same load where the depth of pools does not matter."""
    plain: dict[tuple[int, ...], int] = {}
    for types, count in load.plain.items():
        flat = tuple(dict.fromkeys(to[t] for t in types))
        plain[flat] = plain.get(flat, 0) + count
    bundles = [b._replace(types=tuple(dict.fromkeys(to[t] for t in b.types))) for b in load.bundles]
    return load._replace(plain=plain, bundles=bundles)


class _Program:
    """The integer program: variables are steps, then opened places by type, then classes by type."""

    def __init__(self, model: Model, load: Load, capacities: list[int], cheapest: bool) -> None:
        self.model, self.capacities = model, capacities
        self.plain, self.bundled = list(load.plain.items()), bool(load.bundles)
        steps, types = model.steps, model.types
        expanders = model.problem.expanders
        self.cost = [(expanders[s.expander].cost * SCALE if cheapest else 0) + 1 + s.source for s in steps]
        self.opened: dict[int, int] = {}
        for s in steps:
            if s.packs and s.source not in self.opened:
                self.opened[s.source] = self._variable(1)
        balance: list[dict[int, int]] = [{} for _ in types]
        shared: dict[int, dict[int, int]] = {t: {z: -types[t].functions} for t, z in self.opened.items()}
        limits: dict[int, dict[int, int]] = {}
        for k, s in enumerate(steps):
            if s.packs:
                shared[s.source][k] = 1
            else:
                balance[s.source][k] = balance[s.source].get(k, 0) + 1
            balance[s.target][k] = balance[s.target].get(k, 0) - s.size
            if expanders[s.expander].limit is not None:
                limits.setdefault(s.expander, {})[k] = 1
        for t, z in self.opened.items():
            balance[t][z] = 1
        self.rows: list[Row] = []
        for wanted, count in load.plain.items():
            self._class(wanted, count, 1, balance)
        self._bundles(load, balance)
        self.rows += [(row, capacities[t]) for t, row in enumerate(balance) if row]
        self.rows += [(row, model.functions_left[t]) for t, row in shared.items()]
        self.rows += [(row, expanders[e].limit or 0) for e, row in limits.items()]

    def _variable(self, cost: int = 0) -> int:
        self.cost.append(cost)
        return len(self.cost) - 1

    def _class(self, types: Sequence[int], count: int, weight: int, balance: list[dict[int, int]]) -> dict[int, int]:
        found = {t: self._variable() for t in types}
        self.rows.append((dict.fromkeys(found.values(), -1), -count))
        for t, v in found.items():
            balance[t][v] = weight
        return found

    def _bundles(self, load: Load, balance: list[dict[int, int]]) -> None:
        """Bundles take as many places at once as they have units; those kept apart need a pool each."""
        alike: dict[tuple[tuple[int, ...], int, tuple[int, ...]], int] = {}
        for bundle in load.bundles:
            if bundle.weight:
                types = tuple(t for t in bundle.types if self.model.biggest[t] >= bundle.weight)
                key = (types, bundle.weight, bundle.groups)
                alike[key] = alike.get(key, 0) + 1
        apart: dict[tuple[int, int], dict[int, int]] = {}
        for (types, weight, groups), count in alike.items():
            for t, v in self._class(types, count, weight, balance).items():
                for g in groups:
                    apart.setdefault((g, t), {})[v] = 1
        standing = [0] * len(self.model.types)
        for pool in self.model.problem.pools:
            standing[self.model.pool_types[pool.name]] += 1
        for (_, t), row in apart.items():
            for k, s in enumerate(self.model.steps):
                if s.target == t:
                    row[k] = -1
            self.rows.append((row, standing[t]))

    def spread(self, lower: Plan, to: list[int]) -> Plan | None:
        """As many of each expander as a plan has that does not heed how deep pools may stand; None if that was not found."""
        if not lower.steps:
            return None
        sums: dict[tuple[int, int, int | None], dict[int, int]] = {}
        for k, s in enumerate(self.model.steps):
            sums.setdefault((s.expander, to[s.source], s.node), {})[k] = 1
        flat = self.model.flat()
        assert flat is not None
        own = len(self.rows)
        for n, s in zip(lower.steps, flat.steps, strict=True):
            row = sums.get((s.expander, s.source, s.node), {})
            self.rows += [(row, n), (dict.fromkeys(row, -1), -n)]
        found = self.solve(lower.bound, budget=300)
        del self.rows[own:]
        return found._replace(bound=lower.bound, proven=lower.proven) if found is not None and found.steps else None

    def solve(self, floor: int = 0, budget: int = 3000) -> Plan | None:
        """The plan that the program gives within so many nodes; `floor`: no plan costs less. None where there is none."""
        from qrules.solve.integers import minimise

        solved = minimise(self.cost, self.rows, SCALE, self._unreached, floor, budget, self.model.spent)
        if solved.values is None:
            if solved.finished:
                return None
            return Plan((), 0, solved.bound or 0, False)
        counts = tuple(solved.values[: len(self.model.steps)])
        if not solved.finished and not self.bundled:
            counts = self._without_needless(counts)
        cost = sum(n * self.model.problem.expanders[s.expander].cost for n, s in zip(counts, self.model.steps, strict=True))
        return Plan(counts, cost, solved.bound or 0, solved.finished)

    def _without_needless(self, counts: tuple[int, ...]) -> tuple[int, ...]:
        """The counts without expanders that all fits without, the dearest first: a search that ended early may leave some."""
        expanders, steps = self.model.problem.expanders, self.model.steps
        dearest = sorted((k for k, n in enumerate(counts) if n), key=lambda k: -expanders[steps[k].expander].cost)
        left, fewer = list(counts), True
        while fewer:
            fewer = False
            for k in dearest:
                if left[k]:
                    left[k] -= 1
                    needless = self._does(left)
                    left[k] += not needless
                    fewer = fewer or needless
        return tuple(left)

    def _does(self, counts: Sequence[int]) -> bool:
        """Whether expanders of these counts can be put up, and all fits then."""
        steps, functions = self.model.steps, self.model.functions_left
        after = capacities_after(self.model, self.capacities, counts)
        used = [k for k, n in enumerate(counts) if n]
        reached = reach(self.model, used, self.capacities, functions)
        stands = all(steps[k].source in reached or self._outside(k, reached) for k in used)
        return stands and min(after) >= 0 and distribute(self.plain, after).stuck is None

    def _unreached(self, values: list[int]) -> list[list[Row]] | None:
        """Where types are used that nothing leads to: either none of them is, or something does lead there."""
        steps, functions = self.model.steps, self.model.functions_left
        left = [k for k, _ in enumerate(steps) if values[k]]
        reached = reach(self.model, left, self.capacities, functions)
        lost = {steps[k].source for k in left if steps[k].source not in reached and not self._outside(k, reached)}
        lost |= {t for t, z in self.opened.items() if values[z] and t not in reached}
        if not lost:
            return None
        inside = {k: 1 for k, s in enumerate(steps) if s.source in lost and not (s.packs and functions[s.source])}
        inside |= {z: 1 for t, z in self.opened.items() if t in lost}
        entering = {k: -1 for k, s in enumerate(steps) if s.target in lost and k not in inside}
        return [[(inside, 0)], [(entering, -1)]]

    def _outside(self, k: int, reached: set[int]) -> bool:
        """Whether a step stands on functions of a place that is there, whatever else its type offers."""
        s = self.model.steps[k]
        return (s.packs and self.model.functions_left[s.source] > 0) or s.source in reached


def reach(model: Model, steps: Sequence[int], places: Sequence[int], functions: Sequence[int]) -> set[int]:
    """The types that have a place, or get one by these steps."""
    reached = {t for t, n in enumerate(places) if n > 0}
    left = list(steps)
    while True:
        ready = [k for k in left if (s := model.steps[k]).source in reached or (s.packs and functions[s.source] > 0)]
        if not ready:
            return reached
        reached.update(model.steps[k].target for k in ready)
        left = [k for k in left if k not in ready]


def opened_places(model: Model, counts: Sequence[int]) -> dict[int, int]:
    """How many places of each type are opened to be shared."""
    packed: dict[int, int] = {}
    for n, s in zip(counts, model.steps, strict=True):
        if s.packs and n:
            packed[s.source] = packed.get(s.source, 0) + n
    return {t: max(0, -(-(n - model.functions_left[t]) // model.types[t].functions)) for t, n in packed.items()}


def capacities_after(model: Model, capacities: Sequence[int], counts: Sequence[int]) -> list[int]:
    """Places left to items, by type, once the expanders stand."""
    left = list(capacities)
    for n, s in zip(counts, model.steps, strict=True):
        left[s.target] += n * s.size
        if not s.packs:
            left[s.source] -= n
    for t, n in opened_places(model, counts).items():
        left[t] -= n
    return left
