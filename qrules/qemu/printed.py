"""What a binary prints and ends, such as its help: no more than a bound, and no longer than it may take."""

from __future__ import annotations

import time
from collections.abc import Sequence

from qrules.qemu.errors import TimedOut
from qrules.qemu.process import DEFAULT_TIMEOUT
from qrules.qemu.program import Program


def printed(binary: str, argv: Sequence[str], timeout: float = DEFAULT_TIMEOUT) -> str:
    """The lines that a binary prints, without blank ones. `timeout` is in seconds.

    Raises BinaryNotFound, NotExecutable, TimedOut, and Overflow for more than `program.MOST_SAID` bytes.
    """
    end = time.monotonic() + timeout
    with Program(binary, argv, aloud=True) as program:
        status = program.wait(end)
        program.demand_quiet()
        if status is None:
            raise TimedOut(binary, f"answer {' '.join(argv)}", timeout)
        return "\n".join(program.lines())
