"""How much room a bus has: what is counted, and how free places are told."""

from __future__ import annotations

import shlex

import pytest

from qrules.configs.argv import read
from qrules.explain.room import Slots, free_places, slots
from qrules.plugging.board import Board


@pytest.mark.parametrize(
    ("words", "bus", "room", "free"),
    [
        ("-M q35 -nodefaults", "pcie.0", Slots(32, 30), ("01 to 1e",)),
        ("-M q35 -nodefaults -device e1000,addr=3 -device e1000,addr=5", "pcie.0", Slots(32, 28), ("01", "02", "04", "06 to 1e")),
        ("-M q35 -nodefaults -device qemu-xhci,id=x", "x.0", Slots(4, 4), ("1 to 4",)),
        ("-M q35 -nodefaults -device qemu-xhci,id=x -device usb-kbd,port=2", "x.0", Slots(4, 3), ("1", "3", "4")),
        ("-M q35 -nodefaults -device pcie-root-port,id=rp", "rp", Slots(1, 1), ("00",)),
        ("-M q35 -nodefaults -device pcie-root-port,id=rp -device e1000,bus=rp", "rp", Slots(1, 0), ()),
    ],
)
def test_room_and_free_places(board: Board, words: str, bus: str, room: Slots, free: tuple[str, ...]) -> None:
    request = read(shlex.split(words), board.knowledge)
    facts = board.knowledge.machine(request.machine)
    assert facts is not None
    state = board.run(facts, request, judged=False).state
    (found,) = [b for b in state.buses if b.id == bus]
    assert (slots(state, found), free_places(state, found)) == (room, free)
