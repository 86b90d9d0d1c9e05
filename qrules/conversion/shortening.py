"""A placed config as one writes it: in an order in which each bus is there, and with no place written that needs no writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qrules.conversion.parts import maker_of
from qrules.knowledge.model import MachineFacts
from qrules.machine.entities import Device
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger


def merged(
    kept: Mapping[int, DeviceRequest], devices: Sequence[DeviceRequest], origin: Sequence[int | None]
) -> tuple[list[DeviceRequest], list[int | None]]:
    """Devices that stay and devices that were placed, in the order of their positions; controllers before what stands on them.

    `origin` are the positions of `devices`, None for added ones.
    """
    everything: dict[int, tuple[int | None, DeviceRequest]] = {n: (n, d) for n, d in kept.items()}
    added = []
    for device, number in zip(devices, origin, strict=True):
        if number is None:
            added.append(device)
        else:
            everything[number] = (number, device)
    ordered = [everything[n] for n in sorted(everything)]
    listed = [*ordered, *((None, d) for d in added)]
    by_id = {d.id: at for at, (_, d) in enumerate(listed) if d.id}
    done: dict[int, None] = {}
    for at in range(len(listed)):
        chain: list[int] = []
        below: int | None = at
        while below is not None and below not in done and below not in chain:
            chain.append(below)
            bus = listed[below][1].bus
            below = _owner(bus, by_id) if bus is not None else None
        done.update(dict.fromkeys(reversed(chain)))
    return [listed[at][1] for at in done], [listed[at][0] for at in done]


def _owner(bus: str, by_id: Mapping[str, int]) -> int | None:
    """The device that brings a bus, by the name of the bus."""
    name = bus
    while name not in by_id and "." in name:
        name = name.rpartition(".")[0]
    return by_id.get(name)


# ------------------------------------------------------------------------------------- as the user wrote it
def spot(device: Device) -> tuple[object, ...]:
    """Where a device stands, whatever its bus is called."""
    bus = device.bus
    if bus is None:
        return ()
    maker = maker_of(bus)
    return (maker if maker is not None else bus.id, bus.kind.name, bus.nth, tuple(sorted(device.address.items(), key=str)))


def relaxed(board: Board, facts: MachineFacts, placed: Request, written: Sequence[DeviceRequest | None]) -> list[DeviceRequest]:
    """Each device as the user wrote it (`written`, None for added ones), wherever it lands in its place all the same.

    The devices of `placed` name all their places. Where the whole is not the same in the end, they stay so.
    """
    wanted = board.run(facts, placed, False)
    spots = [spot(d) if d is not None else None for d in wanted.devices]
    found = _Relaxing(board, facts, placed, written, spots).run()
    got = board.run(facts, placed._replace(devices=tuple(found)), False)
    if [spot(d) if d is not None else None for d in got.devices] == spots:
        return found
    return list(placed.devices)


class _Relaxing:
    """Plugs the devices once more in the emulator's order, each in the shortest form that brings it to its place."""

    def __init__(
        self,
        board: Board,
        facts: MachineFacts,
        placed: Request,
        written: Sequence[DeviceRequest | None],
        spots: Sequence[tuple[object, ...] | None],
    ) -> None:
        self.board, self.placed, self.written, self.spots = board, placed, written, spots
        self.state: State = board.build_machine(facts, placed)[0]
        self.plugger = Plugger(board.kinds, self.state)

    def run(self) -> list[DeviceRequest]:
        devices = list(self.placed.devices)
        for json in (False, True):
            for at, device in enumerate(self.placed.devices):
                if device.json is json:
                    devices[at] = self._shortest(at, device)
            if not json:
                self.board.bring_late(self.plugger)
        return devices

    def _shortest(self, at: int, placed: DeviceRequest) -> DeviceRequest:
        for form in self._forms(placed, self.written[at]):
            try:
                stands = self.plugger.plug_request(at, form)
            except Refused:
                continue
            if spot(stands) == self.spots[at]:
                return form
            self.state.retract(stands)
        return placed

    def _forms(self, placed: DeviceRequest, own: DeviceRequest | None) -> list[DeviceRequest]:
        """Ways to write a device, the user's own first: then with another bus, then with another place too."""
        if own is None:
            return [placed]
        own = own._replace(id=placed.id)
        order = [name for name in own.properties if name in placed.properties]
        properties = {name: placed.properties[name] for name in (*order, *placed.properties)}
        placed = placed._replace(properties=properties)  # in the user's own order
        forms = [own, own._replace(bus=placed.bus), *([placed._replace(bus=None)] if own.bus is None else []), placed]
        return list({repr(f): f for f in forms}.values())
