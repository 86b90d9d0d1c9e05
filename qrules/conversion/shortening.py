"""A placed config as one writes it: in an order in which each bus is there, and with no place written that needs no writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qrules.knowledge.model import MachineFacts
from qrules.machine.entities import Device, users_own
from qrules.machine.refusals import Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Spot: TypeAlias = tuple[str, str, int, str]  # what brings the bus, its kind, which of those it is, and the address


class Settled(NamedTuple):
    """One device of the new config: as it is written, which part it is (None: an added controller), and where it is to stand."""

    device: DeviceRequest
    part: int | None
    spot: Spot | None


def merged(kept: Sequence[Settled], placed: Sequence[Settled]) -> list[Settled]:
    """Devices that stay and devices that were placed, in the order of their positions; controllers before what stands on them."""
    everything = {s.part: s for s in (*kept, *placed) if s.part is not None}
    listed = [*(everything[n] for n in sorted(everything)), *(s for s in placed if s.part is None)]
    by_id = {s.device.id: at for at, s in enumerate(listed) if s.device.id}
    done: dict[int, None] = {}
    for at in range(len(listed)):
        chain: list[int] = []
        below: int | None = at
        while below is not None and below not in done and below not in chain:
            chain.append(below)
            bus = listed[below].device.bus
            below = _owner(bus, by_id) if bus is not None else None
        done.update(dict.fromkeys(reversed(chain)))
    return [listed[at] for at in done]


def _owner(bus: str, by_id: Mapping[str, int]) -> int | None:
    """The device that brings a bus, by the name of the bus."""
    name = bus
    while name not in by_id and "." in name:
        name = name.rpartition(".")[0]
    return by_id.get(name)


# ------------------------------------------------------------------------------------- as the user wrote it
def spot(device: Device | None, part_of: Callable[[Device], int | None] = lambda maker: maker.request) -> Spot | None:
    """Where a device stands, whatever its bus is called; None for nowhere. `part_of` says which part a controller is."""
    bus = device.bus if device is not None else None
    if device is None or bus is None:
        return None
    maker = users_own(bus.owner)
    named = maker.id or f"#{part_of(maker)}" if maker is not None else bus.id
    address = {name: value for name, value in device.address.items() if value is not None}
    return named, bus.kind.name, bus.nth, repr(sorted(address.items()))


def parts_of(settled: Sequence[Settled]) -> Callable[[Device], int | None]:
    """Which part a controller of the new config is."""
    return lambda maker: settled[maker.request].part if maker.request is not None else None


def relaxed(
    board: Board, facts: MachineFacts, request: Request, settled: Sequence[Settled], written: Sequence[DeviceRequest | None]
) -> list[DeviceRequest]:
    """Each device as the user wrote it (`written`, None for added ones), wherever it lands in its place all the same.

    The devices of `settled` name all their places. Where the whole is not the same in the end, they stay so.
    """
    placed = request._replace(devices=tuple(s.device for s in settled))
    spots = [s.spot for s in settled]
    part_of = parts_of(settled)
    found = _Relaxing(board, facts, placed, written, spots, part_of).run()
    got = board.run(facts, placed._replace(devices=tuple(found)), False)
    if [spot(d, part_of) for d in got.devices] == spots:
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
        spots: Sequence[Spot | None],
        part_of: Callable[[Device], int | None],
    ) -> None:
        self.board, self.placed, self.written, self.spots, self.part_of = board, placed, written, spots, part_of
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
            if spot(stands, self.part_of) == self.spots[at]:
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
