"""Devices carried from one machine to another: each to the place that it had, where the new machine has that place.

A place is a bus and an address on it. The buses of a user's controller come along with the controller. A bus of the old
machine's own stands for the new machine's bus of that name, or else for the one that the automatic choice takes there. What
held functions of one place stays together. A device that can't have its place gets the next one of that bus; one that no
place of that bus takes is left to the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qrules.conversion.parts import Part, function_of, groups_of, maker_of, own_function, place_key, shares
from qrules.linked.addresses import within
from qrules.machine.entities import Bus, Device, brings
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.state import State
from qrules.place.fitting import without_place
from qrules.place.sites import main_dimension
from qrules.plugging.board import Board, Outcome
from qrules.plugging.plug import Order, Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TRIES = 300  # places of a bus that are tried for what has to move: more than any numbered bus of a machine has


class Carried:
    """Where things stand on the new machine. Keys are positions in the new config.

    `devices` are those that stand; of these `moved` have another place than they had, `lost` stand nowhere: both with what
    speaks against their old place. `refused` are those of the lost ones that no bus and no place can help; `apart` were
    further functions of a place whose first function is not there.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.devices: dict[int, Device] = {}
        self.moved: dict[int, list[Refusal]] = {}
        self.lost: dict[int, list[Refusal]] = {}
        self.refused: set[int] = set()
        self.apart: set[int] = set()


class Carrier:
    """Carries the devices of one config. `base` is the new machine as built, `old` what stands on the old one."""

    def __init__(self, board: Board, base: State, old: Outcome, parts: Sequence[Part], fate: Mapping[int, int | None]) -> None:
        self.board, self.base, self.parts, self.fate = board, base, parts, fate
        self.old, self.old_state = old.devices, old.state
        self.carried = Carried(base.copy())
        self.plugger = Plugger(board.kinds, self.carried.state)
        self.groups = groups_of(parts)
        self._homes: dict[tuple[int, str], Bus | None] = {}

    def run(self) -> Carried:
        """The whole of it: first all that can stay, then the rest, since what stays must not lose its place to what moves."""
        waiting = [p for p in self._in_order() if not self._stay(p)]
        done: set[int] = set()
        for part in waiting:
            if part.request not in done:
                members = [m for m in self._members(part) if m.request not in self.carried.devices]
                self._move(members)
                done.update(m.request for m in members)
        return self.carried

    def _in_order(self) -> list[Part]:
        return [p for p in self.parts if not p.device.json] + [p for p in self.parts if p.device.json]

    def _members(self, part: Part) -> list[Part]:
        return self.groups.get(place_key(part.stood), [part]) if part.stood is not None else [part]

    # ------------------------------------------------------------------------------ where it was
    def bus_for(self, bus: Bus, kind: str) -> Bus | None:
        """The bus of the new machine that stands for one of the old machine, for devices on buses of a kind."""
        maker = maker_of(bus)
        if maker is None:
            return self._home(bus, kind)
        new = self.fate.get(maker)
        if new is None:  # let go: what stood behind it goes to where it stood
            gone = self.old[maker]
            return self.bus_for(gone.bus, kind) if gone is not None and gone.bus is not None else None
        stands = self.carried.devices.get(new)
        if stands is None:
            return None
        state = self.carried.state
        owned = [b for b in state.buses if kind in b.kinds and brings(stands, b)]
        return next((b for b in owned if b.nth == bus.nth), owned[0] if owned else None)

    def _home(self, bus: Bus, kind: str) -> Bus | None:
        key = (bus.number, kind)
        if key not in self._homes:
            named = [b for b in self.base.by_name.get(bus.id, ()) if kind in b.kinds]
            self._homes[key] = named[0] if named else self._automatic(kind)
        return self._homes[key]

    def _automatic(self, kind: str) -> Bus | None:
        roots = [b for b in self.base.buses if b.parent is None and not isinstance(b.owner, Device)]
        return next((b for root in roots for b in self.base.preorder(root) if kind in b.kinds and not self.base.is_full(b)), None)

    def _let_go(self, bus: Bus) -> bool:
        """Whether a bus of the old machine went with its controller, so that its addresses mean nothing any more."""
        maker = maker_of(bus)
        return maker is not None and self.fate.get(maker) is None

    def _address(self, stood: Device, bus: Bus) -> dict[str, Any] | None:
        """The address that a device had, for its new bus; None where that has no such addresses."""
        scheme = bus.kind.scheme
        before = stood.bus.kind.scheme if stood.bus is not None else None
        if scheme is None:
            return {}
        if before is None or before.names != scheme.names or (stood.bus is not None and self._let_go(stood.bus)):
            return None
        return dict(stood.address)

    def _stay(self, part: Part) -> bool:
        """Puts a device where it was; notes what speaks against it."""
        stood = part.stood
        kind = self.board.kinds.named(part.device.driver)
        if stood is None or kind is None:
            return False
        if kind.bus_kind is None:
            return self._plug(part, None, {})
        bus = self.bus_for(stood.bus, kind.bus_kind) if stood.bus is not None else None
        address = self._address(stood, bus) if bus is not None else None
        if bus is None or address is None:
            return False
        if not self._reachable(part, bus, address):
            self.carried.apart.add(part.request)
            return False
        anywhere = bus.kind.scheme is None and stood.bus is not None and maker_of(bus) is None and bus.id != stood.bus.id
        stays = self._plug(part, None if anywhere else bus, address, automatic=anywhere)
        if not stays and address:
            stays = self._there_unasked(part, bus, address)
        if stays:
            self.carried.lost.pop(part.request, None)
        return stays

    def _there_unasked(self, part: Part, bus: Bus, address: Mapping[str, Any]) -> bool:
        """Puts a device on its bus where it comes to its place only if that is not written."""
        if self._plug(part, bus, {}):
            stands = self.carried.devices[part.request]
            if dict(stands.address) == dict(address):
                return True
            self.carried.state.retract(self.carried.devices.pop(part.request))
        return False

    def _reachable(self, part: Part, bus: Bus, address: Mapping[str, Any]) -> bool:
        """Whether a further function of a place has a first one there: its own, which can stay, or the machine's."""
        if not function_of(bus, self.base, address) or self._was_alone(part):
            return True
        own = any(not function_of(bus, self.base, m.stood.address) for m in self._members(part) if m.stood is not None)
        return own is (self._holder(bus, address) is None)

    def _was_alone(self, part: Part) -> bool:
        """Whether nothing had the first function of its place on the old machine either: the user's own choice."""
        bus = part.stood.bus if part.stood is not None else None
        if part.stood is None or bus is None or bus.kind.scheme is None:
            return False
        scheme = bus.kind.scheme
        return scheme.key(bus, {**part.stood.address, scheme.dimensions[-1].name: 0}) not in self.old_state.holders

    def _holder(self, bus: Bus, address: Mapping[str, Any]) -> Device | None:
        """Who holds the first function of a place in the machine itself."""
        scheme = bus.kind.scheme
        assert scheme is not None
        first = {**address, scheme.dimensions[-1].name: 0}
        return next(iter(self.base.holders.get(scheme.key(bus, first), ())), None)

    # ------------------------------------------------------------------------------ where it goes instead
    def _move(self, members: list[Part]) -> None:
        """Finds another place of its bus for what held one place."""
        members = [m for m in members if not self._stay(m)]  # their controllers stand by now
        together = len(members) > 1 and any(not own_function(m) for m in members)
        for group in [members] if together else [[m] for m in members]:
            if group and not self._elsewhere(group):
                for part in group:
                    self._fall_back(part)

    def _elsewhere(self, group: list[Part]) -> bool:
        """Puts parts that shared a place at the next free place of their bus, all or none."""
        first = group[0]
        kind = self.board.kinds.named(first.device.driver)
        if first.stood is None or first.stood.bus is None or kind is None or kind.bus_kind is None:
            return False
        bus = self.bus_for(first.stood.bus, kind.bus_kind)
        if bus is None:
            return False
        for place in self._places(bus, first.stood.address):
            plugged: list[Part] = []
            for part in group:
                if not self._plug(part, bus, self._at(bus, place, part if len(group) > 1 else None)):
                    break
                plugged.append(part)
            if len(plugged) == len(group):
                for part in group:
                    self.carried.moved[part.request] = self.carried.lost.pop(part.request, [])
                return True
            for part in plugged:
                self.carried.state.retract(self.carried.devices.pop(part.request))
        return False

    def _at(self, bus: Bus, place: Any, part: Part | None) -> dict[str, Any]:
        """The address of a place: its first function, or for one of several the function that the part had."""
        scheme, dimension = bus.kind.scheme, main_dimension(bus)
        if scheme is None or dimension is None or place is None:
            return {}
        address = {dimension.name: place}
        if shares(bus, self.base):
            last = scheme.dimensions[-1].name
            address[last] = part.stood.address.get(last, 0) if part is not None and part.stood is not None else 0
        return address

    def _places(self, bus: Bus, before: Mapping[str, Any]) -> Iterable[Any]:
        """The places of a bus that nothing holds, the one that it had first."""
        dimension = main_dimension(bus)
        if bus.kind.scheme is None or dimension is None:
            return (None,)
        state = self.carried.state
        held = {d.address.get(dimension.name) for d in state.children[bus.number]}
        if dimension.within is None:
            every: list[Any] = list(state.points.get(bus.number, ()))
        else:
            every = list(within(dimension, new_frame(state, bus)) or ())[:_TRIES]
        own = before.get(dimension.name)
        return [v for v in ([own] if own in every else []) + [v for v in every if v != own] if v not in held]

    def _fall_back(self, part: Part) -> None:
        """What others stand on, or has no numbered place, goes where the automatic choice puts it; the rest the solver places."""
        numbered = self._numbered(part)
        if numbered and part.request not in self._makers():
            self.carried.lost.setdefault(part.request, [])
            return
        why = self.carried.lost.pop(part.request, [])
        if self._plug(part, None, {}, automatic=True):
            self.carried.moved[part.request] = why
        elif not numbered:
            self.carried.refused.add(part.request)

    def _numbered(self, part: Part) -> bool:
        kind = self.board.kinds.named(part.device.driver)
        return kind is not None and kind.bus_kind is not None and self.board.kinds.bus(kind.bus_kind).scheme is not None

    def _makers(self) -> set[int | None]:
        """The controllers that devices stood on, by their positions in the new config."""
        return {self._needed_by(part) for part in self.parts}

    def _needed_by(self, part: Part) -> int | None:
        """The controller that a device stood on, by its position in the new config."""
        maker = maker_of(part.stood.bus) if part.stood is not None and part.stood.bus is not None else None
        return self.fate.get(maker) if maker is not None else None

    # ------------------------------------------------------------------------------ plugging
    def _plug(self, part: Part, bus: Bus | None, address: Mapping[str, Any], automatic: bool = False) -> bool:
        """Plugs a device into a bus at an address; notes the first reasons against it."""
        kind = self.board.kinds.named(part.device.driver)
        assert kind is not None
        free = without_place(self.board.kinds, part.device)
        if kind.bus_kind is not None and bus is None and not automatic:
            return False
        if bus is not None and self.carried.state.is_full(bus):
            full = self.plugger.refuse("bus-full", Device(-1, kind, request=part.request), path=bus.id, name=bus.id)
            self.carried.lost.setdefault(part.request, full.refusals)
            return False
        given = dict(free.properties)
        scheme = bus.kind.scheme if bus is not None else None
        if scheme is not None and address:
            given.update({scheme.property: scheme.text(dict(address))} if scheme.written else address)
        json = part.device.json and not address
        try:
            stands = self.plugger.plug(Order(kind, given, part.device.id, bus, -1, part.request, json=json))
        except Refused as refused:
            self.carried.lost.setdefault(part.request, refused.refusals)
            return False
        self.carried.devices[part.request] = stands
        return True
