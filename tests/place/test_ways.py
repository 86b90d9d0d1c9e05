"""How many ways there are to place a config."""

from __future__ import annotations

import json

import pytest

from qrules.explain.verdicts import judge
from qrules.place.wants import Wants
from qrules.place.ways import ways
from qrules.plugging.board import Board
from tests.conftest import Run
from tests.place.test_placing import placed


@pytest.mark.parametrize(
    ("text", "alike", "single"),
    [
        ("-M pc -nodefaults -device e1000", 30, 30),
        ("-M pc -nodefaults -device e1000 -device e1000", 30 * 29 // 2, 30 * 29),
        ("-M pc -nodefaults -device e1000 -device rtl8139", 30 * 29, 30 * 29),
        ("-M pc -nodefaults -device e1000,addr=5 -device e1000", 29, 29),
        ("-M pc -nodefaults -device e1000e,addr=5,multifunction=on -device e1000,addr=5.1", 1, 1),
        ("-M q35 -nodefaults" + " -device ide-cd" * 6, 1, 720),
    ],
)
def test_ways_counted_by_hand(board: Board, text: str, alike: int, single: int) -> None:
    found = ways(placed(board, text, Wants(profiles=("qemu",))), 0)
    assert (found.number.alike, found.number.single, found.number.exact) == (alike, single, True)


def test_what_is_listed_is_distinct_and_starts(board: Board) -> None:
    answer = placed(board, "-M q35 -nodefaults -device ide-cd -device ide-cd -device e1000e -device usb-tablet")
    found = ways(answer, 25)
    assert len(found.listed) == 25
    assert len({repr(one.request.devices) for one in found.listed}) == 25
    assert all(judge(board, one.request).verdict in ("accept", "warn") for one in found.listed)
    assert (found.refused, found.whole) == (0, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "--limit", "0", "e1000"), "no number of things"),
        (("--limit", "3", "e1000"), "--all --limit N"),
        (("--conflicts", "-1", "e1000"), "no number of things"),
        (("--count", "--all", "e1000"), "not allowed with"),
    ],
)
def test_misuse(qrules: Run, words: tuple[str, ...], said: str) -> None:
    done = qrules("place", "--on", "q35", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_json_has_the_whole_numbers(qrules: Run) -> None:
    answer = json.loads(qrules("place", "--json", "--count", "--on", "pc", "--nodefaults", "scsi-cd*40").stdout)
    assert answer["count"]["exact"] is True
    assert len(str(answer["count"]["alike"])) > 30
    assert answer["placements"] == []
