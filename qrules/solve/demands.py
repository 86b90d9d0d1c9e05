"""Demands, counted: items that are alike share a dimension, so 250 of them are one number and not 250 questions.

A *vector* says how many of each dimension are kept. Conflicts are minimal vectors that do not fit, corrections the way down
from the full vector to a maximal one that does.
"""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.solve.model import Model
from qrules.solve.problem import COSTS, Item, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Vector = tuple[int, ...]


class Dimension(NamedTuple):
    """Demands that are alike. A wish of an item counts no further than its ``parent``, the items themselves."""

    what: str
    names: Sequence[str]
    cost: int
    parent: int | None = None


class Alike(NamedTuple):
    """Items that differ in name alone, with no pin and in no group, and at most one wish of their own."""

    accepts: frozenset[str]
    tag: str
    hotplug: bool
    node: int | None
    names: list[str]
    present: int  # dimension
    wish: int  # dimension, or -1


class Demands:
    """All demands of a problem, and what has to be placed when some of them are dropped."""

    __slots__ = ("alike", "dimensions", "full", "index", "model", "special")

    def __init__(self, model: Model) -> None:
        self.model = model
        self.dimensions: list[Dimension] = []
        self.index: dict[tuple[str, str], int] = {}  # of every demand that is alone in its dimension
        self.alike: list[Alike] = []
        self.special: list[Item] = []
        problem = model.problem
        self._items(problem)
        for what in ("policy", "apart", "together", "spare"):
            for wish in getattr(problem, "policies" if what == "policy" else what):
                if what == "together" and wish.level == "place":
                    continue  # who may share a place is what they are: without it they would need more room, not less
                self._single(what, wish.name, self._cost(what) if wish.cost is None else wish.cost)
        self.full: Vector = tuple(len(d.names) for d in self.dimensions)

    def _cost(self, what: str) -> int:
        return self.model.problem.costs.get(what, COSTS[what])

    def _single(self, what: str, name: str, cost: int, parent: int | None = None) -> int:
        self.index[what, name] = len(self.dimensions)
        self.dimensions.append(Dimension(what, (name,), cost, parent))
        return len(self.dimensions) - 1

    def _items(self, problem: Problem) -> None:
        coupled = {name for names in [g.items for g in problem.apart] + [g.items for g in problem.together] for name in names}
        groups: dict[object, list[str]] = {}
        for item in problem.items:
            name, accepts, tag, hotplug, node, pin, cost = item
            if pin is not None or (hotplug and node is not None) or name in coupled:
                self.special.append(item)
                continue
            key = (accepts, tag, hotplug, node, cost)
            names = groups.get(key)
            if names is None:
                names = groups[key] = []
                wish = "hotplug" if hotplug else "node" if node is not None else None
                present = len(self.dimensions)
                self.dimensions.append(Dimension("item", names, 0))
                own = self._cost("item") if cost is None else cost
                if wish:
                    self.dimensions.append(Dimension(wish, names, self._cost(wish), present))
                    own = max(own, self._cost(wish))
                self.dimensions[present] = Dimension("item", names, own)
                self.alike.append(Alike(accepts, tag, hotplug, node, names, present, present + 1 if wish else -1))
            names.append(name)
        for item in self.special:
            wishes = [w for w, given in (("pin", item.pin), ("node", item.node)) if given is not None]
            wishes += ["hotplug"] if item.hotplug else []
            own = self._cost("item") if item.cost is None else item.cost
            parent = self._single("item", item.name, max(own, sum(map(self._cost, wishes))))
            for what in wishes:
                self._single(what, item.name, self._cost(what), parent)

    def normal(self, vector: Sequence[int]) -> Vector:
        """The same demands, without wishes of items that are gone."""
        found = list(vector)
        for i, d in enumerate(self.dimensions):
            if d.parent is not None and found[i] > found[d.parent]:
                found[i] = found[d.parent]
        return tuple(found)

    def cost(self, vector: Vector) -> int:
        """What it costs to go from all demands to these. A wish of an item that is dropped costs nothing more."""
        total = 0
        for i, d in enumerate(self.dimensions):
            top = self.full[i] if d.parent is None else vector[d.parent]
            total += (top - vector[i]) * d.cost
        return total

    def kinds(self, vector: Vector, accepts: frozenset[str], tag: str) -> frozenset[str]:
        """The kinds of pools left to an item by the policies that are kept."""
        for policy in self.model.problem.policies:
            if tag in policy.tags and vector[self.index["policy", policy.name]]:
                accepts = accepts & policy.kinds
        return accepts

    def counts(self, vector: Vector) -> dict[tuple[int, ...], int] | None:
        """How many places in which types the items that are alike and the spare ones need; None where no type suits somebody."""
        plain: dict[tuple[int, ...], int] = {}
        types_for, spare = self.model.types_for, self.model.problem.spare

        def add(types: tuple[int, ...], count: int) -> bool:
            if count:
                plain[types] = plain.get(types, 0) + count
            return bool(types) or not count

        for a in self.alike:
            kinds = self.kinds(vector, a.accepts, a.tag)
            present = vector[a.present]
            wishing = min(present, vector[a.wish]) if a.wish >= 0 else 0
            if not add(types_for(kinds, a.hotplug, a.node), wishing):
                return None
            if not add(types_for(kinds, False, None), present - wishing):
                return None
        for s in spare:
            if vector[self.index["spare", s.name]] and not add(types_for(s.kinds, s.hotplug, s.node), s.places):
                return None
        return plain
