"""Runs something again whenever a rule file changes: their times and sizes are looked at twice a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from qrules.cli import common
from qrules.diagnostics import Unusable
from qrules.language.files import found
from qrules.paths import rules_folder

PAUSE = 0.5  # seconds between two looks
LONGEST = 3_600  # seconds without a change, after which it ends


def again(root: Path | None, run: Callable[[], int], longest: float = LONGEST) -> int:
    """Runs at once and after each change of the rule files, and gives the status of the last run.

    Ends with Ctrl-C, or when nothing has changed for `longest` seconds. Rules that can't be read are told, and waited for.
    """
    folder = root or rules_folder()
    status = 2
    try:
        while True:
            seen = _state(folder)
            try:
                status = run()
            except Unusable as error:
                from qrules.report.diagnostics import render

                common.show(render(error.diagnostics))
                status = 2
            common.show("waiting for a change of the rules (Ctrl-C ends)")
            if not _changed(folder, seen, longest):
                return status
    except KeyboardInterrupt:
        return status


def _changed(folder: Path, seen: dict[Path, tuple[int, int]], longest: float) -> bool:
    """Whether the files became others before the time was over."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        time.sleep(PAUSE)
        if _state(folder) != seen:
            return True
    return False


def _state(folder: Path) -> dict[Path, tuple[int, int]]:
    """Time and size of each rule file; of those that are gone, or can't be looked at, nothing."""
    state: dict[Path, tuple[int, int]] = {}
    try:
        for path in found(folder):
            about = path.stat()
            state[path] = (about.st_mtime_ns, about.st_size)
    except (OSError, Unusable):
        return {}
    return state
