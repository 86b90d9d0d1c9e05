"""A fleet made from few templates: each config judged by itself, and what is alike judged once, in turn, with the same answers.

Names, addresses of cards, serial numbers, UUIDs and paths differ in each config. Times are of the processor.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import statistics
import time
from collections.abc import Iterator

from benchmarks.bulk import _started
from benchmarks.configs import configs
from qrules.configs.lines import read_line
from qrules.explain.bulk import Bulk
from qrules.fleet.alike import Alike
from qrules.fleet.checking import Checking
from qrules.fleet.collecting import Collector
from qrules.rulesets.store import open_store

FORMS, SEED = 20, 5
_NAMED = re.compile(r"[,\0](?:id|node-name|drive)=([^,\0]+)")


def form(words: list[str], named: bool) -> str:
    """A config as a line of JSON, with ``@N`` for the number of a VM in all that may differ; `named`: the VM has a name, too."""
    text = "\0".join(words)
    names = sorted(set(_NAMED.findall(text)), key=len, reverse=True)
    new = {name: f"{re.sub('[^a-z].*', '', name)}-vm@N-{number}" for number, name in enumerate(names)}
    text = re.sub(rf"(?<==)({'|'.join(map(re.escape, names))})(?=[,.\0]|$)", lambda found: new[found[1]], text)
    count = iter(range(256))
    text = re.sub(r"mac=[0-9a-f:]+", lambda _: f"mac=52:54:{next(count):02x}:@M", text)
    text = re.sub(r"serial=\d+", "serial=@N", text)
    more = ["-name", "guest=web-@N", "-uuid", "8a8e4a5c-1f3b-4b52-9d8e-00000@N", "-pidfile", "/tmp/web-@N.pid"] if named else []
    return json.dumps({"id": "web-@N", "argv": [*text.split("\0"), *more]})


def fleet(count: int, named: bool) -> Iterator[bytes]:
    """Lines of JSON: `count` VMs made from few forms, one after the other."""
    forms = [form(words, named) for words in configs(SEED, FORMS)]
    for number in range(count):
        address = ":".join(f"{number >> shift & 255:02x}" for shift in (16, 8, 0))
        yield forms[number * 7_919 % FORMS].replace("@N", f"{number:07}").replace("@M", address).encode()


def _spent(asked: Alike, lines: list[bytes]) -> tuple[float, list[str]]:
    begin = time.process_time()
    told = [asked.told(read_line(line))[0] for line in lines]
    return time.process_time() - begin, told


def measure(qemu: str, start: list[str], count: int = 10_000, pairs: int = 10, started: int = 20, named: bool = True) -> None:
    """Prints what a fleet costs in both ways, and its configs through QEMU; `named`: with a name and UUID of each VM.

    By itself a config without these is quicker: its machine was built for others.
    """
    lines = list(fleet(count, named))
    store = open_store()
    plain, alike = (Alike(Checking(Bulk(store)), plainly) for plainly in (True, False))
    collector = Collector()
    for line in lines[:256]:
        plain.told(read_line(line))
        collector.answered()
    size = count // pairs
    times: list[tuple[float, float]] = []
    for begin in range(0, count, size):
        some = lines[begin : begin + size]
        (one, told), (other, same) = _spent(plain, some), _spent(alike, some)
        if told != same:
            raise RuntimeError("what is alike has another answer")
        times.append((one / len(some), other / len(some)))
    one, other = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = sum(a for a, _ in times) / sum(b for _, b in times)
    what = "names and UUIDs of VMs" if named else "devices alone"
    print(f"\n{count:,} configs of {FORMS} forms, {what}{'configs/s':>15}{'us a config':>14}")
    print(f"  each by itself{1 / one:33.0f}{1e6 * one:14.0f}")
    print(f"  what is alike once{1 / other:29.0f}{1e6 * other:14.0f}")
    median = statistics.median(a / b for a, b in times)
    print(f"  ratio of all {ratio:.1f}, of the median pair {median:.1f} (goal: 7); the answers are the same")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"  {alike.filled:,} answers were filled in; peak {peak / 1024:.0f} MB with all lines and the answers of a tenth at once"
    )
    if shutil.which(qemu):
        sample = [json.loads(line)["argv"] for line in lines[:: count // started]]
        took = statistics.median(_started([qemu, *start, "-monitor", "stdio", *words]) for words in sample)
        print(f"  QEMU itself, {len(sample)} of them: {1000 * took:.0f} ms a config, {took / other:.0f} times as long")


if __name__ == "__main__":
    from benchmarks.run import QEMU, START

    measure(QEMU, START)
    measure(QEMU, START, named=False)
