"""From counts to places: expanders put up one by one, numbers given out lowest first."""

from __future__ import annotations

from qrules.solve.answers import Added, Place
from qrules.solve.plan import opened_places, reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.solve.load import Load, Unit
    from qrules.solve.model import Model


class Instance:
    """A pool while it fills up."""

    __slots__ = ("free", "functions", "held", "last", "name", "next", "open", "type")

    def __init__(self, name: str, t: int, size: int, first: int, held: frozenset[int] | set[int], functions: int) -> None:
        self.name, self.type, self.held, self.functions = name, t, held, functions
        self.next, self.last = first, first + size
        self.free = size - sum(first <= n < self.last for n in held) if held else size
        self.open: list[tuple[int, int]] = []  # functions that expanders may still take, last first

    def take(self) -> int:
        """The lowest free number."""
        number = self.next
        while number in self.held:
            number += 1
        self.next = number + 1
        self.free -= 1
        return number


class Site:
    """All pools, and the expanders added so far."""

    def __init__(self, model: Model, load: Load) -> None:
        self.model = model
        self.added: list[Added] = []
        self.instances: list[Instance] = []
        self.by_type: list[list[Instance]] = [[] for _ in model.types]
        self.by_name: dict[str, Instance] = {}
        self._cursor = [0] * len(model.types)
        self._cursor_open = [0] * len(model.types)
        self._counters = [0] * len(model.problem.expanders)
        for pool in model.problem.pools:
            held = load.carved.get(pool.name)
            taken = pool.taken | held if held else pool.taken
            t = model.pool_types[pool.name]
            instance = Instance(pool.name, t, pool.size, pool.first, taken, pool.functions)
            instance.open = [(s.number, f) for s in reversed(pool.shared) for f in sorted(s.free, reverse=True)]
            self._stand(instance)

    def _stand(self, instance: Instance) -> None:
        self.instances.append(instance)
        self.by_type[instance.type].append(instance)
        self.by_name[instance.name] = instance

    def room(self, t: int) -> Instance:
        """The first pool of a type with a free place. Raises `IndexError` where none has one."""
        pools, i = self.by_type[t], self._cursor[t]
        while not pools[i].free:
            i += 1
        self._cursor[t] = i
        return pools[i]

    def _room_for_function(self, t: int) -> Instance:
        pools, i = self.by_type[t], self._cursor_open[t]
        while i < len(pools) and not pools[i].open:
            i += 1
        if i == len(pools):
            return self.room(t)
        self._cursor_open[t] = i
        return pools[i]

    def add(self, k: int, where: Instance | None = None) -> Instance:
        """One more expander by step ``k``, in the first pool that has room or the one that is given. `IndexError`: none has."""
        step = self.model.steps[k]
        expander = self.model.problem.expanders[step.expander]
        target = self.model.types[step.target]
        if step.packs:
            pool = where or self._room_for_function(step.source)
            if not pool.open:
                number = pool.take()
                pool.open = [(number, f) for f in range(pool.functions - 1, -1, -1)]
                self._cursor_open[step.source] = min(self._cursor_open[step.source], self._cursor[step.source])
            place = Place(pool.name, *pool.open.pop())
        else:
            pool = where or self.room(step.source)
            place = Place(pool.name, pool.take(), 0)
        name = self._name(step.expander, expander.name)
        self.added.append(Added(name, expander.name, place, step.node))
        instance = Instance(name, step.target, expander.size, expander.first, frozenset(), target.functions)
        self._stand(instance)
        return instance

    def _name(self, e: int, base: str) -> str:
        while True:
            self._counters[e] += 1
            name = f"{base}#{self._counters[e]}"
            if name not in self.by_name:
                return name


def put_up(site: Site, counts: Sequence[int], capacities: Sequence[int]) -> None:
    """Add so many expanders by each step. One that would take the last place of a type waits while others need it to come up."""
    model, left = site.model, list(counts)
    places, functions = list(capacities), model.functions_left[:]
    opened = opened_places(model, counts)
    while any(left):
        before = sum(left)
        for k, step in enumerate(model.steps):
            while left[k]:
                t = step.source
                opens = step.packs and not functions[t]
                uses = opens or not step.packs
                if uses and (not places[t] or (places[t] == 1 and not _may_use_last(model, k, left, places, functions, opened))):
                    break
                site.add(k)
                left[k] -= 1
                places[step.target] += step.size
                places[t] -= uses
                opened[t] = opened.get(t, 0) - opens
                if step.packs:
                    functions[t] += model.types[t].functions * opens - 1
        if sum(left) == before:
            raise AssertionError("a plan that balances can be built")


def _may_use_last(model: Model, k: int, left: list[int], places: list[int], functions: list[int], opened: dict[int, int]) -> bool:
    """Whether the steps that remain still find a place, each kind of them, when this one takes the last of its type."""
    step = model.steps[k]
    after, more, rest = places[:], functions[:], left[:]
    after[step.source] -= 1
    after[step.target] += step.size
    rest[k] -= 1
    still = dict(opened)
    if step.packs:
        more[step.source] += model.types[step.source].functions - 1
        still[step.source] -= 1
    remaining = [i for i, n in enumerate(rest) if n]
    reached = reach(model, remaining, after, more)
    for i in remaining:
        s = model.steps[i]
        if s.source not in reached and not (s.packs and more[s.source] > 0):
            return False
    return all(t in reached for t, n in still.items() if n > 0)


def functions_of(unit: Unit) -> list[int]:
    """The function of each item of a unit: those that were asked for, and the lowest that are left."""
    taken = {f for f in unit.functions if f is not None}
    found, following = [], 0
    for f in unit.functions:
        if f is None:
            while following in taken:
                following += 1
            f = following
            following += 1
        found.append(f)
    return found
