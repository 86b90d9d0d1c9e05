"""Would a running machine take a device? If not, who refuses, what free places would take it, and what is lacking.

Each place and each thing that should have been there at the start is tried on the rules before it is named.
"""

from __future__ import annotations

from qrules.explain.reasons import Reason, reason, worst
from qrules.explain.room import Slots, slots
from qrules.explain.verdicts import Placement, Verdict, asked_of, judge_outcome, judges, placement, unlooked
from qrules.machine.entities import Bus, Device
from qrules.machine.frames import SUBJECT
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.records import NamedTuple, as_dict

_MOST_PLACES = 250  # buses that are tried: each on a copy of the machine
_MOST_STARTS = 3  # ways to have had a place that are named
_MOST_RUN = 20_000  # devices that are plugged to find them; of a larger config only the first ways are tried
_MOST_TRIED = 16  # kinds of controllers that are tried for them

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal

    from qrules.explain.reasons import VerdictWord


class Place(NamedTuple):
    """A bus that takes the device now, where it would land there, and how much room the bus has. `advice` speaks against it."""

    placement: Placement
    room: Slots | None
    advice: tuple[str, ...]


class Start(NamedTuple):
    """What makes it work when it is there from the start. `kind` is device, machine or cold (the device itself)."""

    kind: Literal["device", "machine", "cold", "first"]
    text: str
    bus: str | None = None


class Added(NamedTuple):
    """One device. `layer` says who refuses: the bus, the device, the machine, or the place (as at a start).

    `first` are controllers that the running machine takes, and behind which the device then goes. Of the buses that fit `untried`
    were not tried: a machine may have thousands.
    """

    device: str
    verdict: VerdictWord
    layer: str
    reasons: tuple[Reason, ...]
    placement: Placement | None
    places: tuple[Place, ...]
    starts: tuple[Start, ...]
    first: tuple[Start, ...] = ()
    untried: int = 0


class HotPlug(NamedTuple):
    """The verdict on the start, and each device in turn; none of them where the machine does not start."""

    start: Verdict
    added: tuple[Added, ...]

    @property
    def verdict(self) -> VerdictWord:
        """That of the last device; of the start where that fails."""
        return self.added[-1].verdict if self.added else self.start.verdict

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def hotplug(board: Board, request: Request, later: tuple[DeviceRequest, ...], profiles: tuple[str, ...] = ()) -> HotPlug:
    """Adds devices in turn to a machine that was started with a config; a refused one is skipped."""
    answer, outcome = judge_outcome(board, request, profiles)
    if outcome is None or answer.verdict in ("reject", "unknown"):
        return HotPlug(answer, ())
    asked = _Question(board, request, profiles)
    added: list[Added] = []
    told = 0
    for number, device in enumerate(later):
        if rest := unlooked(board, told):
            added.append(Added(device.driver, "unknown", "", (rest._replace(hotplug=number),), None, (), ()))
            break
        added.append(asked.add(outcome.state, number, device))
        if added[-1].placement is not None:
            asked.taken.append(device)
        told += len(added[-1].reasons)
    return HotPlug(answer, tuple(added))


class _Question:
    """What stays the same for all devices. `taken` are those that were added already."""

    def __init__(self, board: Board, request: Request, profiles: tuple[str, ...]) -> None:
        self.board, self.request, self.profiles = board, request, profiles
        self.taken: list[DeviceRequest] = []
        self._left = _MOST_RUN
        self._refused: dict[str, Added] = {}  # by what was asked, since the last device that was taken

    def add(self, state: State, number: int, device: DeviceRequest) -> Added:
        """Adds a device to the running machine; the answer to one that is refused again is the same."""
        key = repr(device)
        known = self._refused.get(key)
        if known is not None:
            return known._replace(reasons=tuple(r._replace(hotplug=number) for r in known.reasons))
        found = self._add(state, number, device)
        if found.placement is not None:
            self._refused.clear()
        else:
            self._refused[key] = found
        return found

    def _add(self, state: State, number: int, device: DeviceRequest) -> Added:
        before, index = state.copy(), len(self.request.devices)
        stands, refusals = self.board.hotplug(state, index + number, device, judges(self.board.knowledge, self.profiles))
        reasons = tuple(r._replace(devices=(), hotplug=number) for r in self._reasons(refusals))
        verdict = worst([r.severity for r in reasons])
        where = placement(None, stands)._replace(hotplug=number) if stands is not None else None
        if stands is not None or verdict == "unknown":
            return Added(device.driver, verdict, "", reasons, where, (), ())
        layer = _layer(refusals, before)
        fitting = self._fitting(before, device)
        places = tuple(sorted(self._places(before, device, fitting[:_MOST_PLACES]), key=lambda p: bool(p.advice)))
        if layer != "device" and places:
            untried = max(0, len(fitting) - _MOST_PLACES)
            return Added(device.driver, verdict, layer, reasons, None, places, (), untried=untried)
        first = tuple(self._first(before, device)) if layer != "device" else ()
        return Added(device.driver, verdict, layer, reasons, None, places, tuple(self._starts(device, layer)), first)

    def _reasons(self, refusals: list[Refusal]) -> list[Reason]:
        return asked_of([reason(self.board.knowledge, r) for r in refusals], self.profiles)

    # ------------------------------------------------------------------------------ free places
    def _places(self, state: State, device: DeviceRequest, buses: list[Bus]) -> Iterator[Place]:
        """Those of some buses that take the device while the machine runs; where on them is left to the machine."""
        for bus in buses:
            tried = state.copy()
            stands, refusals = self._try(tried, device._replace(bus=bus.id), bus)
            reasons = self._reasons(refusals)
            if stands is not None and all(r.severity != "reject" for r in reasons):
                yield Place(placement(None, stands), slots(state, bus), tuple(r.message for r in reasons))

    def _fitting(self, state: State, device: DeviceRequest) -> list[Bus]:
        kind = self.board.kinds.named(device.driver)
        wanted = kind.bus_kind if kind is not None else None
        return [b for b in state.buses if wanted in b.kinds and b.get("hotplug", state)]

    def _try(self, state: State, device: DeviceRequest, bus: Bus) -> tuple[Device | None, list[Refusal]]:
        """Adds it to that very bus (several may have one name), at the address that was asked for or at a free one."""
        open_address = {n: v for n, v in device.properties.items() if bus.kind.scheme is None or n != bus.kind.scheme.property}
        for properties in (device.properties, open_address):
            stands, refusals = self.board.hotplug(state, len(self.request.devices), device._replace(properties=properties))
            if stands is not None and stands.bus is bus:
                return stands, refusals
        return None, []

    # ------------------------------------------------------------------------------ what can be added before it
    def _first(self, state: State, device: DeviceRequest) -> Iterator[Start]:
        """Controllers that the running machine takes without advice against them, and that make a bus which takes the device."""
        kind = self.board.kinds.named(device.driver)
        makers = self.board.knowledge.makers_of(kind.bus_kind) if kind is not None and kind.bus_kind is not None else ()
        found = 0
        for name in makers[:_MOST_TRIED]:
            running = state.copy()
            identity = self._free_id(state)
            more = self._added_as(state, name)
            asked = DeviceRequest(name, identity, properties=dict(p.partition("=")[::2] for p in more))
            stands, refusals = self.board.hotplug(running, len(self.request.devices), asked)
            bus = self._behind(running, device, identity) if stands is not None and not refusals else None
            if bus is not None:
                yield Start("first", ",".join((name, f"id={identity}", *more)), bus.id)
                found += 1
            if found == _MOST_STARTS:
                return

    def _behind(self, state: State, device: DeviceRequest, identity: str) -> Bus | None:
        """The first bus of a controller that takes the device while the machine runs, with nothing said against it."""
        for bus in self._fitting(state, device):
            if _under(bus, state.ids[identity]):
                stands, refusals = self._try(state.copy(), device._replace(bus=bus.id), bus)
                if stands is not None and not refusals:
                    return bus
        return None

    @staticmethod
    def _free_id(state: State) -> str:
        return next(i for n in range(1, len(state.ids) + 2) if (i := f"hp{n}") not in state.ids)

    # ------------------------------------------------------------------------------ what should have been there
    def _starts(self, device: DeviceRequest, layer: str) -> Iterator[Start]:
        if layer == "device":
            if self._starts_with(device) is not None:
                yield Start("cold", f"-device {device.driver}")
            return
        found = list(self._controllers(device))
        best = [start for start, advised in found if not advised] or [start for start, _ in found]
        yield from best[:_MOST_STARTS]
        yield from self._other_machine(device)

    def _controllers(self, device: DeviceRequest) -> Iterator[tuple[Start, bool]]:
        """Controllers that make a bus which takes the device, with whether the guideline speaks against that."""
        kind = self.board.kinds.named(device.driver)
        if kind is None or kind.bus_kind is None:
            return
        found = 0
        for name in self.board.knowledge.makers_of(kind.bus_kind)[:_MOST_TRIED]:
            tried = self._with_controller(name, device)
            if tried is not None:
                yield tried
                found += not tried[1]
            if found == _MOST_STARTS:
                return

    def _with_controller(self, name: str, device: DeviceRequest) -> tuple[Start, bool] | None:
        state = self._starts_with()
        if state is None:
            return None
        identity = self._free_id(state)
        more = self._added_as(state, name)
        state = self._starts_with(DeviceRequest(name, identity, properties=dict(p.partition("=")[::2] for p in more)))
        if state is None:
            return None
        for bus in self._fitting(state, device):
            if _under(bus, state.ids[identity]):
                stands, refusals = self._try(state.copy(), device._replace(bus=bus.id), bus)
                if stands is not None:
                    text = ",".join((f"-device {name}", f"id={identity}", *more))
                    return Start("device", text, bus.id), bool(refusals or self._advised(state, identity))
        return None

    def _advised(self, state: State, identity: str) -> bool:
        """Whether the guideline speaks against the controller itself."""
        return bool(self.board.advice(state, state.ids[identity]))

    def _added_as(self, state: State, name: str) -> list[str]:
        """The properties with which one more of a type is added, as the rules say."""
        kind = self.board.kinds.type(name)
        assert kind is not None
        said = Device(-1, kind).get("added-as", state)
        return said.split(",") if isinstance(said, str) else []

    def _starts_with(self, *more: DeviceRequest, machine: str | None = None) -> State | None:
        """The running machine, had these been on the command line; None where it does not start."""
        request = self.request._replace(devices=(*self.request.devices, *more))
        if machine is not None:
            request = request._replace(machine=machine, options={})
        facts = self.board.knowledge.machine(request.machine)
        before, self._left = self._left, self._left - len(request.devices)
        late = before < _MOST_RUN // 2 and self._left < 0  # the first ones are tried whatever the size
        if facts is None or facts.family is None or late:
            return None
        outcome = self.board.run(facts, request, judged=False)
        if outcome.refusals:
            return None
        for device in self.taken:
            self.board.hotplug(outcome.state, len(request.devices), device, judged=False)
        return outcome.state

    def _other_machine(self, device: DeviceRequest) -> Iterator[Start]:
        """The first machine of another family on which all this works, named by its alias."""
        own = self.board.knowledge.machine(self.request.machine)
        for name in self.board.knowledge.machine_names():
            facts = self.board.knowledge.machine(name)
            if facts is None or own is None or not facts.aliases or facts.family in (None, own.family):
                continue
            state = self._starts_with(machine=name)
            if state is None:
                continue
            stands, refusals = self.board.hotplug(state, len(self.request.devices), device)
            if stands is not None and not refusals:
                yield Start("machine", f"-machine {facts.aliases[0]}")
                return


def _layer(refusals: list[Refusal], state: State) -> str:
    """Who refuses: the rules' words ``hotpluggable`` of a device and ``hotplug`` of a bus tell."""
    first = refusals[0]
    device = first.frame[SUBJECT]
    if not isinstance(device, Device) or first.phase not in ("type", "hotplug", "plug"):
        return "place"
    if device.get("hotpluggable", state) is False:
        return "device"
    if first.phase == "hotplug" and device.bus is not None and not device.bus.get("hotplug", state):
        return "bus"
    return "machine" if first.phase == "hotplug" else "place"


def _under(bus: Bus, device: Device) -> bool:
    owner = bus.owner
    while isinstance(owner, Device):
        if owner is device or owner.creator is device:
            return True
        owner = owner.bus.owner if owner.bus is not None else None
    return False
