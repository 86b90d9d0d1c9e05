"""Large configs: depth costs no stack, and the steps grow with the devices, not with their square. Counted, not timed."""

from __future__ import annotations

import gc
import re
import sys
import weakref
from pathlib import Path
from types import FrameType

import pytest

import qrules
from qrules.configs.argv import read
from qrules.explain import verdicts
from qrules.explain.verdicts import judge
from qrules.machine import budget
from qrules.machine.budget import _ASKED, MOST, Question, current
from qrules.machine.request import DeviceRequest
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger
from tests.fuzz.corpus.streams import bridges


def calls(board: Board, words: list[str]) -> int:
    """How many functions of Python a verdict calls."""
    count = 0

    def seen(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    request = read(words, board.knowledge)
    sys.setprofile(seen)
    try:
        judge(board, request)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("count", [123, 760])
def test_depth_costs_no_stack(count: int) -> None:
    before = sys.getrecursionlimit()
    verdict = qrules.check(argv=bridges(count))
    assert len(verdict.placements) == count
    assert sys.getrecursionlimit() == before


MANY = {
    "hubs": ("-M q35 -nodefaults -device qemu-xhci", "-device usb-hub"),
    "ports-of-nobody": ("-M q35 -nodefaults", "-device pcie-root-port,id=r{i},chassis=1,slot=1"),
    "buses-of-nobody": ("-M q35 -nodefaults", "-device e1000,bus=b{i}"),
    "serial": ("-M q35 -nodefaults", "-serial null"),
    "drives": ("-M q35 -nodefaults", "-drive if=none,id=d{i}"),
    "disks": ("-M q35 -nodefaults -device virtio-scsi-pci", "-drive if=none,id=d{i},file=x -device scsi-hd,drive=d{i}"),
    "global": ("-M q35 -nodefaults" + " -device e1000" * 20, "-global e1000.mac=1 -global e1000.p{i}=1"),
    "properties": ("-M q35 -nodefaults", ""),
    "bridges": ("-M pc -nodefaults", ""),
}


@pytest.mark.parametrize("name", MANY)
def test_steps_grow_with_the_config(board: Board, name: str) -> None:
    head, piece = MANY[name]

    def steps(count: int) -> int:
        if name == "bridges":
            return calls(board, bridges(count))
        if name == "properties":
            return calls(board, [*head.split(), "-device", "e1000" + "".join(f",p{i}=1" for i in range(count))])
        return calls(board, [*head.split(), *" ".join(piece.format(i=i) for i in range(count)).split()])

    steps(50)  # what is built once is built
    small, large = steps(100), steps(400)
    assert large < 5.5 * small, (small, large)


def test_a_state_that_something_was_tried_on_goes_at_once(board: Board) -> None:
    """Circles would keep each of them until garbage is collected, which a short question never does: 665 MB for 760 bridges."""
    request = read(["-M", "q35"], board.knowledge)
    facts = board.knowledge.machine("q35")
    assert facts is not None
    plugger = Plugger(board.kinds, board.build_machine(facts, request)[0])
    gone = weakref.ref(plugger)
    gc.disable()
    try:
        del plugger
        assert gone() is None
    finally:
        gc.enable()


_LOOKS = """catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : uint8 = 1
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
bus wide
  accepts card
  addressed slot
    slot : 0 .. 99999 = lowest free
machine shelf
  provides wide called "wide.0"
device card
"""


@pytest.mark.parametrize(
    ("line", "least"),
    [
        ("  room = 1\n", 0),
        ('  rule odd\n    require no card e with (e.width > 9)\n    because "so"\n    says "no"\n', 300 * 299 // 2),
        ("  claims irq(0 .. 99, number) in machine\n", 300 * 100 * 16),
        ("  provides many 20 wide\n", 300 * 20 * 16),
    ],
)
def test_what_is_looked_at_and_made_counts_steps(line: str, least: int, tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(_LOOKS + line)
    spent: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Question, "__exit__", lambda self, *_: spent.append(MOST - current().left) or _ASKED.reset(self._token))
        verdict = qrules.check(argv=["-M", "shelf", *["-device", "card"] * 300], rules=tmp_path)
    assert verdict.verdict == "accept"
    assert spent[-1] - 300 * 20 >= least


_NEVER = 'require no card e with (e.width > 9)\n    because "so"\n    says "no"\n'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("  room = 1\n", "for plugging card, and"),
        (f"  rule odd\n    {_NEVER}", "for 'odd' \\(.*board.qr:15\\), and"),
        ("  claims irq(0 .. 99, number) in machine\n", "for 'irq' \\(.*board.qr:15\\), and"),
    ],
)
def test_the_answer_names_what_the_last_steps_went_to(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(_LOOKS + line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "MOST", 3_000)
        verdict = qrules.check(argv=["-M", "shelf", *["-device", "card"] * 300], rules=tmp_path)
    assert verdict.verdict == "unknown"
    assert re.search(f"3,000 steps, the last of them {told}", verdict.reasons[-1].message)


def test_a_rule_about_the_whole_is_named(tmp_path: Path) -> None:
    rule = (
        'rule all : run at start\n  for card d\n  require no number n in 0 .. 3000 with (n > 9999)\n  because "so"\n  says "no"\n'
    )
    (tmp_path / "board.qr").write_text(_LOOKS + "  room = 1\n" + rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "MOST", 8_000)
        verdict = qrules.check(argv=["-M", "shelf", *["-device", "card"] * 3], rules=tmp_path)
    assert re.search(r"8,000 steps, the last of them for 'all' \(.*board.qr:", verdict.reasons[-1].message)


def test_devices_that_are_added_later_have_as_many_reasons_as_others(board: Board) -> None:
    request = read(["-M", "q35"], board.knowledge)
    later = tuple(DeviceRequest("e1000", None, f"zork{i}") for i in range(60))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verdicts, "MOST_TOLD", 20)
        verdict = verdicts.judge_running(board, request, later)
    assert verdict.verdict == "unknown"
    assert verdict.reasons[0].rule == "too-large"
    assert len(verdict.reasons) < 30
