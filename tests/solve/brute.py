"""An independent judge for small problems: tries everything, place by place, and shares no code with the solver.

A state is the pools that stand. It tries every way of putting up expanders (each place, each function of a place opened for
them), cheapest first, and for each every assignment of items to single places.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from qrules.solve.problem import Demand, Item, Pool, Problem

Slot = tuple[int, int]  # pool number, place number


def all_demands(problem: Problem) -> list[Demand]:
    found = []
    for item in problem.items:
        found.append(Demand("item", item.name))
        if item.pin:
            found.append(Demand("pin", item.name))
        if item.hotplug:
            found.append(Demand("hotplug", item.name))
        if item.node is not None:
            found.append(Demand("node", item.name))
    found += [Demand("policy", p.name) for p in problem.policies]
    found += [Demand("apart", p.name) for p in problem.apart]
    found += [Demand("together", p.name) for p in problem.together if p.level == "pool"]
    found += [Demand("spare", p.name) for p in problem.spare]
    return found


def restrict(problem: Problem, kept: frozenset[Demand]) -> Problem:
    """The problem with these demands only."""

    def item(i: Item) -> Item:
        return i._replace(
            pin=i.pin if Demand("pin", i.name) in kept else None,
            hotplug=i.hotplug and Demand("hotplug", i.name) in kept,
            node=i.node if Demand("node", i.name) in kept else None,
        )

    items = tuple(item(i) for i in problem.items if Demand("item", i.name) in kept)
    names = {i.name for i in items}
    return problem._replace(
        items=items,
        policies=tuple(p for p in problem.policies if Demand("policy", p.name) in kept),
        apart=tuple(
            g._replace(items=tuple(n for n in g.items if n in names)) for g in problem.apart if Demand("apart", g.name) in kept
        ),
        together=tuple(
            g._replace(items=tuple(n for n in g.items if n in names))
            for g in problem.together
            if g.level == "place" or Demand("together", g.name) in kept
        ),
        spare=tuple(s for s in problem.spare if Demand("spare", s.name) in kept),
    )


def least_cost(problem: Problem) -> int | None:
    """The least cost of expanders with which everything fits. All expanders must have limits."""
    best: int | None = None
    for cost, site in sorted(_sites(problem), key=lambda s: s[0]):
        if best is not None and cost >= best:
            break
        if _fits(problem, *site):
            best = cost
    return best


def _sites(problem: Problem) -> Iterator[tuple[int, tuple[list[Pool], dict[Slot, int]]]]:
    """Every way of putting up expanders: pools, and how many functions of a place are used by them."""
    seen = set()

    def grow(pools: list[Pool], held: dict[Slot, int], used: tuple[int, ...], cost: int) -> Iterator:
        key = (tuple(pools), tuple(sorted(held.items())), used)
        if key in seen:
            return
        seen.add(key)
        yield cost, (pools, held)
        for e, x in enumerate(problem.expanders):
            assert x.limit is not None
            if used[e] >= x.limit:
                continue
            for p, pool in enumerate(pools):
                if pool.kind not in x.accepts or (x.nest is not None and pool.level >= x.nest):
                    continue
                fresh_place = True
                for number in range(pool.first, pool.first + pool.size):
                    if number in pool.taken and (p, number) not in shared:
                        continue
                    now = held.get((p, number), 0)
                    if not now and not fresh_place:
                        continue  # empty places of a pool are alike to expanders
                    if now and not (x.packs and now > 0 and now < pool.functions):
                        continue
                    mark = now + 1 if x.packs else -1
                    for node in x.nodes or (pool.node,):
                        fresh = Pool(
                            "x", x.gives, x.size, x.first, hotplug=x.hotplug, node=node, functions=x.functions,
                            level=pool.level + (x.nest is not None),
                        )  # fmt: skip
                        more = tuple(u + (i == e) for i, u in enumerate(used))
                        yield from grow([*pools, fresh], {**held, (p, number): mark}, more, cost + x.cost)
                    fresh_place = fresh_place and bool(now)

    pinned = {(i.pin.pool, i.pin.place) for i in problem.items if i.pin and i.pin.place is not None}
    start = [p._replace(taken=p.taken) for p in problem.pools]
    reserved = {
        (n, place): -2 for n, p in enumerate(start) for pool, place in pinned
        if p.name == pool and p.first <= place < p.first + p.size and place not in p.taken
    }  # fmt: skip
    shared = {(n, s.number): p.functions - len(s.free) for n, p in enumerate(start) for s in p.shared}
    reserved.update(shared)
    yield from grow(start, reserved, (0,) * len(problem.expanders), 0)


def _fits(problem: Problem, pools: list[Pool], held: dict[Slot, int]) -> bool:
    places = [
        (p, n) for p, pool in enumerate(pools) for n in range(pool.first, pool.first + pool.size)
        if n not in pool.taken and held.get((p, n), -2) == -2
    ]  # fmt: skip
    spares = [
        Item(f"spare {s.name} {i}", s.kinds, hotplug=s.hotplug, node=s.node) for s in problem.spare for i in range(s.places)
    ]
    items = [*problem.items, *spares]
    policies = {i.name: [p.kinds for p in problem.policies if i.tag in p.tags] for i in problem.items}
    allowed = []
    for item in items:
        suits = []
        for p, n in places:
            pool = pools[p]
            if pool.kind not in item.accepts or any(pool.kind not in k for k in policies.get(item.name, ())):
                continue
            if (item.hotplug and not pool.hotplug) or (item.node is not None and pool.node != item.node):
                continue
            if item.pin and (item.pin.pool != pool.name or item.pin.place not in (None, n)):
                continue
            if item.pin and item.pin.function is not None and not item.pin.function < pool.functions:
                continue
            suits.append((p, n))
        if not suits:
            return False
        allowed.append(suits)
    in_place = [g.items for g in problem.together if g.level == "place"]
    in_pool = [g.items for g in problem.together]
    order = sorted(range(len(items)), key=lambda i: len(allowed[i]))
    at: dict[str, Slot] = {}
    mates = {i.name: {n for g in in_place if i.name in g for n in g} for i in items}
    changed = True
    while changed:  # transitive
        changed = False
        for name, own in mates.items():
            more = own.union(*(mates[n] for n in own)) if own else own
            if more != own:
                mates[name], changed = more, True

    def functions(slot: Slot) -> bool:
        own = [i for i in items if at.get(i.name) == slot]
        given = [i.pin.function for i in own if i.pin and i.pin.function is not None]
        return len(own) <= max(1, pools[slot[0]].functions) and len(set(given)) == len(given)

    def ok(name: str) -> bool:
        slot = at[name]
        for other, where in at.items():
            if other != name and where == slot and other not in mates[name]:
                return False
            if other in mates[name] and where != slot:
                return False
        for g in in_pool:
            if name in g and len({at[n][0] for n in g if n in at}) > 1:
                return False
        for a in problem.apart:
            if name in a.items:
                used = [at[n] if a.level == "place" else at[n][0] for n in a.items if n in at]
                if len(set(used)) < len(used):
                    return False
        return functions(slot)

    def extend(k: int) -> bool:
        if k == len(order):
            return True
        item = items[order[k]]
        fresh: set[tuple[int, int]] = set()
        for slot in allowed[order[k]]:
            if slot not in at.values() and (not item.pin) and held.get(slot) != -2:
                if (slot[0], -1) in fresh:
                    continue  # empty places of one pool are alike
                fresh.add((slot[0], -1))
            at[item.name] = slot
            if ok(item.name) and extend(k + 1):
                return True
            del at[item.name]
        return False

    return extend(0)


def every_subset(problem: Problem) -> tuple[set[frozenset[Demand]], set[frozenset[Demand]]]:
    """All minimal conflicts and all minimal corrections. A wish is there only with its item."""
    full = all_demands(problem)
    valid = []
    for bits in itertools.product((False, True), repeat=len(full)):
        kept = frozenset(d for d, bit in zip(full, bits, strict=True) if bit)
        if all(d.what not in ("pin", "hotplug", "node") or Demand("item", d.name) in kept for d in kept):
            valid.append(kept)
    valid.sort(key=len)
    bad: list[frozenset[Demand]] = []
    good = []
    for kept in valid:
        if any(b <= kept for b in bad):
            continue
        if least_cost(restrict(problem, kept)) is None:
            bad.append(kept)
        else:
            good.append(kept)
    largest = {g for g in good if not any(g < other for other in good)}
    everything = frozenset(full)
    return set(bad), {
        frozenset(d for d in everything - kept if d.what not in ("pin", "hotplug", "node") or Demand("item", d.name) in kept)
        for kept in largest
    }


def cost_of(problem: Problem, dropped: frozenset[Demand]) -> int:
    """What it costs to take these demands back. An item costs at least what its wishes cost, which go with it."""
    items = {i.name: i for i in problem.items}
    own = {
        ("policy", p.name): p.cost for p in problem.policies
    } | {("apart", g.name): g.cost for g in problem.apart} | {("together", g.name): g.cost for g in problem.together} | {
        ("spare", s.name): s.cost for s in problem.spare
    }  # fmt: skip
    total = 0
    for d in dropped:
        if d.what == "item":
            item = items[d.name]
            wishes = [
                w for w, there in (("pin", item.pin), ("hotplug", item.hotplug or None), ("node", item.node)) if there is not None
            ]
            alone = problem.costs["item"] if item.cost is None else item.cost
            total += max(alone, sum(problem.costs[w] for w in wishes))
        else:
            given = own.get((d.what, d.name))
            total += problem.costs[d.what] if given is None else given
    return total
