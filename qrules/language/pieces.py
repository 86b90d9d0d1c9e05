"""A rule text that is being written: read statement by statement, so that a key costs reading the statement that it changes."""

from __future__ import annotations

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.language import reader, tree

_MOST = 8_000  # statements that are kept of a text; the largest catalogue has a fifth of that
_START = 1


class Pieces:
    """What reading gave of each statement of a text; what stands in the text again is not read again."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._problems: dict[str, tuple[Diagnostic, ...]] = {}
        self._trees: dict[tuple[str, int], tuple[tree.Statement, ...]] = {}

    def sound(self, text: str) -> None:
        """Takes the statements of a text as free of errors, since the whole of it was read before."""
        self._problems.update((piece, ()) for _, piece in reader.pieces(text))

    def problems(self, text: str) -> list[Diagnostic]:
        """Every error of syntax in a text, `reader.MAX_TOLD` at the most."""
        found = list(reader.unreasonable(text, self.file))
        if found:
            return found
        before, self._problems = self._problems, {}
        for line, piece in reader.pieces(text):
            known = before.get(piece)
            if known is None:
                known = self._problems.get(piece)
            self._problems[piece] = known = tuple(reader.errors_of(piece, self.file, _START)) if known is None else known
            found += (_moved(d, line - _START) for d in known)
            if len(found) >= reader.MAX_TOLD:
                break
        self._problems = {**before, **self._problems} if len(before) < _MOST else self._problems
        return found[: reader.MAX_TOLD]

    def statements(self, text: str) -> tuple[tree.Statement, ...]:
        """The statements of a text. Raises `Unusable` with every error found in it."""
        found = self.problems(text)
        if found:
            raise Unusable(found)
        before, self._trees = self._trees, {}
        out: list[tree.Statement] = []
        for line, piece in reader.pieces(text):
            nodes = before.get((piece, line))
            if nodes is None:
                nodes = reader.parse(piece, self.file, line - _START)
            self._trees[(piece, line)] = nodes
            out += nodes
        return tuple(out)


def _moved(found: Diagnostic, lines: int) -> Diagnostic:
    """A diagnostic of a statement where the statement stands in its file."""
    if not lines:
        return found
    related = tuple((_down(span, lines), text) for span, text in found.related)
    return found._replace(span=_down(found.span, lines), related=related)


def _down(span: Span, lines: int) -> Span:
    return span._replace(line=span.line + lines if span.line else 0, end_line=span.end_line + lines if span.end_line else 0)
