"""Processes that answer side by side: they end with the one that asks, which alone heeds the keyboard, whatever has ended it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any


@contextmanager
def together(jobs: int, begin: Callable[..., None], *given: Any) -> Iterator[ProcessPoolExecutor]:
    """So many processes, each begun by a call of `begin` with what is given; none is left behind.

    Raises `OSError` where one was ended from outside.
    """
    forks = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, forks, initializer=_begun, initargs=(os.getpid(), begin, given))
    try:
        _launch(pool)
        yield pool
    except BrokenExecutor as error:
        raise OSError("a process that answers was ended from outside: by somebody, or since memory was short") from error
    except BaseException:  # whatever has ended it, nothing that still works is waited for
        for child in multiprocessing.active_children():
            child.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _launch(pool: ProcessPoolExecutor) -> None:
    """Starts the processes. Python loses an interrupt that comes while it forks: one is put off."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        pool.submit(os.getpid)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _begun(parent: int, begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    from qrules.qemu import keeper

    keeper.end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(*given)
