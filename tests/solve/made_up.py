"""Problems out of a random number generator, and what any answer must keep."""

from __future__ import annotations

import itertools
import random

from qrules.solve.answers import Part, Placement
from qrules.solve.problem import COSTS, Apart, Demand, Expander, Item, Pin, Policy, Pool, Problem, Shared, Spare, Together

KINDS = "abc"


def small(seed: int, coupled: bool = True) -> Problem:
    """At most six items and six places, with a bit of everything."""
    r = random.Random(seed)
    pools, places = [], r.randint(1, 6)
    while places > 0 and len(pools) < 3:
        size = r.randint(0 if pools else 1, min(3, places))
        taken = frozenset(n for n in range(1, 1 + size) if r.random() < 0.1)
        pools.append(
            Pool(
                f"p{len(pools)}",
                r.choice(KINDS[:2]),
                size,
                1,
                taken,
                r.random() < 0.4,
                r.choice((None, 0, 1)),
                r.choice((1, 1, 2)),
            )
        )
        places -= max(1, size)
    expanders = []
    for n in range(r.choice((0, 0, 1, 1, 2))):
        expanders.append(
            Expander(
                f"x{n}", frozenset(r.sample(KINDS, r.randint(1, 2))), r.choice(KINDS), r.randint(1, 2), 0, r.randint(1, 3),
                r.randint(0, 2), r.random() < 0.4, r.random() < 0.5, r.choice((1, 1, 2)), r.choice(((), (), (0, 1))),
                r.choice((None, None, 1)),
            )
        )  # fmt: skip
    items = [_item(r, n, pools) for n in range(r.randint(1, 6))]
    names = [i.name for i in items]
    policies = [Policy("q", frozenset("t"), frozenset(r.sample(KINDS, 1)))] if r.random() < 0.3 else []
    apart, together, spare = [], [], []
    if coupled and len(names) > 1:
        for n in range(r.choice((0, 0, 1, 2))):
            apart.append(
                Apart(f"a{n}", tuple(sorted(r.sample(names, r.randint(2, min(3, len(names)))))), r.choice(("pool", "place")))
            )
        for n in range(r.choice((0, 0, 1, 2))):
            together.append(Together(f"g{n}", tuple(sorted(r.sample(names, 2))), r.choice(("pool", "place"))))
    if r.random() < 0.2:
        spare.append(Spare("s", r.randint(1, 2), frozenset(r.sample(KINDS, 2)), r.random() < 0.5))
    return Problem(tuple(pools), tuple(items), tuple(expanders), tuple(policies), tuple(apart), tuple(together), tuple(spare))


def varied(seed: int) -> Problem:
    """A small problem with what `small` never has: shared places, levels, pinned functions, costs, a second policy."""
    r = random.Random(f"varied {seed}")
    problem = small(seed)
    pools = []
    for pool in problem.pools:
        if pool.functions > 1 and pool.taken:
            number = min(pool.taken)
            pool = pool._replace(shared=(Shared(number, (1,)),))
        pools.append(pool._replace(level=r.choice((0, 0, 1))))
    items = []
    for item in problem.items:
        pin = item.pin
        if pin is not None and r.random() < 0.5:
            pin = pin._replace(place=pin.place or 1, function=r.choice((0, 1, 2)))
        items.append(item._replace(pin=pin, cost=r.choice((None, None, 5, 60)), tag=r.choice((item.tag, "u"))))
    policies = list(problem.policies)
    if r.random() < 0.3:
        policies.append(Policy("r", frozenset("tu"), frozenset(r.sample(KINDS, 2)), r.choice((None, 3))))
    spare = tuple(s._replace(node=r.choice((None, 0)), cost=r.choice((None, 7))) for s in problem.spare)
    costs = {**COSTS, "pin": r.choice((1, 10, 70)), "hotplug": r.choice((1, 10))}
    return problem._replace(pools=tuple(pools), items=tuple(items), policies=tuple(policies), spare=spare, costs=costs)


def large(seed: int) -> Problem:
    """Up to sixty items in up to six pools and some twelve expanders: too much to try everything."""
    r = random.Random(f"large {seed}")
    pools = []
    for n in range(r.randint(1, 6)):
        size = r.randint(0 if n else 1, 10)
        functions = r.choice((1, 1, 2, 8))
        taken = frozenset(k for k in range(1, 1 + size) if r.random() < 0.15)
        shared = tuple(Shared(k, tuple(range(1, functions))) for k in sorted(taken) if functions > 1 and r.random() < 0.5)
        hot, node = r.random() < 0.4, r.choice((None, 0, 1))
        pools.append(Pool(f"p{n}", r.choice(KINDS), size, 1, taken, hot, node, functions, shared))
    expanders = [
        Expander(
            f"x{n}", frozenset(r.sample(KINDS, r.randint(1, 2))), r.choice(KINDS), r.randint(1, 8), 0, r.randint(1, 9),
            r.randint(0, 5), r.random() < 0.4, r.random() < 0.5, r.choice((1, 1, 2)), r.choice(((), (), (0, 1))),
            r.choice((None, 1, 2)),
        )
        for n in range(r.randint(0, 3))
    ]  # fmt: skip
    room = sum(p.size - len(p.taken) for p in pools) + sum(e.size * (e.limit or 0) for e in expanders) // 2
    there = sorted({p.kind for p in pools} | {e.gives for e in expanders if e.accepts & {p.kind for p in pools}})
    items = []
    for n in range(max(1, min(60, r.randint(room // 4, room)))):
        kinds = frozenset(r.sample(there, r.randint(1, len(there))))
        pin = Pin(r.choice(pools).name, r.choice((None, *range(1, 9)))) if r.random() < 0.02 else None
        items.append(Item(f"i{n}", kinds, r.choice("st"), r.random() < 0.05, 0 if r.random() < 0.02 else None, pin))
    names = [i.name for i in items]
    policies = [Policy("q", frozenset("t"), frozenset(r.sample(KINDS, 2)))] if r.random() < 0.2 else []
    apart, together = [], []
    if len(names) > 3 and r.random() < 0.6:
        for n in range(r.randint(0, 2)):
            apart.append(Apart(f"a{n}", tuple(sorted(r.sample(names, r.randint(2, 3)))), r.choice(("pool", "place"))))
        for n in range(r.randint(0, 2)):
            together.append(Together(f"g{n}", tuple(sorted(r.sample(names, 2))), r.choice(("pool", "place"))))
    spare = [Spare("s", r.randint(1, 4), frozenset(r.sample(KINDS, 2)), r.random() < 0.5)] if r.random() < 0.2 else []
    return Problem(tuple(pools), tuple(items), tuple(expanders), tuple(policies), tuple(apart), tuple(together), tuple(spare))


def _item(r: random.Random, n: int, pools: list[Pool]) -> Item:
    pin = None
    if r.random() < 0.15:
        pin = Pin(r.choice(pools).name, r.choice((None, 1, 2)), None)
    return Item(
        f"i{n}", frozenset(r.sample(KINDS, r.choice((1, 1, 2)))), r.choice(("", "t")), r.random() < 0.15,
        0 if r.random() < 0.1 else None, pin,
    )  # fmt: skip


def sets_of(parts: tuple[Part, ...], problem: Problem) -> set[frozenset[Demand]]:
    """All sets of demands that counted parts stand for."""
    items = [p for p in parts if p.what == "item"]
    others = [p for p in parts if p.what != "item"]
    found = set()
    for chosen in itertools.product(*(itertools.combinations(p.names, p.number) for p in items)):
        present = {n for names in chosen for n in names}
        for wishes in itertools.product(*(itertools.combinations(p.names, p.number) for p in others)):
            kept = frozenset(
                [Demand("item", n) for n in present]
                + [Demand(p.what, n) for p, names in zip(others, wishes, strict=True) for n in names]
            )
            if all(d.what not in ("pin", "hotplug", "node") or d.name in present for d in kept):
                found.add(kept)
    return found


def check(problem: Problem, answer: Placement) -> int:
    """Assert that a placement keeps everything that was asked; its cost as counted here."""
    pools = {p.name: p for p in problem.pools}
    expanders = {e.name: e for e in problem.expanders}
    used: dict[tuple[str, int], list[str]] = {}
    count = dict.fromkeys(expanders, 0)
    for added in answer.added:
        x, where = expanders[added.expander], pools[added.place.pool]
        count[x.name] += 1
        assert where.kind in x.accepts
        assert x.nest is None or where.level < x.nest
        assert where.first <= added.place.number < where.first + where.size
        shared = {s.number: s.free for s in where.shared}
        if added.place.number in shared:
            assert x.packs
            assert added.place.function in shared[added.place.number]
        else:
            assert added.place.number not in where.taken
        assert 0 <= added.place.function < where.functions
        node = where.node if added.node is None else added.node
        assert not x.nodes or added.node in x.nodes
        used.setdefault(added.place[:2], []).append("packs" if x.packs else "expander")
        pools[added.name] = Pool(
            added.name, x.gives, x.size, x.first, hotplug=x.hotplug, node=node, functions=x.functions,
            level=where.level + (x.nest is not None),
        )  # fmt: skip
    assert all(e.limit is None or count[e.name] <= e.limit for e in problem.expanders)
    for slot, holders in used.items():
        assert len(holders) == 1 or (set(holders) == {"packs"} and len(holders) <= pools[slot[0]].functions)
    seats = [(a.place.pool, a.place.number, a.place.function) for a in answer.added]
    assert len(set(seats)) == len(seats)
    _check_items(problem, answer, pools, used)
    return sum(expanders[a.expander].cost for a in answer.added)


def _check_items(problem: Problem, answer: Placement, pools: dict[str, Pool], used: dict[tuple[str, int], list[str]]) -> None:
    assert set(answer.places) == {i.name for i in problem.items}
    mates = [set(g.items) for g in problem.together if g.level == "place"]
    holders: dict[tuple[str, int], list[str]] = {}
    for item in problem.items:
        place = answer.places[item.name]
        pool = pools[place.pool]
        assert pool.kind in item.accepts
        assert all(pool.kind in p.kinds for p in problem.policies if item.tag in p.tags)
        assert pool.hotplug or not item.hotplug
        assert item.node in (None, pool.node)
        assert pool.first <= place.number < pool.first + pool.size
        assert place.number not in pool.taken
        assert place[:2] not in used
        assert 0 <= place.function < pool.functions
        if item.pin:
            assert item.pin.pool == place.pool
            assert item.pin.place in (None, place.number)
            assert item.pin.function in (None, place.function)
        holders.setdefault(place[:2], []).append(item.name)
    for names in holders.values():
        reached = {names[0]}
        for _ in names:
            for group in mates:
                reached |= group if group & reached else set()
        assert set(names) <= reached
        functions = [answer.places[n].function for n in names]
        assert len(set(functions)) == len(functions)
    for g in (*problem.together, *problem.apart):
        level = 1 if g.level == "pool" else 2
        where = {answer.places[n][:level] for n in g.items}
        assert len(where) == (1 if isinstance(g, Together) else len(set(g.items)))
    free = [
        pool for name, pool in pools.items() for n in range(pool.first, pool.first + pool.size)
        if n not in pool.taken and (name, n) not in used and (name, n) not in holders
    ] if len(pools) < 50 else []  # fmt: skip
    for s in problem.spare:
        suits = [p for p in free if p.kind in s.kinds and (p.hotplug or not s.hotplug) and s.node in (None, p.node)]
        assert len(suits) >= s.places
