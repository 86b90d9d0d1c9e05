"""Starting an emulator, and seeing whether it takes a machine.

    >>> attempt("qemu-system-x86_64", ["-machine", "none", "-device", "nothing-at-all"]).message
    "'nothing-at-all' is not a valid device model name"

Every machine starts stopped (`-S`), emulated (`-accel tcg`) and without a display, so that no guest code runs and
nothing of the host matters. The monitor is one end of a socket pair that the emulator inherits: nothing to create in
the file system, nothing to wait for, and two emulators never meet.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from typing import Any, NamedTuple

from qrules.qemu.errors import NotQemu, Overflow, TimedOut
from qrules.qemu.program import Program

PROFILE = "qemu"
"""The profile of the rules that say what the emulator itself refuses."""
DEFAULT_TIMEOUT = 20.0
"""Seconds that an emulator may take for one step; a start takes some 0.03 s."""

_CONTAINED = ("-S", "-accel", "tcg", "-display", "none")
# Options that say otherwise, and how many words each takes after it.
_CONTRADICTIONS = {"accel": 1, "daemonize": 0, "display": 1, "enable-kvm": 0}
_CHARDEV = "qrules-monitor"
_MOST_HEARD = 1 << 25  # bytes of a monitor; the largest machine tells of itself in some 200 kB
_SHOWN = 100  # characters of what a program said that are told
ENDED = "(ended by "  # begins what is told of a crash without a word; rules say it by `crashes`
_ANSWER = b'{"return": '
_VERSION = re.compile(r"QEMU emulator version ([0-9]{1,4}(?:\.[0-9]{1,4}){1,3})(?![0-9])")
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

    @property
    def ended(self) -> str:
        """How it ended, where that was no exit of its own; empty otherwise."""
        if self.timed_out:
            return "(no answer in time)"
        if self.status is None or self.status >= 0:
            return ""
        try:
            return f"{ENDED}{signal.Signals(-self.status).name})"
        except ValueError:
            return f"{ENDED}signal {-self.status})"


def version(binary: str, timeout: float = DEFAULT_TIMEOUT) -> str:
    """The version number that the binary reports, such as "10.0.2".

    Raises BinaryNotFound, NotExecutable, NotQemu, or TimedOut after `timeout` seconds.
    """
    end = time.monotonic() + timeout
    with Program(binary, ["--version"], aloud=True) as program:
        status = program.wait(end)
        lines = program.lines()
        if status is None and not program.overflown:
            raise TimedOut(binary, "tell its version", timeout)
    if match := next(filter(None, map(_VERSION.match, lines)), None):
        return match[1]
    raise NotQemu(binary, lines[0].strip()[:_SHOWN] if lines else "")


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


class Emulator(Program):
    """A running emulator: its process, our end of its QMP monitor, and what it wrote to stderr.

    `argv` are the user's words as it got them. Raises BinaryNotFound and NotExecutable.
    """

    def __init__(self, binary: str, argv: Sequence[str]) -> None:
        self.argv = contained(argv)
        self.monitor, theirs = socket.socketpair()
        with ExitStack() as open_things, theirs:
            open_things.enter_context(self.monitor)
            words = [*self.argv, *_CONTAINED, *_monitor(theirs.fileno())]
            super().__init__(binary, words, [theirs.fileno()])
            open_things.pop_all()

    def tell(self, commands: bytes, end: float) -> bytes:
        """Sends QMP commands, whole and at once, and returns all that the monitor says until it falls silent for good.

        That is when the emulator ends, or when the clock (`time.monotonic`, in seconds) reaches `end`. Raises Overflow.
        """
        received = bytearray()
        with suppress(OSError):  # a broken pipe and a reset: it ended before it read; a timeout
            self.monitor.settimeout(max(0.001, end - time.monotonic()))
            self.monitor.sendall(commands)  # waits in the socket until the machine is up and its main loop reads it
            while (left := end - time.monotonic()) > 0 and not self.overflown:
                if self.monitor.fileno() not in self.listen(left, self.monitor.fileno()):
                    if self._process.poll() is None:
                        continue
                    left = 0.001  # it has ended: what is in the socket is all that comes
                self.monitor.settimeout(left)
                if not (part := self.monitor.recv(1 << 16)):
                    break
                received += part
                if len(received) > _MOST_HEARD:
                    raise Overflow(self.binary, _MOST_HEARD)
        self.demand_quiet()
        return bytes(received)

    def close(self) -> None:
        """Kills the process if it still runs, and lets go of monitor and stderr."""
        super().close()
        self.monitor.close()


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
        emulator.demand_quiet()
    answers = [_answer(binary, line) for line in heard if line.startswith(_ANSWER)]
    came_up = len(answers) == len(commands) + 2
    if not came_up and status is not None and status >= 0:
        demand_qemu(binary, lines)
    crashed = status is not None and status < 0
    accepted = came_up and status == 0
    blamed, message = ((), "") if accepted else first_error(lines, emulator.argv)
    outcome = Outcome(accepted, message, status, crashed, status is None, blamed, lines)
    if not accepted:
        return outcome, ()
    if not all(isinstance(answer, str) for answer in answers[1:-1]):
        raise NotQemu(binary, "its monitor's answers are no texts")
    return outcome, tuple(text.replace("\r\n", "\n") for text in answers[1:-1])


def _answer(binary: str, line: bytes) -> Any:
    """What an answer of QMP returns. Raises NotQemu for what is no JSON, or nested as no answer is."""
    try:
        return json.loads(line)["return"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise NotQemu(binary, line[:_SHOWN].decode(errors="replace")) from None


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
