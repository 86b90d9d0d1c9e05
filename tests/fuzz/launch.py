"""Runs one program within limits and prints as JSON what it cost: a small process of its own, so that what it measures is clean.

Linux counts the memory of the process that starts a program into the peak of that program; this one is small. It reads
``{"words", "cwd", "env", "stdin", "cpu", "memory", "wall", "closed"}`` from the file that is its argument: CPU seconds, bytes,
seconds by the clock, and the descriptors that are closed before the start.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time

KEPT = 256 * 1024  # bytes of output that are kept from the beginning, and from the end


def _start(spec: dict[str, object], out: int, err: int) -> None:
    """The child: takes on the limits and becomes the program."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (spec["memory"], spec["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (spec["cpu"], spec["cpu"] + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source = os.open(str(spec["stdin"]) if spec["stdin"] else os.devnull, os.O_RDONLY)
    for here, there in ((source, 0), (out, 1), (err, 2)):
        os.dup2(here, there)
    os.closerange(3, 256)
    for descriptor in spec["closed"]:
        os.close(descriptor)
    words = spec["words"]
    os.chdir(str(spec["cwd"]))
    os.execve(words[0], words, spec["env"])


class _Kept:
    """A stream's beginning and end, and how long it was."""

    def __init__(self) -> None:
        self.head, self.tail, self.size = b"", b"", 0

    def take(self, data: bytes) -> None:
        self.size += len(data)
        room = KEPT - len(self.head)
        self.head += data[:room]
        self.tail = (self.tail + data[room:])[-KEPT:]

    def text(self) -> str:
        return (self.head + self.tail).decode("utf-8", "surrogateescape")


def _watch(child: int, streams: dict[int, _Kept], wall: float) -> bool:
    """Reads until the child ends; whether it had to be ended because of the clock."""
    over, ended = time.monotonic() + wall, os.pidfd_open(child)
    open_ones, late = set(streams), False
    while True:
        ready, _, _ = select.select([*open_ones, ended], [], [], max(0.0, over - time.monotonic()))
        for stream in open_ones & set(ready):
            data = os.read(stream, 1 << 20)
            streams[stream].take(data)
            if not data:
                open_ones.discard(stream)
        if ended in ready and not open_ones & set(ready):
            return late
        if not ready and not late:
            late, over = True, time.monotonic() + 10
            os.killpg(child, signal.SIGKILL)
        elif not ready:
            return late


def _alive(group: int) -> bool:
    """Whether a process of the group still runs; one that only waits to be reaped does not."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                state, _, its_group = file.read().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False


def main() -> None:
    """Runs the program of the file that is named."""
    with open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as file:
        spec = json.load(file)
    (out, to_out), (err, to_err) = os.pipe(), os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            _start(spec, to_out, to_err)
        finally:
            os._exit(127)
    os.close(to_out)
    os.close(to_err)
    streams = {out: _Kept(), err: _Kept()}
    late = _watch(child, streams, spec["wall"])
    _, status, used = os.wait4(child, 0)
    took = time.monotonic() - began
    time.sleep(0.05 if spec["orphans"] else 0)
    orphans = _alive(child)
    if orphans:
        os.killpg(child, signal.SIGKILL)
    answer = {
        "status": os.waitstatus_to_exitcode(status), "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024,
        "wall": took, "late": late, "orphans": orphans, "out": streams[out].text(), "err": streams[err].text(),
        "bytes": streams[out].size + streams[err].size,
    }  # fmt: skip
    print(json.dumps(answer))


main()
