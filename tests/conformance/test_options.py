"""Command lines with every kind of option that bears on devices: the binary's verdict, and its words."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.qemu.process import attempt
from qrules.topology.board import Board
from tests.conformance.command_lines import command_line, kinds
from tests.conformance.conftest import full
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

COUNT = 1_200 if full else 150


def test_verdicts_and_words(qemu: Binary, board_of: Board) -> None:
    lines = [command_line(f"{qemu.series} {n}") for n in range(COUNT)]
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        outcomes = list(pool.map(lambda argv: attempt(qemu.path, argv), lines))
    asked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    told, refused, same_words = [], 0, 0
    for argv, outcome in zip(lines, outcomes, strict=True):
        answer = judge(board_of, read(argv, board_of.knowledge).request, ("qemu",))
        asked.update(kinds(argv))
        if (answer.verdict in ("accept", "warn"), answer.verdict == "unknown") != (outcome.accepted, False):
            wrong.update(kinds(argv))
            told.append(f"{' '.join(argv)}: rules {answer.verdict}, binary {outcome.message or 'starts'}")
        elif not outcome.accepted:
            refused += 1
            said = answer.reasons[0].emulator_message
            same_words += bool(said) and outcome.message.endswith(said)
    print({option: f"{asked[option] - wrong[option]} of {asked[option]}" for option in sorted(asked)})
    assert len(told) <= COUNT // 200, "\n".join(told)
    assert refused > COUNT // 10
    assert same_words >= 0.9 * refused
