"""What a machine has: its buses with what they accept, their slots, and which device types it supports."""

from __future__ import annotations

from qrules.explain.reasons import RuleLine
from qrules.explain.room import Slots, slots
from qrules.explain.room import free_places as free_places  # so far asked for here
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class BusFacts(NamedTuple):
    """A bus as answers show it. `line` is where the rules say that it exists."""

    id: str
    type: str
    parent_device: str
    parent_bus: str | None
    accepted: tuple[str, ...]
    hotpluggable: bool
    slots: Slots | None
    line: RuleLine | None
    free: tuple[str, ...] = ()  # the free places, neighbours as a range

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class Holder(NamedTuple):
    """Who holds a place of a bus: what the machine brings, or a device of the config."""

    address: str
    type: str
    id: str | None
    written: bool

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class TypeFacts(NamedTuple):
    """A device type that the machine takes, and the bus that it goes to when none is named."""

    name: str
    bus: str | None
    description: str

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def machine_request(name: str, options: dict[str, object], nodefaults: bool) -> Request:
    """The question about a machine with options and nothing plugged."""
    return Request(machine=name, options=options, nodefaults=nodefaults)


def buses(board: Board, state: State) -> list[BusFacts]:
    """All buses in the order of automatic choice: from the root down, newest first."""
    return [_bus(board, state, bus) for bus in in_order(state)]


def held(board: Board, state: State) -> list[tuple[BusFacts, list[Holder]]]:
    """The buses with places that are counted, each with who holds them."""
    found = [(_bus(board, state, bus), bus) for bus in in_order(state)]
    return [(facts, holders(state, bus)) for facts, bus in found if facts.slots is not None]


def in_order(state: State) -> Iterator[Bus]:
    """The buses of a machine in the order of automatic choice: from the root down, newest first."""
    for root in state.buses:
        if not isinstance(root.owner, Device):
            yield from state.preorder(root)


def _bus(board: Board, state: State, bus: Bus) -> BusFacts:
    owner = bus.owner.kind.name if isinstance(bus.owner, Device) else ""
    return BusFacts(
        bus.id,
        bus.kind.name,
        owner,
        bus.parent.id if bus.parent is not None else None,
        tuple(accepted(board, state, bus)),
        bool(bus.get("hotplug", state)),
        slots(state, bus),
        rule_line(board, bus.origin),
        free_places(state, bus),
    )


def rule_line(board: Board, note: int) -> RuleLine | None:
    """Where the rule of a note stands; None for what the user wrote."""
    if note < 0:
        return None
    found = board.knowledge.note(note)
    return RuleLine(found.file, found.line)


def accepted(board: Board, state: State, bus: Bus) -> list[str]:
    """The device types that a bus accepts, as names that `qom-list-types implements=` takes."""
    return [name for name in bus.kind.accepted(bus, state) if _exists(board, name)]


def _exists(board: Board, name: str) -> bool:
    return board.knowledge.type_facts(name) is not None or any(
        name in facts[2] for facts in board.knowledge.shared["types"].values()
    )


def holders(state: State, bus: Bus) -> list[Holder]:
    """Who stands on a bus, by address."""
    found = [Holder(state.shown_address(d), d.kind.name, d.id, d.request is not None) for d in state.children[bus.number]]
    return sorted(found, key=lambda h: h.address)


def default_bus(state: State) -> Bus | None:
    """The bus that devices go to when none is named: the first one whose rules say ``default-bus = on``."""
    return next((bus for bus in state.buses if bus.get("default-bus", state) is True), None)


def supported(board: Board, state: State) -> list[str]:
    """What the RFC calls supported-device-types: the types that the machine's buses accept and have room for.

    By name; a rule set that wants another order gives its bus kinds a number, ``listed``.
    """
    found: dict[str, int] = {}
    for bus in state.buses:
        if not state.is_full(bus):
            listed = bus.get("listed", state)
            for name in accepted(board, state, bus):
                found.setdefault(name, listed if isinstance(listed, int) else 0)
    return sorted(found, key=lambda name: (found[name], name))


def pluggable(board: Board, request: Request) -> list[TypeFacts]:
    """The user-creatable types that find a bus on the machine, with the bus that each goes to.

    Whether a type needs more than a bus (a drive, a character device) is another question: `why` answers it.
    """
    facts = board.knowledge.machine(request.machine)
    assert facts is not None
    state, _ = board.build_machine(facts, request)
    return [found for name in _creatable(board) if (found := _finds_bus(board, state, name)) is not None]


def _creatable(board: Board) -> list[str]:
    return [name for name, facts in board.knowledge.shared["types"].items() if facts[0] == "user"]


def _finds_bus(board: Board, state: State, name: str) -> TypeFacts | None:
    plugger = Plugger(board.kinds, state)
    try:
        bus = plugger.find_bus(DeviceRequest(name), values=False)
    except Refused:
        return None
    kind = board.kinds.type(name)
    return TypeFacts(name, bus.id if bus is not None else None, kind.description if kind is not None else "")
