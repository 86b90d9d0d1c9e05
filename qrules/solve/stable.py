"""What has a place keeps it: an earlier placement becomes part of what stands, and only the rest is solved."""

from __future__ import annotations

from qrules.solve.problem import Mistake, Pin, Pool, Problem, Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.solve.answers import Added, Placement


def continued(problem: Problem, earlier: Placement, answer: Placement) -> Placement:
    """An earlier placement with what was found on top of it (for the problem of `standing`), in the order of items."""
    places = {item.name: answer.places[item.name] for item in problem.items}
    return answer._replace(places=places, added=(*earlier.added, *answer.added))


def standing(problem: Problem, earlier: Placement) -> Problem:
    """The same problem with the earlier expanders as pools and each placed item pinned where it is.

    Limits of expanders count those that stand. Items that are gone leave their places free; expanders stay.
    Raises `Mistake` where the earlier placement has an expander or a pool that the problem has not.
    """
    expanders = {e.name: e for e in problem.expanders}
    pools = {p.name: p for p in problem.pools}
    used = dict.fromkeys(expanders, 0)
    functions: dict[tuple[str, int], set[int]] = {}
    packed: set[tuple[str, int]] = set()
    for added in earlier.added:
        expander = expanders.get(added.expander)
        if expander is None or added.place.pool not in pools:
            raise Mistake(f"{added.name} of the earlier placement is not of this problem")
        used[added.expander] += 1
        where = pools[added.place.pool]
        pools[added.name] = _offered(added, problem, where)
        key = added.place.pool, added.place.number
        functions.setdefault(key, set()).add(added.place.function)
        if expander.packs and where.functions > 1:
            packed.add(key)
    for (pool, number), taken in functions.items():
        pools[pool] = _held(pools[pool], number, taken, (pool, number) in packed)
    items = tuple(
        item._replace(pin=Pin(*earlier.places[item.name])) if item.name in earlier.places else item for item in problem.items
    )
    left = tuple(e if e.limit is None else e._replace(limit=max(0, e.limit - used[e.name])) for e in problem.expanders)
    return problem._replace(pools=tuple(pools.values()), items=items, expanders=left)


def _offered(added: Added, problem: Problem, where: Pool) -> Pool:
    expander = next(e for e in problem.expanders if e.name == added.expander)
    return Pool(
        added.name,
        expander.gives,
        expander.size,
        expander.first,
        hotplug=expander.hotplug,
        node=where.node if added.node is None else added.node,
        functions=expander.functions,
        level=where.level + (expander.nest is not None),
    )


def _held(pool: Pool, number: int, taken: set[int], packs: bool) -> Pool:
    shared = {s.number: s.free for s in pool.shared}
    free = shared.get(number, tuple(range(pool.functions)) if packs else ())
    shared[number] = tuple(f for f in free if f not in taken)
    kept = tuple(Shared(n, f) for n, f in sorted(shared.items()) if f)
    return pool._replace(taken=pool.taken | {number}, shared=kept)
