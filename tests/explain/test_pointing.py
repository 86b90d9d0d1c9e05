"""A refusal of the machine points at the option that says what is wrong, not at the machine's name."""

from __future__ import annotations

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ("-M q35 -cpu Foo", "Foo"),
        ("-M q35 -smp 9999", "9999"),
        ("-smp 4,cores=3 -M q35", "4,cores=3"),
        ("-M q35 -append x", "x"),
        ("-M q35 -m 4G,maxmem=1G", "4G,maxmem=1G"),
        ("-M q35 -vga foo", "foo"),
        ("-M q35,foo=on -vga std", "foo=on"),
        ("-M q53 -vga std", "q53"),
    ],
)
def test_the_option_that_is_wrong_is_pointed_at(board: Board, text: str, pointed: str) -> None:
    words = text.split()
    reason = judge(board, read(words, board.knowledge)).reasons[0]
    assert reason.span is not None
    assert words[reason.span.argument][reason.span.start : reason.span.end] == pointed
