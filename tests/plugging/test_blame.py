"""Which refusals are consequences: found by what was missing, whatever the rules call their refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qrules.machine.refusals import Missing
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.blame import Suspects
from qrules.plugging.board import Board

MakeBoard = Callable[[str], Board]
TREE = """
catalogue "1.0" for toy
bus-type wide is bus
bus-type deep is bus
type dock is device on wide
  property width : uint8 = 1
type card is device on deep
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
device dock
  provides deep called "{id}.{nth}"
  rule docks-are-narrow
    require width <= 2
    because "too wide"
machine shelf
  provides wide called "root"
"""


@pytest.fixture(scope="module")
def board(make_board: MakeBoard) -> Board:
    return make_board(TREE)


def test_what_lacks_a_bus_blames_the_device_that_would_have_made_it(board: Board) -> None:
    facts = board.knowledge.machine("shelf")
    assert facts is not None
    devices = (
        DeviceRequest("dock", "d", properties={"width": "9"}),
        DeviceRequest("card", bus="d.0"),
        DeviceRequest("card"),
        DeviceRequest("card", bus="e.0"),
    )
    refusals = board.run(facts, Request("shelf", devices=devices)).refusals
    assert [(r.device, r.missing, r.consequence_of) for r in refusals] == [
        (0, None, None),
        (1, Missing(name="d.0"), 0),
        (2, Missing(bus_kind="deep"), 0),
        (3, Missing(name="e.0"), None),
    ]


def test_a_bus_is_named_after_its_owner_by_a_dot() -> None:
    refused = Suspects()
    refused.add(4, DeviceRequest("dock", "d"), ())
    refused.add(2, DeviceRequest("dock", "d.0"), ())
    assert [refused.named(name, 9) for name in ("d", "d.0", "d.0.1", "dd.0", "d0", "")] == [4, 4, 4, None, None, None]
    assert [refused.named(name, 4) for name in ("d", "d.0", "d.0.1")] == [None, 2, 2]


def test_spelling_mistakes_are_not_kept(board: Board) -> None:
    facts = board.knowledge.machine("shelf")
    assert facts is not None

    def kept() -> int:
        kinds, blame = board.kinds, board._blame
        return len(kinds._types) + len(kinds._named) + len(blame._provided)

    sizes = []
    for n in range(3):
        devices = [DeviceRequest(f"dick-{n}-{m}", f"d{m}") for m in range(20)]
        outcome = board.run(facts, Request("shelf", devices=[*devices, DeviceRequest("card")]))
        assert outcome.devices == (None,) * 21
        sizes.append(kept())
    assert sizes[0] == sizes[2]
