"""What is told on a terminal while something takes its time."""

from __future__ import annotations

import sys

from qrules.visible import AGAIN


def progress(text: str) -> None:
    """Tells on a terminal what takes its time; no text takes the line away."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{AGAIN}qrules: {text} ..." if text else AGAIN)
        sys.stderr.flush()


def done() -> None:
    """Takes the progress line away."""
    progress("")
