"""Devices that stand, in an order in which they can be written down: each bus before what stands on it."""

from __future__ import annotations

from qrules.machine.entities import Device
from qrules.machine.request import DeviceRequest
from qrules.place.writing import Written
from qrules.records import NamedTuple


class Stands(NamedTuple):
    """A device that stands: its position in the config as asked (None: added), as it is written, and itself."""

    origin: int | None
    request: DeviceRequest
    device: Device


class Stepped(NamedTuple):
    """The config, and what the controllers cost that were added.

    `as_plugged` is the same in the order in which all was put down: which of several buses of a name a device gets depends on it.
    """

    written: Written
    as_plugged: Written
    cost: int


def ordered(found: list[Stands]) -> list[Stands]:
    """Added controllers, then the user's devices in their order; whatever another stands on comes before it."""
    by_device = {s.device: s for s in found}
    done: dict[Device, Stands] = {}
    for step in sorted(found, key=lambda s: -1 if s.origin is None else s.origin):
        chain: list[Stands] = []
        at: Stands | None = step
        while at is not None and at.device not in done:
            chain.append(at)
            at = _below(at.device, by_device)
        done.update({s.device: s for s in reversed(chain)})
    return list(done.values())


def _below(device: Device, known: dict[Device, Stands]) -> Stands | None:
    """What a device stands on: the nearest one of the config on the way to the root."""
    owner = device.bus.owner if device.bus is not None else None
    while isinstance(owner, Device) and owner not in known:
        owner = owner.creator or (owner.bus.owner if owner.bus is not None else None)
    return known.get(owner) if isinstance(owner, Device) else None
