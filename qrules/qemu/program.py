"""A program that is run and listened to within bounds: whatever it is, it gets a time, and what it says is read up to a limit.

>>> with Program("echo", ["hello"], aloud=True) as program:
...     program.wait(time.monotonic() + 10), program.lines()
(0, ('hello',))
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from qrules.qemu import keeper
from qrules.qemu.errors import BinaryNotFound, NotExecutable, Overflow

MOST_SAID = 1 << 20
"""Bytes of messages that are read of a program; one that says more is killed."""
_running: set[Program] = set()
_MOMENT = 0.05  # seconds between two looks, where the system does not tell of a process's end


def resolve(binary: str) -> str:
    """The path of a binary that is given as a path, or as a name on PATH.

    Raises BinaryNotFound, or NotExecutable for a folder or a file without the permission.
    """
    found = binary if os.sep in binary else shutil.which(binary)
    if found is None or not Path(found).exists():
        raise BinaryNotFound(binary)
    if not Path(found).is_file():
        raise NotExecutable(binary, "not a file")
    if not os.access(found, os.X_OK):
        raise NotExecutable(binary, "no permission")
    return found


def end_all() -> None:
    """Kills all programs that run; whoever waits for one of them goes on."""
    for program in tuple(_running):
        program.kill()


class Program:
    """A running program and what it says on stderr, `aloud` on stdout too.

    A context manager: whatever happens inside, the process and all of its group are gone afterwards, and at the latest when we
    are. Raises BinaryNotFound and NotExecutable.
    """

    def __init__(self, binary: str, words: Sequence[str], descriptors: Collection[int] = (), aloud: bool = False) -> None:
        path = resolve(binary)
        keeper.ready()
        self.binary = binary
        self.ear, mouth = os.pipe()
        self._said = bytearray()
        self._hears = True
        self._pidfd = -1
        try:
            self._process = subprocess.Popen(
                [path, *words],
                stdin=subprocess.DEVNULL,
                stdout=mouth if aloud else subprocess.DEVNULL,
                stderr=mouth,
                pass_fds=tuple(descriptors),
                start_new_session=True,  # a wrapper script and its emulator are killed together
            )
        except (OSError, ValueError) as error:
            os.close(self.ear)
            raise NotExecutable(binary, getattr(error, "strerror", None) or str(error)) from None
        finally:
            os.close(mouth)
        try:
            keeper.keep(self._process.pid)
            _running.add(self)
            os.set_blocking(self.ear, False)
            self._pidfd = os.pidfd_open(self._process.pid) if hasattr(os, "pidfd_open") else -1
        except BaseException:  # an interrupt: nobody has it yet who could close it
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def overflown(self) -> bool:
        """Whether it said more than is read, and was killed for it."""
        return len(self._said) > MOST_SAID

    def hear(self) -> bool:
        """Takes in what it has said up to now; False when it can say no more. Kills it where that is too much."""
        with suppress(BlockingIOError):
            while self._hears and not self.overflown:
                part = os.read(self.ear, 1 << 16)
                self._said += part
                self._hears = bool(part)
        if self.overflown:
            self.kill()
        return self._hears and not self.overflown

    def listen(self, seconds: float, *others: int) -> set[int]:
        """Waits until it says something (which is taken in), until it ends, or until one of `others` can be read: those."""
        poll = select.poll()
        watched = {*others, *({self.ear} if self._hears else ()), *({self._pidfd} if self._pidfd >= 0 else ())}
        for descriptor in watched:
            poll.register(descriptor, select.POLLIN)
        patience = seconds if self._pidfd >= 0 else min(seconds, _MOMENT)
        ready = {descriptor for descriptor, _ in poll.poll(max(0.0, patience * 1000))}
        if self.ear in ready:
            self.hear()
        return ready & set(others)

    def wait(self, end: float) -> int | None:
        """The exit status, or None when it still runs when the clock (`time.monotonic`, in seconds) reaches `end`."""
        while self._process.poll() is None and (left := end - time.monotonic()) > 0:
            self.listen(left)
        self.hear()
        return self._process.poll()

    def lines(self) -> tuple[str, ...]:
        """What it has said up to now, line by line, without blank lines."""
        self.hear()
        return tuple(line.rstrip() for line in self._said.decode(errors="replace").splitlines() if line.strip())

    def demand_quiet(self) -> None:
        """Raises Overflow where it was killed for what it said."""
        if self.overflown:
            raise Overflow(self.binary, MOST_SAID)

    def kill(self) -> None:
        """Ends the process at once if it still runs, and whatever is left of its group."""
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Kills the process if it still runs, and lets go of what it says."""
        self.kill()
        _running.discard(self)
        keeper.release(self._process.pid)
        self._hears = False
        for descriptor in (self.ear, self._pidfd):
            if descriptor >= 0:
                os.close(descriptor)
        self.ear = self._pidfd = -1
