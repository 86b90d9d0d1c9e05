"""Z3: counts as integers, linear rows, its optimiser; its plain solver where only a yes or no is asked, which is faster."""

from __future__ import annotations

from collections.abc import Callable

import z3

from benchmarks.peers.counts import Counts

NAME = "Z3"
MODEL = "counts, linear"


def solve(counts: Counts, better: Callable[[int], None], cheapest: bool = True) -> tuple[int, bool] | None:
    """The least cost and whether it is proven; None where nothing fits."""
    solver = z3.Optimize() if cheapest else z3.Solver()
    x = [z3.Int(f"x{v}") for v in range(len(counts.tops))]
    for v, top in zip(x, counts.tops, strict=True):
        solver.add(v >= 0, v <= top)
    for row, low in counts.rows:
        solver.add(z3.Sum([a * x[v] for v, a in row.items()]) >= low)
    total = z3.Sum([c * v for c, v in zip(counts.costs, x, strict=True)])
    if cheapest:
        solver.minimize(total)
    answer = solver.check()
    if answer == z3.unsat:
        return None
    assert answer == z3.sat
    return solver.model().eval(total).as_long(), True
