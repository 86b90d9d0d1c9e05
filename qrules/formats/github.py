"""Commands to GitHub's runner that annotate files: ``::error file=F,line=3,col=5,title=T::MESSAGE``.

What comes from outside can't make a command: in texts what does not print is written as an escape before the runner's own
escapes are put on, and no line of ours begins with anything but our own command (`COMMAND`).
"""

from __future__ import annotations

import os

from qrules.formats.findings import SEVERE
from qrules.visible import COMMAND, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qrules.formats.findings import Finding, Result

_COMMANDS = {"error": "error", "unreadable": "error", "warning": "warning", "unknown": "warning", "note": "notice"}
_TITLES = {"unknown": "unknown, ", "unreadable": "unreadable, ", "note": "", "warning": "guideline, ", "error": ""}
_BREAK = "%0A"  # of a message, in the runner's own way


def lines(results: Iterable[Result], strict: bool = False) -> Iterator[str]:
    """A command for each finding but what is taken as given; `strict` makes errors of warnings."""
    for result in results:
        for found in result.findings:
            if found.level in _COMMANDS and not found.ignored:
                yield _command(found, result, strict)


def _command(found: Finding, result: Result, strict: bool) -> str:
    command = "error" if strict and found.level == "warning" else _COMMANDS[found.level]
    place = found.place if found.place.file else result.place
    given: list[tuple[str, object]] = [("file", _relative(place.file)), ("line", place.line), ("endLine", place.end_line)]
    given += [("col", place.column), ("endColumn", place.end_column)]
    given.append(("title", _TITLES[found.level] + found.rule))
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in given if value)
    more = [f"QEMU: {found.emulator}"] if found.emulator else []
    more += [f"try: {found.advice}"] if found.advice and found.level in SEVERE else []
    more += [f"rule: {found.rule}, {found.where}"] if found.where is not None else []
    return f"{COMMAND}{command} {properties}::" + _BREAK.join(map(_data, (found.message, *more)))


def _relative(file: str) -> str:
    """A file as the runner finds it: below the folder where it is, if it stands there."""
    if not os.path.isabs(file):
        return file
    below = os.path.relpath(file)
    return file if below.startswith("..") else below


def _data(text: str) -> str:
    """A message, with what the runner would take for its own."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
