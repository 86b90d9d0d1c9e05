"""What an editor may ask the server, each as a feature of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.uris import to_fs_path

from qrules.diagnostics import Unusable
from qrules.language.formatter import formatted
from qrules.lsp import changes, rule_texts
from qrules.lsp.documents import Documents
from qrules.lsp.offered import Offered
from qrules.lsp.places import Change, Lines, Position, Range, difference
from qrules.lsp.server import Server, range_of, uri_of
from qrules.lsp.symbols import declared

T = TypeVar("T")
_ITEMS = {
    "keyword": types.CompletionItemKind.Keyword,
    "kind": types.CompletionItemKind.Class,
    "term": types.CompletionItemKind.Function,
    "attribute": types.CompletionItemKind.Field,
    "property": types.CompletionItemKind.Property,
}
_SYMBOLS = {"rule": types.SymbolKind.Event, "term": types.SymbolKind.Function, "kind": types.SymbolKind.Class}


def _position(position: types.Position) -> Position:
    return Position(position.line, position.character)


def _own(found: types.Range) -> Range:
    return Range(_position(found.start), _position(found.end))


def _locations(places: Sequence[rule_texts.Place]) -> list[types.Location]:
    return [types.Location(uri_of(place.path), range_of(place.range)) for place in places]


def _edits(made: Sequence[Change]) -> list[types.TextEdit]:
    return [types.TextEdit(range_of(one.range), one.text) for one in made]


def server(rules: str | None = None, qemu: str | None = None, libvirt: str | None = None) -> Server:
    """A server that is ready to be started."""
    made = Server(rules, qemu, libvirt)
    _of_documents(made)
    _of_names(made)
    _of_lists(made)
    _of_changes(made)
    return made


def _of_documents(made: Server) -> None:
    @made.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        folder = made.workspace.root_path
        made.documents = Documents(Path(folder).resolve() if folder else None, *made.choice)
        made.offered = Offered(made.documents)

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        made.changed(params.text_document.uri, params.text_document.language_id)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def edited(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        made.changed(uri, made.workspace.get_text_document(uri).language_id or "")

    @made.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        document = made.documents.rule_files.get(params.text_document.uri)
        if document is not None:
            document.book.stale()
            made.later(("rules", document.book.root), 0, lambda: made.compile(document))

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        made.documents.close(params.text_document.uri)
        made.publish(params.text_document.uri, None, [])

    @made.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        made.stop()


async def _at(made: Server, params: Any, question: Callable[..., T]) -> T | None:
    """The answer to a question about a place; None where that stands in no rule file."""
    document = made.documents.rule_files.get(params.text_document.uri)
    if document is None:
        return None
    text, position = document.text, _position(params.position)
    return await made.ask(lambda: question(document.book, text, position))


def _of_names(made: Server) -> None:
    @made.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        return _locations(await _at(made, params, rule_texts.definitions) or [])

    @made.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        also = params.context.include_declaration
        found = await _at(made, params, lambda book, text, at: rule_texts.references(book, text, at, also))
        return _locations(found or [])

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        found = await _at(made, params, rule_texts.hover)
        if found is None:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, found[0]), range_of(found[1]))


def _of_lists(made: Server) -> None:
    @made.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", " "]))
    async def completion(params: types.CompletionParams) -> types.CompletionList:
        found = await _at(made, params, rule_texts.offers) or []
        return types.CompletionList(is_incomplete=True, items=[_item(number, offer) for number, offer in enumerate(found)])

    @made.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = made.documents.rule_files.get(params.text_document.uri)
        if document is None:
            return []
        lines = Lines(document.text)
        return [
            types.DocumentSymbol(
                one.name,
                _SYMBOLS.get(one.sort, types.SymbolKind.Object),
                range_of(lines.range(one.line, 0, len(lines.line(one.line)))),
                range_of(lines.range(one.line, one.start, one.end)),
                detail=one.head,
            )
            for one in declared(document.text)
            if one.sort not in ("attribute", "property") and one.name
        ]


def _item(number: int, offer: rule_texts.Offer) -> types.CompletionItem:
    """A word that is offered, in its place."""
    kind = _ITEMS.get(offer.what, types.CompletionItemKind.Reference)
    return types.CompletionItem(offer.word, kind=kind, detail=offer.detail or None, sort_text=f"{number:04}")


def _of_changes(made: Server) -> None:
    @made.feature(types.TEXT_DOCUMENT_RENAME)
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        document = made.documents.rule_files.get(params.text_document.uri)
        if document is None:
            return None
        text, position = document.text, _position(params.position)
        try:
            found = await made.work(lambda: changes.renamed(document.book, text, position, params.new_name))
        except Unusable as error:
            raise JsonRpcInvalidParams(error.diagnostics[0].message) from None
        return types.WorkspaceEdit({uri_of(path): _edits(edits) for path, edits in found.items()})

    @made.feature(types.TEXT_DOCUMENT_FORMATTING)
    async def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        document = made.documents.rule_files.get(params.text_document.uri)
        if document is None or document.syntax:
            return []
        text = document.text
        after = await made.ask(lambda: formatted(text, document.book.shown(document.path)))
        return _edits(difference(text, after)) if after is not None else []

    @made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]))
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        text, _ = made.text(uri)
        found = await made.work(lambda: made.offered.at(uri, to_fs_path(uri) or uri, text, _own(params.range)))
        return [
            types.CodeAction(
                fix.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=list(params.context.diagnostics),
                is_preferred=number == 0,
                edit=types.WorkspaceEdit({uri: _edits(fix.changes)}),
            )
            for number, fix in enumerate(found)
        ]
