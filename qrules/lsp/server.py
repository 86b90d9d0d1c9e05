"""The server itself: its documents, its threads, and what it tells without being asked (pygls carries the protocol)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from qrules.diagnostics import Unusable
from qrules.lsp.documents import Documents, RuleDocument, Told, is_rules, of_findings, told
from qrules.lsp.offered import Offered
from qrules.lsp.places import Range
from qrules.version import __version__

T = TypeVar("T")
_WAIT = 0.35  # seconds without a key before the whole rule set is compiled
_WAIT_CONFIG = 0.1  # before a config is judged
_LEVELS = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
    "given": types.DiagnosticSeverity.Hint,
}


class Server(LanguageServer):
    """A server with its documents. One thread answers questions, another compiles and judges: keys wait for neither."""

    def __init__(self, rules: str | None = None, qemu: str | None = None, libvirt: str | None = None) -> None:
        super().__init__("qrules", __version__)
        self.choice = (rules, qemu, libvirt)
        self.documents = Documents(None, *self.choice)
        self.offered = Offered(self.documents)
        self._asking = ThreadPoolExecutor(1)
        self._working = ThreadPoolExecutor(1)
        self._waiting: dict[object, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._elsewhere: set[str] = set()  # files that are not open, of which something is told

    # ------------------------------------------------------------------------- threads
    async def ask(self, question: Callable[[], T]) -> T | None:
        """The answer to a question about rule files; None where they can't be read."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._asking, question)
        except Unusable:
            return None

    async def work(self, question: Callable[[], T]) -> T:
        """The answer of the thread that compiles and judges."""
        return await asyncio.get_running_loop().run_in_executor(self._working, question)

    def later(self, key: object, wait: float, what: Callable[[], Any]) -> None:
        """Does something in a while, unless it is asked for again until then."""
        old = self._waiting.pop(key, None)
        if old is not None:
            old.cancel()
        self._waiting[key] = asyncio.get_running_loop().call_later(wait, self._begin, key, what)

    def _begin(self, key: object, what: Callable[[], Any]) -> None:
        self._waiting.pop(key, None)
        task = asyncio.get_running_loop().create_task(what())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Lets the threads go."""
        for executor in (self._asking, self._working):
            executor.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------------------- texts
    def text(self, uri: str) -> tuple[str, int | None]:
        """A document's text with line feeds alone, and its version."""
        document = self.workspace.get_text_document(uri)
        return document.source.replace("\r\n", "\n"), document.version

    def changed(self, uri: str, language: str) -> None:
        """A document was opened or changed: what a key can tell is told at once, the rest in a while."""
        text, version = self.text(uri)
        if not is_rules(uri, language):
            self.later(("config", uri), _WAIT_CONFIG, lambda: self.judge(uri))
            return
        document = self.documents.rule_files.get(uri)
        if document is None:
            document = self.documents.open_rules(uri, path_of(uri), text)
        else:
            document.change(text)
        self.publish(uri, version, document.told())
        if not document.syntax:
            self.later(("rules", document.book.root), _WAIT, lambda: self.compile(document))

    def publish(self, uri: str, version: int | None, found: Sequence[Told]) -> None:
        """Tells the editor all that is known of a document."""
        shown = [
            types.Diagnostic(
                range=range_of(one.range),
                message=one.message,
                severity=_LEVELS[one.level],
                code=one.code,
                source="qrules",
                tags=[types.DiagnosticTag.Unnecessary] if one.unused else None,
                related_information=self._related(one),
            )
            for one in found
        ]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=shown, version=version))

    def _related(self, one: Told) -> list[types.DiagnosticRelatedInformation] | None:
        books = {d.book.root: d.book for d in self.documents.rule_files.values()}.values()
        found = []
        for span, message in one.related:
            path = next((p for book in books if (p := book.path_of(span.file)) is not None), None)
            if path is not None:
                start = types.Position(max(span.line - 1, 0), max(span.column - 1, 0))
                location = types.Location(uri_of(path), types.Range(start, start))
                found.append(types.DiagnosticRelatedInformation(location, message))
        return found or None

    async def judge(self, uri: str) -> None:
        """Tells what `check` finds in a config, unless it has changed meanwhile."""
        text, version = self.text(uri)
        found = await self.work(lambda: self.documents.configs.findings(text, to_fs_path(uri) or uri))
        if uri in self.workspace.text_documents and self.text(uri)[0] == text:
            self.publish(uri, version, of_findings(found, text))

    async def compile(self, document: RuleDocument) -> None:
        """Tells what compiling finds in all files of a rule set; what was edited meanwhile is compiled again."""
        texts = {uri: d.text for uri, d in self.documents.rule_files.items() if d.book is document.book}
        found = await self.work(lambda: self.documents.compile(document))
        told_of: set[str] = set()
        for uri, text in texts.items():
            open_one = self.documents.rule_files.get(uri)
            if open_one is None:
                continue
            mine = found.pop(open_one.path, [])
            if open_one.text == text:
                open_one.compiled = mine
                self.publish(uri, self.text(uri)[1], open_one.told())
        for path, problems in found.items():
            uri = uri_of(path)
            told_of.add(uri)
            self.publish(uri, None, told(problems, document.book.text(path)))
        for uri in self._elsewhere - told_of:
            if uri not in self.documents.rule_files:
                self.publish(uri, None, [])
        self._elsewhere = told_of


def path_of(uri: str) -> Path:
    """The file that an editor means."""
    return Path(to_fs_path(uri) or uri).resolve()


def uri_of(path: Path) -> str:
    """What editors call a file."""
    return from_fs_path(str(path)) or ""


def range_of(found: Range) -> types.Range:
    """A range as the protocol has it."""
    return types.Range(types.Position(*found.start), types.Position(*found.end))
