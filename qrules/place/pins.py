"""Pins: the places that the user wrote, and those that devices have as they are written and need not leave."""

from __future__ import annotations

from qrules.linked.domains import integer
from qrules.linked.kinds import Kinds
from qrules.machine.entities import Bus, Device, users_own
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.place.setting import Setting
from qrules.place.sites import Site, functions, main_dimension
from qrules.plugging.blame import named_after
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple
from qrules.solve.problem import Pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any


class _Home(NamedTuple):
    """Where a bus of the config as written belongs: the pool by its name, its site, and the bus's position there."""

    pool: str
    site: Site
    position: int


def written_pin(setting: Setting, index: int, device: DeviceRequest) -> Pin | None:
    """The place that the user wrote for the device at a position: a bus, or an address on it. None where none is named."""
    stands = setting.written.devices[index]
    bus = stands.bus if stands is not None else _named(setting, device)
    if bus is None or (not _addressed(bus, device) and (device.bus is None or bus.id not in device.bus)):
        return None  # no place is named, or on a bus that is not there
    home = _home_of(setting, bus)
    if home is None:
        return None
    if not _addressed(bus, device):
        return Pin(home.pool)
    value, function = _address(setting, bus, device, stands)
    meant = device.bus is None or bus.id in device.bus
    for place in home.site.positions(home.position, value):
        if meant or place not in home.site.held:
            return Pin(home.pool, place, function)
    return Pin(home.pool) if meant else None


def landing_pin(setting: Setting, index: int) -> Pin | None:
    """Where a device lands as written; None where something speaks against it, or it is to come while the machine runs."""
    stands = setting.written.devices[index]
    if stands is None or stands.bus is None or index in setting.wants.hotplug or index in setting.advised:
        return None
    home = _home_of(setting, stands.bus)
    if home is None:
        return None
    if main_dimension(stands.bus) is None:
        return Pin(home.pool)
    value, function = _address(setting, stands.bus, setting.request.devices[index], stands)
    place = next(iter(home.site.positions(home.position, value)), None)
    return None if place is None or value is None else Pin(home.pool, place, function)


def _named(setting: Setting, device: DeviceRequest) -> Bus | None:
    """The bus that a refused device names; the one that the automatic choice takes for it, where it names none."""
    if device.bus is not None:
        named = setting.written.state.by_name.get(device.bus.split("/")[-1], ())
        if named:
            return named[0]
    if device.driver not in setting.automatic:
        plugger = Plugger(setting.board.kinds, setting.written.state)
        try:
            setting.automatic[device.driver] = plugger.find_bus(device._replace(bus=None))
        except Refused:
            setting.automatic[device.driver] = None
    return setting.automatic[device.driver]


def _addressed(bus: Bus, device: DeviceRequest) -> bool:
    scheme = bus.kind.scheme
    dimension = main_dimension(bus)
    if scheme is None or dimension is None:
        return False
    return (scheme.property if scheme.written else dimension.name) in device.properties


def _address(setting: Setting, bus: Bus, device: DeviceRequest, stands: Device | None) -> tuple[Any, int | None]:
    """The number of a device's place as it stands or is written, and its function where several share a place."""
    scheme, dimension = bus.kind.scheme, main_dimension(bus)
    assert scheme is not None
    assert dimension is not None
    if stands is not None:
        address = stands.address
    elif scheme.written:
        address = scheme.parse(device.properties[scheme.property], new_frame(setting.base, bus)) or {}
    else:
        given = device.properties[dimension.name]
        address = {dimension.name: given if dimension.within is None else integer(given)}
    shares = functions(bus, setting.base) > 1
    return address.get(dimension.name), (address.get(scheme.dimensions[-1].name) or 0) if shares else None


def _home_of(setting: Setting, bus: Bus) -> _Home | None:
    """The pool that a bus of the config as written belongs to."""
    top = users_own(bus.owner)
    maker = top.request if top is not None else None
    for name in setting.pools_of.get(maker, ()):
        site = setting.owned[name].site
        for position, own in enumerate(site.buses):
            same = own.number == bus.number if maker is None else own.nth == bus.nth and own.kind is bus.kind
            if same:
                return _Home(name, site, position)
    return None


# ------------------------------------------------------------------------------------- one by one
def addressed(kinds: Kinds, device: DeviceRequest) -> bool:
    """Whether the address of a device is written."""
    kind = kinds.named(device.driver)
    scheme = kinds.bus(kind.bus_kind).scheme if kind is not None and kind.bus_kind is not None else None
    return scheme is not None and any(scheme.says(name) for name in device.properties)


def reservations(setting: Setting) -> set[tuple[str, object]]:
    """Places, by bus and number, that the user wrote for some device: no other one takes them."""
    found: set[tuple[str, object]] = set()
    for device, stands in zip(setting.request.devices, setting.written.devices, strict=True):
        if stands is not None and stands.bus is not None and addressed(setting.board.kinds, device):
            dimension = main_dimension(stands.bus)
            if dimension is not None:
                found.add((stands.bus.id, stands.address.get(dimension.name)))
    return found


def maker_named(request: Request, device: DeviceRequest, standing: Container[int]) -> int | None:
    """The position of the user's device that brings the bus which a device names, unless it stands already."""
    if device.bus is None:
        return None
    first = device.bus.lstrip("/").split("/")[0]
    for number, other in enumerate(request.devices):
        if other.id and number not in standing and (first == other.id or named_after(first, other.id)):
            return number
    return None
