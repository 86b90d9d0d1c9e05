"""What is wrong with an XML document, in words: one diagnostic with its place, and what to do."""

from __future__ import annotations

import re

from qrules.diagnostics import Diagnostic, Span, Unusable, unusable
from qrules.visible import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qrules.configs.xml_source import Source

    Opened = tuple[str, int, int]  # an element's name, where its start tag begins, and where that ends
    Told = tuple[str, str, int]  # what is wrong, what to do, and where it is seen

WELL_FORMED = "well-formed XML, such as `virsh dumpxml` prints"
_NAME = re.compile(r"[^\s=<>/\"'&;!?]{1,200}")
_END_TAG = re.compile(r"</\s*([^\s<>/]{0,200})")
_REFERENCE = re.compile(r"&(#?\w{0,100})(;?)")
_TAG = re.compile(r"<([^\s<>/=\"']{0,200})")
_UNQUOTED = re.compile(r"([^\s=<>/\"']{1,100})\s*=\s*(?![\s\"'])")
_BARE = re.compile(r"\s([^\s=<>/\"']{1,100})\s*(?=[\s/>])(?!\s*=)")


def too_large(where: Span | str, message: str) -> Unusable:
    """More than any document has that is meant."""
    return unusable("QR472", message, where, expected="the XML of one domain or device")


def document_type(where: Span) -> Unusable:
    """A document type: entities come with it."""
    return unusable(
        "QR471",
        "there is a document type (<!DOCTYPE), which is not read: entities of its own can grow without bound or name files",
        where,
        expected="XML without <!DOCTYPE; `virsh dumpxml` prints none",
    )


def encoding(where: str, message: str) -> Unusable:
    """A text in an encoding that is not read."""
    return unusable("QR473", message, where, expected="UTF-8", hint="save it as UTF-8")


def not_well_formed(source: Source, code: int, at: int, opened: Sequence[Opened]) -> Unusable:
    """What the parser stopped at, by its number for it, and the elements that were open then."""
    text = source.text
    message, expected, at = _BY_CODE.get(code, _other)(text, at, opened)
    related: tuple[tuple[Span, str], ...] = ()
    if opened and code in (_MISMATCH, _NO_ELEMENT, _UNCLOSED, _OPEN_CDATA):
        name, start, end = opened[-1]
        related = ((source.span(start, end), f"<{shortened(name)}> is opened here"),)
    return Unusable([Diagnostic("QR470", message, source.span(at, min(at + 1, len(text))), expected, related=related)])


# The numbers are those of expat.h, which never change
_SYNTAX, _NO_ELEMENT, _TOKEN, _UNCLOSED, _MISMATCH, _TWICE = 2, 3, 4, 5, 7, 8
_JUNK, _ENTITY, _BAD_CHARACTER, _DECLARATION, _OPEN_CDATA = 9, 11, 14, 17, 20


def _other(text: str, at: int, opened: Sequence[Opened]) -> Told:
    return "this is not well-formed XML", WELL_FORMED, at


def _ends(text: str, at: int, opened: Sequence[Opened]) -> Told:
    if opened:
        return (
            f"the document ends, and <{shortened(opened[-1][0])}> is not closed",
            f"</{shortened(opened[-1][0])}>",
            len(text),
        )
    if not text.strip():
        return "the document is empty", WELL_FORMED, 0
    return "the document ends before any element", WELL_FORMED, len(text)


def _unclosed(text: str, at: int, opened: Sequence[Opened]) -> Told:
    begun = _TAG.match(text, at)
    if text.startswith("<!--", at):
        return "a comment is never closed", "-->", at
    if text.startswith("<![CDATA[", at):
        return "a CDATA section is never closed", "]]>", at
    if begun is not None:
        return f"the document ends within the tag <{begun[1]}", ">", at
    return _ends(text, at, opened)


def _mismatch(text: str, at: int, opened: Sequence[Opened]) -> Told:
    found = _END_TAG.search(text, max(0, at - 2))
    wanted = shortened(opened[-1][0]) if opened else ""
    written = found[1] if found is not None else ""
    return f"</{written}> closes nothing: <{wanted}> is open", f"</{wanted}>", found.start() if found is not None else at


def _junk(text: str, at: int, opened: Sequence[Opened]) -> Told:
    begun = _TAG.match(text, at)
    what = f"<{begun[1]}>" if begun is not None and begun[1] else "a text"
    return f"{what} stands behind the end of the document", "one root element, and nothing but comments behind it", at


def _entity(text: str, at: int, opened: Sequence[Opened]) -> Told:
    found = _REFERENCE.match(text, at)
    name = f"&{found[1]};" if found is not None else "a reference"
    return f"{name} stands for nothing", "&amp; &lt; &gt; &quot; or &apos;, which are all that XML knows by itself", at


def _declaration(text: str, at: int, opened: Sequence[Opened]) -> Told:
    if text[:at].strip():
        return "<?xml ...?> stands in the middle of the document", "one document; <?xml ...?> is its first line", at
    return "something stands before <?xml ...?>, be it an empty line", "<?xml ...?> as the very first characters", at


def _twice(text: str, at: int, opened: Sequence[Opened]) -> Told:
    name = _NAME.match(text, at)
    return f"the attribute {name[0] if name else ''} stands twice in one element", "each attribute once", at


def _before(text: str, at: int, opened: Sequence[Opened]) -> Told:
    return "this is no XML: a text stands where the first element was expected", WELL_FORMED, at


def _token(text: str, at: int, opened: Sequence[Opened]) -> Told:
    """The parser saw a character that can't stand there: what may have been meant is seen by what is around it."""
    character = text[at : at + 1]
    begun = text.rfind("<", max(0, at - 2000), at + 1)
    inside = begun >= 0 and text.find(">", begun, at) < 0  # of a tag
    if character and ((ord(character) < 32 and character not in "\t\n\r") or character in "\ufffe\uffff"):
        return f"a control character (U+{ord(character):04X}) stands here, which XML does not allow", "the text without it", at
    ampersand = text.rfind("&", max(0, at - 100), at + 1)
    if (
        ampersand >= 0
        and ";" not in text[ampersand:at]
        and not text[ampersand + 1 : at].strip("#abcdefghijklmnopqrstuvwxyz0123456789")
    ):
        return "a lone & stands here", "&amp;", ampersand
    found = _in_tag(text, at, begun) if inside else None
    if found is not None:
        return found
    return f"'{character}' can't stand here" if character.isprintable() and character else _OTHER, WELL_FORMED, at


def _in_tag(text: str, at: int, begun: int) -> Told | None:
    """The same within a tag that begins at `begun`; None where that says no more."""
    character = text[at : at + 1]
    tag = text[begun : at + 100].partition(">")[0]
    if tag[1:2].isspace():
        return "a blank stands behind <", "the name of an element right behind <, or &lt;", begun + 1
    if text[at - 1 : at] in ("'", '"') and _NAME.match(character):
        return "a blank is missing between two attributes", "a blank here", at
    if character == "<" and begun == at and (opens := text.rfind("<", max(0, at - 2000), at)) >= 0:
        between = text[opens:at]
        if between.count('"') % 2 or between.count("'") % 2:
            return "a < stands within the value of an attribute, or a quote before it is not closed", "&lt;, or the quote", at
        if ">" not in between:
            return f"the tag <{_named(between)} is not closed", ">", at
    unquoted = _UNQUOTED.search(tag)
    if unquoted is not None and begun + unquoted.end() >= at - 1:
        return f"the value of {unquoted[1]} has no quotes", f"{unquoted[1]}='...'", at
    bare = _BARE.search(tag)
    if bare is not None:
        return f"the attribute {bare[1]} has no value", f"{bare[1]}='...'", begun + bare.start(1)
    return None


_OTHER = "this is not well-formed XML"


def _named(tag: str) -> str:
    name = _TAG.match(tag)
    return name[1] if name is not None else ""


_BY_CODE: dict[int, Callable[[str, int, Sequence[Opened]], Told]] = {
    _SYNTAX: _before,
    _NO_ELEMENT: _ends,
    _TOKEN: _token,
    _UNCLOSED: _unclosed,
    _MISMATCH: _mismatch,
    _TWICE: _twice,
    _JUNK: _junk,
    _ENTITY: _entity,
    _BAD_CHARACTER: _token,
    _DECLARATION: _declaration,
    _OPEN_CDATA: _unclosed,
}
