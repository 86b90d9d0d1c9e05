"""What is asked besides the config itself."""

from __future__ import annotations

from qrules.machine.request import DeviceRequest
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Wants(NamedTuple):
    """Positions are those of the request's devices.

    `hotplug`: devices that are to come while the machine runs, so that their places have to take that. `apart` and
    `together`: groups of devices that want buses of their own, or one bus; `functions`: groups that want to be functions
    of one place. `nodes`: the NUMA node (from 0) whose bus a device wants. `spare`: for a device type, so many places to
    be left over (`hot`: that take it while the machine runs). `profiles`: those that are heeded (none: all).
    """

    hotplug: frozenset[int] = frozenset()
    apart: tuple[tuple[int, ...], ...] = ()
    together: tuple[tuple[int, ...], ...] = ()
    spare: tuple[Spare, ...] = ()
    functions: tuple[tuple[int, ...], ...] = ()
    nodes: Mapping[int, int] = {}
    profiles: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether something is wanted that a config which stands as written may not give."""
        return any(self[:-1])


class Spare(NamedTuple):
    """Places to be left over for devices of a type, with the properties `given`."""

    type: str
    places: int
    hot: bool = False
    given: Mapping[str, object] = {}

    @property
    def device(self) -> DeviceRequest:
        """One such device."""
        return DeviceRequest(self.type, properties=dict(self.given))
