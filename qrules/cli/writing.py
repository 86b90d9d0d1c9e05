"""Writing files that the user names: whole or not at all where they are plain ones, and into what they are where not."""

from __future__ import annotations

import os
import stat

_STREAMS = ("/dev/", "/proc/")  # names of what is open already


def write_whole(path: str, text: str) -> None:
    """Writes a text as UTF-8. Raises `OSError`, with the path.

    A plain file appears whole, beside the old one and then in its place: its mode stays, a link to it stays a link; a new one
    is readable by all. A device, a FIFO or a socket of the shell's is written into.
    """
    try:
        _write(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        error.filename = path  # not the one that nobody asked for
        raise


def _write(path: str, data: bytes) -> None:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | 0o644
    if path.startswith(_STREAMS) or not stat.S_ISREG(mode):
        with open(path, "wb") as file:
            file.write(data)
        return
    real = os.path.realpath(path)
    if os.path.exists(real) and not os.access(real, os.W_OK):
        raise PermissionError(13, os.strerror(13), path)
    _replace(real, data, stat.S_IMODE(mode))


def _replace(path: str, data: bytes, mode: int) -> None:
    import tempfile

    handle, scratch = tempfile.mkstemp(prefix=".qrules-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(scratch, mode)
        os.replace(scratch, path)
    except BaseException:
        os.unlink(scratch)
        raise
