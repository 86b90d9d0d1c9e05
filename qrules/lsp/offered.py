"""The changes that are offered at a place of a document: what mends a finding of a rule file, or the repairs of a config."""

from __future__ import annotations

from functools import partial

from qrules.lsp.changes import Fix, fixes
from qrules.lsp.places import Lines, difference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from qrules.lsp.documents import Documents, RuleDocument
    from qrules.lsp.places import Range

_KEPT = 50  # answers


class Offered:
    """Finds changes once for each text: an editor asks again with every move of its cursor."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: dict[tuple[str, str, object], list[Fix]] = {}

    def at(self, uri: str, name: str, text: str, range_: Range) -> list[Fix]:
        """What is offered for a stretch of a document, for the thread that compiles and judges."""
        document = self._documents.rule_files.get(uri)
        if document is None:
            key = (uri, text, range_.start.line)
            return self._kept(key, lambda: self._of_config(name, text, range_.start.line + 1))
        return [fix for found in self._near(document, text, range_) for fix in found]

    def _near(self, document: RuleDocument, text: str, range_: Range) -> list[list[Fix]]:
        lines = Lines(text)
        near = [d for d in document.problems if _touch(lines.of_span(d.span), range_)]
        book, path = document.book, document.path
        return [self._kept((str(path), text, d), partial(fixes, book, path, text, d)) for d in near[:3]]

    def _of_config(self, name: str, text: str, line: int) -> list[Fix]:
        found = self._documents.configs.repairs(text, name, line)
        return [Fix(one.title, difference(text, one.text)) for one in found]

    def _kept(self, key: tuple[str, str, object], find: Callable[[], list[Fix]]) -> list[Fix]:
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = find()
        return self._known[key]


def _touch(one: Range, other: Range) -> bool:
    return one.start <= other.end and other.start <= one.end
