"""The solver against OR-Tools CP-SAT, an independent judge, on problems that are too large to try everything."""

from __future__ import annotations

import os

import pytest

from qrules.solve.answers import Placement
from qrules.solve.solver import cheapest
from tests.solve import brute
from tests.solve.made_up import check, large, varied

pytest.importorskip("ortools", reason="no OR-Tools here: make judges installs it")
from tests.solve.judge import least_cost

FULL = bool(os.environ.get("QRULES_FULL"))
SEEDS = 2_000 if FULL else 60


def test_the_judge_itself_as_brute_force() -> None:
    for seed in range(SEEDS // 2):
        problem = varied(seed)
        cost = brute.least_cost(problem)
        assert least_cost(problem) == (None if cost is None else (cost, cost)), seed


@pytest.mark.parametrize("start", range(0, SEEDS, 20))
def test_feasibility_and_optimum_as_cp_sat(start: int) -> None:
    proven = 0
    for seed in range(start, start + 20):
        problem = large(seed)
        answer, bounds = cheapest(problem), least_cost(problem)
        if bounds is None:
            assert answer is None, seed
            proven += 1
            continue
        low, high = bounds
        assert isinstance(answer, Placement) or (high is None and answer is None), seed
        if isinstance(answer, Placement):
            assert check(problem, answer) == answer.cost >= low, seed
            assert high is None or answer.bound <= high, seed
            assert high is None or answer.cost <= high or not answer.optimal, seed
            proven += low == high == answer.cost and answer.optimal
    assert proven >= 17  # of 20: neither the solver nor the judge gave up, and both say the same
