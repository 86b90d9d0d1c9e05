"""Asking a real binary: with what it started cleared away, and with a word for what can't be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qrules.cli.progress import done, progress
from qrules.diagnostics import Unusable, unusable

Asked = TypeVar("Asked")


def asked(what: str, work: Callable[[], Asked]) -> Asked:
    """What comes of asking a binary. Raises `Unusable` (QR510) where it can't be asked."""
    from qrules.qemu import keeper
    from qrules.qemu.errors import QemuError

    keeper.adopt()
    progress(f"asking {what}")
    try:
        return work()
    except QemuError as error:
        raise cannot(error, error.binary) from error
    finally:
        done()
        keeper.sweep()


def cannot(error: Exception, binary: str) -> Unusable:
    """Why a binary can't be asked."""
    return unusable("QR510", str(error), binary)
