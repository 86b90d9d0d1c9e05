"""Placement side by side: qrules and general solvers on the same problems, each in a process of its own, in turn, in one run.

Peers get the best model that we know for each: counts of expanders and of classes of devices, where places are never told
apart. They answer counts; qrules names the place of every device. Costs must agree wherever two solvers prove theirs least.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from typing import Any

from benchmarks.instances import ROWS, Row
from qrules.solve.problem import Problem

SOLVERS = {  # module of the peer: what it is called, the library that it needs, its model
    "qrules": ("qrules", "qrules", "classes and counts"),
    "asp": ("clingo", "clingo", "counts, a bit an atom"),
    "cp_sat": ("OR-Tools CP-SAT", "ortools", "counts, linear"),
    "smt": ("Z3", "z3", "counts, linear"),
    "python_constraint": ("python-constraint2", "constraint", "counts, tightened"),
}
ENVIRONMENT = {
    k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"
}  # byte code is kept, as it is once installed
Answer = dict[str, Any]


def compare(limit: float, runs: int) -> list[dict[str, Any]]:
    """Every row by every solver that is installed; prints a table as it goes."""
    there = [s for s, (_, library, _) in SOLVERS.items() if importlib.util.find_spec(library)]
    print(f"\nplacement, each solver in its own process, at most {limit:g} s, best of {runs}; models: ", end="")
    print("; ".join(f"{SOLVERS[s][0]}: {SOLVERS[s][2]}" for s in there))
    for s in SOLVERS:
        if s not in there:
            print(f"  ({SOLVERS[s][0]} is not installed: make bench installs it)")
    rows = []
    for number, row in enumerate(ROWS):
        answers: dict[str, Answer] = {}
        for _ in range(runs):
            for s in there:
                if s not in answers or not answers[s]["ended"]:
                    answers.setdefault(s, asked(s, number, limit))
                    continue
                again = asked(s, number, limit)
                answers[s]["whole"] = min(answers[s]["whole"], again["whole"])
                answers[s]["seconds"] = min(answers[s]["seconds"], again.get("seconds", limit))
        judge(row, answers)
        show(row, answers)
        rows.append({"row": row.name, "solvers": answers, "first": first(answers)})
    won = sum(r["first"] == "qrules" for r in rows)
    print(f"\nqrules is first by whole-process time in {won} of {len(rows)} rows")
    return rows


def asked(solver: str, row: int, limit: float) -> Answer:
    """One run: what the child printed last, with the time of the whole process. `ended`: within the limit."""
    begin = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.child", solver, str(row)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    try:
        out, problems = child.communicate(timeout=limit)
        ended = True
    except subprocess.TimeoutExpired:
        child.kill()
        out, problems = child.communicate()
        ended = False
    whole = time.perf_counter() - begin
    if ended and child.returncode:
        raise SystemExit(f"{solver} on row {row}:\n{problems}")
    answer: Answer = json.loads(out.splitlines()[-1]) if out.strip() else {}
    return {**answer, "whole": whole, "ended": ended}


def judge(row: Row, answers: dict[str, Answer]) -> None:
    """Solvers must agree on what they prove, and a conflict is tried on somebody else's solver."""
    ended = {s: a for s, a in answers.items() if a["ended"]}
    assert len({a["feasible"] for a in ended.values()}) <= 1, f"{row.name}: not one answer: {answers}"
    assert len({a["cost"] for a in ended.values() if a.get("optimal")}) <= 1, f"{row.name}: not one cost: {answers}"
    for s, a in ended.items():
        if "conflict" in a:
            kept, policies = a["conflict"]
            a["minimal"] = minimal(row.make(), kept, policies, "cp_sat" if s == "qrules" and "cp_sat" in answers else "qrules")


def minimal(problem: Problem, kept: list[int], policies: bool, by: str) -> bool:
    """Whether these counts do not fit and every smaller one does, as another solver says."""

    def fits(counts: list[int], with_policies: bool) -> bool:
        from benchmarks.peers.counts import classes_of, model

        if by != "qrules":
            peer = importlib.import_module(f"benchmarks.peers.{by}")
            return peer.solve(model(problem, counts, with_policies), lambda _: None, False) is not None
        from qrules.solve.solver import cheapest

        left = {(c.accepts, c.tag, c.hotplug): n for c, n in zip(classes_of(problem), counts, strict=True)}
        items = []
        for item in problem.items:
            key = (item.accepts, item.tag, item.hotplug)
            if item.pin is not None or left[key]:
                items.append(item)
                left[key] -= item.pin is None
        fewer = problem._replace(items=tuple(items), policies=problem.policies if with_policies else ())
        return cheapest(fewer) is not None

    smaller = [([*kept[:i], n - 1, *kept[i + 1 :]], policies) for i, n in enumerate(kept) if n]
    smaller += [(kept, False)] if policies else []
    return not fits(kept, policies) and all(fits(*one) for one in smaller)


def first(answers: dict[str, Answer]) -> str:
    """Who ended first with a proof: of the least cost, or a minimal conflict."""
    proven = [s for s, a in answers.items() if a["ended"] and (a.get("optimal") or a.get("minimal"))]
    return min(proven, key=lambda s: answers[s]["whole"], default="nobody")


def show(row: Row, answers: dict[str, Answer]) -> None:
    """The row as a table."""
    best = first(answers)
    print(f"\n{row.name:34}{'whole s':>9}{'solve s':>10}{'ratio':>8}{'MB':>6}  answer")
    ours = answers["qrules"]["whole"]
    for s, a in answers.items():
        mark = "*" if s == best else " "
        if not a["ended"]:
            said = f"cost {a['cost']}, not proven" if "cost" in a else ("no; no conflict" if "feasible" in a else "none")
            print(f"{mark} {SOLVERS[s][0]:32}{'over':>9}{'':10}{a['whole'] / ours:7.0f}x{'':6}  {said}")
            continue
        if a["feasible"]:
            said = f"cost {a['cost']}, " + ("optimal" if a["optimal"] else "not proven")
        else:
            said = "conflict of " + " + ".join(str(n) for n in a["conflict"][0] if n)
            said += (" and the policy" if a["conflict"][1] else "") + (", minimal" if a["minimal"] else ", not minimal")
        memory = a["peak"] / 1024
        print(f"{mark} {SOLVERS[s][0]:32}{a['whole']:9.3f}{a['seconds']:10.4f}{a['whole'] / ours:7.1f}x{memory:6.0f}  {said}")


_GROWTH = """
import sys, time
from benchmarks.child import peak
from benchmarks.instances import growing
from qrules.solve.solver import place
problem = growing(int(sys.argv[1]))
before, begin = peak(), time.process_time()
answer = place(problem)
print(time.process_time() - begin, before, peak(), answer.cost, int(answer.optimal), len(answer.added))
"""


def growth() -> list[dict[str, float]]:
    """How time and memory grow with the number of devices, on a machine with room for any number."""
    from itertools import pairwise
    from math import log

    print("\nqrules alone, a machine with enough expanders")
    print(f"{'devices':>10}{'s':>9}{'MB, question':>14}{'MB, answer':>12}{'added':>8}")
    found: list[dict[str, float]] = []
    for count in (1_000, 10_000, 100_000):
        runs = [
            subprocess.run([sys.executable, "-c", _GROWTH, str(count)], capture_output=True, text=True, check=True).stdout.split()
            for _ in range(3)
        ]
        seconds, before, after, cost, optimal, added = min([float(v) for v in run] for run in runs)
        assert optimal, f"{count} devices: {cost} is not proven least"
        found.append({"devices": count, "seconds": seconds, "question_kb": before, "peak_kb": after, "added": added})
        print(f"{count:10}{seconds:9.3f}{before / 1024:14.0f}{(after - before) / 1024:12.0f}{added:8.0f}")
    for a, b in pairwise(found):
        e = log(b["seconds"] / a["seconds"]) / log(b["devices"] / a["devices"])
        print(f"  from {a['devices']} to {b['devices']}: time grows with the power {e:.2f} of the number")
    return found
