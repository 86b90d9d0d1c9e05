"""What became possible and impossible between two machines, or between the same machines of two emulator versions."""

from __future__ import annotations

from qrules.explain import inventory
from qrules.explain.reasons import RuleLine, Source, reason
from qrules.explain.releases import Default, fixed
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.machine.refusals import NEEDS, Refusal
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Side(NamedTuple):
    """One of the two that are compared."""

    board: Board
    request: Request

    @property
    def name(self) -> str:
        return f"{self.request.machine} (QEMU {self.board.knowledge.version})"


class Change(NamedTuple):
    """A device type that plugs on one side only.

    `why` says what stands against it: on the side that does not take it, or as it stands on the side that has a bus for it.
    """

    name: str
    bus: str | None
    why: str
    line: RuleLine | None
    see: tuple[Source, ...] = ()


class Difference(NamedTuple):
    """All that differs. Buses and default devices are told as ``id (kind)`` and ``type on bus``.

    Each device type is tried alone and with no properties. `conditional` are those that only the new side has a bus for,
    and that it refuses as they stand: they want something more, such as a drive. `fixed` are defaults of properties that the
    two machines fix otherwise for their guests; None where QEMU does not tell them of both.
    """

    old: str
    new: str
    possible: tuple[Change, ...]
    conditional: tuple[Change, ...]
    impossible: tuple[Change, ...]
    buses_gone: tuple[str, ...]
    buses_new: tuple[str, ...]
    defaults_gone: tuple[str, ...]
    defaults_new: tuple[str, ...]
    options_gone: tuple[str, ...]
    options_new: tuple[str, ...]
    fixed: tuple[Default, ...] | None

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not any(self[2:])

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class _Alone(NamedTuple):
    """What becomes of a device type alone on a machine: `refusal` is what stands against it, `has_bus` whether one was found."""

    bus: str | None
    has_bus: bool
    refusal: Refusal | None


def diff(old: Side, new: Side) -> Difference:
    """Compares two machines as they are asked about."""
    was, now = _alone(old), _alone(new)
    states = [_state(side) for side in (old, new)]
    buses = [_buses(s) for s in states]
    defaults = [_defaults(s) for s in states]
    options = [_options(side) for side in (old, new)]
    return Difference(
        old.name,
        new.name,
        tuple(_change(name, now[name].bus, was.get(name), old) for name in now if _taken(now, name) and not _taken(was, name)),
        tuple(_change(name, now[name].bus, now[name], new) for name in now if _is_conditional(name, was, now)),
        tuple(_change(name, was[name].bus, now.get(name), new) for name in was if _is_lost(name, was, now)),
        _only(buses[0], buses[1]),
        _only(buses[1], buses[0]),
        _only(defaults[0], defaults[1]),
        _only(defaults[1], defaults[0]),
        _only(options[0], options[1]),
        _only(options[1], options[0]),
        fixed(_facts(old), _facts(new)),
    )


def _facts(side: Side) -> tuple[Knowledge, MachineFacts]:
    facts = side.board.knowledge.machine(side.request.machine)
    assert facts is not None
    return side.board.knowledge, facts


def _taken(of: Mapping[str, _Alone], name: str) -> bool:
    return name in of and of[name].refusal is None


def _found(of: Mapping[str, _Alone], name: str) -> bool:
    return name in of and of[name].has_bus


def _is_conditional(name: str, was: Mapping[str, _Alone], now: Mapping[str, _Alone]) -> bool:
    return _found(now, name) and not _taken(now, name) and not _found(was, name)


def _is_lost(name: str, was: Mapping[str, _Alone], now: Mapping[str, _Alone]) -> bool:
    return (_taken(was, name) and not _taken(now, name)) or (_found(was, name) and not _found(now, name))


def _alone(side: Side) -> dict[str, _Alone]:
    """Every user-creatable type, tried without properties."""
    board, request = side.board, side.request
    _, facts = _facts(side)
    buses = {t.name: t.bus for t in inventory.pluggable(board, request)}
    found = {}
    for name, (status, *_) in board.knowledge.shared["types"].items():
        if status == "user":
            outcome = board.run(facts, request._replace(devices=(DeviceRequest(name),)), judged=False)
            against = next((r for r in outcome.refusals if r.phase != NEEDS), None)
            found[name] = _Alone(buses.get(name), name in buses, against)
    return found


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


def _state(side: Side) -> State:
    return side.board.build_machine(_facts(side)[1], side.request)[0]


def _buses(state: State) -> list[str]:
    return [f"{bus.id} ({bus.kind.name})" for bus in state.buses]


def _defaults(state: State) -> list[str]:
    """What the machine brings, by type and bus."""
    return [f"{d.kind.name} on {d.bus.id}" if d.bus is not None else d.kind.name for d in state.devices]


def _options(side: Side) -> list[str]:
    knowledge, facts = _facts(side)
    return knowledge.property_names(facts.line)


def _change(name: str, bus: str | None, alone: _Alone | None, side: Side) -> Change:
    """What stands against a type on one side."""
    knowledge = side.board.knowledge
    if alone is None:
        return Change(name, bus, f"QEMU {knowledge.version} has no such type", None)
    assert alone.refusal is not None
    told = reason(knowledge, alone.refusal)
    return Change(name, bus, told.message, told.where, told.see)
