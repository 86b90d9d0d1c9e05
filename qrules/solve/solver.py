"""The questions: `place`, `fits`, `room_for`. Conflicts and corrections are in `conflicts`, all placements in `count`.

answer = place(problem)                        # Placement, Infeasible or Unknown
answer = place(larger, earlier=answer)         # nothing that has a place moves
"""

from __future__ import annotations

from qrules.solve.answers import Infeasible, Place, Placement, Unknown
from qrules.solve.build import Site, functions_of, put_up
from qrules.solve.demands import Demands
from qrules.solve.flow import distribute
from qrules.solve.model import Model
from qrules.solve.plan import capacities_after, plan
from qrules.solve.problem import Item, Problem, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.solve.demands import Load, Unit, Vector
    from qrules.solve.flow import Flow
    from qrules.solve.plan import Plan

LIMIT = 20  # conflicts and corrections that are told


def place(problem: Problem, earlier: Placement | None = None, limit: int = LIMIT) -> Placement | Infeasible | Unknown:
    """A place for every item with the cheapest expanders added; otherwise the conflicts, ``limit`` of them at most.

    With an ``earlier`` placement everything that has a place keeps it, and its expanders stand and cost nothing more.
    """
    verify(problem)
    if earlier is not None:
        from qrules.solve.stable import continued

        return continued(problem, earlier, limit)
    demands = Demands(Model(problem))
    found = attempt(demands)
    if found is not None:
        return found
    from qrules.solve.conflicts import explain

    return explain(demands, limit)


def attempt(demands: Demands) -> Placement | Unknown | None:
    """A placement for all demands; None if there is none."""
    load = demands.load(demands.full)
    if load is None:
        return None
    chosen = plan(demands.model, load)
    if chosen is None:
        return None
    if load.bundles:
        from qrules.solve.coupling import settle

        return settle(demands, load, chosen)
    if not chosen.steps and demands.model.steps:
        return Unknown("the search for the fewest expanders ended before it found any", chosen.bound)
    return written(demands, load, chosen)


def fits(demands: Demands, vector: Vector) -> bool | None:
    """Whether these demands can be met; None if the search did not say."""
    load = demands.load(vector)
    if load is None:
        return False
    chosen = plan(demands.model, load, cheapest=False)
    if chosen is None:
        return False
    if load.bundles:
        from qrules.solve.coupling import settle

        settled = settle(demands, load, chosen, cheapest=False)
        return None if isinstance(settled, Unknown) else settled is not None
    return None if not chosen.steps and demands.model.steps else True


def written(demands: Demands, load: Load, chosen: Plan) -> Placement:
    """A plan, written down place by place."""
    model = demands.model
    capacities = model.carved(load.carved)
    site = Site(model, load)
    put_up(site, chosen.steps, capacities)
    flow = distribute(list(load.plain.items()), capacities_after(model, capacities, chosen.steps))
    assert flow.stuck is None
    return furnish(demands, load, site, flow, {}, chosen)


def furnish(demands: Demands, load: Load, site: Site, flow: Flow, coupled: dict[str, Place], chosen: Plan) -> Placement:
    """Give every item its number, in the order of the items within each class."""
    places: dict[str, Place] = dict(coupled)
    for unit, name, number in load.pinned:
        seat(places, unit, name, number)
    members = _members(demands, load)
    for (types, _), amounts in zip(load.plain.items(), flow.amounts, strict=True):
        waiting = iter(members.get(types, ()))
        for t in types:
            for _ in range(amounts.get(t, 0)):
                member = next(waiting, None)
                if member is None:
                    break  # what is left over is spare
                pool = site.room(t)
                if isinstance(member, str):
                    places[member] = Place(pool.name, pool.take(), 0)
                else:
                    seat(places, member, pool.name, pool.take())
    return Placement(places, tuple(site.added), chosen.cost, chosen.bound)


def seat(places: dict[str, Place], unit: Unit, pool: str, number: int) -> None:
    """One place for a unit, a function for each of its items."""
    for name, function in zip(unit.names, functions_of(unit), strict=True):
        places[name] = Place(pool, number, function)


def _members(demands: Demands, load: Load) -> dict[tuple[int, ...], list[str | Unit]]:
    """Who stands behind the counts of each class."""
    model, full = demands.model, demands.full
    found: dict[tuple[int, ...], list[str | Unit]] = {}
    for a in demands.alike:
        types = model.types_for(demands.kinds(full, a.accepts, a.tag), a.hotplug, a.node)
        found.setdefault(types, []).extend(a.names)
    for unit, types in load.loose:
        found.setdefault(types, []).append(unit)
    return found


def room_for(problem: Problem, item: Item, expand: bool = True, ceiling: int = 1 << 20) -> int | None:
    """How many more items like this one fit; None for ``ceiling`` or more. Without ``expand`` nothing is added for them.

    Everything else may move: it is what the machine could hold. For what it holds without moving anything, ask with the
    problem that `stable.continued` makes (`stable.standing`).
    """
    if not expand:
        problem = problem._replace(expanders=())

    def enough(n: int) -> bool:
        from qrules.solve.problem import Spare

        extra = Spare("more of these", n, _kinds(problem, item), item.hotplug, item.node)
        demands = Demands(Model(problem._replace(spare=(*problem.spare, extra))))
        return bool(fits(demands, demands.full))

    if not enough(0):
        return 0
    low, high = 0, 1
    while high < ceiling and enough(high):
        low, high = high, 2 * high
    if high >= ceiling:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low


def _kinds(problem: Problem, item: Item) -> frozenset[str]:
    kinds = item.accepts
    for policy in problem.policies:
        if item.tag in policy.tags:
            kinds = kinds & policy.kinds
    return kinds
