"""Numbers and lists of placements, against a judge that tries every place for every item."""

from __future__ import annotations

import os
from itertools import permutations, product

import pytest

from qrules.solve.count import Count, Ways
from qrules.solve.problem import Apart, Item, Pool, Problem, Spare, Together
from tests.solve.made_up import small

SEEDS = 4000 if os.environ.get("QRULES_FULL") else 200


def every(problem: Problem) -> set[tuple[tuple[str, int], ...]]:
    """All assignments of items to places: every product of places, each asked whether it holds."""
    pools = {p.name: p for p in problem.pools}
    slots = [(p.name, n) for p in problem.pools for n in range(p.first, p.first + p.size) if n not in p.taken]
    mates = {i.name: {i.name} for i in problem.items}
    for _ in problem.items:
        for g in problem.together:
            if g.level == "place":
                for n in g.items:
                    mates[n] = mates[n].union(*(mates[m] for m in g.items))
    allowed = [[s for s in slots if fits(problem, item, pools[s[0]], s[1])] for item in problem.items]
    return {found for found in product(*allowed) if holds(problem, dict(zip(mates, found, strict=True)), mates, slots)}


def fits(problem: Problem, item: Item, pool: Pool, place: int) -> bool:
    kinds = [p.kinds for p in problem.policies if item.tag in p.tags]
    return (
        pool.kind in item.accepts
        and all(pool.kind in k for k in kinds)
        and (pool.hotplug or not item.hotplug)
        and item.node in (None, pool.node)
        and (item.pin is None or (item.pin.pool == pool.name and item.pin.place in (None, place)))
        and (item.pin is None or item.pin.function is None or item.pin.function < pool.functions)
    )


def holds(problem: Problem, at: dict[str, tuple[str, int]], mates: dict[str, set[str]], slots: list[tuple[str, int]]) -> bool:
    pools = {p.name: p for p in problem.pools}
    if any((a == b) != (n in mates[m]) for (m, a), (n, b) in permutations(at.items(), 2)):
        return False
    for item in problem.items:
        asked = [i.pin.function for i in problem.items if i.name in mates[item.name] and i.pin and i.pin.function is not None]
        if len(mates[item.name]) > max(1, pools[at[item.name][0]].functions) or len(set(asked)) < len(asked):
            return False
    for a in problem.apart:
        where = [at[n] if a.level == "place" else at[n][0] for n in a.items]
        if len(set(where)) < len(where):
            return False
    if any(len({at[n][0] for n in g.items}) > 1 for g in problem.together):
        return False
    free = [pools[p] for p, n in slots if (p, n) not in at.values()]
    spares = [s for s in problem.spare for _ in range(s.places)]
    return len(spares) <= len(free) and any(
        all(
            p.kind in s.kinds and (p.hotplug or not s.hotplug) and s.node in (None, p.node)
            for s, p in zip(spares, some, strict=False)
        )
        for some in permutations(free, len(spares))
    )


def alike(problem: Problem, found: set[tuple[tuple[str, int], ...]]) -> set[frozenset[tuple[object, tuple[str, int]]]]:
    """The same, items known by what they are."""
    grouped = {n for g in (*problem.apart, *problem.together) for n in g.items}
    kinds = [i.name if i.name in grouped else i._replace(name="", cost=None) for i in problem.items]
    return {frozenset(zip(kinds, one, strict=True)) for one in found}


def roomy(seed: int) -> Problem:
    """A small problem with at most three items that are less choosy than the others', so that there is something to count."""
    problem = small(seed, coupled=seed % 2 == 0)
    items = tuple(i._replace(accepts=i.accepts | {"a"}, node=None) for i in problem.items[:3])
    names = {i.name for i in items}
    return problem._replace(
        pools=tuple(p._replace(size=p.size + 1) for p in problem.pools),
        items=items,
        expanders=(),
        apart=tuple(g for g in problem.apart if names.issuperset(g.items)),
        together=tuple(g for g in problem.together if names.issuperset(g.items)),
    )


def test_small_problems_are_counted_and_listed_exactly() -> None:
    some = several = 0
    for seed in range(SEEDS):
        problem = roomy(seed)
        truth = every(problem)
        kinds = alike(problem, truth)
        ways = Ways(problem)
        assert ways.count() == Count(len(kinds), len(truth), True, len(kinds)), seed
        listed = [tuple(p[:2] for p in one.values()) for one in ways.placements()]
        assert set(listed) <= truth, seed
        assert len(listed) == len(kinds), seed
        assert len(alike(problem, set(listed))) == len(kinds), seed
        some += bool(kinds)
        several += len(kinds) > 5
    assert some > SEEDS // 3
    assert several > SEEDS // 10


def test_a_table_and_a_search_agree() -> None:
    pools = (Pool("a", "x", 5), Pool("b", "y", 4, taken=frozenset([1])), Pool("c", "x", 2, hotplug=True))
    items = (*(Item(f"x{n}", frozenset("x")) for n in range(3)), *(Item(f"e{n}", frozenset("xy")) for n in range(3)))
    ways = Ways(Problem(pools, items, spare=(Spare("s", 2, frozenset("xy")),)))
    assert ways._table() == sum(1 for _ in ways.placements())


def test_many_places_are_counted_without_looking_at_each() -> None:
    items = tuple(Item(f"d{n}", frozenset("x")) for n in range(30))
    found = Ways(Problem((Pool("a", "x", 200),), items)).count()
    assert found.exact
    assert found.alike == 409681705022127773530866523638950880  # 200 over 30
    assert found.single == found.alike * 265252859812191058636308480000000  # 30!


@pytest.mark.parametrize("level", ["pool", "place"])
def test_a_bound_is_called_a_bound(level: str) -> None:
    pools = tuple(Pool(f"p{n}", "x", 30) for n in range(12))
    items = tuple(Item(f"d{n}", frozenset("x")) for n in range(8))
    found = Ways(Problem(pools, items, apart=(Apart("a", ("d0", "d1", "d2"), level),))).count()
    assert not found.exact
    assert 0 < found.alike < found.most


def test_functions_of_one_place_are_one_unit() -> None:
    items = (Item("a", frozenset("x")), Item("b", frozenset("x")))
    ways = Ways(Problem((Pool("p", "x", 3, functions=2),), items, together=(Together("t", ("a", "b"), "place"),)))
    assert [tuple(one.values()) for one in ways.placements()] == [(("p", n, 0), ("p", n, 1)) for n in range(3)]
