"""What a binary prints and ends, such as its help: no more than a bound, and no longer than it may take."""

from __future__ import annotations

import selectors
import subprocess
import time
from collections.abc import Sequence

from qrules.qemu.errors import NotExecutable, TimedOut
from qrules.qemu.process import DEFAULT_TIMEOUT, resolve

MAX_BYTES = 1 << 20
"""More than any help is; the rest is not read."""


def printed(binary: str, argv: Sequence[str], timeout: float = DEFAULT_TIMEOUT) -> str:
    """The first `MAX_BYTES` bytes that a binary writes to its standard output. `timeout` is in seconds.

    Raises BinaryNotFound, NotExecutable and TimedOut.
    """
    end = time.monotonic() + timeout
    heard = bytearray()
    try:
        running = subprocess.Popen(
            [resolve(binary), *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
    except OSError as error:
        raise NotExecutable(binary, error.strerror or str(error)) from None
    with running, selectors.DefaultSelector() as waiting:
        assert running.stdout is not None
        waiting.register(running.stdout, selectors.EVENT_READ)
        try:
            while len(heard) < MAX_BYTES:
                if not waiting.select(max(0.0, end - time.monotonic())):
                    raise TimedOut(binary, f"answer {' '.join(argv)}", timeout)
                if not (part := running.stdout.read(MAX_BYTES - len(heard))):
                    break
                heard += part
        finally:
            running.kill()
    return heard.decode(errors="replace")
