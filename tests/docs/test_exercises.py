"""Rule folders as a new author writes them, from docs/language.md alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.rule_tests import run_tests

pytestmark = pytest.mark.usefixtures("own_cache")
EXERCISES = sorted(p for p in (Path(__file__).parent / "exercises").iterdir() if p.is_dir())


@pytest.mark.parametrize("folder", EXERCISES, ids=lambda p: p.name)
def test_exercise(folder: Path) -> None:
    results = run_tests(folder)
    assert results
    assert [t for t in results if not t.passed] == []
