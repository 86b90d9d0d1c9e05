"""Items that are not like others: pinned, in one place with others, in one pool with others, kept apart."""

from __future__ import annotations

from qrules.solve.load import Bundle, Load, Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.solve.demands import Demands, Vector
    from qrules.solve.model import Model
    from qrules.solve.problem import Item


class _Sets:
    """Union-find with paths halved (Tarjan and van Leeuwen, JACM 31, 1984); the earliest member speaks for its set."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))

    def find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = i = self.parent[self.parent[i]]
        return i

    def join(self, members: list[int]) -> None:
        for other in members[1:]:
            a, b = sorted((self.find(members[0]), self.find(other)))
            self.parent[b] = a

    def lists(self, members: list[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for i in members:
            found.setdefault(self.find(i), []).append(i)
        return found


class _Unit:
    """A unit while it is put together: what its items ask for, all at once."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.functions: list[int | None] = []
        self.kinds: frozenset[str] | None = None
        self.hotplug = False
        self.node: int | None = None
        self.pool: str | None = None
        self.place: int | None = None
        self.bad = False

    def ask(self, demands: Demands, vector: Vector, item: Item) -> None:
        index, name = demands.index, item.name
        kinds = demands.kinds(vector, item.accepts, item.tag)
        self.kinds = kinds if self.kinds is None else self.kinds & kinds
        self.names.append(name)
        function = None
        if item.hotplug and vector[index["hotplug", name]]:
            self.hotplug = True
        if item.node is not None and vector[index["node", name]]:
            self.bad |= self.node not in (None, item.node)
            self.node = item.node
        if item.pin is not None and vector[index["pin", name]]:
            pool, place, function = item.pin
            self.bad |= self.pool not in (None, pool)
            self.pool = pool
            if place is not None:
                self.bad |= self.place not in (None, place)
                self.place = place
        self.functions.append(function)

    def fits_pin(self, demands: Demands) -> bool:
        """Whether the pool that the pins name suits."""
        assert self.pool is not None
        assert self.kinds is not None
        pool = demands.model.pools[self.pool]
        given = [f for f in self.functions if f is not None]
        return (
            pool.kind in self.kinds
            and (pool.hotplug or not self.hotplug)
            and self.node in (None, pool.node)
            and len(self.names) <= pool.functions
            and len(set(given)) == len(given)
            and all(0 <= f < pool.functions for f in given)
            and (
                self.place is None
                or (pool.first <= self.place < pool.first + pool.size and self.place not in pool.taken)
            )
        )  # fmt: skip

    def done(self) -> Unit:
        return Unit(tuple(self.names), tuple(self.functions))


class _Wishes:
    """Which of the special items that are kept share a place or a pool, and which must not."""

    def __init__(self, demands: Demands, vector: Vector) -> None:
        problem, index = demands.model.problem, demands.index
        self.items = [item for item in demands.special if vector[index["item", item.name]]]
        self.number = {item.name: i for i, item in enumerate(self.items)}
        self.in_place, self.in_pool = _Sets(len(self.items)), _Sets(len(self.items))
        for group in problem.together:
            if group.level == "place" or vector[index["together", group.name]]:
                members = [self.number[n] for n in group.items if n in self.number]
                self.in_pool.join(members)
                if group.level == "place":
                    self.in_place.join(members)
        self.kept_apart = [g for g in problem.apart if vector[index["apart", g.name]]]

    def units(self, demands: Demands, vector: Vector) -> dict[int, _Unit]:
        """Items that share a place are one unit; by the first of them."""
        units: dict[int, _Unit] = {}
        for i, item in enumerate(self.items):
            units.setdefault(self.in_place.find(i), _Unit()).ask(demands, vector, item)
        return units

    def apart(self) -> dict[int, list[int]] | None:
        """The groups that keep a bundle away from others, by its first item; None where two of a group are together."""
        groups: dict[int, list[int]] = {}
        for n, wish in enumerate(self.kept_apart):
            members = [self.number[name] for name in wish.items if name in self.number]
            sets = self.in_pool if wish.level == "pool" else self.in_place
            if len({sets.find(i) for i in members}) < len(set(members)):
                return None
            if wish.level == "pool":
                for i in members:
                    groups.setdefault(self.in_pool.find(i), []).append(n)
        return groups


def gather(demands: Demands, vector: Vector, plain: dict[tuple[int, ...], int]) -> Load | None:
    """Units and bundles of the special items that are kept; None where they contradict each other.

    `plain` are the counts of what is alike; units that nothing couples are counted there too.
    """
    wishes = _Wishes(demands, vector)
    units = wishes.units(demands, vector)
    groups = wishes.apart()
    if groups is None:
        return None
    carved: dict[str, set[int]] = {}
    pinned: list[tuple[Unit, str, int]] = []
    bundles: list[Bundle] = []
    loose: list[tuple[Unit, tuple[int, ...]]] = []
    for root, members in wishes.in_pool.lists(list(units)).items():
        own = [units[i] for i in members]
        if any(u.bad or (u.pool is not None and not u.fits_pin(demands)) for u in own):
            return None
        pools = {u.pool for u in own if u.pool is not None}
        free = _pin_down(own, carved, pinned)
        if len(pools) > 1 or free is None:
            return None
        fixed = min(pools) if pools else None
        suiting = [_types(demands.model, u, fixed) for u in free]
        types = tuple(t for t in suiting[0] if all(t in s for s in suiting)) if suiting else ()
        if free and not types:
            return None
        apart = tuple(dict.fromkeys(groups.get(root, ())))
        if len(free) == 1 and not apart and (fixed is None or len(own) == 1):
            plain[types] = plain.get(types, 0) + 1
            loose.append((free[0].done(), types))
        elif free or apart:
            bundles.append(Bundle(tuple(u.done() for u in free), types, fixed, apart))
    return Load(plain, carved, pinned, bundles, loose)


def _pin_down(own: list[_Unit], carved: dict[str, set[int]], pinned: list[tuple[Unit, str, int]]) -> list[_Unit] | None:
    """Gives pinned units their places, and returns those without one; None where a place is taken twice."""
    free = []
    for u in own:
        if u.pool is None or u.place is None:
            free.append(u)
        elif u.place in carved.setdefault(u.pool, set()):
            return None
        else:
            carved[u.pool].add(u.place)
            pinned.append((u.done(), u.pool, u.place))
    return free


def _types(model: Model, unit: _Unit, fixed: str | None) -> tuple[int, ...]:
    """The types that suit a unit that has no place yet."""
    assert unit.kinds is not None
    types = model.types_for(unit.kinds, unit.hotplug, unit.node, None, len(unit.names))
    return types if fixed is None else tuple(t for t in types if t == model.pool_types[fixed])
