"""What comes back. Every answer says how far it is proven."""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.solve.problem import Demand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(NamedTuple):
    """A place in a pool, and the function of it where several share it."""

    pool: str
    number: int
    function: int = 0


class Added(NamedTuple):
    """An expander that was added: where it stands. Its own pool has its name."""

    name: str
    expander: str
    place: Place
    node: int | None = None  # the NUMA node that it was given, where it can be given one


class Placement(NamedTuple):
    """Everything has its place. ``cost`` is that of the expanders added here, ``bound`` what none can beat."""

    places: Mapping[str, Place]
    added: tuple[Added, ...]
    cost: int
    bound: int

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no placement costs less."""
        return self.cost == self.bound


class Part(NamedTuple):
    """So many of these demands, whichever: they are alike. ``number`` is ``len(names)`` where all of them are meant."""

    what: str
    names: tuple[str, ...]
    number: int


class Conflict(NamedTuple):
    """Demands that cannot all be met, with the pools that they compete for and their free places.

    ``capacity``: it is a matter of counting alone (Hall's theorem): so many items, so many places and no more.
    ``minimal``: every proper subset was shown to fit. Otherwise it is a bound.
    """

    parts: tuple[Part, ...]
    pools: tuple[str, ...]
    places: int
    capacity: bool
    minimal: bool


class Correction(NamedTuple):
    """Demands to take back so that the rest fits; it was solved again. ``cheapest``: proven that no other costs less."""

    parts: tuple[Part, ...]
    cost: int
    cheapest: bool


class Infeasible(NamedTuple):
    """No placement exists. ``complete``: these are all minimal conflicts and all minimal corrections."""

    conflicts: tuple[Conflict, ...]
    corrections: tuple[Correction, ...]
    complete: bool


class Unknown(NamedTuple):
    """The search ended before it knew. ``bound``: what every placement costs at least."""

    why: str
    bound: int


def demands(parts: tuple[Part, ...]) -> tuple[Demand, ...]:
    """One set of demands that the parts stand for: the first of each."""
    return tuple(Demand(part.what, name) for part in parts for name in part.names[: part.number])
