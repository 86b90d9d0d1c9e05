"""The solver against an independent judge that tries everything, and its promises."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations, product

import pytest

from qrules.solve.answers import Infeasible, Part, Placement
from qrules.solve.problem import Demand, Expander, Item, Mistake, Pin, Pool, Problem, Together
from qrules.solve.solver import place, room_for
from tests.solve.brute import all_demands, cost_of, every_subset, least_cost
from tests.solve.made_up import check, sets_of, small, varied

FULL = bool(os.environ.get("QRULES_FULL"))
SEEDS = 12_000 if FULL else 1_000
PORT = Expander("port", frozenset({"root"}), "port", packs=True, hotplug=True)


def _sets(parts: tuple[Part, ...]) -> set[frozenset[Demand]]:
    chosen = product(*([(p.what, n) for n in combinations(p.names, p.number)] for p in parts))
    found = {frozenset(Demand(what, n) for what, names in one for n in names) for one in chosen}
    wishes = ("pin", "hotplug", "node")
    return {one for one in found if not any(d.what in wishes and Demand("item", d.name) in one for d in one)}


def items(count: int, *kinds: str) -> tuple[Item, ...]:
    return tuple(Item(f"d{n}", frozenset(kinds)) for n in range(count))


@pytest.mark.parametrize("make", [small, varied])
@pytest.mark.parametrize("start", range(0, SEEDS, 250))
def test_feasibility_and_least_cost_as_brute_force(start: int, make: Callable[[int], Problem]) -> None:
    for seed in range(start, start + 250):
        problem = make(seed)
        answer, cost = place(problem, limit=1), least_cost(problem)
        if cost is None:
            assert isinstance(answer, Infeasible), seed
        else:
            assert isinstance(answer, Placement), seed
            assert check(problem, answer) == answer.cost == cost, seed
            assert answer.optimal, seed


@pytest.mark.parametrize("make", [small, varied])
@pytest.mark.parametrize("start", range(0, SEEDS // 4, 125))
def test_all_conflicts_and_all_corrections_as_brute_force(start: int, make: Callable[[int], Problem]) -> None:
    asked = 0
    for seed in range(start, start + 125):
        problem = make(seed)
        if len(all_demands(problem)) > (11 if FULL else 7):
            continue
        answer = place(problem, limit=0)
        if not isinstance(answer, Infeasible):
            continue
        asked += 1
        conflicts, corrections = every_subset(problem)
        assert answer.complete, seed
        assert all(c.minimal for c in answer.conflicts), seed
        found = [kept for c in answer.conflicts for kept in sets_of(c.parts, problem)]
        assert set(found) == conflicts, seed
        assert {one for c in answer.corrections for one in _sets(c.parts)} == corrections, seed
        for c in answer.conflicts:
            pairs = any(g.level == "place" for g in problem.together)  # they take one place, and need functions
            if c.capacity and not pairs and all(p.what == "item" for p in c.parts):
                assert sum(p.number for p in c.parts) == c.places + 1, seed
        for correction in answer.corrections:
            assert {cost_of(problem, one) for one in _sets(correction.parts)} == {correction.cost}, seed
        costs = [c.cost for c in answer.corrections]
        assert costs == sorted(costs), seed
        assert all(c.cheapest == (c.cost == costs[0]) for c in answer.corrections), seed
    assert asked > 5


def test_functions_of_one_place_are_not_taken_apart_to_make_room() -> None:
    pair = Together("pair", ("d0", "d1"), "place")
    answer = place(Problem((Pool("p", "root", 1, functions=2),), items(3, "root"), together=(pair,)), limit=0)
    assert isinstance(answer, Infeasible)
    assert {frozenset(p.names[0] for p in c.parts) for c in answer.conflicts} == {
        frozenset({"d0", "d2"}),
        frozenset({"d1", "d2"}),
    }
    assert [p.names for p in answer.corrections[0].parts] == [("d2",)]


def test_one_too_many_is_a_conflict_of_all() -> None:
    answer = place(Problem((Pool("p", "root", 32),), items(250, "root")))
    assert isinstance(answer, Infeasible)
    (conflict,) = answer.conflicts
    assert (conflict.parts[0].number, conflict.places, conflict.capacity, conflict.minimal) == (33, 32, True, True)
    assert answer.corrections[0].parts[0].number == 218
    assert answer.complete


def test_ports_are_packed_eight_to_a_place() -> None:
    answer = place(Problem((Pool("p", "root", 3, functions=8),), items(20, "port"), (PORT,)))
    assert isinstance(answer, Placement)
    assert answer.cost == answer.bound == 20
    assert [tuple(a.place)[1:] for a in answer.added[:9]] == [(0, f) for f in range(8)] + [(1, 0)]


def test_a_device_more_moves_none_of_the_others() -> None:
    problem = Problem((Pool("p", "root", 3, functions=8),), items(10, "port"), (PORT,))
    before = place(problem)
    assert isinstance(before, Placement)
    more = tuple(i._replace(name=f"x{i.name}") for i in items(6, "port"))
    larger = problem._replace(items=(*more, *problem.items))
    after = place(larger, before)
    assert isinstance(after, Placement)
    assert {n: after.places[n] for n in before.places} == before.places
    assert after.added[: len(before.added)] == before.added
    assert after.added[10].place[1:] == (1, 2)  # the next function of the slot that is already shared


def test_a_bridge_never_hangs_below_itself() -> None:
    bridge = Expander("bridge", frozenset({"pci"}), "pci", 32)
    answer = place(Problem((Pool("p", "root", 4),), items(1, "pci"), (bridge,)))
    assert isinstance(answer, Infeasible)
    rooted = place(Problem((Pool("p", "pci", 1),), items(40, "pci"), (bridge,)))
    assert isinstance(rooted, Placement)
    assert rooted.cost == 2


def test_how_many_more_fit() -> None:
    problem = Problem((Pool("p", "root", 3, functions=8),), items(1, "root"), (PORT,))
    assert room_for(problem, Item("n", frozenset({"port"}))) == 16
    assert room_for(problem, Item("n", frozenset({"root"}))) == 2
    assert room_for(problem, Item("n", frozenset({"port"})), expand=False) == 0


def test_a_pin_that_points_nowhere_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="pinned to q"):
        place(Problem((Pool("p", "a", 1),), (Item("i", frozenset("a"), pin=Pin("q")),)))


def test_the_same_bytes_under_any_hash_seed() -> None:
    program = (
        "from tests.solve.made_up import small; from qrules.solve.solver import place\nfor s in range(60): print(place(small(s)))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            timeout=60,
        ).stdout
        for seed in range(20 if FULL else 3)
    }
    assert len(told) == 1


def test_the_search_branches_on_expanders_first() -> None:
    """Sixty devices on thirty places: one bridge does; which class stands where is left to the flow."""
    bridge = Expander("bridge", frozenset({"root", "port"}), "slots", size=32, cost=25, nest=1)
    more = Expander("more", frozenset({"slots", "further"}), "further", size=32, cost=20, nest=3)
    kinds = ("root", "port", "slots", "further")
    port = PORT._replace(cost=10)
    answer = place(Problem((Pool("r", "root", 30, functions=8),), items(60, *kinds), (port, bridge, more)))
    assert isinstance(answer, Placement)
    assert [a.expander for a in answer.added] == ["bridge"]
    assert (answer.cost, answer.optimal) == (25, True)
