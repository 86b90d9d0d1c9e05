"""Starting an emulator, and seeing whether it takes a machine.

    >>> attempt("qemu-system-x86_64", ["-machine", "none", "-device", "nothing-at-all"]).message
    "'nothing-at-all' is not a valid device model name"

Every machine starts stopped (`-S`), emulated (`-accel tcg`) and without a display, so that no guest code runs and
nothing of the host matters. The monitor is one end of a socket pair that the emulator inherits: nothing to create in
the file system, nothing to wait for, and two emulators never meet.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from qrules.qemu.errors import BinaryNotFound, NotExecutable, NotQemu, TimedOut

PROFILE = "qemu"
"""The profile of the rules that say what the emulator itself refuses."""
DEFAULT_TIMEOUT = 20.0
"""Seconds that an emulator may take for one step; a start takes some 0.03 s."""

_CONTAINED = ("-S", "-accel", "tcg", "-display", "none")
# Options that say otherwise, and how many words each takes after it.
_CONTRADICTIONS = {"accel": 1, "daemonize": 0, "display": 1, "enable-kvm": 0}
_CHARDEV = "qrules-monitor"
_ANSWER = b'{"return": '
_VERSION = re.compile(r"^QEMU emulator version (\d+(?:\.\d+)+)", re.MULTILINE)
# Lines that name no reason for a refusal: remarks, a module that lacks a library, a sound system that is not there. A
# line may well say "Warning: " and be the reason.
_REMARK = re.compile(
    r"\s|(?:.*: )?(?:info|warning|WARNING): |.*failed to open module|module \S+ not found, "
    r"|Please use \S+ instead$"
    r"|ALSA lib |(?:alsa|audio|oss|pulseaudio): |\*\*$|\(\S+:\d+\): \w+-(?:WARNING|CRITICAL)"
)


class Outcome(NamedTuple):
    """What became of one start.

    `message` is the emulator's first error line, without the names of the program and of the option; `blamed` are
    the words of the command line that it named there, say ``("-device", "card,addr=20")``. `status` is the exit
    status: None after a kill by us, negative (the signal's number) after a crash. `lines` is all of stderr.
    """

    accepted: bool
    message: str
    status: int | None
    crashed: bool
    timed_out: bool
    blamed: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


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


def version(binary: str, timeout: float = DEFAULT_TIMEOUT) -> str:
    """The version number that the binary reports, such as "10.0.2".

    Raises BinaryNotFound, NotExecutable, NotQemu, or TimedOut after `timeout` seconds.
    """
    try:
        run = subprocess.run(
            [resolve(binary), "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise TimedOut(binary, "tell its version", timeout) from None
    except OSError as error:
        raise NotExecutable(binary, error.strerror or str(error)) from None
    text = (run.stdout + run.stderr).decode(errors="replace")
    if match := _VERSION.search(text):
        return match[1]
    raise NotQemu(binary, text.strip().partition("\n")[0])


def contained(argv: Sequence[str]) -> list[str]:
    """`argv` without the words that ask for an accelerator, a display, or a process of its own."""
    kept: list[str] = []
    words = iter(argv)
    for word in words:
        option = word.lstrip("-") if word.startswith("-") else ""
        if option in _CONTRADICTIONS:
            for _ in range(_CONTRADICTIONS[option]):
                next(words, None)
        elif option in ("machine", "M"):
            parts = [part for part in next(words, "").split(",") if not part.startswith("accel=")]
            kept += [word, ",".join(parts)] if parts else []
        else:
            kept.append(word)
    return kept


class Emulator:
    """A running emulator: its process, our end of its QMP monitor, and what it wrote to stderr.

    `argv` are the user's words as it got them. A context manager: whatever happens inside, the process is gone
    afterwards. Raises BinaryNotFound and NotExecutable.
    """

    def __init__(self, binary: str, argv: Sequence[str]) -> None:
        path = resolve(binary)
        self.argv = contained(argv)
        self.monitor, theirs = socket.socketpair()
        with ExitStack() as open_things, theirs:
            open_things.enter_context(self.monitor)
            # not a pipe, which somebody would have to read for the emulator to go on
            self._stderr = open_things.enter_context(tempfile.TemporaryFile())
            try:
                self._process = subprocess.Popen(
                    [path, *self.argv, *_CONTAINED, *_monitor(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._stderr,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # a wrapper script and its emulator are killed together
                )
            except OSError as error:
                raise NotExecutable(binary, error.strerror or str(error)) from None
            self._open_things = open_things.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def tell(self, commands: bytes, end: float) -> bytes:
        """Sends QMP commands, whole and at once, and returns all that the monitor says until it falls silent for good.

        That is when the emulator ends, or when the clock (`time.monotonic`, in seconds) reaches `end`.
        """
        received = bytearray()
        with suppress(OSError):  # a broken pipe and a reset: it ended before it read; a timeout
            self.monitor.sendall(commands)  # waits in the socket until the machine is up and its main loop reads it
            while (left := end - time.monotonic()) > 0:
                self.monitor.settimeout(left)
                if not (part := self.monitor.recv(1 << 16)):
                    break
                received += part
        return bytes(received)

    def wait(self, end: float) -> int | None:
        """The exit status, or None when it still runs when the clock (`time.monotonic`, in seconds) reaches `end`."""
        try:
            return self._process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None

    def lines(self) -> tuple[str, ...]:
        """What it has written to stderr up to now, line by line, without blank lines."""
        size = os.fstat(self._stderr.fileno()).st_size
        text = os.pread(self._stderr.fileno(), size, 0).decode(errors="replace")
        return tuple(line.rstrip() for line in text.splitlines() if line.strip())

    def kill(self) -> None:
        """Ends the process at once if it still runs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """Kills the process if it still runs, and lets go of monitor and stderr."""
        self.kill()
        self._open_things.close()


def attempt(binary: str, argv: Sequence[str], timeout: float = DEFAULT_TIMEOUT) -> Outcome:
    """Starts the machine of `argv` (without the binary's name), lets it quit once it is up, and says what came of it.

    `timeout` is in seconds, for the whole start. A refusal, a crash and a start that takes too long are outcomes;
    raises BinaryNotFound, NotExecutable and NotQemu only.
    """
    return ask(binary, argv, (), timeout)[0]


def ask(
    binary: str, argv: Sequence[str], commands: Sequence[str], timeout: float = DEFAULT_TIMEOUT
) -> tuple[Outcome, tuple[str, ...]]:
    """As `attempt`, with what the human monitor prints for `commands` once the machine is up; nothing where it is not."""
    end = time.monotonic() + timeout
    with Emulator(binary, argv) as emulator:
        heard = emulator.tell(_conversation(commands), end).splitlines()
        status = emulator.wait(end)
        lines = emulator.lines()
    answers = [json.loads(line)["return"] for line in heard if line.startswith(_ANSWER)]
    came_up = len(answers) == len(commands) + 2
    if not came_up and status is not None and status >= 0:
        demand_qemu(binary, lines)
    crashed = status is not None and status < 0
    accepted = came_up and status == 0
    blamed, message = ((), "") if accepted else first_error(lines, emulator.argv)
    outcome = Outcome(accepted, message, status, crashed, status is None, blamed, lines)
    return outcome, tuple(text.replace("\r\n", "\n") for text in answers[1:-1]) if accepted else ()


def _conversation(commands: Sequence[str]) -> bytes:
    """The QMP commands that open the conversation, pass `commands` to the human monitor, and end the emulator."""
    asked = [{"execute": "human-monitor-command", "arguments": {"command-line": command}} for command in commands]
    return b"".join(json.dumps(c).encode() + b"\n" for c in ({"execute": "qmp_capabilities"}, *asked, {"execute": "quit"}))


def demand_qemu(binary: str, lines: Iterable[str]) -> None:
    """Raises NotQemu where the binary does not speak of QEMU in `lines`, its stderr, nor when asked for its version."""
    if not any("qemu" in line for line in lines):
        version(binary)


def first_error(lines: Sequence[str], argv: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The words of `argv` that the first error line names (none: an empty tuple), and its message.

    Remarks, such as warnings, are passed over; where there is no other line, the message is empty.
    """
    for line in lines:
        rest = re.sub(r"^\S*qemu\S*: ", "", line)
        blamed = _named(rest, argv)
        message = rest.removeprefix(" ".join(blamed) + ": ")
        if not _REMARK.match(message):
            return blamed, message
    return (), ""


def _named(rest: str, argv: Sequence[str]) -> tuple[str, ...]:
    """QEMU puts the option that it reads, word by word, before its message: the longest such run of `argv`."""
    for words in (2, 1):
        for start in range(len(argv) - words + 1):
            candidate = tuple(argv[start : start + words])
            if candidate[0].startswith("-") and rest.startswith(" ".join(candidate) + ": "):
                return candidate
    return ()


def _monitor(fd: int) -> tuple[str, ...]:
    return ("-chardev", f"socket,id={_CHARDEV},fd={fd}", "-mon", f"chardev={_CHARDEV},mode=control")
