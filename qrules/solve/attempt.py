"""One set of demands: whether it can be met, and the cheapest placement that meets it. Everything above asks only this."""

from __future__ import annotations

from qrules.solve.answers import Placement, Unknown
from qrules.solve.demands import Demands
from qrules.solve.furnish import written
from qrules.solve.load import Load
from qrules.solve.plan import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.solve.demands import Vector


def load_of(demands: Demands, vector: Vector) -> Load | None:
    """What has to be placed; None where the demands contradict each other before anything is counted."""
    plain = demands.counts(vector)
    if plain is None:
        return None
    if not demands.special:
        return Load(plain, {})
    from qrules.solve.groups import gather

    return gather(demands, vector, plain)


def attempt(demands: Demands) -> Placement | Unknown | None:
    """A placement for all demands; None if there is none."""
    load = load_of(demands, demands.full)
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
    if chosen.cost > chosen.bound:
        from qrules.solve.coupling import cheaper

        better, bound = cheaper(demands, load, chosen)
        return better or written(demands, load, chosen._replace(bound=bound))
    return written(demands, load, chosen)


def fits(demands: Demands, vector: Vector) -> bool | None:
    """Whether these demands can be met; None if the search did not say."""
    load = load_of(demands, vector)
    if load is None:
        return False
    chosen = plan(demands.model, load, cheapest=False)
    if chosen is None:
        return False
    if load.bundles:
        from qrules.solve.coupling import settle

        settled = settle(demands, load, chosen)
        return None if isinstance(settled, Unknown) else settled is not None
    return None if not chosen.steps and demands.model.steps else True
