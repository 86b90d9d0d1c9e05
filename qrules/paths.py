"""Where the project's data stands: at the top of the repository, or packed into the installed package.

Plain texts on the way to an answer (importing pathlib costs as much as answering); `pathlib.Path` for the rest.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

APART = "rule-sets"  # below the rules
PACKAGE = os.path.dirname(os.path.abspath(__file__))


def data(name: str) -> str:
    """The absolute path of a folder of data: ``grammar`` or ``rules``."""
    packed = os.path.join(PACKAGE, "_data", name)
    return packed if os.path.exists(packed) else os.path.join(os.path.dirname(PACKAGE), name)


def compiled(name: str = "") -> str:
    """The shipped rules, compiled, or the shipped rule set of that name: present in an installed wheel only."""
    return os.path.join(PACKAGE, "_data", f"compiled-{name}" if name else "compiled")


def apart(name: str) -> str | None:
    """The folder of a shipped rule set that stands apart, such as ``rfc-2.8``; None where there is none of that name."""
    folder = os.path.join(data("rules"), APART, name)
    return folder if name.replace("-", "").replace(".", "").isalnum() and os.path.isdir(folder) else None


def cache() -> str:
    """Where compiled rules are kept: ``XDG_CACHE_HOME`` or ``~/.cache``, in a folder of our own. It need not be there yet.

    A relative ``XDG_CACHE_HOME`` is passed over (XDG Base Directory Specification); without a home nothing can be written.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not base.startswith("/"):
        base = os.path.join(os.environ.get("HOME") or "/nonexistent", ".cache")
    return os.path.join(base, "qrules")


def grammar_file() -> Path:
    """The grammar of the rule language."""
    from pathlib import Path

    return Path(data("grammar"), "qrules.lark")


def rules_folder() -> Path:
    """The shipped rules."""
    from pathlib import Path

    return Path(data("rules"))
