"""Orders: what is to be plugged, whoever asks for it; and who may carry them out quicker."""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    from qrules.linked.kinds import Kinds
    from qrules.machine.contracts import DeviceKind, Plans
    from qrules.machine.entities import Bus, Device, Machine

    class FastPath(Protocol):
        """Plugs devices like those that were met before. It says yes, or nothing at all."""

        def plug(self, order: Order, plugger: Any) -> Device | None:
            """Plugs a device; None, with nothing changed, where it is not certain that it can be plugged.

            Raises `Refused` for a part of it that can't; parts are made by `plugger`, whose state is the same.
            """

    class Planner(Protocol):
        """Makes the plans of a machine, for those who ask many configs of it (`qrules.plans.planner`)."""

        def __call__(self, kinds: Kinds, machine: Machine, own: int) -> Plans:
            """`own`: the number of devices that the machine brings itself, which have the lowest numbers."""


class Order(NamedTuple):
    """A device to be plugged: a user's request, or a part that a machine or another device brings.

    `bus` is a bus, its name or path as written, or None for the automatic choice. `given` are properties as they are written,
    `values` typed ones. `origin` is the note of the line that brings it, -1 for a user's, whose index is `request`. `depth`
    counts how many devices made one another. `json`: values have to be of the types that JSON has.
    """

    kind: DeviceKind
    given: Mapping[str, object]
    id: str | None
    bus: Bus | str | None
    origin: int
    request: int | None = None
    creator: Device | None = None
    values: Mapping[str, object] = {}
    hotplugged: bool = False
    depth: int = 0
    json: bool = False
    wish: Device | None = None
