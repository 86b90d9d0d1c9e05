"""What became possible and impossible between two machines, or between the same machines of two emulator versions."""

from __future__ import annotations

from qrules.explain import inventory
from qrules.explain.reasons import RuleLine, Source, reason
from qrules.records import NamedTuple
from qrules.topology.board import Board
from qrules.topology.plug import Plugger
from qrules.topology.refusals import Refused
from qrules.topology.request import DeviceRequest, Request
from qrules.topology.state import State


class Side(NamedTuple):
    """One of the two that are compared."""

    board: Board
    request: Request

    @property
    def name(self) -> str:
        return f"{self.request.machine} (QEMU {self.board.knowledge.version})"


class Change(NamedTuple):
    """A device type that plugs on one side only; `why` says what stands against it on the other."""

    name: str
    bus: str | None
    why: str
    line: RuleLine | None
    see: tuple[Source, ...] = ()


class Difference(NamedTuple):
    """All that differs. Buses and default devices are told as ``id (kind)`` and ``type on bus``."""

    old: str
    new: str
    possible: tuple[Change, ...]
    impossible: tuple[Change, ...]
    buses_gone: tuple[str, ...]
    buses_new: tuple[str, ...]
    defaults_gone: tuple[str, ...]
    defaults_new: tuple[str, ...]
    options_gone: tuple[str, ...]
    options_new: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not any(self[2:])


def diff(old: Side, new: Side) -> Difference:
    """Compares two machines as they are asked about."""
    was, now = _types(old), _types(new)
    states = [_state(side) for side in (old, new)]
    buses = [_buses(s) for s in states]
    defaults = [_defaults(s) for s in states]
    options = [_options(side) for side in (old, new)]
    return Difference(
        old.name,
        new.name,
        tuple(_change(name, now[name], old) for name in now if name not in was),
        tuple(_change(name, was[name], new) for name in was if name not in now),
        _only(buses[0], buses[1]),
        _only(buses[1], buses[0]),
        _only(defaults[0], defaults[1]),
        _only(defaults[1], defaults[0]),
        _only(options[0], options[1]),
        _only(options[1], options[0]),
    )


def _only(these: list[str], those: list[str]) -> tuple[str, ...]:
    """What is among these and not among those; how often counts."""
    left = list(those)
    found = []
    for each in these:
        if each in left:
            left.remove(each)
        else:
            found.append(each)
    return tuple(found)


def _types(side: Side) -> dict[str, str | None]:
    return {t.name: t.bus for t in inventory.pluggable(side.board, side.request)}


def _state(side: Side) -> State:
    facts = side.board.knowledge.machine(side.request.machine)
    assert facts is not None
    return side.board.build_machine(facts, side.request)[0]


def _buses(state: State) -> list[str]:
    return [f"{bus.id} ({bus.kind.name})" for bus in state.buses]


def _defaults(state: State) -> list[str]:
    """What the machine brings, by type and bus."""
    return [f"{d.kind.name} on {d.bus.id}" if d.bus is not None else d.kind.name for d in state.devices]


def _options(side: Side) -> list[str]:
    facts = side.board.knowledge.machine(side.request.machine)
    assert facts is not None
    return side.board.knowledge.property_names(facts.line)


def _change(name: str, bus: str | None, other: Side) -> Change:
    """Why a type does not plug on the other side."""
    knowledge = other.board.knowledge
    if knowledge.type_facts(name) is None:
        return Change(name, bus, f"QEMU {knowledge.version} has no such type", None)
    try:
        Plugger(other.board.kinds, _state(other)).find_bus(DeviceRequest(name))
    except Refused as refused:
        told = reason(knowledge, refused.refusals[0])
        return Change(name, bus, told.message, told.where, told.see)
    return Change(name, bus, "", None)
