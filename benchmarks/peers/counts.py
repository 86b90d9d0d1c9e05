"""The best model that the peers can be given: counts. How many of each expander stand in which sort of pool, how many devices
of a class go to which sort, and how many shared places are opened; places are never told apart.

Written for the comparison alone, without the solver's own reduction. `nest` makes the sorts a ladder, so nothing can hang
below itself; problems where it could are not for this model.
"""

from __future__ import annotations

from collections.abc import Iterable

from qrules.records import NamedTuple
from qrules.solve.problem import Item, Problem

Sort = tuple[str, bool, int, int]  # kind, takes hot-plug, depth, functions of a place


class Counts(NamedTuple):
    """Minimise `costs . x` over whole `0 <= x <= tops` with `low <= a . x`, a row each; `classes` name rows that are demands.

    A row is (coefficients by variable, least value).
    """

    costs: list[int]
    tops: list[int]
    rows: list[tuple[dict[int, int], int]]


class Class(NamedTuple):
    """Devices that are alike: what they accept, with and without the policies, and how many there are."""

    accepts: frozenset[str]
    tag: str
    hotplug: bool
    count: int


def classes_of(problem: Problem) -> list[Class]:
    """The devices without an address of their own, by class; spare places count as devices."""
    found: dict[tuple[frozenset[str], str, bool], int] = {}
    for item in problem.items:
        if item.pin is None:
            key = (item.accepts, item.tag, item.hotplug)
            found[key] = found.get(key, 0) + 1
    spare = [Class(s.kinds, "", s.hotplug, s.places) for s in problem.spare]
    return [Class(*key, count) for key, count in found.items()] + spare


def model(problem: Problem, kept: list[int], policies: bool = True) -> Counts:
    """The problem as counts, with so many devices of each class, with or without its policies."""
    free: dict[Sort, int] = {}
    pinned = _pinned(problem.items)
    for pool in problem.pools:
        sort = (pool.kind, pool.hotplug, pool.level, pool.functions)
        held = pool.taken | pinned.get(pool.name, frozenset())
        free[sort] = free.get(sort, 0) + pool.size - sum(pool.first <= n < pool.first + pool.size for n in held)
    sorts, steps = list(free), []
    for sort in sorts:  # grows while it is read
        for e in problem.expanders:
            if sort[0] in e.accepts and (e.nest is None or sort[2] < e.nest):
                target = (e.gives, e.hotplug, sort[2] + (e.nest is not None), e.functions)
                steps.append((e, sort, target))
                if target not in sorts:
                    sorts.append(target)
    most = sum(kept) + 2 * len(steps)
    made = Counts([], [], [])
    room: dict[Sort, dict[int, int]] = {sort: {} for sort in sorts}  # places less what stands on them, per sort
    shared: dict[Sort, dict[int, int]] = {}

    def variable(cost: int, top: int) -> int:
        made.costs.append(cost)
        made.tops.append(top)
        return len(made.costs) - 1

    for e, source, target in steps:
        v = variable(e.cost, most if e.limit is None else e.limit)
        room[target][v] = room[target].get(v, 0) + e.size
        if e.packs and source[3] > 1:
            shared.setdefault(source, {})[v] = -1
        else:
            room[source][v] = room[source].get(v, 0) - 1
    for sort, row in shared.items():
        opened = variable(0, most)
        row[opened] = sort[3]
        room[sort][opened] = -1
        made.rows.append((row, 0))
    for one, count in zip(classes_of(problem), kept, strict=True):
        accepts = one.accepts
        for policy in problem.policies if policies else ():
            accepts = accepts & policy.kinds if one.tag in policy.tags else accepts
        placed = {}
        for sort in sorts:
            if sort[0] in accepts and (sort[1] or not one.hotplug):
                v = variable(0, count)
                placed[v] = 1
                room[sort][v] = -1
        made.rows.append((placed, count))
    made.rows.extend((row, -free.get(sort, 0)) for sort, row in room.items() if row)
    return made


def _pinned(items: Iterable[Item]) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for item in items:
        if item.pin is not None and item.pin.place is not None:
            found[item.pin.pool] = found.get(item.pin.pool, frozenset()) | {item.pin.place}
    return found
