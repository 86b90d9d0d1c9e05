"""Room for more: the numbers against what happens when so many are really put there."""

from __future__ import annotations

import json
import shlex

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.machine.request import DeviceRequest
from qrules.place.answer import Placed
from qrules.place.placing import place
from qrules.place.spare import Refused, Room, room, room_made
from qrules.plugging.board import Board
from tests.conftest import Run


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("-M q35", "e1000"),
        ("-M q35 -nodefaults -device e1000 -device e1000,addr=9", "rtl8139"),
        ("-M pc", "virtio-rng-pci"),
        ("-M pc -nodefaults -device qemu-xhci -device usb-kbd", "e1000"),
        ("-M pc -nodefaults", "ide-cd"),
        ("-M pc", "floppy"),
        ("-M q35 -device isa-fdc", "floppy"),
    ],
)
def test_so_many_and_no_more(board: Board, text: str, driver: str) -> None:
    request = read(shlex.split(text), board.knowledge)
    found = room(board, request, driver)
    assert isinstance(found, Room), found
    assert found.cold is not None
    for count in (found.cold, found.cold + 1):
        more = tuple(DeviceRequest(driver) for _ in range(count))
        answer = place(board, request._replace(devices=(*request.devices, *more)))
        assert (isinstance(answer, Placed) and not answer.added) == (count == found.cold), answer


def test_no_room_where_the_config_does_not_stand(board: Board) -> None:
    request = read(shlex.split("-M q35 -device floppy"), board.knowledge)
    assert judge(board, request).verdict == "reject"
    assert isinstance(room(board, request, "floppy"), Refused)


def test_room_made_is_there(board: Board) -> None:
    request = read(["-M", "q35", "-nodefaults"], board.knowledge)
    made = room_made(board, request, "e1000e", 3, hot=True)
    assert isinstance(made, Placed)
    found = room(board, made.request, "e1000e")
    assert isinstance(found, Room)
    assert found.hot == 3


def test_as_users_meet_it(qrules: Run) -> None:
    answer = json.loads(qrules("spare", "e1000", "--on", "q35", "--json").stdout)
    assert (answer["cold"], answer["with-controllers"], answer["hot"]) == (28, None, 0)
    assert qrules("spare", "e1000e", "--on", "q35", "--for", "2").stdout.count("+-device pcie-root-port") == 2
    for words in (("nosuch", "--on", "q35"), ("e1000", "--on", "q35", "--for", "0"), ("e1000",)):
        assert qrules("spare", *words).returncode == 2
