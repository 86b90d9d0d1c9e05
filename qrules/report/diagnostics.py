"""Diagnostics as text.

rules/board.qr:7:9: error QR202: there is no device type 'e100'
  7 |   has e100 on "bus.0"
    |       ^^^^
  expected: a type, interface, bus kind or machine of a catalogue, or a group
  hint: did you mean 'e1000'?
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qrules.diagnostics import Diagnostic, Span
from qrules.paths import rules_folder
from qrules.report.style import Style, echo, fitted
from qrules.visible import BREAK, seen

_MOST = 4 * 1024 * 1024  # bytes of a file of which a line is shown
_WIDTH = 160  # of a source line that is shown; longer ones are cut around the caret


def render(diagnostics: Iterable[Diagnostic], colour: bool = False) -> str:
    """All diagnostics as one text, each with its line of the source where that can be read."""
    sources, style = _Sources(), Style(colour)
    return BREAK.join(_one(d, sources, style) for d in diagnostics)


class _Sources:
    """Lines of files, each file read once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def line(self, span: Span) -> str | None:
        if not span.line:  # the file as a whole, which may be no file at all
            return None
        if span.file not in self._lines:
            self._lines[span.file] = _read(span.file)
        lines = self._lines[span.file]
        return lines[span.line - 1] if 0 < span.line <= len(lines) else None


def _read(file: str) -> list[str]:
    """The lines of a file as shown; shipped rules are shown as ``rules/...`` from wherever they stand."""
    parts = Path(file).parts
    shipped = rules_folder().joinpath(*parts[1:]) if parts[:1] == ("rules",) else None
    for path in (Path(file), *((shipped,) if shipped is not None else ())):
        try:
            shown = path.is_file() and path.stat().st_size <= _MOST
            return path.read_text(encoding="utf-8-sig", errors="replace").split("\n") if shown else []
        except OSError:
            continue
    return []


def _one(diagnostic: Diagnostic, sources: _Sources, style: Style) -> str:
    head = f"{style(echo(str(diagnostic.span)), 'bold')}: {style('error ' + diagnostic.code, 'bold', 'red')}: "
    out = [head + style(diagnostic.message, "bold"), *_excerpt(diagnostic.span, sources, style)]
    if diagnostic.expected:
        out.append(fitted(diagnostic.expected, "    ", f"  {style('expected:', 'cyan')} "))
    if diagnostic.hint:
        out.append(fitted(diagnostic.hint, "    ", f"  {style('hint:', 'cyan')} "))
    for span, message in diagnostic.related:
        out.append(f"  {span}: {message}")
        out.extend(_excerpt(span, sources, style))
    return BREAK.join(out)


def _excerpt(span: Span, sources: _Sources, style: Style) -> list[str]:
    if not span.line:  # the file as a whole, which nobody has to read for that
        return []
    line = sources.line(span)
    if line is None:
        return []
    text, start, end = _cut(line.rstrip("\r"), span)
    number, margin = str(span.line), style("|", "dim")
    carets = style("^" * max(1, end - start), "bold", "red")
    return [f"  {style(number, 'dim')} {margin} {text}", f"  {' ' * len(number)} {margin} {' ' * start}{carets}"]


def _cut(line: str, span: Span) -> tuple[str, int, int]:
    """What of a line is shown, and where the carets begin and end in it."""
    text = "".join(c if seen(c) else " " if c.isspace() else "\ufffd" for c in line).rstrip()
    start, end = max(span.column - 1, 0), span.end_column - 1
    if span.end_line == 0 and span.column == 1:  # the line as a whole
        start, end = len(text) - len(text.lstrip()), len(text)
    if span.end_line > span.line:  # goes on in the next line: the carets stop with this one
        end = len(text)
    end = max(end, start + 1)
    if end <= _WIDTH or len(text) <= _WIDTH:
        return text[:_WIDTH] if len(text) > _WIDTH else text, start, max(start + 1, min(end, max(len(text), start + 1)))
    first = max(0, start - _WIDTH // 2)
    return text[first : first + _WIDTH], start - first, min(end - first, _WIDTH)
