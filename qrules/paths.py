"""Where the project's data stands: at the top of the repository, or packed into the installed package."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _data(name: str) -> Path:
    packed = PACKAGE / "_data" / name
    return packed if packed.exists() else PACKAGE.parent / name


def grammar_file() -> Path:
    """The grammar of the rule language."""
    return _data("grammar") / "qrules.lark"


def rules_folder() -> Path:
    """The shipped rules."""
    return _data("rules")


def compiled_folder() -> Path:
    """The shipped rules, compiled: present in an installed wheel only."""
    return PACKAGE / "_data" / "compiled"


def cache_folder() -> Path:
    """Where compiled rules are kept: ``XDG_CACHE_HOME`` or ``~/.cache``, in a folder of our own."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    home = os.environ.get("HOME", "")
    root = Path(base) if base.startswith("/") else Path(home or os.sep + "nonexistent") / ".cache"
    return root / "qrules"
