"""What couples items beyond counting: bundles in one pool, and groups kept apart. The small rest that needs search.

First the pools that the cheapest plan gives: if bundles can be spread over them, the plan's bound proves that nothing is
cheaper. Otherwise sets of expanders in the order of their cost, each in each place, until one works: the first is the
cheapest. Where the sets become too many, the plan with some more expanders is tried, and what comes out is only bounded.
"""

from __future__ import annotations

from heapq import heappop, heappush

from qrules.solve.answers import Place, Placement, Unknown
from qrules.solve.build import Site, put_up
from qrules.solve.flow import distribute
from qrules.solve.furnish import furnish, seat
from qrules.solve.plan import Plan
from qrules.solve.search import GaveUp, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.solve.build import Instance
    from qrules.solve.demands import Demands
    from qrules.solve.load import Load

    Config = tuple[tuple[int, int], ...]  # steps and the number of the pool that each stands in

SETS = 1500  # of expanders that are tried before the answer is only a bound
SMALL = 64  # pools, up to which a plan is bettered that was not proven
FEW = 600  # of them that are tried to better a plan


def settle(demands: Demands, load: Load, chosen: Plan) -> Placement | Unknown | None:
    """A placement with its couplings; None where every way was tried. `chosen` is the plan that heeds none of them."""
    gave_up = False
    if chosen.steps or not demands.model.steps:
        try:
            found = _try(demands, load, _planned(demands, load, chosen), chosen.cost, chosen.bound)
        except GaveUp:
            found, gave_up = None, True
        if found is not None:
            return found
        if not demands.model.steps:
            return Unknown("the search for a spread over the pools was ended", chosen.bound) if gave_up else None
    return _cheapest_set(demands, load, chosen, gave_up)


def _planned(demands: Demands, load: Load, chosen: Plan) -> Site:
    site = Site(demands.model, load)
    put_up(site, chosen.steps, demands.model.carved(load.carved))
    return site


def _cheapest_set(demands: Demands, load: Load, chosen: Plan, gave_up: bool) -> Placement | Unknown | None:
    """Sets of expanders by cost. One that holds nothing is never needed, which bounds how many can be."""
    most = len(demands.model.types) * (sum(load.plain.values()) + sum(max(1, b.weight) for b in load.bundles))
    tried = 0
    cut = False
    for cost, config in _sets(demands, load, most):
        tried += 1
        if tried > SETS:
            cut = True
            break
        if cost < chosen.bound:
            continue
        try:
            found = _try(demands, load, _site(demands, load, config), cost, cost if not gave_up else chosen.bound)
        except GaveUp:
            gave_up = True
            continue
        if found is not None:
            return found
    if not (cut or gave_up):
        return None
    return _more(demands, load, chosen) or Unknown("more sets of expanders than could be tried", chosen.bound)


def cheaper(demands: Demands, load: Load, chosen: Plan) -> tuple[Placement | None, int]:
    """A set of expanders that costs less than a plan which was not proven the cheapest, if there is one; and what none can beat.

    Nothing of the load is coupled. All sets that cost less are tried, as long as these are few.
    """
    most = len(demands.model.types) * sum(load.plain.values())
    bound = chosen.bound
    if len(demands.model.problem.pools) > SMALL:
        return None, bound
    for tried, (cost, config) in enumerate(_sets(demands, load, most)):
        if cost >= chosen.cost:
            return None, chosen.cost
        if tried == FEW:
            return None, bound
        bound = max(bound, cost)  # they come by cost: all below were tried
        site = _site(demands, load, config)
        flow = distribute(list(load.plain.items()), free_by_type(site.instances, len(demands.model.types)))
        if flow.stuck is None:
            return furnish(demands, load, site, flow, {}, Plan((), cost, cost, True)), cost
    return None, chosen.cost


def _more(demands: Demands, load: Load, chosen: Plan) -> Placement | None:
    """The plan with one to three more of some expander: a placement, not proven cheapest."""
    model = demands.model
    if not chosen.steps:
        return None
    for extra in range(1, 4):
        for k, step in enumerate(model.steps):
            site = _planned(demands, load, chosen)
            expander = model.problem.expanders[step.expander]
            there = sum(a.expander == expander.name for a in site.added)
            if expander.limit is not None and there + extra > expander.limit:
                continue
            try:
                for _ in range(extra):
                    site.add(k)
                found = _try(demands, load, site, chosen.cost + extra * expander.cost, chosen.bound)
            except (GaveUp, IndexError):  # no room for it
                continue
            if found is not None:
                return found
    return None


def _sets(demands: Demands, load: Load, most: int) -> Iterator[tuple[int, Config]]:
    """All sets of expanders, cheapest first; sets that look the same once."""
    expanders = demands.model.problem.expanders
    heap: list[tuple[int, int, int, Config]] = [(0, 0, 0, ())]
    seen: set[object] = set()
    number = 0
    while heap:
        cost, count, _, config = heappop(heap)
        yield cost, config
        if count >= most:
            continue
        site = _site(demands, load, config)
        used = [0] * len(expanders)
        for k, _ in config:
            used[demands.model.steps[k].expander] += 1
        for k, step in enumerate(demands.model.steps):
            expander = expanders[step.expander]
            if expander.limit is not None and used[step.expander] >= expander.limit:
                continue
            for i, instance in enumerate(site.instances):
                if instance.type == step.source and (instance.free or (step.packs and instance.open)):
                    fresh = (*config, (k, i))
                    shape = _shape(fresh, len(demands.model.pools))
                    if shape not in seen:
                        seen.add(shape)
                        number += 1
                        heappush(heap, (cost + expander.cost, count + 1, number, fresh))


def _shape(config: Config, pools: int) -> object:
    """The same for sets that differ only in the order in which they were put up."""
    below: list[list[object]] = [[] for _ in range(pools + len(config))]
    for n in range(len(config) - 1, -1, -1):
        k, i = config[n]
        below[i].append((k, tuple(sorted(below[pools + n], key=repr))))
    return tuple(tuple(sorted(b, key=repr)) for b in below[:pools])


def _site(demands: Demands, load: Load, config: Config) -> Site:
    site = Site(demands.model, load)
    for k, i in config:
        site.add(k, site.instances[i])
    return site


def _try(demands: Demands, load: Load, site: Site, cost: int, bound: int) -> Placement | None:
    """Spread the bundles over the pools of this site, and the rest around them."""
    chosen = assign(load, site)
    if chosen is None:
        return None
    places: dict[str, Place] = {}
    for bundle, instance in chosen:
        for unit in bundle.units:
            seat(places, unit, instance.name, instance.take())
    flow = distribute(list(load.plain.items()), free_by_type(site.instances, len(demands.model.types)))
    return furnish(demands, load, site, flow, places, Plan((), cost, bound, True))


def free_by_type(instances: list[Instance], count: int) -> list[int]:
    """Places left, by type."""
    left = [0] * count
    for instance in instances:
        left[instance.type] += instance.free
    return left
