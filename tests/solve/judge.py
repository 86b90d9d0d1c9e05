"""An independent judge for larger problems: OR-Tools CP-SAT, a boolean for every item in every pool, every expander on its own.

It shares no code and no reduction with the solver: pools are not merged into types, items not into classes, and what never
hangs below itself is said with an order of the expanders. All expanders must have limits.
"""

from __future__ import annotations

import math
from itertools import pairwise

from ortools.sat.python import cp_model

from qrules.solve.problem import Expander, Item, Pool, Problem

Bool = cp_model.IntVar


class _Pool:
    """A pool that stands, or one that stands if its expander is added."""

    def __init__(self, given: Pool, expander: Expander | None, program: cp_model.CpModel, number: int) -> None:
        self.given, self.expander = given, expander
        self.free = given.size - sum(given.first <= n < given.first + given.size for n in given.taken)
        self.used = program.new_bool_var(f"used{number}") if expander else None
        self.level: object = given.level if expander is None else program.new_int_var(0, 30, f"level{number}")
        self.node: object = _node(given.node) if expander is None else program.new_int_var(-1, 9, f"node{number}")
        self.order: object = 0 if expander is None else program.new_int_var(1, 99, f"order{number}")


def _node(node: int | None) -> int:
    return -1 if node is None else node


def least_cost(problem: Problem, work: float = 2) -> tuple[int, int | None] | None:
    """Bounds of the least cost of expanders with which everything fits; None where nothing does.

    They are equal unless the judge gives up after so much work (its own measure, about a second each), and the upper one is
    None if it found nothing by then.
    """
    program = cp_model.CpModel()
    pools = [_Pool(p, None, program, n) for n, p in enumerate(problem.pools)]
    for e in problem.expanders:
        assert e.limit is not None
        twins = []
        for _ in range(e.limit):
            given = Pool(f"{e.name} {len(pools)}", e.gives, e.size, e.first, hotplug=e.hotplug, functions=e.functions)
            twins.append(_Pool(given, e, program, len(pools)))
            pools.append(twins[-1])
        for a, b in pairwise(twins):
            program.add(b.used <= a.used)
    units = _units(problem)
    if units is None:
        return None
    seats: list[list[object]] = [[] for _ in pools]  # what takes a place of each pool
    _stand(program, pools, seats)
    at = [_seated(program, problem, unit, pools) for unit in units]
    for row in at:
        program.add(sum(row) == 1)
        for q, v in enumerate(row):
            seats[q].append(v)
    _groups(program, problem, units, at, len(pools))
    for s in problem.spare:
        parts = []
        for q, pool in enumerate(pools):
            if pool.given.kind in s.kinds and (pool.given.hotplug or not s.hotplug):
                v = program.new_int_var(0, s.places, "")
                if s.node is not None:
                    here = program.new_bool_var("")
                    program.add(pool.node == s.node).only_enforce_if(here)
                    program.add(v == 0).only_enforce_if(here.negated())
                parts.append(v)
                seats[q].append(v)
        program.add(sum(parts) == s.places)
    for pool, taken in zip(pools, seats, strict=True):
        program.add(sum(taken) <= (pool.free if pool.used is None else pool.free * pool.used))
    program.minimize(sum(p.expander.cost * p.used for p in pools if p.expander))
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = work
    solver.parameters.num_workers = 1
    status = solver.solve(program)
    if status == cp_model.INFEASIBLE:
        return None
    low = math.ceil(solver.best_objective_bound - 1e-6)
    return low, None if status == cp_model.UNKNOWN else round(solver.objective_value)


def _stand(program: cp_model.CpModel, pools: list[_Pool], seats: list[list[object]]) -> None:
    """Each expander that is added stands in one pool, later than it, within its depth, on its node."""
    packed: list[list[Bool]] = [[] for _ in pools]
    for c, own in enumerate(pools):
        e = own.expander
        if e is None:
            continue
        homes = []
        for q, home in enumerate(pools):
            if q == c or home.given.kind not in e.accepts:
                continue
            here = program.new_bool_var(f"{c} in {q}")
            homes.append(here)
            if home.used is not None:
                program.add(here <= home.used)
            program.add(own.order > home.order).only_enforce_if(here)
            program.add(own.level == home.level + (e.nest is not None)).only_enforce_if(here)
            if e.nest is not None:
                program.add(home.level < e.nest).only_enforce_if(here)
            if not e.nodes:
                program.add(own.node == home.node).only_enforce_if(here)
            (packed if e.packs and home.given.functions > 1 else seats)[q].append(here)
        program.add(sum(homes) == own.used)
        if e.nodes:
            program.add_allowed_assignments([own.node], [(n,) for n in e.nodes])
    for q, row in enumerate(packed):
        if row:
            opened = program.new_int_var(0, len(row), "")
            program.add(sum(row) <= pools[q].given.functions * opened + sum(len(s.free) for s in pools[q].given.shared))
            seats[q].append(opened)


def _units(problem: Problem) -> list[list[Item]] | None:
    """Items that share a place; None where pins alone contradict each other."""
    units = [[item] for item in problem.items]
    for group in problem.together:
        if group.level == "place":
            inside = [u for u in units if any(i.name in group.items for i in u)]
            units = [u for u in units if u not in inside] + [[i for u in inside for i in u]]
    held = set()
    for unit in units:
        spots = {(i.pin.pool, i.pin.place) for i in unit if i.pin and i.pin.place is not None}
        functions = [i.pin.function for i in unit if i.pin and i.pin.function is not None]
        if len(spots) > 1 or spots & held or len(set(functions)) < len(functions):
            return None
        held |= spots
    return units


def _seated(program: cp_model.CpModel, problem: Problem, unit: list[Item], pools: list[_Pool]) -> list[Bool]:
    """A boolean for each pool: whether the unit is there."""
    row = []
    for pool in pools:
        v = program.new_bool_var("")
        row.append(v)
        if not all(_suits(problem, item, pool.given) for item in unit) or len(unit) > max(1, pool.given.functions):
            program.add(v == 0)
        for item in unit:
            if item.node is not None:
                program.add(pool.node == item.node).only_enforce_if(v)
    return row


def _suits(problem: Problem, item: Item, pool: Pool) -> bool:
    policies = [p.kinds for p in problem.policies if item.tag in p.tags]
    if pool.kind not in item.accepts or any(pool.kind not in kinds for kinds in policies) or (item.hotplug and not pool.hotplug):
        return False
    if item.pin is None:
        return True
    place, function = item.pin.place, item.pin.function
    return (
        item.pin.pool == pool.name
        and (place is None or (pool.first <= place < pool.first + pool.size and place not in pool.taken))
        and (function is None or function < pool.functions)
    )


def _groups(program: cp_model.CpModel, problem: Problem, units: list[list[Item]], at: list[list[Bool]], pools: int) -> None:
    of = {item.name: u for u, unit in enumerate(units) for item in unit}
    for group in problem.together:
        rows = [at[of[name]] for name in group.items]
        for row in rows[1:]:
            for q in range(pools):
                program.add(row[q] == rows[0][q])
    for wish in problem.apart:
        members = [of[name] for name in dict.fromkeys(wish.items)]
        if len(set(members)) < len(members):
            program.add_bool_or([])
        elif wish.level == "pool":
            for q in range(pools):
                program.add(sum(at[u][q] for u in members) <= 1)
