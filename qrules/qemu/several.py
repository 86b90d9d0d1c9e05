"""Asking a binary many questions at once, without waiting for what never answers."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from qrules.qemu import program
from qrules.qemu.errors import TimedOut

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")
_MOMENT = 0.01  # seconds
_PATIENCE = 4  # starts in a row without an answer, from the first on


def in_turn(ask: Callable[[Asked], Answered], listed: Sequence[Asked], jobs: int | None = None) -> Iterator[Answered]:
    """The answers in their order, `jobs` at a time (as many as there are processors).

    Whatever ends it early ends all programs, those too that an answer in the making starts after that.
    """
    with ThreadPoolExecutor(max(1, min(jobs or os.cpu_count() or 1, len(listed)))) as pool:
        waiting = deque(pool.submit(ask, each) for each in listed)
        try:
            while waiting:
                yield waiting[0].result()
                waiting.popleft()
        finally:
            while waiting:
                if waiting[-1].done() or waiting[-1].cancel():
                    waiting.pop()
                else:
                    program.end_all()
                    time.sleep(_MOMENT)


class Heard:
    """Whether a binary answers at all. One that is silent from the beginning is not asked a thousand times."""

    def __init__(self, binary: str, timeout: float) -> None:
        self._binary, self._timeout = binary, timeout
        self._silent = 0

    def heed(self, late: bool | None) -> None:
        """Counts a start (None: it was not asked). Raises TimedOut where none of the first few gave an answer."""
        if late is None or self._silent < 0:
            return
        self._silent = self._silent + 1 if late else -1
        if self._silent >= _PATIENCE:
            raise TimedOut(self._binary, "answer any of the first starts", self._timeout)
