"""The files that a config names (-readconfig): opened where the asker allows it, and then regular ones alone.

Who sends a config to a server, or a stream of them, must not have the host's files opened, shown or waited for. What a user
names as the config itself is another matter: that may be a pipe, and no reader here opens it.
"""

from __future__ import annotations

import os
from stat import S_ISREG

from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 4 * 1024 * 1024  # of all files of one config together; more than that nobody wrote


class Files:
    """Reads the files of one config; a reader for each config, since together they have `MAX_BYTES`."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        """`given` are texts that were read already, by the name that the config has for them."""
        self._left = MAX_BYTES
        self._given = given or {}

    def __call__(self, path: str) -> str:
        """The text of a file; what is no UTF-8 becomes U+FFFD.

        Raises `OSError` where it can't be opened, and `Unusable` (QR407) for no regular file and beyond `MAX_BYTES`.
        """
        if path in self._given:
            return self._given[path]
        try:
            raw = self._read(path)
        except ValueError as error:  # a NUL, or half of a character
            raise unusable("QR407", "no file can have the name that -readconfig gives", "-readconfig") from error
        self._left -= len(raw)
        if self._left < 0:
            limit = f"the files of this config have more than {MAX_BYTES // 1024 // 1024} MiB"
            raise unusable("QR407", limit, path, expected="a file of options")
        return raw.decode("utf-8", "replace")

    def _read(self, path: str) -> bytes:
        """At most a byte more than there is left."""
        if not S_ISREG(os.stat(path).st_mode):  # asked first: opening a device can do something
            raise _irregular(path)
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        with open(handle, "rb") as file:
            if not S_ISREG(os.fstat(handle).st_mode):
                raise _irregular(path)
            return file.read(self._left + 1)


def _irregular(path: str) -> Exception:
    return unusable("QR407", "this is no regular file, so it is not read", path, expected="a file of options")


def closed(path: str) -> str:
    """Reads nothing. Raises `Unusable` (QR406)."""
    message = "the config names a file (-readconfig), and for this question no file of the host is opened"
    raise unusable("QR406", message, "-readconfig", expected="the options themselves, or leave to open files")
