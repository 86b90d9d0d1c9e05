"""No program outlives us: a small process beside ours ends what we started when we end, however that comes.

It gets the numbers of process groups through a pipe and kills those that still stand when the pipe closes, as it does when we
are killed without a word. What leaves its group is caught by `adopting` and `sweep`, for a process that has no other children.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

_KEEPER = """
import os, signal, sys
groups = set()
for line in sys.stdin.buffer:
    number = int(line)
    groups.add(number) if number > 0 else groups.discard(-number)
for number in groups:
    try:
        os.killpg(number, signal.SIGKILL)
    except OSError:
        pass
"""
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_PR_SET_PDEATHSIG = 1
_lock = threading.Lock()
_kept: list[subprocess.Popen[bytes]] = []


def keep(group: int) -> None:
    """From now on the process group ends with us at the latest."""
    ready()
    with _lock:
        _tell(group)


def ready() -> None:
    """Sees to it that the keeper runs, which takes its time: before there is anything to keep."""
    with _lock:
        if not _kept or _kept[0].poll() is not None or _kept[0].args[-1] != str(os.getpid()):  # type: ignore[index]
            for old in _kept:
                old.__exit__(None, None, None)  # lets go of the pipe
            _kept[:] = [_started()]


def release(group: int) -> None:
    """The process group is gone."""
    with _lock:
        if _kept:
            _tell(-group)


def _started() -> subprocess.Popen[bytes]:
    atexit.register(_end, os.getpid())
    words = [sys.executable, "-I", "-S", "-c", _KEEPER, str(os.getpid())]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True, cwd="/", bufsize=0
    )


def _end(owner: int) -> None:
    """Lets the keeper go, when the process that started it ends in an orderly way."""
    if os.getpid() == owner and _kept and _kept[0].stdin is not None:
        _kept[0].stdin.close()
        _kept.pop().wait()


def _tell(number: int) -> None:
    pipe = _kept[0].stdin
    assert pipe is not None
    with suppress(OSError):  # somebody has killed it: the next one is started with the next program
        pipe.write(b"%d\n" % number)


def prctl(option: int, value: int) -> None:
    """Linux's prctl(2); elsewhere, nothing."""
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """This process is killed when its parent ends; at once where it has ended already. `parent` is its number."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt() -> None:
    """Makes what leaves its parents our child, so that `sweep` finds it. For a process that starts emulators and nothing else."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def sweep() -> None:
    """Kills all children that are left, and theirs, as they come to us; the keeper stays."""
    keeper = _kept[0].pid if _kept else 0
    for _ in range(100):  # the children of those that are killed come to us in turn
        left = [pid for pid in _children() if pid != keeper]
        if not left:
            return
        for pid in left:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text(encoding="ascii").split())
    return found
