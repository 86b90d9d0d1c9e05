"""One input within limits: CPU seconds (by a timer, so that a hang ends) and memory that the process may gain."""

from __future__ import annotations

import resource
import signal
import time
from types import FrameType
from typing import NamedTuple

from tests.fuzz.readers import Reader

SECONDS = 2.0
PATIENCE = 1.0  # times that, where all processors are busy with other tests
MEGABYTES = 300
_HANGS = 10.0  # CPU seconds after which an input is ended


class TooLong(BaseException):
    """Not an Exception, so that nothing on the way takes it for one of its own."""


class Cost(NamedTuple):
    """CPU seconds, and megabytes by which the peak grew."""

    seconds: float
    megabytes: float


def _alarm(signum: int, frame: FrameType | None) -> None:
    raise TooLong


def peak() -> float:
    """The process's peak of memory so far, in megabytes. The kernel takes most of a millisecond to tell it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cost(reader: Reader, text: str, before: float = 0.0) -> Cost:
    """What an input costs, where the peak was `before` (0: it is looked at). Raises what the reader raises, and `AssertionError` for one
    that hangs."""
    before, start = before or peak(), time.process_time()
    old = signal.signal(signal.SIGPROF, _alarm)
    signal.setitimer(signal.ITIMER_PROF, _HANGS)
    try:
        reader.ask(text)
    except TooLong as error:
        raise AssertionError(f"it had not ended after {_HANGS:g} CPU s") from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)
    seconds = time.process_time() - start
    return Cost(seconds, peak() - before)


def guarded(reader: Reader, text: str) -> None:
    """Raises `AssertionError` for an input that costs too much, and whatever the reader raises."""
    spent = cost(reader, text)
    assert spent.seconds < SECONDS * PATIENCE, f"{spent.seconds:.1f} CPU s"
    assert spent.megabytes < MEGABYTES, f"{spent.megabytes:.0f} MB"
