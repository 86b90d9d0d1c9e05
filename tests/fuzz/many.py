"""Inputs by the million: ``make fuzz``, or ``python -m tests.fuzz.many --inputs 1000000 --jobs 8 --seed 1``.

QRULES_FUZZ_INPUTS, QRULES_FUZZ_JOBS and QRULES_FUZZ_SEED say the same. Each process works through its share of every reader
and writes each failure when it comes as a JSON line to the file that --failures names, and at the end each kind of them (exception
and place) once, with its shortest input. A run that was ended goes on with --first, where it stopped: the last line it showed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_TELL = 5.0  # seconds between two reports of a process
_WEIGHTS = {
    "argv": 30,
    "shell": 20,
    "ini": 15,
    "jsonl": 20,
    "xml": 20,
    "rule-text": 4,
    "format": 1,
    "board": 1,
    "message": 5,
    "place": 1,
    "verb": 1,
    "api": 2,
}


class Share(NamedTuple):
    """What one process does."""

    number: int
    first: int
    end: int
    seed: int
    memory: int
    only: tuple[str, ...]


def main() -> int:
    """Runs all; 1 where an input failed."""
    from tests.fuzz.readers import compiled

    parser = argparse.ArgumentParser(description="Broken inputs for every reader, by the million.")
    for name, default in (("inputs", 1_000_000), ("jobs", os.cpu_count() or 1), ("seed", 1), ("first", 0)):
        parser.add_argument(f"--{name}", type=int, default=int(os.environ.get(f"QRULES_FUZZ_{name.upper()}", default)))
    parser.add_argument("--memory", type=int, default=3_000, metavar="MB", help="address space that a process gets (3000)")
    parser.add_argument("--only", default="", metavar="READER,...", help="these readers alone")
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures.jsonl"), metavar="FILE")
    args = parser.parse_args()
    jobs = max(1, min(args.jobs, args.inputs))
    only = tuple(filter(None, args.only.split(",")))
    ends = [args.inputs // jobs + (i < args.inputs % jobs) for i in range(jobs)]
    first = args.first // jobs
    shares = [Share(i, min(first, end), end, args.seed, args.memory << 20, only) for i, end in enumerate(ends)]
    args.inputs -= sum(share.first for share in shares)
    compiled()
    args.failures.write_text("")
    began, queue = time.monotonic(), multiprocessing.get_context("spawn").SimpleQueue()
    workers = [multiprocessing.get_context("spawn").Process(target=_work, args=(share, queue), daemon=True) for share in shares]
    for worker in workers:
        worker.start()
    return _gather(workers, queue, args, began)


def _gather(workers: list[Any], queue: Any, args: argparse.Namespace, began: float) -> int:
    """Reads what the processes tell until all have ended."""
    done: dict[int, int] = {}
    kinds: dict[str, dict[str, Any]] = {}
    worst: dict[str, tuple[float, str]] = {"seconds": (0, ""), "megabytes": (0, "")}
    failed, left = 0, len(workers)
    while left:
        while queue.empty():
            if not any(worker.is_alive() for worker in workers) and queue.empty():
                left = 0
                break
            time.sleep(0.2)
        if not left:
            break
        told = queue.get()
        match told:
            case ("done", number, count):
                done[number] = count
                print(
                    f"\r{sum(done.values()):,} of {args.inputs:,} inputs, {failed:,} failed ({len(kinds)} kinds)",
                    end="",
                    file=sys.stderr,
                )
            case ("failed", kind, found):
                failed += 1
                with args.failures.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({**found, "kind": kind}) + "\n")
                if kind not in kinds or len(found["input"]) < len(kinds[kind]["input"]):
                    kinds[kind] = {**found, "kind": kind}
            case ("worst", what, amount, which):
                worst[what] = max(worst[what], (amount, which))
            case ("end",):
                left -= 1
    return _conclude(sum(done.values()), failed, kinds, worst, args, began)


def _conclude(
    inputs: int, failed: int, kinds: dict[str, Any], worst: dict[str, Any], args: argparse.Namespace, began: float
) -> int:
    with args.failures.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(found) + "\n" for found in sorted(kinds.values(), key=lambda f: str(f["kind"])))
    print("", file=sys.stderr)
    for kind, found in sorted(kinds.items()):
        print(f"{kind}\n    {found['input'][:200]!r}")
    slow, big = worst["seconds"], worst["megabytes"]
    print(
        f"{inputs:,} inputs (seed {args.seed}), {failed:,} failed in {len(kinds)} kinds; "
        f"the slowest took {slow[0]:.2f} CPU s ({slow[1]}), the largest {big[0]:.0f} MB ({big[1]}); {time.monotonic() - began:.0f} s"
    )
    return 1 if failed or inputs < args.inputs else 0


# ------------------------------------------------------------------------------------- in a process of its own
def _work(share: Share, queue: Any) -> None:
    """One share: draws inputs and tells what came of them."""
    from tests.fuzz import guard

    resource.setrlimit(resource.RLIMIT_AS, (share.memory, share.memory))
    sys.setrecursionlimit(6_000)
    os.chdir(tempfile.mkdtemp(prefix="qrules-fuzz-"))
    slowest, told, peak = 0.0, time.monotonic(), guard.peak()
    for reader in _asked(share):
        reader.ask(reader.seeds()[0])  # what is made once for all inputs
    for count, (reader, text, which) in enumerate(_inputs(share), 1):
        try:
            spent = guard.cost(reader, text, peak)
        except Exception as error:
            peak = guard.peak()
            queue.put(("failed", _kind(reader.name, error), {"reader": reader.name, "input": text, "which": which}))
        else:
            peak += spent.megabytes
            for wrong, amount in (("slow", spent.seconds / guard.SECONDS), ("large", spent.megabytes / guard.MEGABYTES)):
                if amount > 1:
                    queue.put(("failed", f"{reader.name}: too {wrong}", {"reader": reader.name, "input": text, "which": which}))
            if spent.seconds > slowest:
                slowest = spent.seconds
                queue.put(("worst", "seconds", slowest, which))
        if time.monotonic() - told > _TELL or count == share.end - share.first:
            told = time.monotonic()
            queue.put(("done", share.number, count))
    queue.put(("worst", "megabytes", guard.peak(), f"process {share.number}, in all"))
    queue.put(("end",))


def _asked(share: Share) -> list[Any]:
    from tests.fuzz.readers import READERS

    return [reader for reader in READERS if not share.only or reader.name in share.only]


def _inputs(share: Share) -> Iterator[tuple[Any, str, str]]:
    """The inputs of a share: the same for the same seed, whatever other processes do."""
    from tests.fuzz.edits import PIECES, drawn, edited

    readers = _asked(share)
    seeds = {reader.name: reader.seeds() for reader in readers}
    weights = [_WEIGHTS[reader.name] for reader in readers]
    for number in range(share.first, share.end):
        rng = random.Random(f"{share.seed}:{share.number}:{number}")
        reader = rng.choices(readers, weights)[0]
        own = seeds[reader.name]
        if rng.random() < 0.05:
            text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(30)))
        else:
            text = edited(rng.choice(own), drawn(rng), own)
        yield reader, text, f"{reader.name} {share.seed}:{share.number}:{number}"


def _kind(name: str, error: Exception) -> str:
    """Exception and the innermost line of qrules: what tells one kind of failure from another."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f"{os.sep}qrules{os.sep}" in f.filename]
    at = (
        f"{frames[-1].filename.rsplit(os.sep + 'qrules' + os.sep, 1)[-1]}:{frames[-1].lineno} {frames[-1].name}"
        if frames
        else "?"
    )
    ours = (isinstance(error, AssertionError) and not frames) or type(error).__name__ == "Odd"
    told = re.sub(r"[\d,.]+", "N", str(error))[:80]
    return f"{name}: {told}" if ours else f"{type(error).__name__} at {at}"


if __name__ == "__main__":
    sys.exit(main())
