"""Large configs: depth costs no stack, and the steps grow with the devices, not with their square. Counted, not timed."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

import qrules
from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
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
