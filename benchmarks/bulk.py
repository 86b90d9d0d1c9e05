"""Whole configs in bulk: configs a second on one core, what a device costs in small and large ones, and real QEMU beside it.

Times are of the processor, not of the clock: others use the machine too. Small and large configs take turns.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.configs import configs

_SEED = 5
_SMALL, _LARGE = 30, 300  # devices
_COUNTS = {_SMALL: 500, _LARGE: 50}  # configs
_STARTED = {_SMALL: 20, _LARGE: 5}  # of these, those that QEMU starts as well
_GOAL, _GROWTH = 5000, 1.2  # configs of 30 devices a second; what a device of 300 may cost more

_PROGRAM = """
import gc, sys, time
from qrules.explain.bulk import Bulk
from qrules.report import json as shapes
from qrules.rulesets.store import open_store
sizes = [open(name, "rb").readlines() for name in sys.argv[2:]]
bulk = Bulk(open_store())
def spent(lines):
    begin = time.process_time()
    for line in lines:
        shapes.line(shapes.answer(bulk.answer(line)))
    return (time.process_time() - begin) / len(lines)
for round in range(1 + int(sys.argv[1])):
    print(*map(spent, sizes))
    if not round:
        gc.collect(); gc.freeze(); gc.set_threshold(5_000)
"""


def measure(qemu: str, start: list[str], rounds: int = 7) -> None:
    """Prints what bulk checking takes, and the same configs through QEMU."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = {size: list(configs(_SEED, count, size)) for size, count in _COUNTS.items()}
        files = [_written(Path(folder) / f"{size}.jsonl", argvs) for size, argvs in drawn.items()]
        told = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(rounds), *files], capture_output=True, text=True, check=True
        ).stdout
    first, *later = [[float(word) for word in line.split()] for line in told.splitlines()]
    small, large = (statistics.median(column) for column in zip(*later, strict=True))
    growth = statistics.median(b / a * _SMALL / _LARGE for a, b in later)
    print(f"\nin bulk, one core{'configs/s':>19}{'ms a config':>13}{'us a device':>13}{'first round':>13}")
    for size, seconds, cold in ((_SMALL, small, first[0]), (_LARGE, large, first[1])):
        print(f"  {size:3} devices{1 / seconds:24.0f}{1000 * seconds:13.2f}{1e6 * seconds / size:13.1f}{1000 * cold:13.2f}")
    print(f"  goal {_GOAL} configs of {_SMALL} a second: {'reached' if 1 / small >= _GOAL else f'{_GOAL * small:.1f} times off'}")
    print(f"  a device of {_LARGE} costs {growth:.2f} times one of {_SMALL} (goal: at most {_GROWTH})")
    if shutil.which(qemu):
        for size, seconds in ((_SMALL, small), (_LARGE, large)):
            took = statistics.median(
                _started([qemu, *start, "-monitor", "stdio", *argv]) for argv in drawn[size][: _STARTED[size]]
            )
            print(f"  QEMU itself, {size} devices: {1000 * took:.0f} ms a config, {took / seconds:.0f} times as long")


def _written(path: Path, argvs: list[list[str]]) -> str:
    path.write_text("".join(json.dumps({"id": number, "argv": argv}) + "\n" for number, argv in enumerate(argvs)))
    return str(path)


def _started(command: list[str]) -> float:
    """Seconds of the processor that QEMU takes to start with a config and quit. Raises `RuntimeError` where it refuses it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, input="quit\n", capture_output=True, text=True, check=False, timeout=120, env=os.environ.copy()
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"QEMU refuses a config of the benchmark: {done.stderr.strip()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
