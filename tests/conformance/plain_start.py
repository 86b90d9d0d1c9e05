"""A start with the very options that `qrules.qemu.process` takes out of a command line, such as -accel and -display.

The emulator gets its monitor over its input and is told to quit; it exits with 0 where it had started.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from qrules.qemu.process import Outcome, attempt

OWN = ("-accel", "-display")


def start(binary: str, argv: Sequence[str], timeout: float) -> Outcome:
    """What becomes of a start: by `attempt`, or in the plain way where that would change what was asked."""
    if not any(word in OWN for word in argv):
        return attempt(binary, list(argv), timeout)
    words = [binary, *argv, "-S", "-monitor", "stdio"]
    words += [] if "-display" in argv else ["-display", "none"]
    words += [] if "-accel" in argv else ["-accel", "tcg"]
    try:
        ended = subprocess.run(words, input=b"quit\n", capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return Outcome(False, "", None, False, True)
    lines = tuple(ended.stderr.decode(errors="replace").splitlines())
    if ended.returncode == 0:
        return Outcome(True, "", 0, False, False, (), lines)
    name = binary.rsplit("/", 1)[-1]
    own = [
        line.removeprefix(f"{binary}: ").removeprefix(f"{name}: ")
        for line in lines
        if line.startswith((f"{binary}: ", f"{name}: "))
    ]
    said = next((line for line in own if not line.startswith(("warning: ", "info: "))), "")
    for at, word in enumerate(argv):
        for option in (" ".join(argv[at : at + 2]), word):
            said = said.removeprefix(f"{option}: ") if word.startswith("-") else said
    return Outcome(False, said, ended.returncode, ended.returncode < 0, False, (), lines)
