"""Changes of rule files that an editor may make: a name for another, and what mends a finding. Each was compiled first."""

from __future__ import annotations

import re
from pathlib import Path

from qrules.diagnostics import Diagnostic, Unusable, unusable
from qrules.lsp.places import Change, Lines, Position, changed
from qrules.lsp.rule_texts import asked
from qrules.lsp.rulebook import Rulebook
from qrules.lsp.symbols import KIND
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.lsp.rulebook import Found

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*", re.ASCII)
_OFFERED = re.compile(r"'([^']+)'")
_THEIRS = ("type", "bus-type", "machine-type", "interface", "alias")  # the emulator's own names
_ENGINES = ("refusal", "attribute", "property")
_MOST_PLACES = 2_000


class Fix(NamedTuple):
    """What mends a finding, in words, and the changes of its file."""

    title: str
    changes: tuple[Change, ...]


# ------------------------------------------------------------------------------------- renaming
def renamed(book: Rulebook, text: str, position: Position, new: str) -> dict[Path, tuple[Change, ...]]:
    """The changes by file that give a declared name another. Raises `Unusable` (QR520) where that can't be done, and says why."""
    name = asked(text, position)
    known = book.declarations(name.name, name.sort) if name is not None else []
    if name is None or not known:
        raise _refused("nothing stands here that a rule file declares")
    sort = known[0].symbol.sort
    _may_change(known)
    if not _NAME.fullmatch(new):
        raise _refused(f"'{new:.60}' is no name of the language: letters, digits, '_' and single '-' between them")
    if book.declarations(new, sort) and any(f.symbol.sort == sort for f in book.declarations(new, sort)):
        raise _refused(f"there is a {sort} '{new}' already")
    edits: dict[Path, list[Change]] = {}
    for count, used in enumerate(book.uses(name.name, sort)):
        mention = used.mention
        if count >= _MOST_PLACES:
            raise _refused(f"more than {_MOST_PLACES:,} places name it")
        if not _own(book, used.path):
            raise _refused(f"{book.shown(used.path)} names it, which is no file of this rule set")
        lines = Lines(book.text(used.path))
        edits.setdefault(used.path, []).append(Change(lines.range(mention.line, mention.start, mention.end), new))
    made = {path: tuple(changes) for path, changes in edits.items()}
    texts = {path: changed(book.text(path), changes) for path, changes in made.items()}
    found = worse(book, texts)
    if found is not None:
        raise _refused(f"the rules would not compile any more: {found.span}: {found.message}")
    return made


def _may_change(known: list[Found]) -> None:
    heads = {f.symbol.head for f in known}
    sort, name = known[0].symbol.sort, known[0].symbol.name
    if sort in _ENGINES:
        raise _refused(f"'{name}' is a {sort}: catalogues, addresses and the engine have the same word, so it is not renamed")
    if sort == KIND and (heads & set(_THEIRS) or "group" not in heads):
        raise _refused(f"'{name}' is the emulator's own name")


def _own(book: Rulebook, path: Path) -> bool:
    return path.is_relative_to(book.root) or path == book.root


def _refused(why: str) -> Unusable:
    return unusable("QR520", why, "rename")


def worse(book: Rulebook, texts: dict[Path, str]) -> Diagnostic | None:
    """The first thing that compiling finds with other texts and not with those that stand; None where there is nothing."""
    paths = list(texts)
    before = {(d.code, d.message) for d in book.problems(paths)}
    return next((d for d in book.problems(paths, texts) if (d.code, d.message) not in before), None)


# ------------------------------------------------------------------------------------- fixes
def fixes(book: Rulebook, path: Path, text: str, found: Diagnostic) -> list[Fix]:
    """What mends a finding in a file: tried, so that the finding goes and none comes."""
    return [fix for fix in _candidates(text, found) if _mends(book, path, text, found, fix)]


def _candidates(text: str, found: Diagnostic) -> list[Fix]:
    lines = Lines(text)
    where = found.span
    if found.code == "QR104":
        numbers = [n for n, line in enumerate(lines.lines) if "\t" in line[: len(line) - len(line.lstrip())]]
        changes = tuple(_untabbed(lines, n) for n in numbers)
        return [Fix("Indent with spaces", changes)]
    if not where.line or not found.hint.startswith("did you mean"):
        return []
    place = lines.of_span(where)
    line = lines.line(place.start.line)
    written = line[lines.index(place.start) : lines.index(place.end)]
    return [
        Fix(f"Write '{word}' instead of '{written}'", (Change(place, f'"{word}"' if written.startswith('"') else word),))
        for word in _OFFERED.findall(found.hint)
    ]


def _untabbed(lines: Lines, number: int) -> Change:
    line = lines.line(number)
    indent = line[: len(line) - len(line.lstrip())]
    return Change(lines.range(number, 0, len(indent)), indent.replace("\t", "  "))


def _mends(book: Rulebook, path: Path, text: str, found: Diagnostic, fix: Fix) -> bool:
    after = changed(text, fix.changes)
    before = {(d.code, d.message, d.span.line) for d in book.trial(path).problems(text)}
    wrong = [d for d in book.trial(path).problems(after) if (d.code, d.message, d.span.line) not in before or _same(d, found)]
    if wrong:
        return False
    if (found.code, found.message, found.span.line) in before:
        return True
    compiled = book.problems([path], {path: after})
    known = {(d.code, d.message) for d in book.problems([path])}
    return not any(_same(d, found) or (d.code, d.message) not in known for d in compiled)


def _same(one: Diagnostic, other: Diagnostic) -> bool:
    return (one.code, one.message, one.span.line) == (other.code, other.message, other.span.line)
