"""Carets stand under the key that is wrong, in a list of keys and in JSON."""

from __future__ import annotations

import pytest

from qrules.configs.argv import read
from qrules.configs.json_text import members
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.report.excerpts import Excerpts
from qrules.report.style import Style

_PORTS = ["-device", "pcie-root-port,id=a,chassis=1", "-device"]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["-M", "pc", "-device", "VGA,addr=5", "-device", "e1000,id=x,addr=5"], "addr=5"),
        (
            ["-M", "pc", "-device", '{"driver":"VGA","addr":"5"}', "-device", '{"driver":"e1000", "addr" : "5","id":"x"}'],
            '"addr" : "5"',
        ),
        (["-M", "pc", "-device", "e1000,bootindex=1", "-device", "e1000,id=x,bootindex=1"], "bootindex=1"),
        (["-M", "pc", "-drive", "file=,if=none,id=os", "-device", "ide-hd,drive=os,bootindex=0"], "drive=os"),
        (["-M", "q35", *_PORTS, "virtio-iommu-pci,bus=a,addr=0"], "bus=a"),
        (["-M", "pc,usb=off,nvdimm", "-vga", "std"], "nvdimm"),
    ],
)
def test_the_key_that_is_meant(board: Board, words: list[str], marked: str) -> None:
    reason = judge(board, read(words, board.knowledge)).reasons[0]
    shown, carets = Excerpts(words).lines(reason.span, Style(False), reason.about)
    assert shown[carets.index("^") : carets.rindex("^") + 1] == marked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a":1, "b" : {"c": [2, "}"]} }', ['"a":1', '"b" : {"c": [2, "}"]}']),
        ("{}", []),
        ("{'a': 1}", []),
        ('{"a":1', ['"a":1']),
        ('{"a"', []),
        ('{"a":', []),
    ],
)
def test_members_of_an_object(text: str, found: list[str]) -> None:
    assert [text[start:end] for _, (start, end) in members(text)] == found


def test_carets_stand_under_what_is_meant_in_a_narrow_terminal(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qrules.report.excerpts.window", lambda: 80)
    words = ["-M", "pc", "-device", "e1000,id=" + "x" * 90 + ",addr=3f", "-vga", "std"]
    reason = judge(board, read(words, board.knowledge)).reasons[0]
    shown, carets = Excerpts(words).lines(reason.span, Style(False), reason.about)
    assert max(len(shown), len(carets)) <= 80
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "addr=3f"
