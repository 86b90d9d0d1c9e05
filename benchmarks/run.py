"""Speed, side by side in one run, as ratios: a whole question, and whole configs in bulk, against QEMU itself; placement against
general solvers (`benchmarks.placement`).

    make bench                                          all of it
    python -m benchmarks.run --runs 40                  more runs for each figure
    python -m benchmarks.run --only placement --limit 60 --json placement.json

Whole processes through the installed entry point, in turn (A B A B ...), warm caches; medians. Times on shared machines
mean little by themselves, so the ratio of each pair is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import alike, bulk

ENTRY = Path(sys.executable).with_name("qrules")
QEMU = os.environ.get("QRULES_QEMU_10_0", "/opt/qemu-10.0/bin/qemu-system-x86_64")
START = ["-S", "-accel", "tcg", "-display", "none"]


def environment(cache: str | None = None) -> dict[str, str]:
    """The caller's environment with byte code kept, as an installed package has it."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "QRULES_DEBUG")}
    return kept | ({"XDG_CACHE_HOME": cache} if cache else {})


def once(command: Sequence[str], cache: str | None = None) -> float:
    """Milliseconds of one whole process. Every command here ends by itself: a time limit would make the wait a poll."""
    begin = time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=environment(cache), timeout=120
    )
    return (time.perf_counter() - begin) * 1000


def pairs(one: Sequence[str], other: Sequence[str], runs: int) -> tuple[float, float, float]:
    """Medians of both, and of their ratio pair by pair."""
    once(one), once(other)
    measured = [(once(one), once(other)) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in measured),
        statistics.median(b for _, b in measured),
        statistics.median(a / b for a, b in measured),
    )


def questions(runs: int) -> None:
    """A question against QEMU refusing or accepting the same."""
    if not shutil.which(QEMU):
        print(f"no QEMU at {QEMU} (scripts/get-qemu installs it): no ratios")
        return
    rows = [
        ("why floppy --on q35", ["why", "floppy", "--on", "q35"], ["-M", "q35", "-device", "floppy"]),
        (
            "why floppy --on q35 --nodefaults",
            ["why", "floppy", "--on", "q35", "--nodefaults"],
            ["-M", "q35", "-nodefaults", "-device", "floppy"],
        ),
        (
            "check, e1000 at a taken address",
            ["check", "--", "-M", "q35", "-device", "e1000,addr=1f.0"],
            ["-M", "q35", "-device", "e1000,addr=1f.0"],
        ),
    ]
    print(f"{'question':36}{'qrules ms':>11}{'QEMU ms':>10}{'ratio':>8}")
    for name, ours, theirs in rows:
        a, b, ratio = pairs([str(ENTRY), *ours], [QEMU, *START, *theirs], runs)
        print(f"{name:36}{a:11.1f}{b:10.1f}{ratio:8.2f}")


def first_use() -> None:
    """The first question of all: the rules are compiled then (an installed wheel brings them compiled)."""
    with tempfile.TemporaryDirectory() as cache:
        first = once([str(ENTRY), "why", "floppy", "--on", "q35"], cache)
        second = once([str(ENTRY), "why", "floppy", "--on", "q35"], cache)
    print(f"\nfirst use in a checkout {first:.0f} ms, the next {second:.0f} ms")


_STAGES = """
import gc, sys, time
gc.disable()
clock = time.perf_counter
t0 = clock()
import typing, argparse, json
t1 = clock()
import qrules.cli.main, qrules.cli.ask, qrules.explain.why, qrules.configs.argv, qrules.report.text
t2 = clock()
from qrules.rulesets.store import open_store
store = open_store()
knowledge = store.knowledge(store.resolve(None, None))
knowledge.shared, knowledge.piece("notes"), knowledge.piece("machines")
t3 = clock()
from qrules.plugging.board import Board
from qrules.machine.request import Request, DeviceRequest
board = Board(knowledge)
facts = knowledge.machine("q35")
request = Request(machine=facts.name, devices=(DeviceRequest("floppy"),))
board.run(facts, request)
t4 = clock()
for _ in range(200): board.run(facts, request)
t5 = clock()
print(*(f"{1000 * s:.2f}" for s in (t1 - t0, t2 - t1, t3 - t2, t4 - t3, (t5 - t4) / 200)))
"""


def stages(runs: int) -> None:
    """Where the time of a question goes, in process."""
    bare = statistics.median(once([sys.executable, "-c", "pass"]) for _ in range(runs))
    told = [
        [
            float(v)
            for v in subprocess.run(
                [sys.executable, "-c", _STAGES], capture_output=True, text=True, check=True, env=environment()
            ).stdout.split()
        ]
        for _ in range(max(5, runs // 3))
    ]
    names = (
        "Python modules (typing, argparse, json)",
        "qrules modules",
        "compiled rules",
        "first answer, machine built",
        "the same again",
    )
    print(f"\nwhere the time goes{'ms':>24}\n  {'the interpreter':41}{bare:6.1f}")
    for name, values in zip(names, zip(*told, strict=True), strict=True):
        print(f"  {name:41}{statistics.median(values):6.2f}")


def placed(runs: int, limit: float) -> dict[str, object]:
    """Placement against other solvers, and how it grows."""
    from benchmarks.placement import compare, growth

    return {"rows": compare(limit, max(1, runs // 7)), "growth": growth()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=20, help="counted runs of each pair")
    asked.add_argument("--only", choices=("questions", "placement"), help="this part alone")
    asked.add_argument("--limit", type=float, default=20, help="seconds that a solver has for one problem")
    asked.add_argument("--json", type=Path, metavar="FILE", help="figures of the placement part to a file")
    given = asked.parse_args()
    if given.only != "placement":
        questions(given.runs)
        first_use()
        stages(given.runs)
        bulk.measure(QEMU, START, max(3, given.runs // 3))
        alike.measure(QEMU, START)
        alike.measure(QEMU, START, named=False)
    if given.only != "questions":
        figures = placed(given.runs, given.limit)
        if given.json:
            given.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
