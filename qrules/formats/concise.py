"""A line a finding, as compilers print them: ``FILE:LINE:COLUMN: error: MESSAGE [RULE]``."""

from __future__ import annotations

from qrules.formats.findings import SEVERE
from qrules.report.style import echo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qrules.formats.findings import Result

_ACCEPTED = {"accept": "accepted", "warn": "accepted"}


def lines(results: Iterable[Result]) -> Iterator[str]:
    """What is severe, a line each; a result without such has a line that says what became of it."""
    for result in results:
        severe = [f for f in result.findings if f.level in SEVERE and not f.ignored]
        for found in severe:
            level = "error" if found.level == "unreadable" else found.level
            where = echo(str(found.place)) if found.place.file else result.name
            yield f"{where}: {level}: {found.message} [{found.rule}]"
        if not severe:
            where = echo(str(result.place)) if result.place.file else result.name
            ignored = sum(1 for f in result.findings if f.ignored)
            yield f"{where}: {_ACCEPTED.get(result.verdict, result.verdict)}{f' ({ignored} ignored)' if ignored else ''}"
