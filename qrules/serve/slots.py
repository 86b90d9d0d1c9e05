"""``query-device-slots``: the places of a machine, by bus, as the follow-up of the RFC wanted them in the end.

Each entry has the types that it takes (``device-types``), who stands there (``device``) or how many places are free (``count``),
whether devices may come while the machine runs, and which options of ``-device`` lead there (``opts``), all of their values.
``opts-complete`` is off where places are not numbered, so that not all of them can be listed.
"""

from __future__ import annotations

from qrules.explain.inventory import accepted, in_order
from qrules.explain.room import free_numbers, slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.machine.entities import Bus, Device
    from qrules.machine.state import State
    from qrules.plugging.board import Board


def device_slots(board: Board, state: State) -> list[dict[str, Any]]:
    """The places of a machine that stands: for each bus those that are free together, and each that is held."""
    found: list[dict[str, Any]] = []
    for bus in in_order(state):
        types = accepted(board, state, bus)
        if not types:
            continue
        common = {"device-types": types, "hotpluggable": bool(bus.get("hotplug", state))}
        free = _free(state, bus)
        if free is not None:
            found.append({**common, **free})
        if slots(state, bus) is not None:
            found += [{**common, **_held(state, bus, device)} for device in state.children[bus.number]]
    return found


def _free(state: State, bus: Bus) -> dict[str, Any] | None:
    """What is free of a bus; None where it is full."""
    if state.is_full(bus):
        return None
    named = {"option": "bus", "values": [bus.id]}
    counted, scheme = slots(state, bus), bus.kind.scheme
    if counted is None:
        return {"available": True, "opts": [named], "opts-complete": True}  # any number of devices
    if counted.free == 0:
        return None
    told: dict[str, Any] = {"available": True, "count": counted.free, "opts": [named], "opts-complete": False}
    numbers = free_numbers(state, bus)
    if scheme is not None and scheme.main is not None and len(numbers) == counted.free:
        values = [scheme.place_text(scheme.main.name, number) for number in numbers]
        option = scheme.property if scheme.written else scheme.main.name
        told |= {"opts": [named, {"option": option, "values": values}], "opts-complete": True}
    return told


def _held(state: State, bus: Bus, device: Device) -> dict[str, Any]:
    """A place with who stands there."""
    opts: list[dict[str, Any]] = [{"option": "bus", "values": [bus.id]}]
    scheme = bus.kind.scheme
    if scheme is not None and device.address:
        given = {scheme.property: scheme.text(device.address)} if scheme.written else scheme.public(device.address)
        opts += [{"option": name, "values": [value]} for name, value in given.items()]
    return {
        "available": False,
        "count": 1,
        "device": {"type": device.kind.name, **({"id": device.id} if device.id is not None else {})},
        "opts": opts,
        "opts-complete": True,
    }
