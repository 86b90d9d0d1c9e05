"""python-constraint2's own solver (the optimised backtracking, its default): counts as variables, sums as constraints.

It has no objective: a solution is sought, then one that costs less, until there is none.
"""

from __future__ import annotations

from collections.abc import Callable

from constraint import FunctionConstraint, OptimizedBacktrackingSolver, Problem

from benchmarks.peers.counts import Counts

NAME = "python-constraint2"
MODEL = "counts, tightened"


def solve(counts: Counts, better: Callable[[int], None], cheapest: bool = True) -> tuple[int, bool] | None:
    """The least cost and whether it is proven; None where nothing fits."""
    best: int | None = None
    while True:
        problem = Problem(OptimizedBacktrackingSolver())
        for v, top in enumerate(counts.tops):
            problem.addVariable(v, list(range(top + 1)))
        rows = [*counts.rows] if best is None else [*counts.rows, ({v: -c for v, c in enumerate(counts.costs) if c}, 1 - best)]
        for row, low in rows:
            if not row and low > 0:
                return None
            if row:
                problem.addConstraint(FunctionConstraint(_at_least(list(row.values()), low)), list(row))
        found = problem.getSolution()
        if found is None:
            return None if best is None else (best, True)
        best = sum(c * found[v] for v, c in enumerate(counts.costs))
        better(best)
        if not cheapest or not best:
            return best, True


def _at_least(weights: list[int], low: int) -> Callable[..., bool]:
    def holds(*values: int) -> bool:
        return sum(map(int.__mul__, weights, values)) >= low

    return holds
