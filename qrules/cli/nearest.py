"""Finds the settings of a project for a verb. Whoever has none pays a look at a few names."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments


def settle(args: Arguments) -> None:
    """Heeds the nearest ``qrules.toml``, from the folder where we are upwards to the checkout's own. Raises `Unusable`."""
    named = getattr(args, "settings", "none")
    if named == "none":
        return
    path = named or _nearest("qrules.toml")
    if path is not None:
        from qrules.cli import settings

        settings.apply(args, path)


def _nearest(name: str) -> str | None:
    try:
        folder = os.getcwd()
    except OSError:  # it is gone
        return None
    while True:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = above
