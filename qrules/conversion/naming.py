"""Names of buses that lead elsewhere on the new machine: a user's bus may be called like one of its own, which is found first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qrules.conversion.carrying import Carried
from qrules.conversion.parts import Part
from qrules.machine.entities import Bus, Device, brings, users_own
from qrules.machine.state import State


def hidden_makers(carried: Carried, parts: Sequence[Part]) -> list[int]:
    """The controllers, by their positions in the new config, that devices name a bus of which another one hides."""
    found = dict.fromkeys(_named_by_properties(carried.state, parts))
    for part in parts:
        stands = carried.devices.get(part.request)
        bus = stands.bus if stands is not None else None
        maker = users_own(bus.owner) if bus is not None else None
        if bus is None or maker is None or maker.request is None or part.device.bus is None or "/" in part.device.bus:
            continue
        owned = carried.state.owned.get(maker.number, ())
        if any(b.kind is bus.kind and _first(carried.state, b.id) is not b for b in owned):
            found[maker.request] = None
    return list(found)


def _named_by_properties(state: State, parts: Sequence[Part]) -> Iterator[int]:
    """The controllers of buses that properties name, where others have the same name: each property finds its own way."""
    for value in dict.fromkeys(v for part in parts for v in part.device.properties.values() if isinstance(v, str)):
        named = state.by_name.get(value, ())
        makers = [users_own(bus.owner) for bus in named]
        yield from (m.request for m in makers if len(named) > 1 and m is not None and m.request is not None)


def _first(state: State, name: str) -> Bus | None:
    """The bus that a name leads to."""
    roots = [b for b in state.buses if b.parent is None and not isinstance(b.owner, Device)]
    return next((b for root in roots for b in state.preorder(root) if b.id == name), None)


def renamed(parts: Sequence[Part], number: int, name: str, state: State) -> list[Part]:
    """The parts with another id for one of them, and for what properties of others say of it and its buses."""
    old = parts[number].device.id
    names = {old: name} if old is not None else {}
    for bus in state.buses:
        maker = users_own(bus.owner)
        if maker is not None and maker.request == number and brings(maker, bus) and old is not None and bus.id.startswith(old):
            names[bus.id] = name + bus.id[len(old) :]
    found = []
    for part in parts:
        device = part.device
        said = {key: names.get(value, value) if isinstance(value, str) else value for key, value in device.properties.items()}
        identity = name if part.request == number else device.id
        found.append(part._replace(device=device._replace(id=identity, properties=said)))
    return found
