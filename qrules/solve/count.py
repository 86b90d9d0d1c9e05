"""How many placements there are, and which: of a problem in which nothing more is added (`stable.standing` makes one).

A placement says for each item which place of which pool it has. Items that differ in name alone are *alike*: to exchange two
of them makes another placement of single items, but not of kinds. Where nothing couples the items, pools that take the same
ones are merged and their places counted: a table over how many of each kind are left, exact, and quick for a few kinds.
Otherwise placements are found one after the other, up to a number of steps; then what comes out is a bound and says so.
"""

from __future__ import annotations

from math import comb, factorial, prod

from qrules.records import NamedTuple
from qrules.solve.flow import distribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.solve.problem import Item, Pool, Problem, Spare

STEPS, CELLS = 20_000, 200_000  # of the search, and of the table


class Count(NamedTuple):
    """How many placements, items that are alike exchanged (`single`) or not (`alike`).

    `exact` where everything was counted. Otherwise there are `alike` at least, and `most` at the most (less than that: unknown).
    """

    alike: int
    single: int
    exact: bool
    most: int


class _Unit(NamedTuple):
    """Items that share a place, by their positions, or one item. `places` are those that suit, by pool."""

    items: tuple[int, ...]
    places: tuple[tuple[int, range | tuple[int, ...]], ...]  # pool, numbers
    kind: object  # the same for units that are alike


class Ways:
    """All ways to place the items of a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pools = problem.pools
        self.names = [item.name for item in problem.items]
        self.sharing = _sharing(problem)
        at = {name: n for n, name in enumerate(self.names)}
        self.apart = [([at[n] for n in dict.fromkeys(g.items)], g.level) for g in problem.apart]
        self.together = [[at[n] for n in dict.fromkeys(g.items)] for g in problem.together if g.level == "pool"]
        grouped = {i for g, _ in self.apart for i in g} | {i for g in self.together for i in g}
        self.coupled = bool(grouped)
        self.units = [self._unit(items, grouped) for items in self.sharing]
        self.alike: dict[object, list[int]] = {}
        for n, unit in enumerate(self.units):
            self.alike.setdefault(unit.kind, []).append(n)

    def _unit(self, items: tuple[int, ...], grouped: set[int]) -> _Unit:
        own = [self.problem.items[i] for i in items]
        found = []
        for p, pool in enumerate(self.pools):
            if all(_suits(self.problem, item, pool) for item in own) and _functions(own, pool):
                fixed = {i.pin.place for i in own if i.pin is not None and i.pin.place is not None}
                free = [n for n in range(pool.first, pool.first + pool.size) if n not in pool.taken and fixed <= {n}]
                if free:
                    found.append((p, tuple(free)))
        single = len(items) == 1 and items[0] not in grouped
        kind = own[0]._replace(name="", cost=None) if single else ("unit", items)
        return _Unit(items, tuple(found), kind)

    # ------------------------------------------------------------------------------ counting
    def count(self) -> Count:
        """How many there are; a bound where that would take too long."""
        swaps = prod(factorial(len(units)) for units in self.alike.values())
        if not self.coupled and len(self.problem.spare) <= 1:
            table = self._table()
            if table is not None:
                return Count(table, table * swaps, True, table)
        found, steps = 0, _Steps(STEPS)
        for _ in self.placements(steps):
            found += 1
        if not steps.over:
            return Count(found, found * swaps, True, found)
        return Count(found, found * swaps, False, self._most())

    def _most(self) -> int:
        """A number that is not exceeded: each kind for itself, as if no other were there."""
        return prod(comb(sum(len(n) for _, n in self.units[own[0]].places), len(own)) for own in self.alike.values())

    def _table(self) -> int | None:
        """Pool after pool: in how many ways what is left so far can be placed; None where the table would be too large."""
        kinds = [(self.units[own[0]], len(own)) for own in self.alike.values()]
        spots = self._merged(kinds)
        if len(spots) * prod((n + 1) * (n + 2) // 2 for _, n in kinds) > CELLS:
            return None
        spare = self.problem.spare[0] if self.problem.spare else None
        rows: dict[tuple[tuple[int, ...], int], int] = {(tuple(n for _, n in kinds), 0): 1}
        for takes, places, counted in spots:
            following: dict[tuple[tuple[int, ...], int], int] = {}
            for (left, over), ways in rows.items():
                for after, used, many in _splits(left, takes, places):
                    spared = min(spare.places, over + places - used) if spare is not None and counted else over
                    key = after, spared
                    following[key] = following.get(key, 0) + ways * many
            rows = following
        return sum(n for (left, over), n in rows.items() if not any(left) and over >= (spare.places if spare is not None else 0))

    def _merged(self, kinds: list[tuple[_Unit, int]]) -> list[tuple[tuple[int, ...], int, bool]]:
        """Places that suit the same kinds, as one pool: the kinds, how many places, and whether they count as spare ones."""
        spare = self.problem.spare[0] if self.problem.spare else None
        suits: dict[tuple[int, int], list[int]] = {}
        for k, (unit, _) in enumerate(kinds):
            for p, numbers in unit.places:
                for number in numbers:
                    suits.setdefault((p, number), []).append(k)
        if spare is not None:
            for p, pool in enumerate(self.pools):
                if _spares(spare, pool):
                    for number in range(pool.first, pool.first + pool.size):
                        if number not in pool.taken:
                            suits.setdefault((p, number), [])
        merged: dict[tuple[tuple[int, ...], bool], int] = {}
        for (p, _), takes in suits.items():
            key = tuple(takes), spare is not None and _spares(spare, self.pools[p])
            merged[key] = merged.get(key, 0) + 1
        return [(takes, places, counted) for (takes, counted), places in merged.items()]

    # ------------------------------------------------------------------------------ one after the other
    def placements(self, steps: _Steps | None = None) -> Iterator[dict[str, tuple[str, int, int]]]:
        """Placements in a fixed order, those that differ in alike items once: item -> pool, place, function.

        The first item's first place comes first. A search that has used up its steps ends and says so.
        """
        steps = steps or _Steps(STEPS)
        at: list[tuple[int, int] | None] = [None] * len(self.units)
        used: set[tuple[int, int]] = set()
        before = {n: own[k - 1] for own in self.alike.values() for k, n in enumerate(own) if k}
        choices = [iter(self._choices(0, at, before))] if self.units else []
        if not self.units:
            if self._room_left(0, used):
                yield {}
            return
        while choices:
            level = len(choices) - 1
            held = at[level]
            if held is not None:
                used.discard(held)
                at[level] = None
            if steps.take():
                return
            spot = next((s for s in choices[-1] if s not in used and self._allowed(level, s, at)), None)
            if spot is None:
                choices.pop()
                continue
            at[level] = spot
            used.add(spot)
            if not self._room_left(level + 1, used):
                continue
            if level + 1 == len(self.units):
                yield self._written(at)
            else:
                choices.append(iter(self._choices(level + 1, at, before)))

    def _choices(self, level: int, at: list[tuple[int, int] | None], before: dict[int, int]) -> Iterator[tuple[int, int]]:
        """The places of a unit in order; of alike ones each has a later place than the one before."""
        previous = at[before[level]] if level in before else None
        for p, numbers in self.units[level].places:
            for number in numbers:
                if previous is None or (p, number) > previous:
                    yield p, number

    def _allowed(self, level: int, spot: tuple[int, int], at: list[tuple[int, int] | None]) -> bool:
        """Whether wishes to be apart or together hold among those that are placed and this one."""
        if not self.coupled:
            return True
        where = {i: s for n, s in enumerate(at) if s is not None for i in self.units[n].items}
        where.update(dict.fromkeys(self.units[level].items, spot))
        mine = set(self.units[level].items)
        for group, kind in self.apart:
            if mine.intersection(group):
                placed = [where[i] if kind == "place" else where[i][0] for i in group if i in where]
                if len(set(placed)) < len(placed):
                    return False
        return all(len({where[i][0] for i in g if i in where}) <= 1 for g in self.together if mine.intersection(g))

    def _room_left(self, level: int, used: set[tuple[int, int]]) -> bool:
        """Whether the rest still fits as far as counting tells, so that the search goes into no dead end for want of places."""
        taken = [0] * len(self.pools)
        for p, _ in used:
            taken[p] += 1
        free = [max(0, pool.size - sum(pool.first <= n < pool.first + pool.size for n in pool.taken) - taken[p])
                for p, pool in enumerate(self.pools)]  # fmt: skip
        classes: dict[tuple[int, ...], int] = {}
        for unit in self.units[level:]:
            types = tuple(p for p, _ in unit.places)
            classes[types] = classes.get(types, 0) + 1
        for spare in self.problem.spare:
            types = tuple(p for p, pool in enumerate(self.pools) if _spares(spare, pool))
            classes[types] = classes.get(types, 0) + spare.places
        return distribute([(t, n) for t, n in classes.items() if n], free).stuck is None

    def _written(self, at: list[tuple[int, int] | None]) -> dict[str, tuple[str, int, int]]:
        found: dict[str, tuple[str, int, int]] = {}
        for unit, spot in zip(self.units, at, strict=True):
            assert spot is not None
            own = [self.problem.items[i] for i in unit.items]
            for item, function in zip(own, _given(own), strict=True):
                found[item.name] = (self.pools[spot[0]].name, spot[1], function)
        return {name: found[name] for name in self.names}


class _Steps:
    """How far a search may go."""

    def __init__(self, most: int) -> None:
        self.left, self.over = most, False

    def take(self) -> bool:
        self.left -= 1
        self.over |= self.left < 0
        return self.over


# ------------------------------------------------------------------------------------- what suits whom
def _sharing(problem: Problem) -> list[tuple[int, ...]]:
    """Items that share a place, by position: groups that have an item in common are one."""
    at = {item.name: n for n, item in enumerate(problem.items)}
    group = list(range(len(at)))
    for wish in problem.together:
        if wish.level == "place":
            own = {group[at[n]] for n in wish.items}
            group = [min(own) if g in own else g for g in group]
    found: dict[int, list[int]] = {}
    for n, g in enumerate(group):
        found.setdefault(g, []).append(n)
    return [tuple(items) for items in found.values()]


def _suits(problem: Problem, item: Item, pool: Pool) -> bool:
    if pool.kind not in item.accepts or (item.hotplug and not pool.hotplug):
        return False
    if item.node is not None and pool.node != item.node:
        return False
    if any(item.tag in p.tags and pool.kind not in p.kinds for p in problem.policies):
        return False
    return item.pin is None or item.pin.pool == pool.name


def _functions(own: list[Item], pool: Pool) -> bool:
    """Whether the functions of a place are enough for these, and those that are asked for differ."""
    asked = [i.pin.function for i in own if i.pin is not None and i.pin.function is not None]
    return len(own) <= max(1, pool.functions) and len(set(asked)) == len(asked) and all(f < pool.functions for f in asked)


def _given(own: list[Item]) -> list[int]:
    """The function of each: the one that it asks for, or the lowest that is left."""
    asked = [i.pin.function if i.pin is not None else None for i in own]
    rest = iter(f for f in range(len(own) + max([f or 0 for f in asked]) + 1) if f not in asked)
    return [next(rest) if f is None else f for f in asked]


def _spares(spare: Spare, pool: Pool) -> bool:
    return pool.kind in spare.kinds and (pool.hotplug or not spare.hotplug) and spare.node in (None, pool.node)


def _splits(left: tuple[int, ...], takes: tuple[int, ...], places: int) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """All ways to put some of each kind on so many places: what is left then, places used, and how many ways that is."""
    stack = [(left, 0, 1, 0)]
    while stack:
        rest, used, ways, at = stack.pop()
        if at == len(takes):
            yield rest, used, ways
            continue
        k = takes[at]
        for n in range(min(rest[k], places - used) + 1):
            fewer = (*rest[:k], rest[k] - n, *rest[k + 1 :])
            stack.append((fewer, used + n, ways * comb(places - used, n), at + 1))
