"""Verdicts, blame, words and places on configs that the binary has answered already.

QRULES_TRUTH names the folder that holds them; without one the test is skipped. QRULES_FULL=1 asks all of them, otherwise a sample. Run with
``-s`` to see the counts, and the misses in heaps.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.conftest import full
from tests.conformance.labelled import compare, heaps, measures, rows

TRUTH = os.environ.get("QRULES_TRUTH", "")
EACH = 1 if full else 12  # of so many rows one is asked
LEAST = {"verdict": 0.93, "blamed": 0.93, "words": 0.72, "place": 0.99}  # what holds already


@pytest.mark.parametrize("series", ["10.0", "7.2"])
def test_agreement(store: Store, series: str) -> None:
    if not TRUTH:
        pytest.skip("no labelled configs: set QRULES_TRUTH to a folder with wide-dev-10.0.jsonl.gz and wide-dev-7.2.jsonl.gz")
    boards: dict[tuple[str, str], Board] = {}
    results = [compare(store, boards, row) for row in rows(Path(TRUTH) / f"wide-dev-{series}.jsonl.gz")[::EACH]]
    found = measures(results)
    print(f"\nQEMU {series}:", ", ".join(f"{measure} {right}/{of}" for measure, (right, of) in found.items()))
    for size, name, lines in heaps(results):
        print(f"{size} {name}")
        for line in lines[:3]:
            print(f"    {line[:400]}")
    assert found["verdict"][1] >= 20
    allowance = 0 if full else 3  # of a small sample a few rows are a large part
    poor = [m for m, least in LEAST.items() if (found[m][0] + allowance) < least * found[m][1]]
    assert poor == []
