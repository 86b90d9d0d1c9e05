"""What is wrong with something that a person wrote, as data.

A `Diagnostic` says where (a `Span`), what, what was expected and what to do. It is the one currency for
all three families of trouble with input: rule files, VM configs and command lines. Text is made of it in
`qrules.report.diagnostics` alone.
"""

from __future__ import annotations

from qrules.records import NamedTuple
from qrules.visible import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Span(NamedTuple):
    """A stretch of a text. Lines and columns count from 1; `end_column` is the column after the last.

    `line` 0 stands for the file as a whole (or an option, or a program), `end_line` 0 for no known end.
    """

    file: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Diagnostic(NamedTuple):
    """One thing that is wrong.

    `code` is stable (``QR1xx`` syntax, ``QR2xx`` names and kinds, ``QR3xx`` contradictions, ``QR4xx`` configs,
    ``QR5xx`` files and programs); `related` points at other places that play a part.
    """

    code: str
    message: str
    span: Span
    expected: str = ""
    hint: str = ""
    related: tuple[tuple[Span, str], ...] = ()


class Unusable(Exception):
    """Input that can't be used. Carries the diagnostics; the command line prints them and exits with 2."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: Sequence[Diagnostic] = tuple(diagnostics)
        super().__init__(
            printable("; ".join(f"{d.span}: {d.message}{f' ({d.hint})' if d.hint else ''}" for d in self.diagnostics[:3]))
        )


def unusable(code: str, message: str, where: Span | str, *, expected: str = "", hint: str = "") -> Unusable:
    """A single diagnostic as an exception, for the many places that find one thing wrong."""
    span = where if isinstance(where, Span) else Span(where, 0)
    return Unusable([Diagnostic(code, message, span, expected, hint)])


_COMPARED = 5_000  # words that a word is compared with
_SWAPPED = 60  # letters of a word of which two may be swapped


def nearest(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known words that `word` may have been meant for, best first, ties in alphabetical order.

    Those that differ in capitals alone come first, then those with two neighbouring letters swapped, as people mistype most; the
    rest by `difflib` (ratio 0.72 and more, 0.6 for words of up to four letters).
    """
    import difflib

    candidates = sorted(set(known))
    if len(candidates) > _COMPARED:  # what begins alike is what people mistype least; nobody waits for the rest
        candidates = [c for c in candidates if c[:1].casefold() == word[:1].casefold()][:_COMPARED]
    folded = {c: c.casefold() for c in candidates}
    wanted = word.casefold()
    same = [c for c in candidates if folded[c] == wanted]
    close = difflib.get_close_matches(wanted, [folded[c] for c in candidates], n=limit, cutoff=0.72 if len(word) > 4 else 0.6)
    swapped = {wanted[:n] + wanted[n + 1] + wanted[n] + wanted[n + 2 :] for n in range(min(len(wanted) - 1, _SWAPPED))}
    same += [c for c in candidates if folded[c] in swapped and c not in same]
    named = same + [c for f in dict.fromkeys(close) for c in candidates if folded[c] == f and c not in same]
    return named[:limit]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'e1000'?``, or nothing where no known word is near."""
    found = nearest(word, known)
    if not found:
        return ""
    quoted = [f"'{w}'" for w in found]
    return "did you mean " + (" or ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]) + "?"
