"""Addresses, buses and claims against brute-force models: what the engine chooses, a walk over everything chooses too."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from qrules.explain.verdicts import placement
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board, Outcome

MakeBoard = Callable[[str], Board]

LANE = """
catalogue "1.0" for toy
bus-type lane is bus
type card is device on lane
machine-type shelf is machine
profile run
bus lane
  addressed addr written "{slot:x}[.{function:x}]" shown "{slot:x}.{function:x}"
    slot : 0 .. 5 = lowest free in 1 .. 5 unless slot in { 3 }
    function : 0 .. 2 = 0
machine shelf
  provides lane called "lane"
"""

TREE = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
type dock is device on wide
  property room : uint8 = 2
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
bus wide
  capacity = owner.room else 3
device dock
  provides many 2 wide called "{id}.{n}"
machine shelf
  provides wide called "root"
"""

CLAIMS = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property first, number, group : uint8
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
device card
  claims cell(first .. first + number - 1, group) in machine up to 2
machine shelf
  provides wide called "root"
"""


def run(board: Board, devices: list[DeviceRequest]) -> Outcome:
    facts = board.knowledge.machine("shelf")
    assert facts is not None
    return board.run(facts, Request("shelf", devices=devices))


@pytest.fixture(scope="module")
def lane(make_board: MakeBoard) -> Board:
    return make_board(LANE)


@pytest.fixture(scope="module")
def tree(make_board: MakeBoard) -> Board:
    return make_board(TREE)


@pytest.fixture(scope="module")
def claims(make_board: MakeBoard) -> Board:
    return make_board(CLAIMS)


# ------------------------------------------------------------------------------------- addresses
def chosen(taken: set[tuple[int, int]], given: tuple[int, int] | None) -> tuple[int, int] | None:
    """The address that a device gets, by a walk over all of them."""
    if given is not None:
        return None if given in taken else given
    return next(((slot, 0) for slot in range(1, 6) if slot != 3 and (slot, 0) not in taken), None)


@pytest.mark.parametrize("seed", range(60))
def test_lowest_free(lane: Board, seed: int) -> None:
    rng = random.Random(seed)
    wishes = [(rng.randrange(6), rng.randrange(3)) if rng.random() < 0.5 else None for _ in range(12)]
    outcome = run(lane, [DeviceRequest("card", properties={"addr": f"{w[0]:x}.{w[1]}"} if w else {}) for w in wishes])
    taken: set[tuple[int, int]] = set()
    for wish, device in zip(wishes, outcome.devices, strict=True):
        expected = chosen(taken, wish)
        assert (None if device is None else (device.address["slot"], device.address["function"])) == expected
        taken |= {expected} if expected is not None else set()


# ------------------------------------------------------------------------------------- buses
class ModelBus:
    def __init__(self, name: str, room: int) -> None:
        self.name, self.room = name, room
        self.children: list[list[ModelBus]] = []  # of each device, its buses

    def first_with_room(self) -> ModelBus | None:
        """Depth first, the newest device and its newest bus first."""
        if len(self.children) < self.room:
            return self
        for buses in reversed(self.children):
            for bus in reversed(buses):
                found = bus.first_with_room()
                if found is not None:
                    return found
        return None


@pytest.mark.parametrize("seed", range(60))
def test_automatic_choice_of_a_bus(tree: Board, seed: int) -> None:
    rng = random.Random(seed)
    root = ModelBus("root", 3)
    devices, expected = [], []
    for number in range(25):
        dock, room = rng.random() < 0.4, rng.randrange(3)
        devices.append(
            DeviceRequest("dock", f"d{number}", properties={"room": str(room)}) if dock else DeviceRequest("card", f"c{number}")
        )
        bus = root.first_with_room()
        expected.append(bus.name if bus is not None else None)
        if bus is not None:
            bus.children.append([ModelBus(f"d{number}.{n}", room) for n in range(2)] if dock else [])
    placed = run(tree, devices).devices
    assert [d.bus.id if d is not None and d.bus is not None else None for d in placed] == expected


# ------------------------------------------------------------------------------------- claims
@pytest.mark.parametrize("seed", range(60))
def test_claims_of_ranges_with_a_limit(claims: Board, seed: int) -> None:
    rng = random.Random(seed)
    wishes = [(rng.randrange(8), rng.randrange(4), rng.randrange(2)) for _ in range(20)]
    devices = [DeviceRequest("card", properties={"first": str(f), "number": str(n), "group": str(g)}) for f, n, g in wishes]
    holders: Counter[tuple[int, int]] = Counter()
    for (first, number, group), device in zip(wishes, run(claims, devices).devices, strict=True):
        cells = [(n, group) for n in range(first, first + number)]
        accepted = all(holders[cell] < 2 for cell in cells)
        assert (device is not None) == accepted
        holders.update(cells if accepted else ())


# ------------------------------------------------------------------------------------- what a refusal leaves
@pytest.mark.parametrize("seed", range(30))
def test_a_refused_device_leaves_nothing(claims: Board, seed: int) -> None:
    """The config without its refused devices has the same outcome."""
    rng = random.Random(seed)
    wishes = [{"first": str(rng.randrange(4)), "number": "2", "group": "0"} for _ in range(10)]
    devices = [DeviceRequest("card", properties=w) for w in wishes]
    outcome = run(claims, devices)
    kept = [d for d, placed in zip(devices, outcome.devices, strict=True) if placed is not None]
    again = run(claims, kept)
    assert all(d is not None for d in again.devices)
    assert again.state.holders.keys() == outcome.state.holders.keys()


CHANNELS = """
catalogue "1.0" for toy
bus-type css is bus
type card is device on css
machine-type frame is machine
profile run
bus css
  addressed devno as dev_id written "{cssid:2x}.{devno:04x}" shown "{cssid:x}.{devno:04x}"
    cssid : 0 .. 0xfe = 0xfe
    devno : 0 .. 0xffff = lowest free
machine frame
  provides css called "css"
"""


def test_an_address_has_the_name_that_answers_call_it(make_board: MakeBoard) -> None:
    made = make_board(CHANNELS)
    facts = made.knowledge.machine("frame")
    assert facts is not None
    outcome = made.run(
        facts, Request("frame", devices=(DeviceRequest("card", properties={"devno": "0.00fF"}), DeviceRequest("card")))
    )
    placed = [placement(n, d).address for n, d in enumerate(outcome.devices) if d is not None]
    assert placed == [{"dev_id": "0.00ff"}, {"dev_id": "fe.0000"}]
