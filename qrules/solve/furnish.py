"""From a plan to a placement: every item gets its pool and number, in the order of the items within each class."""

from __future__ import annotations

from qrules.solve.answers import Place, Placement
from qrules.solve.build import Site, functions_of, put_up
from qrules.solve.flow import distribute
from qrules.solve.plan import capacities_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.solve.demands import Demands
    from qrules.solve.flow import Flow
    from qrules.solve.load import Load, Unit
    from qrules.solve.plan import Plan


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
