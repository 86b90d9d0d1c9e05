"""A QMP server: the protocol classes of `qemu.qmp`, with which its clients speak, from the other end.

Each client has a session of its own; the answers to one client come in the order of its commands. Nothing that a client sends
ends the server: what is no JSON is answered as QEMU answers it, and a command of more than `MAX_LINE` bytes ends that session.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from qemu.qmp import QMPError
from qemu.qmp.message import Message
from qemu.qmp.protocol import AsyncProtocol, Runstate

from qrules.configs.json_text import NotJson, emulators
from qrules.configs.lines import MAX_LINE
from qrules.serve.commands import Commands, Failed
from qrules.serve.stream import TooLong, Values

_PART = 64 * 1024  # bytes that are read at once
MOST_CLIENTS = 64  # at once; another one waits


class Session(AsyncProtocol[bytes]):
    """What is said with one client: a greeting, the negotiation, and then command after command."""

    logger = logging.getLogger(__name__)

    def __init__(self, commands: Commands, worker: ThreadPoolExecutor) -> None:
        super().__init__("client", readbuflen=MAX_LINE)
        self._commands, self._worker, self._ready = commands, worker, False
        self._values, self._waiting = Values(MAX_LINE), deque[bytes]()

    async def ended(self) -> None:
        """Waits until the client has gone."""
        while self.runstate is Runstate.RUNNING:
            await self.runstate_changed()
        with suppress(QMPError, OSError, EOFError):
            await self.disconnect()

    async def _establish_session(self) -> None:
        greeting = {"QMP": {"version": self._commands.version(), "capabilities": []}}
        await self._send(bytes(Message(greeting)))
        await super()._establish_session()

    async def _do_recv(self) -> bytes:
        while not self._waiting:
            assert self._reader is not None
            raw = await self._reader.read(_PART)
            if not raw:
                raise EOFError
            try:
                self._waiting.extend(self._values.feed(raw))
            except TooLong as error:
                raise EOFError(str(error)) from error
        return self._waiting.popleft()

    def _do_send(self, msg: bytes) -> None:
        assert self._writer is not None
        self._writer.write(msg + b"\r\n")

    async def _on_message(self, msg: bytes) -> None:
        loop = asyncio.get_running_loop()
        await self._outgoing.put(await loop.run_in_executor(self._worker, self._answer, msg))

    def _answer(self, raw: bytes) -> bytes:
        """The answer to a line, as a line."""
        identity: dict[str, Any] = {}
        try:
            asked = _object(raw)
            if "id" in asked:
                identity = {"id": asked["id"]}
            answer: dict[str, Any] = {"return": self._execute(asked)}
        except Failed as error:
            answer = {"error": {"class": error.kind, "desc": error.text}}
        except Exception as error:  # a fault of ours ends no session
            answer = {"error": {"class": "GenericError", "desc": f"a bug of qrules itself ({type(error).__name__}: {error})"}}
        return bytes(Message({**answer, **identity}))

    def _execute(self, asked: dict[str, Any]) -> Any:
        for name in asked:
            if name not in ("execute", "arguments", "id"):
                raise Failed(f"QMP input member '{name}' is unexpected")
        if "execute" not in asked:
            raise Failed("QMP input lacks member 'execute'")
        if not isinstance(asked["execute"], str):
            raise Failed("QMP input member 'execute' must be a string")
        name, arguments = asked["execute"], asked.get("arguments", {})
        if name == "qmp_capabilities":
            if self._ready:
                raise Failed("Capabilities negotiation is already complete, command ignored", "CommandNotFound")
            self._ready = True
            return {}
        if not self._ready:
            raise Failed(f"Expecting capabilities negotiation with 'qmp_capabilities', not '{name}'", "CommandNotFound")
        return self._commands.execute(name, arguments)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        asked = emulators(raw.decode("utf-8"))
    except (UnicodeDecodeError, NotJson) as error:
        raise Failed(f"JSON parse error, {error}") from error
    if not isinstance(asked, dict):
        raise Failed("QMP input must be a JSON object")
    return asked


def listening(path: str) -> socket.socket:
    """A Unix socket at a path where none is yet, for our user alone. One that nobody listens at any more is replaced.

    Raises `OSError` where that can't be had, or where something else stands there.
    """
    if os.path.lexists(path) and _is_left_over(path):
        os.unlink(path)
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        made.bind(path)
    except OSError:
        made.close()
        raise
    finally:
        os.umask(before)
    made.listen(MOST_CLIENTS)
    made.setblocking(False)
    return made


def _is_left_over(path: str) -> bool:
    """Whether a path is a socket whose server has gone."""
    import stat

    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        return False
    with socket.socket(socket.AF_UNIX) as trial:
        trial.settimeout(1)
        try:
            trial.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def serve(commands: Commands, path: str, told: Callable[[], None]) -> None:
    """Answers at a Unix socket until SIGTERM or SIGINT; `told` is called once clients may come. Raises `OSError`."""
    logging.getLogger("qemu.qmp").setLevel(logging.CRITICAL + 1)  # clients that go away are no news
    Session.logger.setLevel(logging.CRITICAL + 1)
    made = listening(path)
    try:
        asyncio.run(_serve(commands, made, told))
    finally:
        made.close()
        with suppress(FileNotFoundError):
            os.unlink(path)


async def _serve(commands: Commands, made: socket.socket, told: Callable[[], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    worker, free = ThreadPoolExecutor(1), asyncio.Semaphore(MOST_CLIENTS)
    sessions: set[asyncio.Task[None]] = set()

    def gone(task: asyncio.Task[None]) -> None:
        sessions.discard(task)
        free.release()

    async def accept() -> None:
        while True:
            await free.acquire()
            client, _ = await loop.sock_accept(made)
            task = loop.create_task(_with_client(Session(commands, worker), client))
            sessions.add(task)
            task.add_done_callback(gone)

    accepting = loop.create_task(accept())
    told()
    await stop.wait()
    for task in (accepting, *sessions):
        task.cancel()
    await asyncio.gather(accepting, *sessions, return_exceptions=True)
    worker.shutdown(wait=False, cancel_futures=True)


async def _with_client(session: Session, client: socket.socket) -> None:
    client.setblocking(False)
    with suppress(QMPError, OSError, EOFError):
        await session.connect(client)
        await session.ended()
