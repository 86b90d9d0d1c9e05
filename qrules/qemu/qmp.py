"""A conversation with one running emulator over QMP, one command at a time.

    >>> with Session("qemu-system-x86_64", ["-machine", "none"]) as session:
    ...     session.execute("query-status")["status"]
    'prelaunch'

The library `qemu.qmp` speaks the protocol. It is asynchronous, so each Session owns an event loop that nobody else
sees; a Session can therefore not be used inside a coroutine.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from qrules.qemu.errors import CommandFailed, Died, LibraryMissing, TimedOut
from qrules.qemu.process import DEFAULT_TIMEOUT, Emulator, demand_qemu, first_error

if TYPE_CHECKING:
    from qemu.qmp import QMPClient

T = TypeVar("T")
_WHOLE = 60  # steps' times that all questions of a session may take together


class Session:
    """A context manager: starts the machine of `argv`, and ends it with the block, whatever happens inside.

    `timeout` is in seconds, for each step. Entering raises LibraryMissing without `qemu.qmp`, the errors of
    `process.resolve`, NotQemu, Died where the emulator refuses the machine, and TimedOut.
    """

    def __init__(self, binary: str, argv: Sequence[str], timeout: float = DEFAULT_TIMEOUT) -> None:
        self.binary = binary
        self._argv = argv
        self._timeout = timeout
        self._cleanup = ExitStack()
        self._end = time.monotonic() + _WHOLE * timeout
        self._client: QMPClient
        self._emulator: Emulator
        self._loop: asyncio.Runner

    def __enter__(self) -> Self:
        try:
            from qemu.qmp import QMPClient
        except ImportError:
            raise LibraryMissing(self.binary) from None
        # A lost connection is an exception here; without a handler the library's logger would print it, too.
        logging.getLogger("qemu.qmp").addHandler(logging.NullHandler())
        with self._cleanup:
            self._loop = self._cleanup.enter_context(asyncio.Runner(loop_factory=asyncio.new_event_loop))
            self._client = QMPClient()
            self._emulator = self._cleanup.enter_context(Emulator(self.binary, self._argv))
            self._cleanup.callback(self._disconnect)
            self._loop.get_loop().add_reader(self._emulator.ear, self._heard)
            # a copy: the library closes its socket in its own time
            self._run("open its monitor", self._client.connect(self._emulator.monitor.dup()))
            self.execute("query-status")  # answered when all devices of the command line are there
            self._cleanup = self._cleanup.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._cleanup.close()

    def execute(self, command: str, /, **arguments: object) -> Any:
        """What the QMP command returns: the JSON value as Python objects.

        Argument names with a minus sign are passed as ``**{"command-line": ...}``. Raises CommandFailed where QEMU
        says no, Died and TimedOut.
        """
        from qemu.qmp import ExecuteError

        try:
            return self._run(f"answer {command}", self._client.execute(command, arguments or None))
        except ExecuteError as error:
            raise CommandFailed(self.binary, command, error.error_class, error.error.error.desc) from None

    def hmp(self, command_line: str) -> str:
        """The text that the human monitor prints for a command line, with line feeds only. Raises as `execute`."""
        text: str = self.execute("human-monitor-command", **{"command-line": command_line})
        return text.replace("\r\n", "\n")

    def _run(self, step: str, work: Coroutine[Any, Any, T]) -> T:
        """Does one step on the private loop. Raises TimedOut, Died, or the library's ExecuteError."""
        from qemu.qmp import ExecuteError, QMPError

        left = self._end - time.monotonic()
        try:
            return self._loop.run(asyncio.wait_for(work, min(self._timeout, left)))
        except ExecuteError:
            raise
        except TimeoutError:
            if left < self._timeout:
                raise TimedOut(self.binary, "answer all questions", _WHOLE * self._timeout) from None
            raise TimedOut(self.binary, step, self._timeout) from None
        except (QMPError, EOFError, OSError, ValueError, RecursionError):  # it is gone, or there is no sense in what it says
            raise self._death() from None

    def _heard(self) -> None:
        """Keeps its stderr from running full."""
        if not self._emulator.hear():
            self._loop.get_loop().remove_reader(self._emulator.ear)

    def _death(self) -> Died:
        """Why the emulator is no longer there. Raises NotQemu where it never was one, and Overflow."""
        status = self._emulator.wait(time.monotonic() + self._timeout)
        self._emulator.demand_quiet()
        lines = self._emulator.lines()
        demand_qemu(self.binary, lines)
        return Died(self.binary, status, first_error(lines, self._emulator.argv)[1], lines)

    def _disconnect(self) -> None:
        """Ends the emulator first, so that the library finds its connection closed and waits for nothing."""
        self._loop.get_loop().remove_reader(self._emulator.ear)
        self._emulator.kill()
        with suppress(Exception):  # it reports how the connection was lost
            self._loop.run(asyncio.wait_for(self._client.disconnect(), self._timeout))
