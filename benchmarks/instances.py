"""Problems that the solvers are compared on: a made-up machine whose parts behave as those of PCI Express do.

A root with shared slots, ports that pack eight to a slot and take one device each, bridges with 32 conventional slots, and
switches with room for more ports. What is named here says nothing about any real machine.
"""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.solve.problem import Expander, Item, Pin, Policy, Pool, Problem, Spare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PORT = Expander("port", frozenset({"root", "down"}), "port", cost=10, packs=True, hotplug=True)
BRIDGE = Expander("bridge", frozenset({"root", "port"}), "slots", size=32, cost=25)
SWITCH = Expander("switch", frozenset({"port"}), "down", size=32, cost=30, functions=8, nest=2)
ROOT = Pool("root", "root", 32, taken=frozenset({0, 31}), functions=8)

EXPRESS = frozenset({"port"})
CONVENTIONAL = frozenset({"slots"})
EITHER = frozenset({"root", "port", "slots"})


class Row(NamedTuple):
    """One row of the comparison."""

    name: str
    make: Callable[[], Problem]


def _items(count: int, accepts: frozenset[str], name: str = "d", **more: object) -> tuple[Item, ...]:
    return tuple(Item(f"{name}{n}", accepts, **more) for n in range(count))  # type: ignore[arg-type]


def feasible(count: int) -> Problem:
    """Half of the devices want ports, a quarter conventional slots, a quarter takes either."""
    half, quarter = count // 2, count // 4
    items = _items(half, EXPRESS, "e") + _items(quarter, CONVENTIONAL, "c") + _items(count - half - quarter, EITHER, "a")
    return Problem((ROOT,), items, (PORT, BRIDGE, SWITCH))


def slots(devices: int, places: int) -> Problem:
    """So many devices of one sort for so many places, 32 to a bus."""
    pools = tuple(Pool(f"bus{n}", "root", min(32, places - n), first=n) for n in range(0, places, 32))
    return Problem(pools, _items(devices, frozenset({"root"})))


def conventional_among(count: int) -> Problem:
    """One device that no port takes, and a policy that wants everything behind ports."""
    items = (*_items(count - 1, EITHER, "e", tag="any"), Item("odd", frozenset({"root", "slots"}), "any"))
    return Problem((ROOT,), items, (PORT, BRIDGE, SWITCH), (Policy("ports only", frozenset({"any"}), EXPRESS),))


def mixed(count: int) -> Problem:
    """Some with addresses of their own, some that wish to be unplugged, some conventional; eight ports to spare."""
    fixed = tuple(Item(f"p{n}", frozenset({"root"}), pin=Pin("root", 1 + 2 * n)) for n in range(8))
    fifth = (count - 8) // 5
    items = fixed + _items(2 * fifth, EITHER, "h", hotplug=True) + _items(fifth, CONVENTIONAL, "c")
    items += _items(count - len(items), EITHER, "a")
    return Problem((ROOT,), items, (PORT, BRIDGE, SWITCH), spare=(Spare("ports", 8, EXPRESS, hotplug=True),))


def growing(count: int) -> Problem:
    """The devices of `feasible` on a machine with enough switches for any number: four deep."""
    return feasible(count)._replace(expanders=(PORT, BRIDGE, SWITCH._replace(nest=4)))


ROWS = (
    *(Row(f"feasible, {n} devices", lambda n=n: feasible(n)) for n in (20, 100, 500, 2000)),  # type: ignore[misc]
    *(Row(f"full, {n} on {n} places", lambda n=n: slots(n, n)) for n in (32, 250)),  # type: ignore[misc]
    *(Row(f"one too many, {n} on {n - 1}", lambda n=n: slots(n, n - 1)) for n in (8, 12, 33, 250)),  # type: ignore[misc]
    Row("one conventional among 200", lambda: conventional_among(200)),
    Row("mixed: addresses, hot-plug, 200", lambda: mixed(200)),
)
