"""A state gives back what a device held: after a device was taken away, nothing of it is found by any look-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qrules.diagnostics import Unusable
from qrules.machine.entities import Bus, Device
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger

MakeBoard = Callable[[str], Board]
PORTS = """
catalogue "1.0" for toy
bus-type wire is bus
bus-type deep is bus
bus-type root is bus
internal type host is device on root
type key is device on wire
type splitter is device on wire
type crate is device on wire
internal type lid is device
machine-type shelf is machine
profile run
bus wire
  addressed port written "{port:s}"
    port : points = oldest free
device splitter
  points 1 .. 8 of "{port}.{n}" on bus
  provides deep called "{id}.deep"
  claims seat(0) in machine up to 9
device crate
  creates lid
device lid
  provides deep called "{creator.id}"
device host
  provides wire called "wire.0"
  points 1 .. 4
machine shelf
  provides root called "root.0"
  has host on root.0
"""


@pytest.fixture(scope="module")
def board(make_board: MakeBoard) -> Board:
    return make_board(PORTS)


def built(board: Board) -> tuple[State, Bus, Plugger]:
    facts = board.knowledge.machine("shelf")
    assert facts is not None
    state, refusals = board.build_machine(facts, Request("shelf"))
    assert refusals == []
    return state, state.by_name["wire.0"][0], Plugger(board.kinds, state)


def looked_up(state: State) -> dict[str, Any]:
    """All that look-ups find, without counters, which never go back; what finds nothing is left out."""
    tables = ("children", "owned", "holders", "by_name", "ids", "kinds_watched", "points")
    found = {name: {key: found for key, found in getattr(state, name).items() if found} for name in tables}
    return found | {"devices": list(state.devices), "buses": list(state.buses)}


def test_ports_of_a_device_that_was_taken_away_are_gone(board: Board) -> None:
    state, wire, plugger = built(board)
    hub = plugger.plug_request(0, DeviceRequest("splitter", "hub"))
    assert state.free_points(wire) == 4 - 1 + 8
    state.retract(hub)
    assert state.free_points(wire) == 4
    keys = [plugger.plug_request(n, DeviceRequest("key")) for n in range(4)]
    assert [key.address["port"] for key in keys] == ["1", "2", "3", "4"], "none stands at a port of the hub that went"
    assert state.oldest_free_point(wire) is None


def test_nothing_finds_a_device_that_was_taken_away(board: Board) -> None:
    state, _, plugger = built(board)
    before = looked_up(state)
    hub = plugger.plug_request(0, DeviceRequest("splitter", "hub"))
    below = plugger.plug_request(1, DeviceRequest("key", properties={"port": "1.3"}))
    assert looked_up(state) != before
    state.retract(below)
    state.retract(hub)
    assert looked_up(state) == before


def test_who_came_last_goes_as_anybody_would(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """The short way leaves what the long one leaves: free points and what others hold, too."""
    long, wire, plugger = built(board)
    plugger.plug_request(0, DeviceRequest("splitter", "hub"))
    first, last = [plugger.plug_request(n, DeviceRequest("key", f"k{n}")) for n in (1, 2)]
    for holder in (first, last):
        long.hold(("cell", 0, 1), holder)
    short = long.copy()
    with monkeypatch.context() as patched:
        patched.setattr(State, "_take_all", lambda *_: pytest.fail("the long way"))
        short.retract(last)
    with monkeypatch.context() as patched:
        patched.setattr(State, "_is_last", lambda *_: False)
        long.retract(last)
    assert looked_up(short) == looked_up(long)
    assert short.free_points(wire) == long.free_points(wire) == 4 - 1 + 8 - 1
    assert short.oldest_free_point(wire) == long.oldest_free_point(wire)


def test_what_a_device_created_goes_with_it(board: Board) -> None:
    """What it created may stand on no bus, and have buses of its own."""
    state, _, plugger = built(board)
    before = looked_up(state)
    crate = plugger.plug_request(0, DeviceRequest("crate", "box"))
    assert len(state.devices) == len(before["devices"]) + 2
    assert [bus.kind.name for bus in state.buses[len(before["buses"]) :]] == ["deep"]
    state.retract(crate)
    assert looked_up(state) == before


def test_a_copy_and_what_it_was_made_of_go_their_own_ways(board: Board) -> None:
    state, wire, plugger = built(board)
    plugger.plug_request(0, DeviceRequest("splitter", "hub"))
    twin = state.copy()
    twin.retract(twin.ids["hub"])
    assert (twin.free_points(wire), state.free_points(wire)) == (4, 11)
    assert isinstance(state.ids["hub"], Device)
    assert "hub" not in twin.ids


def test_more_points_than_a_line_makes_are_told(make_board: MakeBoard) -> None:
    with pytest.raises(Unusable, match=r"this line .* 5,000 at once, and one line makes 4,096 at the most") as caught:
        make_board(PORTS.replace("  points 1 .. 4\n", "  many = 5000\n  points 1 .. many\n"))
    assert caught.value.diagnostics[0].code == "QR310"
