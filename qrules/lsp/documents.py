"""What a server knows of open documents: which rule sets they belong to, and what is told of each as it stands."""

from __future__ import annotations

from pathlib import Path

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.formats.findings import Finding
from qrules.language.files import MAX_BYTES, too_large
from qrules.lsp.configs import Configs
from qrules.lsp.places import Lines, Position, Range
from qrules.lsp.rulebook import Rulebook, root_of
from qrules.records import NamedTuple

_SUFFIX = ".qr"


class Told(NamedTuple):
    """Something that is told of a stretch of a document: `level` is error, warning, note or given."""

    range: Range
    level: str
    code: str
    message: str
    related: tuple[tuple[Span, str], ...] = ()
    unused: bool = False


class RuleDocument:
    """An open rule file: its errors of syntax as of the last key, and what compiling found, moved along with its lines."""

    def __init__(self, book: Rulebook, path: Path, text: str) -> None:
        self.book, self.path = book, path
        self.text = ""
        self.syntax: list[Diagnostic] = []
        self.compiled: list[Diagnostic] = []
        self.change(text)

    def change(self, text: str) -> None:
        """Another text: the statements that changed are read."""
        self.compiled = moved(self.compiled, self.text, text)
        self.text = text
        name = self.book.shown(self.path)
        if len(text) > MAX_BYTES:
            self.syntax = [too_large(len(text), name)]
            return
        self.book.edit(self.path, text)
        self.syntax = self.book.pieces(self.path, text).problems(text)

    @property
    def problems(self) -> list[Diagnostic]:
        """All that is known to be wrong now: where the text can't be read, that alone."""
        return self.syntax or self.compiled

    def told(self) -> list[Told]:
        """The same as an editor shows it."""
        return told(self.problems, self.text)


def told(found: list[Diagnostic], text: str) -> list[Told]:
    """Diagnostics of a text where they stand in it."""
    lines = Lines(text)
    return [_told(d, lines) for d in found]


def _told(found: Diagnostic, lines: Lines) -> Told:
    more = [part for part in (f"expected: {found.expected}" if found.expected else "", found.hint) if part]
    level = "warning" if found.code.startswith("QR6") else "error"
    message = "\n".join([found.message, *more])
    return Told(lines.of_span(found.span), level, found.code, message, found.related, found.code == "QR603")


def of_findings(found: list[Finding], text: str) -> list[Told]:
    """What `check` found in a text."""
    lines = Lines(text)
    made = []
    for one in found:
        place = one.place
        span = Span(place.file, place.line, place.column or 1, place.end_line, place.end_column)
        where = lines.of_span(span)
        if not place.end_line and place.line:
            where = Range(where.start, lines.position(place.line - 1, len(lines.line(place.line - 1))))
        level = {"warning": "warning", "note": "note", "given": "given", "unknown": "warning"}.get(one.level, "error")
        said = [one.message, f"QEMU says: {one.emulator}" if one.emulator else "", one.advice]
        source = f"see {', '.join(one.see)}" if one.see else ""
        made.append(Told(where, level, one.rule, "\n".join(part for part in (*said, source) if part)))
    return made


def moved(found: list[Diagnostic], before: str, after: str) -> list[Diagnostic]:
    """Diagnostics of a text where their lines stand in the next one; those of lines that changed are dropped."""
    if not found or before == after:
        return found
    old, new = before.split("\n"), after.split("\n")
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    kept = [d for d in found if d.span.line <= first]
    by = len(new) - len(old)
    for one in found:
        if one.span.line > max(first, len(old) - last):
            span = one.span
            end = span.end_line + by if span.end_line else 0
            kept.append(one._replace(span=span._replace(line=span.line + by, end_line=end)))
    return kept


class Documents:
    """All open documents, the rule sets of rule files, and the judge of configs."""

    def __init__(
        self, folder: Path | None, rules: str | None = None, qemu: str | None = None, libvirt: str | None = None
    ) -> None:
        self.folder, self.rules = folder, Path(rules).resolve() if rules else None
        self.configs = Configs(rules, qemu, libvirt)
        self.rule_files: dict[str, RuleDocument] = {}
        self._books: dict[Path, Rulebook] = {}

    def book(self, path: Path) -> Rulebook:
        """The rule set of a file."""
        inside = self.rules is not None and path.is_relative_to(self.rules)
        root = self.rules if inside and self.rules is not None else root_of(path, self.folder)
        if root not in self._books:
            self._books[root] = Rulebook(root)
        return self._books[root]

    def open_rules(self, uri: str, path: Path, text: str) -> RuleDocument:
        """A rule file that is opened."""
        self.rule_files[uri] = RuleDocument(self.book(path), path, text)
        return self.rule_files[uri]

    def close(self, uri: str) -> None:
        """What the disk has counts again."""
        document = self.rule_files.pop(uri, None)
        if document is not None:
            document.book.edit(document.path, None)

    def compile(self, document: RuleDocument) -> dict[Path, list[Diagnostic]]:
        """What compiling finds, and loose ends, by file of the document's rule set; for the thread that compiles."""
        book = document.book
        found: dict[Path, list[Diagnostic]] = {}
        open_here = [d.path for d in self.rule_files.values() if d.book is book]
        try:
            problems = book.problems(open_here)
            if not problems:
                problems = book.loose_ends()
        except Unusable as error:
            problems = list(error.diagnostics)
        by_name = {book.shown(path): path for path in open_here}
        for one in problems:
            path = by_name.get(one.span.file) or book.path_of(one.span.file)
            if path is not None:
                found.setdefault(path, []).append(one)
        return found


def is_rules(uri: str, language: str) -> bool:
    """Whether a document is a rule file."""
    return language == "qr" or uri.endswith(_SUFFIX)


def at(position: Position, range_: Range) -> bool:
    """Whether a position stands in a range, or at its end."""
    return range_.start <= position <= range_.end
