"""How a device that was placed is written: with an id that nothing has, and pinned to where it stands."""

from __future__ import annotations

from qrules.machine.entities import Bus, Device
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.place.sites import main_dimension, written_at


def fresh_id(ids: set[str], stem: str, first: int) -> str:
    """An id that nothing has, the text with the next number; it is noted in `ids`."""
    number = first
    while f"{stem}{number}" in ids:
        number += 1
    ids.add(f"{stem}{number}")
    return f"{stem}{number}"


def pinned(device: DeviceRequest, stands: Device, state: State, bus: Bus | None = None) -> DeviceRequest:
    """A device as one writes it that is to stand where it stands, or on another `bus` at the address that it has."""
    bus = bus or stands.bus
    if bus is None:
        return device
    dimension, scheme = main_dimension(bus), bus.kind.scheme
    if dimension is None or scheme is None:
        return device._replace(bus=bus.id) if state.by_name.get(bus.id) else device
    given = dict(device.properties)
    value = stands.address.get(dimension.name)
    if scheme.written and stands.address:
        given[scheme.property] = scheme.text(stands.address)
    elif value is not None:
        given.update(written_at(bus, state, value))
    return device._replace(bus=bus.id, properties=given)
