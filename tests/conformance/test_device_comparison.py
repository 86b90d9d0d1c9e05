"""The comparison itself: what it has to call a miss, shown with answers that no binary gave."""

from __future__ import annotations

import pytest

from qrules.plugging.board import Board
from qrules.qemu.process import Outcome
from tests.conformance import device_comparison
from tests.conformance.device_draws import Config, Item

STARTS = Config(
    "x86_64", ("-M", "q35", "-nodefaults", "-device", "pcie-root-port,id=rp,chassis=1"), ({"driver": "e1000", "bus": "rp"},)
)
LACKS_BUS = Config("x86_64", ("-M", "q35", "-device", "e1000", "-device", "floppy"))
WORDS = "No 'floppy-bus' bus found for device 'floppy'"


def misses(
    board: Board, monkeypatch: pytest.MonkeyPatch, config: Config, outcome: Outcome, trees: list[str], answers: list[str]
) -> list[str]:
    def said(binary: str, argv: list[str], adds: tuple[Item, ...]) -> tuple[Outcome, list[str], list[str]]:
        return outcome, trees, answers

    monkeypatch.setattr(device_comparison, "converse", said)
    return [miss.what for miss in device_comparison.compare("none", board, config).misses]


@pytest.mark.parametrize(
    ("blamed", "expected"),
    [
        (("-device", "floppy"), []),
        (("-device", "e1000"), ["blamed"]),  # another device
        (("-M", "q35"), ["blamed"]),  # another option
        ((), ["blamed"]),  # none, though the rules refuse the device before all stand
    ],
)
def test_whom_the_binary_blames(
    board: Board, monkeypatch: pytest.MonkeyPatch, blamed: tuple[str, ...], expected: list[str]
) -> None:
    outcome = Outcome(False, WORDS, 1, False, False, blamed)
    assert misses(board, monkeypatch, LACKS_BUS, outcome, [], []) == expected


def test_a_crash_while_adding_is_a_miss(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome(True, "", -11, False, False)
    assert "crash" in misses(board, monkeypatch, STARTS, outcome, [""], [])


def test_a_crash_that_the_rules_do_not_refuse_is_a_miss(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    assert misses(board, monkeypatch, STARTS, Outcome(False, "", -6, True, False), [], []) == ["crash"]
