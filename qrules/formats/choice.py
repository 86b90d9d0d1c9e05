"""Which formats there are, and results written in one of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qrules.formats.findings import Result

OWN = ("text", "json", "jsonl")  # each verb's own
SHARED = ("concise", "github", "gitlab", "sarif", "junit")


def lines(results: Iterable[Result], form: str, strict: bool = False) -> Iterator[str]:
    """The lines of results in a shared format, some as soon as each result is there; `strict` counts warnings as refusals."""
    if form == "concise":
        from qrules.formats import concise

        return concise.lines(results)
    if form == "github":
        from qrules.formats import github

        return github.lines(results, strict)
    if form == "gitlab":
        from qrules.formats import gitlab

        return gitlab.lines(results, strict)
    if form == "sarif":
        from qrules.formats import sarif

        return sarif.lines(results, strict)
    assert form == "junit"
    from qrules.formats import junit

    return junit.lines(results, strict)
