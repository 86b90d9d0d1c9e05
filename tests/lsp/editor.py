"""An editor as far as tests need one: pygls's own client, which starts the server as a process and speaks with it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")
LIMIT = 120  # seconds that an answer may take on a machine that does much else


class Editor:
    """A client with the diagnostics that came last for each document."""

    def __init__(self) -> None:
        self.client = LanguageClient("editor", "1")
        self.shown: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self._came = asyncio.Event()
        self._versions: dict[str, int] = {}
        self._texts: dict[str, str] = {}

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.shown.setdefault(params.uri, []).append(params)
            self._came.set()

    async def start(self, folder: Path, *words: str) -> types.ServerCapabilities:
        await self.client.start_io(sys.executable, "-m", "qrules", "lsp", *words, env=dict(os.environ))
        workspace = types.WorkspaceFolder(folder.as_uri(), "rules")
        params = types.InitializeParams(
            capabilities=types.ClientCapabilities(), root_uri=folder.as_uri(), workspace_folders=[workspace]
        )
        answer = await self.client.initialize_async(params)
        self.client.initialized(types.InitializedParams())
        return answer.capabilities

    async def end(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()

    def open(self, path: Path, text: str, language: str = "qr") -> str:
        uri = path.as_uri()
        self._versions[uri], self._texts[uri] = 1, text
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def type(self, uri: str, line: int, column: int, text: str, over: int = 0) -> None:
        """Keys at a place, which replace some characters."""
        lines = self._texts[uri].split("\n")
        lines[line] = lines[line][:column] + text + lines[line][column + over :]
        self._texts[uri] = "\n".join(lines)
        self._versions[uri] += 1
        where = types.Range(types.Position(line, column), types.Position(line, column + over))
        change = types.TextDocumentContentChangePartial(where, text)
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def text(self, uri: str) -> str:
        return self._texts[uri]

    async def until(self, uri: str, test: Callable[[list[types.Diagnostic]], bool]) -> list[types.Diagnostic]:
        """The diagnostics of the text as it stands, once they pass a test."""
        end = time.monotonic() + LIMIT
        while True:
            last = (self.shown.get(uri) or [None])[-1]
            if last is not None and last.version in (None, self._versions.get(uri)) and test(list(last.diagnostics)):
                return list(last.diagnostics)
            self._came.clear()
            left = end - time.monotonic()
            assert left > 0, f"not told in {LIMIT} s: {last}"
            try:
                await asyncio.wait_for(self._came.wait(), left)
            except TimeoutError:
                continue

    @staticmethod
    def place(uri: str, line: int, column: int) -> dict[str, Any]:
        return {"text_document": types.TextDocumentIdentifier(uri), "position": types.Position(line, column)}


def session(folder: Path, what: Callable[[Editor], Coroutine[Any, Any, T]], *words: str) -> T:
    """What an editor does with a server of its own."""

    async def run() -> T:
        editor = Editor()
        await editor.start(folder, *words)
        try:
            return await what(editor)
        finally:
            await editor.end()

    return asyncio.run(run())


def find(text: str, word: str, number: int = 0) -> tuple[int, int]:
    """Line and column (from 0) of a text's occurrence of a word."""
    at = -1
    for _ in range(number + 1):
        at = text.index(word, at + 1)
    return text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """A text with an editor's changes."""
    from qrules.lsp.places import Change, Position, Range, changed

    def own(p: types.Position) -> Position:
        return Position(p.line, p.character)

    return changed(text, tuple(Change(Range(own(e.range.start), own(e.range.end)), e.new_text) for e in edits))
