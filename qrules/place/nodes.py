"""NUMA nodes, numbers from 0: those that a controller which could be added can be given, and the one of a bus."""

from __future__ import annotations

from qrules.explain.reasons import Reason, reason
from qrules.machine.request import Request
from qrules.place.controllers import Addition, try_controller
from qrules.place.fitting import Fitting
from qrules.place.sites import Site, Standing, node_of
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qrules.plugging.board import Outcome


class Nodes(NamedTuple):
    """By type that may be added: the wanted nodes that it can be given. `refused`: nodes that a type can't be given, and why."""

    given: Mapping[str, Sequence[int]]
    refused: Mapping[int, tuple[Reason, ...]]


def nodes(fitting: Fitting, request: Request, additions: Mapping[str, Addition], sites: list[Site]) -> Nodes:
    """Which of the nodes that are wanted the rules let be given, on the machine's own sites; what they say of the others."""
    given: dict[str, list[int]] = {}
    refused: dict[int, tuple[Reason, ...]] = {}
    for name, addition in additions.items():
        for node in fitting.nodes if addition.node else ():
            device = addition.device._replace(properties={**addition.device.properties, addition.node: node})
            tried = try_controller(fitting, len(request.devices), device, sites, True)
            if tried is not None and tried.sites:
                given.setdefault(name, []).append(node)
            elif tried is not None:
                extended = request._replace(devices=(*request.devices, device))
                refused.setdefault(node, tuple(reason(fitting.board.knowledge, r, extended) for r in tried.refusals))
    return Nodes(given, refused)


def node_where(standing: Standing, request: Request, written: Outcome) -> int | None:
    """The node of a pool; of a controller's that stands elsewhere than it was tried, the one where it stands as `written`."""
    site, maker = standing
    found = node_of(site.buses[0], site.home)
    stands = written.devices[maker] if maker is not None else None
    if found is None and stands is not None and stands.bus is not None and maker is not None:
        named = request.devices[maker].bus is not None
        found = node_of(stands.bus, written.state) if named else None
    return found


def lacking(known: Nodes, node: int | None, pools: Iterable[Standing], request: Request, written: Outcome) -> tuple[Reason, ...]:
    """Why no bus of a node is there and none can be added; empty where there is one, or nobody knows why not."""
    if node is None or node not in known.refused or any(node in given for given in known.given.values()):
        return ()
    there = {node_where(pool, request, written) for pool in pools}
    return () if node in there else known.refused[node]
