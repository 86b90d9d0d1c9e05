"""The 33 kinds of behaviour, each said in the language on small made-up boards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qrules.rule_tests import run_tests
from qrules.rule_tests.run import collect

pytestmark = pytest.mark.usefixtures("own_cache")
BOARDS = sorted(p for p in (Path(__file__).parent / "behaviours").iterdir() if p.is_dir())


@pytest.mark.parametrize("board", BOARDS, ids=lambda p: p.name)
def test_behaviour(board: Path) -> None:
    results = run_tests(board)
    assert results
    assert [t for t in results if not t.passed] == []


def test_every_kind_of_behaviour_is_shown() -> None:
    titles = [test.title for board in BOARDS for test in collect(board)]
    shown = {int(n) for title in titles for n in re.findall(r"\d+", re.match(r"[\d ,and]*", title)[0])}  # type: ignore[index]
    assert set(range(1, 34)) - shown == set()
