"""What stands in files that the user names, and in standard input."""

from __future__ import annotations

from qrules.cli import common
from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

MAX_BYTES = 4 * 1024 * 1024
MAX_XML = 10 * 1024 * 1024


def text(file: str) -> str:
    """What stands in a file that the user names. Raises `Unusable` (QR432 to QR434)."""
    return decoded(raw(file), file)


def raw(file: str) -> bytes:
    """The bytes of a file that the user names: more of XML than of a command line. Raises `Unusable` (QR432, QR433)."""
    try:
        if file == "-":
            found = _up_to(common.standard_input())
        else:
            with open(file, "rb") as handle:
                found = _up_to(handle)
    except (OSError, ValueError) as error:  # a name that no file system has is the latter
        told = (error.strerror if isinstance(error, OSError) else None) or error
        raise unusable("QR432", f"can't read it: {told}", file, expected="a file with a QEMU command line") from error
    if len(found) > MAX_BYTES and not found[:1000].lstrip().startswith(b"<"):
        raise unusable("QR433", f"more than {MAX_BYTES // 1024 // 1024} MiB", file, expected="a QEMU command line")
    return found


def _up_to(handle: BinaryIO) -> bytes:
    found = handle.read(MAX_BYTES + 1)
    return found + handle.read(MAX_XML - MAX_BYTES) if len(found) > MAX_BYTES else found


def decoded(raw: bytes, file: str) -> str:
    """The text of bytes. Raises `Unusable` (QR434) where they are none."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise unusable("QR434", f"byte {error.start} is not UTF-8 text", file, expected="a QEMU command line") from error
