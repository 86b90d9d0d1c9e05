"""Whether a config that stands serves what was wished, and how many more devices fit onto it: asked of the machine."""

from __future__ import annotations

from itertools import islice

from qrules.explain.reasons import Reason, reason
from qrules.linked.fills import applying
from qrules.machine.entities import Bus, Device
from qrules.machine.frames import SUBJECT, new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.place.fitting import Fitting
from qrules.place.pinning import fresh_id
from qrules.place.sites import main_dimension, node_of, places
from qrules.place.wants import Wants
from qrules.plugging.board import Outcome
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from qrules.place.setting import Setting


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
    return all(more(fitting, outcome.state, spare.device, spare.hot, spare.places) >= spare.places for spare in wants.spare)


def _slot(device: Device | None) -> object:
    """The place of a device that others can share."""
    if device is None or device.bus is None:
        return None
    dimension = main_dimension(device.bus)
    return (device.bus.number, device.address.get(dimension.name) if dimension is not None else device.number)


_WRITTEN = 512  # numbers that are tried where any number may be written


class Put(NamedTuple):
    """A device that was put onto a machine, and the bus as one has to write it; None where it lands there unasked alone.

    `placed`: its address has to be written, too.
    """

    device: Device
    bus: str | None
    placed: bool


def more(
    fitting: Fitting,
    state: State,
    device: DeviceRequest,
    hot: bool,
    most: int,
    stand: list[Put] | None = None,
    told: dict[str, Reason] | None = None,
) -> int:
    """How many devices like this one can be put onto a machine, `most` at most, one after another (`hot`: while it runs).

    Each on a bus that can be written down, at last those that land on another one unasked, as all do that stand on no bus.
    `stand` gets the devices, as they stand on a machine that has all of them; `told` what was said against one more, by its rule.
    """
    kind = fitting.board.kinds.named(device.driver)
    if kind is None:
        return 0
    state, count = state.copy(), 0
    grown = True
    while grown and count < most:
        grown = False
        for bus in (*state.buses, None):
            if bus is not None and (kind.bus_kind not in bus.kinds or (hot and not bus.get("hotplug", state))):
                continue
            name = written_as(fitting, state, device, bus) if bus is not None else None
            if bus is not None and name is None:
                continue
            # unasked as long as that works; a named place may be left over for whoever asks for it
            for value in _values(state, bus) if bus is not None else _unasked(state):
                placed = _put(fitting, state, device, bus, value, hot, told) if count < most else None
                if placed is None:
                    continue
                count, grown = count + 1, True
                if stand is not None:
                    stand.append(Put(placed, name, value is not None))
    return count


def written_as(fitting: Fitting, state: State, device: DeviceRequest, bus: Bus) -> str | None:
    """What one writes for a bus: its name, or where another one has that, the way to it; None where nothing leads to it."""
    if len(state.by_name.get(bus.id, ())) == 1:
        return bus.id
    plugger, owner = Plugger(fitting.board.kinds, state, told=True), bus.owner
    above = owner.bus if isinstance(owner, Device) else None
    path = [f"{above.id}/{owner.id or owner.kind.name}"] if above is not None and isinstance(owner, Device) else []
    for text in (bus.id, *path, *(f"{p}/{bus.id}" for p in path)):
        try:
            if plugger.find_bus(device._replace(bus=text), values=False) is bus:
                return text
        except Refused:
            continue
    return None


def _unasked(state: State) -> Iterator[None]:
    """None, as long as each time one more device came."""
    standing = -1
    while len(state.devices) != standing:
        standing = len(state.devices)
        yield None


def _values(state: State, bus: Bus) -> Iterator[Any]:
    """None, for a place that is not asked for, until nothing comes that way; then the names of those that are left.

    Where nothing comes unasked at all, since the first place is none to be had, all that are free; and where numbers count on,
    those that are left behind.
    """
    before, standing = len(state.children[bus.number]), -1
    while len(state.children[bus.number]) != standing:
        standing = len(state.children[bus.number])
        yield None
    dimension = main_dimension(bus)
    if dimension is None:
        return
    step = applying(dimension.fill, new_frame(state, bus))
    counts_on = step is not None and step.how == "next"
    if dimension.within is None or standing == before or counts_on:
        yield from islice((name for name, free in places(state, bus) if free), _WRITTEN if counts_on else None)


def _put(
    fitting: Fitting,
    state: State,
    device: DeviceRequest,
    bus: Bus | None,
    value: Any,
    hot: bool,
    told: dict[str, Reason] | None,
) -> Device | None:
    """One more device on a bus (None: on whichever it gets unasked), at a place or wherever it lands there (None)."""
    index, kind = len(fitting.request.devices), fitting.board.kinds.named(device.driver)
    brings = kind is not None and bool(kind.provided_kinds(fitting.board.kinds))
    nameless = device._replace(id=fresh_id(set(state.ids), "more", len(state.devices)) if brings else None)
    counters = dict(state.counters)  # a device that is refused counts for nothing: it is not written
    if bus is None:
        try:
            newest = Plugger(fitting.board.kinds, state, told=True).plug_request(index, nameless, hotplugged=hot)
        except Refused as refused:
            _note(fitting, device, refused.refusals, told)
            state.counters = counters
            return None
    else:
        refusals = fitting.put(state, index, nameless, bus, value, None, hot) if not state.is_full(bus) else None
        if refusals or refusals is None:
            _note(fitting, device, refusals or (), told)
            state.counters = counters
            return None
        newest = next(d for d in reversed(state.devices) if d.request == index)
    advice = [r for r in fitting.board.advice(state, newest) if fitting.heeded(r)] if fitting.asks_advice() else []
    if advice:
        _note(fitting, device, advice, told)
        state.retract(newest)
        return None
    return newest


def _note(fitting: Fitting, device: DeviceRequest, refusals: Sequence[Refusal], told: dict[str, Reason] | None) -> None:
    """Notes what was said against a device, each rule once, in words that do not name an id which nobody wrote."""
    extended = fitting.request._replace(devices=(*fitting.request.devices, device))
    for refusal in refusals:
        if told is None or refusal.rule in told:
            continue
        subject = refusal.frame[SUBJECT]
        named = subject.id if isinstance(subject, Device) else None
        if isinstance(subject, Device):
            subject.id = device.id if subject.request == len(fitting.request.devices) else named
        told[refusal.rule] = reason(fitting.board.knowledge, refusal, extended)
        if isinstance(subject, Device):
            subject.id = named


def lacking(setting: Setting, device: DeviceRequest) -> tuple[Reason, ...]:
    """What a device lacks besides a place, such as a drive, on the sites that would take it otherwise; each rule once."""
    index, found = len(setting.request.devices), dict[str, Reason]()
    for site in setting.sites.values():
        if setting.fitting.fit(index, device, site, bare=True).position is not None:
            found.update((r.rule, r) for r in setting.fitting.fit(index, device, site).struck)
    return tuple(r for r in found.values() if r.severity != "warn")
