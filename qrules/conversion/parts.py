"""What is carried from one machine to another: devices with where they stood, and which of them shared a place there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qrules.machine.entities import Bus, Device, users_own
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.place.sites import functions
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Part(NamedTuple):
    """A device to carry: as it is to be written, and where it stood (None: it is new).

    `request` is its position in the new config.
    """

    request: int
    device: DeviceRequest
    stood: Device | None


def maker_of(bus: Bus) -> int | None:
    """The position of the user's device that brings a bus; None for a bus of the machine's own."""
    maker = users_own(bus.owner)
    return maker.request if maker is not None else None


# ------------------------------------------------------------------------------------- several in one place
def shares(bus: Bus, state: State) -> bool:
    """Whether several devices can share a place of a bus, as its functions."""
    return functions(bus, state) > 1


def function_of(bus: Bus, state: State, address: Mapping[str, Any]) -> int:
    """Which function of its place an address names, from 0; 0 where a place has one only."""
    scheme = bus.kind.scheme
    if scheme is None or not shares(bus, state):
        return 0
    number = address.get(scheme.dimensions[-1].name)
    return number if isinstance(number, int) else 0


def own_function(part: Part) -> bool:
    """Whether a device was a further function of its place."""
    scheme = part.stood.bus.kind.scheme if part.stood is not None and part.stood.bus is not None else None
    return bool(part.stood and scheme and len(scheme.dimensions) == 2 and part.stood.address.get(scheme.dimensions[-1].name))


def place_key(stood: Device | None) -> tuple[object, ...] | None:
    """What devices have in common that are functions of one place; None for others."""
    scheme = stood.bus.kind.scheme if stood is not None and stood.bus is not None else None
    if stood is None or stood.bus is None or scheme is None or not scheme.written or len(scheme.dimensions) != 2:
        return None
    return (stood.bus.number, stood.address.get(scheme.dimensions[0].name))


def groups_of(parts: Sequence[Part]) -> dict[tuple[object, ...] | None, list[Part]]:
    """Devices that are functions of one place, by that place."""
    found: dict[tuple[object, ...] | None, list[Part]] = {}
    for part in parts:
        key = place_key(part.stood)
        if key is not None:
            found.setdefault(key, []).append(part)
    return found
