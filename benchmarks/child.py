"""One solver on one problem in a process of its own: `python -m benchmarks.child SOLVER ROW`. Prints JSON as answers come."""

from __future__ import annotations

import importlib
import json
import sys
import time

from benchmarks.instances import ROWS
from qrules.solve.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def peak() -> int:
    """The most memory that this process held, in kB (`VmHWM`: other figures begin with what the parent held)."""
    with open("/proc/self/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


def ours(problem: Problem) -> dict[str, Any]:
    """qrules: every device has its place, or all conflicts are known."""
    from qrules.solve.answers import Infeasible, Placement
    from qrules.solve.solver import place

    begin = time.perf_counter()
    answer = place(problem)
    seconds = time.perf_counter() - begin
    if isinstance(answer, Placement):
        return {"feasible": True, "cost": answer.cost, "optimal": answer.optimal, "seconds": seconds}
    assert isinstance(answer, Infeasible)
    from benchmarks.peers.counts import classes_of

    kept = [0] * len(classes_of(problem))
    classes = {(c.accepts, c.tag, c.hotplug): i for i, c in enumerate(classes_of(problem))}
    items = {item.name: item for item in problem.items}
    policies = False
    for part in answer.conflicts[0].parts:
        policies |= part.what == "policy"
        if part.what == "item":
            first = items[part.names[0]]
            kept[classes[first.accepts, first.tag, first.hotplug]] = part.number
    return {"feasible": False, "conflict": [kept, policies], "said": answer.conflicts[0].minimal, "seconds": seconds}


def theirs(peer: Any, problem: Problem) -> dict[str, Any]:
    """A peer: the least cost, or a conflict that is shrunk by asking it again."""
    from benchmarks.peers.counts import classes_of, model

    def better(cost: int) -> None:
        print(json.dumps({"feasible": True, "cost": cost, "optimal": False}), flush=True)

    begin = time.perf_counter()
    full = [c.count for c in classes_of(problem)]
    found = peer.solve(model(problem, full), better)
    if found is not None:
        return {"feasible": True, "cost": found[0], "optimal": found[1], "seconds": time.perf_counter() - begin}
    print(json.dumps({"feasible": False}), flush=True)

    def fits(kept: list[int], policies: bool) -> bool:
        return peer.solve(model(problem, kept, policies), lambda _: None, False) is not None

    conflict = shrunk(full, bool(problem.policies), fits)
    return {"feasible": False, "conflict": conflict, "seconds": time.perf_counter() - begin}


def shrunk(kept: list[int], policies: bool, fits: Callable[[list[int], bool], bool]) -> tuple[list[int], bool]:
    """Counts of which none can be less: the policies go first, then each class by bisection."""
    kept, policies = list(kept), policies and fits(kept, False)
    for i in range(len(kept)):
        low, high = -1, kept[i]  # at high it does not fit
        while high - low > 1:
            middle = (low + high) // 2
            kept[i] = middle
            low, high = (middle, high) if fits(kept, policies) else (low, middle)
        kept[i] = high
    return kept, policies


def main() -> None:
    name, row = sys.argv[1], int(sys.argv[2])
    peer = None if name == "qrules" else importlib.import_module(f"benchmarks.peers.{name}")
    problem = ROWS[row].make()
    answer = ours(problem) if peer is None else theirs(peer, problem)
    print(json.dumps({**answer, "peak": peak()}))


if __name__ == "__main__":
    main()
