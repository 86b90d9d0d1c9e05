"""What is asked: pools with places, items that want one each, expanders that may be added, and wishes.

Kinds are labels without a meaning: a pool *is of* one kind, items and expanders *accept* some. A caller that wants to tell two
pools apart gives them different kinds. Places are never listed one by one: a pool has so many, numbered from ``first``, some
taken; whatever is left is numbered when the placement is written down, lowest first.

Everything that an asker could take back is a `Demand`: each item, its pin, its hot-plug and node wishes, each policy, apart,
together and spare. Conflicts and corrections are sets of demands. A wish counts only while its item is there.
"""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Shared(NamedTuple):
    """A place whose functions are shared by expanders, with functions still free: a slot with five of eight ports."""

    number: int
    free: tuple[int, ...]


class Pool(NamedTuple):
    """Somewhere with places that are alike, such as a bus: ``size`` places from ``first`` on, without those ``taken``."""

    name: str
    kind: str
    size: int
    first: int = 0
    taken: frozenset[int] = frozenset()  # held by what does not move
    hotplug: bool = False
    node: int | None = None
    functions: int = 1  # how many may share a place: expanders that pack, and items that wish to be together in one
    shared: tuple[Shared, ...] = ()  # taken places with room for expanders that pack
    level: int = 0  # how deep it stands, counted in expanders with a `nest`


class Pin(NamedTuple):
    """Where the asker wants an item: a pool, and perhaps a place, and perhaps a function there."""

    pool: str
    place: int | None = None
    function: int | None = None


class Item(NamedTuple):
    """Something that takes one place in a pool of a kind that it accepts.

    Items that differ in name alone are interchangeable to the solver, however many they are.
    """

    name: str
    accepts: frozenset[str]
    tag: str = ""  # what policies know it by
    hotplug: bool = False  # wishes for a pool that takes it while running
    node: int | None = None  # wishes for a pool of this NUMA node
    pin: Pin | None = None
    cost: int | None = None  # of doing without it, where the problem's own figure does not suit


class Expander(NamedTuple):
    """Something that can be added: it takes a place in a pool that it accepts and offers a pool of its own."""

    name: str
    accepts: frozenset[str]
    gives: str  # the kind of the pool that it offers
    size: int = 1
    first: int = 0  # number of the first place
    cost: int = 1
    limit: int | None = None  # how many may be added
    packs: bool = False  # several stand in one place, as many as it has functions
    hotplug: bool = False  # of the pool that it offers
    functions: int = 1  # of each place of that pool
    nodes: tuple[int, ...] = ()  # NUMA nodes that it can be given; otherwise it is on that of its place
    nest: int | None = None  # it does not go into a pool of this level or deeper, and its own is a level deeper


class Policy(NamedTuple):
    """Items with one of these tags go to pools of these kinds only."""

    name: str
    tags: frozenset[str]
    kinds: frozenset[str]
    cost: int | None = None


class Apart(NamedTuple):
    """Each of these items in a pool of its own (``level`` "pool") or at least a place of its own ("place")."""

    name: str
    items: tuple[str, ...]
    level: str = "pool"
    cost: int | None = None


class Together(NamedTuple):
    """These items in one pool, or ("place") as functions of one place: a multifunction group, a part and its companions.

    In one place is not a demand to take back but what the items are: apart from each other they would need more room.
    """

    name: str
    items: tuple[str, ...]
    level: str = "pool"
    cost: int | None = None


class Spare(NamedTuple):
    """So many places left over in pools of these kinds."""

    name: str
    places: int
    kinds: frozenset[str]
    hotplug: bool = False
    node: int | None = None
    cost: int | None = None


class Demand(NamedTuple):
    """Something that could be taken back.

    ``what`` is "item"; "pin", "hotplug" or "node" of an item; "policy", "apart", "spare", or "together" in a pool.
    """

    what: str
    name: str


COSTS: Mapping[str, int] = {
    "item": 100, "pin": 10, "hotplug": 10, "node": 10, "policy": 30, "apart": 20, "together": 20, "spare": 20,
}  # fmt: skip


class Problem(NamedTuple):
    """A whole question. Order matters where the solver may choose: earlier pools and expanders are taken first."""

    pools: tuple[Pool, ...]
    items: tuple[Item, ...]
    expanders: tuple[Expander, ...] = ()
    policies: tuple[Policy, ...] = ()
    apart: tuple[Apart, ...] = ()
    together: tuple[Together, ...] = ()
    spare: tuple[Spare, ...] = ()
    costs: Mapping[str, int] = COSTS  # of taking a demand back; an item costs at least what its wishes cost


class Mistake(ValueError):
    """The problem itself makes no sense: a name twice, a pin to a pool that is not there."""


def verify(problem: Problem) -> None:
    """Raise a `Mistake` where names are not unique or point nowhere."""
    pools = {p.name for p in problem.pools}
    items = {i.name for i in problem.items}
    _unique("pool", len(pools), len(problem.pools))
    _unique("item", len(items), len(problem.items))
    _unique("expander", len({e.name for e in problem.expanders}), len(problem.expanders))
    for item in problem.items:
        if item.pin is not None and item.pin.pool not in pools:
            raise Mistake(f"{item.name} is pinned to {item.pin.pool}, which is not there")
    groups: list[Apart | Together] = [*problem.apart, *problem.together]
    for group in groups:
        if group.level not in ("pool", "place"):
            raise Mistake(f"{group.name}: a level is pool or place, not {group.level}")
        missing = [name for name in group.items if name not in items]
        if missing:
            raise Mistake(f"{group.name} names {missing[0]}, which is not there")
    if any(e.cost < 0 or e.size < 0 for e in problem.expanders):
        raise Mistake("costs and sizes of expanders are not negative")


def _unique(what: str, distinct: int, given: int) -> None:
    if distinct != given:
        raise Mistake(f"two {what}s have the same name")
