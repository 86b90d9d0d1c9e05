"""Whether a config that stands serves what was wished, and how many more devices fit onto it: asked of the machine."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.machine.entities import Bus, Device
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.place.fitting import Fitting
from qrules.place.sites import main_dimension, node_of, places
from qrules.place.wants import Wants
from qrules.plugging.board import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def serves(fitting: Fitting, wants: Wants, origin: Sequence[int | None], outcome: Outcome) -> bool:
    """Whether what stands is where it was wanted; `origin` gives the position in the config as asked of each device."""
    at = {asked: outcome.devices[n] for n, asked in enumerate(origin) if asked is not None}
    buses = {n: d.bus for n, d in at.items() if d is not None}
    for group in wants.together:
        if len({id(buses.get(n)) for n in group}) > 1:
            return False
    for group in wants.apart:
        found = [id(bus) for n in group if (bus := buses.get(n)) is not None]
        if len(found) > len(set(found)):
            return False
    if any(len({_slot(at.get(n)) for n in group}) > 1 for group in wants.functions):
        return False
    for n, node in wants.nodes.items():
        bus = buses.get(n)
        if bus is None or node_of(bus, outcome.state) != node:
            return False
    return all(
        more(fitting, outcome.state, DeviceRequest(spare.type), spare.hot, spare.places) >= spare.places for spare in wants.spare
    )


def _slot(device: Device | None) -> object:
    """The place of a device that others can share."""
    if device is None or device.bus is None:
        return None
    dimension = main_dimension(device.bus)
    return (device.bus.number, device.address.get(dimension.name) if dimension is not None else device.number)


def more(fitting: Fitting, state: State, device: DeviceRequest, hot: bool, most: int, stand: list[Device] | None = None) -> int:
    """How many devices like this one can be put onto a machine, `most` at most, one after another (`hot`: while it runs).

    `stand` gets the devices, as they stand on a machine that has all of them.
    """
    kind = fitting.board.kinds.named(device.driver)
    if kind is None or kind.bus_kind is None:
        return 0
    state, count = state.copy(), 0
    grown = True
    while grown and count < most:
        grown = False
        for bus in state.buses:  # grows while it is read
            if kind.bus_kind not in bus.kinds or (hot and not bus.get("hotplug", state)):
                continue
            # unasked as long as that works; a named place may be left over for whoever asks for it
            for value in _values(state, bus):
                if count == most or not _put(fitting, state, device, bus, value, hot):
                    continue
                count, grown = count + 1, True
                if stand is not None:
                    stand.append(next(d for d in state.children[bus.number] if d.request == len(fitting.request.devices)))
    return count


def _values(state: State, bus: Bus) -> Iterator[Any]:
    """None, for a place that is not asked for, until nothing comes that way; then the names of those that are left.

    Where nothing comes unasked at all, since the first place is none to be had, all that are free.
    """
    before, standing = len(state.children[bus.number]), -1
    while len(state.children[bus.number]) != standing:
        standing = len(state.children[bus.number])
        yield None
    dimension = main_dimension(bus)
    if dimension is not None and (dimension.within is None or standing == before):
        yield from (name for name, free in places(state, bus) if free)


def _put(fitting: Fitting, state: State, device: DeviceRequest, bus: Bus, value: Any, hot: bool) -> bool:
    """Puts one more device onto a bus, at a place or (None) wherever it gets there unasked; tells whether it stands."""
    index = len(fitting.request.devices)
    if state.is_full(bus) or fitting.put(state, index, device._replace(id=None), bus, value, None, hot):
        return False
    if not fitting.asks_advice():
        return True
    newest = next(d for d in reversed(state.devices) if d.request == index)
    if any(fitting.heeded(r) for r in fitting.board.advice(state, newest)):
        state.retract(newest)
        return False
    return True
