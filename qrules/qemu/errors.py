"""What can go wrong with an emulator binary: each exception carries data, and its text says what to do."""

from __future__ import annotations


class QemuError(Exception):
    """The binary can't be asked. `binary` is the path or name that the caller gave."""

    def __init__(self, binary: str) -> None:
        super().__init__(binary)
        self.binary = binary


class BinaryNotFound(QemuError):
    """No such file, and no program of that name on PATH."""

    def __str__(self) -> str:
        return f"There is no program {self.binary!r} here: give the path of an emulator binary, or install one."


class NotExecutable(QemuError):
    """The file is there, but the system can't run it; `detail` is the system's own word."""

    def __init__(self, binary: str, detail: str) -> None:
        super().__init__(binary)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.binary!r} can't be run ({self.detail}): give the path of an emulator that you may execute."


class NotQemu(QemuError):
    """The program runs, but does not answer as QEMU does; `output` is the first line that it printed."""

    def __init__(self, binary: str, output: str) -> None:
        super().__init__(binary)
        self.output = output

    def __str__(self) -> str:
        said = f"it says {self.output!r}" if self.output else "it says nothing"
        return f"{self.binary!r} is not a QEMU system emulator ({said}): give the path of one."


class Died(QemuError):
    """The emulator ended while it was still needed.

    `status` is its exit status, a negative one the number of the signal that ended it; `message` is its first error
    line, `lines` all that it wrote to stderr.
    """

    def __init__(self, binary: str, status: int | None, message: str, lines: tuple[str, ...]) -> None:
        super().__init__(binary)
        self.status = status
        self.message = message
        self.lines = lines

    def __str__(self) -> str:
        said = self.message or "no message"
        return f"{self.binary!r} ended with status {self.status} ({said}): start it by hand with the same options."


class TimedOut(QemuError):
    """The emulator did not do its `step` within `seconds`; it was killed."""

    def __init__(self, binary: str, step: str, seconds: float) -> None:
        super().__init__(binary)
        self.step = step
        self.seconds = seconds

    def __str__(self) -> str:
        return f"{self.binary!r} did not {self.step} within {self.seconds:g} s: give it more time, or start it by hand."


class Overflow(QemuError):
    """It said more than is read (`limit` bytes), and was killed."""

    def __init__(self, binary: str, limit: int) -> None:
        super().__init__(binary)
        self.limit = limit

    def __str__(self) -> str:
        return f"{self.binary!r} says more than any QEMU does (over {self.limit >> 20} MiB) and was ended: start it by hand."


class CommandFailed(QemuError):
    """QEMU refused a monitor command: `kind` is QMP's error class, `description` its sentence."""

    def __init__(self, binary: str, command: str, kind: str, description: str) -> None:
        super().__init__(binary)
        self.command = command
        self.kind = kind
        self.description = description

    def __str__(self) -> str:
        return f"{self.binary!r} refused the monitor command {self.command!r}: {self.description}"


class LibraryMissing(QemuError):
    """The library that speaks QMP is not installed."""

    def __str__(self) -> str:
        return f"Talking with {self.binary!r} needs the library qemu.qmp: pip install 'qrules-qemu[qemu]'."
