"""OR-Tools CP-SAT: counts as integer variables, linear rows, a linear objective."""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python import cp_model

from benchmarks.peers.counts import Counts

NAME = "OR-Tools CP-SAT"
MODEL = "counts, linear"


def solve(counts: Counts, better: Callable[[int], None], cheapest: bool = True) -> tuple[int, bool] | None:
    """The least cost and whether it is proven; None where nothing fits."""
    program = cp_model.CpModel()
    x = [program.new_int_var(0, top, f"x{v}") for v, top in enumerate(counts.tops)]
    for row, low in counts.rows:
        program.add(sum(a * x[v] for v, a in row.items()) >= low)
    if cheapest:
        program.minimize(sum(c * v for c, v in zip(counts.costs, x, strict=True)))
    solver = cp_model.CpSolver()
    status = solver.solve(program)
    if status == cp_model.INFEASIBLE:
        return None
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return round(solver.objective_value) if cheapest else 0, status == cp_model.OPTIMAL
