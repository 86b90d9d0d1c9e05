"""Why a device is not elsewhere: the rule against it, who has the place, what it would cost."""

from __future__ import annotations

import pytest

from qrules.place.answer import Placed
from qrules.place.elsewhere import Elsewhere, elsewhere
from qrules.place.placing import place
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from tests.conftest import Run
from tests.place.test_placing import request_of


def asked(board: Board, text: str, wish: str) -> tuple[Elsewhere, Placed]:
    request = request_of(board, text)
    answer = place(board, request)
    assert isinstance(answer, Placed)
    return elsewhere(board, request, Wants(), answer, wish), answer


def test_a_free_place_can_be_had(board: Board) -> None:
    found, _ = asked(board, "-M pc -device e1000,id=a -device e1000,id=b", "a@pci.0:10.0")
    assert (found.device, found.bus, found.address, found.reasons, found.holder) == (0, "pci.0", "10.0", (), None)
    assert isinstance(found.instead, Placed)
    assert found.instead.request.devices[0].properties["addr"] == "10.0"


def test_a_place_of_the_machine_cannot(board: Board) -> None:
    found, _ = asked(board, "-M pc -device e1000", "01.0")
    assert found.holder is not None
    assert (found.holder.kind.name, found.reasons[0].rule, found.instead) == ("PIIX3", "addr", None)


def test_a_place_of_another_that_can_move(board: Board) -> None:
    found, answer = asked(board, "-M pc -device e1000,id=a -device e1000,id=b", "b@04.0")
    assert found.holder is not None
    assert found.holder.id == "a"
    assert isinstance(found.instead, Placed)
    assert found.instead.cost == answer.cost


def test_a_place_that_it_has(board: Board) -> None:
    found, _ = asked(board, "-M pc -device e1000,id=a", "a@pci.0:04.0")
    assert found.there


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--why-not", "x@05.0", "e1000*2"), "no device is named"),
        (("--why-not", "e1000@05.0", "e1000", "e1000,mac=52:54:00:00:00:01"), "2 devices are a e1000"),
        (("--why-not", "1@pcie.1:05.0", "e1000*2"), "did you mean 'pcie.0'"),
        (("--why-not", "", "e1000"), "there is no bus"),
    ],
)
def test_misuse(qrules: Run, words: tuple[str, ...], said: str) -> None:
    done = qrules("place", "--on", "q35", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
