"""XML as a tree whose elements and attributes know where they stand.

Expat reads it, the parser of Python's own library (lxml is a third dependency and takes 24 ms to be loaded, expat half of one).
Of what XML can do to its reader nothing is on: a document type is refused before the parser sees any of the text, so there are no
entities of its own, nothing is expanded, and nothing is fetched. Size, depth and numbers are bounded, and no step calls itself.
"""

from __future__ import annotations

import re

from qrules.configs import xml_trouble
from qrules.configs.xml_encoding import decoded
from qrules.configs.xml_source import Extent, Source
from qrules.diagnostics import Span
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pyexpat import XMLParserType

MAX_CHARACTERS = 10 * 1024 * 1024
MAX_DEPTH = 256  # as deep as libxml2 reads, unless it is told otherwise
MAX_ELEMENTS = 100_000  # a domain of a thousand disks has ten thousand
MAX_ATTRIBUTES = 300_000
_PIECE = 64 * 1024  # bytes that the parser is given at once
_ATTRIBUTE = re.compile(r"""[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*')""")
_STOP = re.compile(r"""["'>]""")
_BLANKS = re.compile(r"\s*")
_ASIDE = (("<!--", "-->"), ("<?", "?>"))  # what may stand before a document type


class Attribute(NamedTuple):
    """An attribute: its value with references read, the place of ``name="value"``, and of what stands between the quotes."""

    value: str
    span: Extent
    value_span: Extent


class Element:
    """An element: its name as written (with prefix), its attributes in their order, what stands in it."""

    __slots__ = ("_attributes", "children", "given", "head_end", "name", "source", "start", "stop", "text")

    def __init__(self, name: str, given: dict[str, str], source: Source, start: int) -> None:
        self.name, self.given, self.source, self.start = name, given, source, start
        self.children: tuple[Element, ...] = ()
        self.text = ""  # what stands directly in it, comments and elements left out
        self.head_end = self.stop = start  # behind the start tag, behind the whole
        self._attributes: dict[str, Attribute] | None = None

    @property
    def attributes(self) -> dict[str, Attribute]:
        """Attributes with their places."""
        if self._attributes is None:
            places = _ATTRIBUTE.finditer(self.source.text, self.start + 1 + len(self.name), self.head_end)
            self._attributes = {
                name: _attribute(self.source, value, place)
                for (name, value), place in zip(self.given.items(), places, strict=True)
            }
        return self._attributes

    @property
    def span(self) -> Extent:
        """The whole element, from its start tag to its end tag."""
        return self.source.extent(self.start, self.stop)

    @property
    def head(self) -> Extent:
        """Its start tag."""
        return self.source.extent(self.start, self.head_end)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of an attribute."""
        return self.given.get(name, default)

    def find(self, name: str) -> Element | None:
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name, in order."""
        return (child for child in self.children if child.name == name)

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in the order of the document."""
        left = [self]
        while left:
            one = left.pop()
            yield one
            left += reversed(one.children)

    def place(self, attribute: str = "") -> Span:
        """Where to point at: an attribute, where it is written, or else the start tag."""
        found = self.attributes.get(attribute) if attribute else None
        at = found.span if found is not None else self.head
        return self.source.span(at.start, at.end)

    def __repr__(self) -> str:
        return f"<{self.name} at {self.span.line}:{self.span.column}>"


class Document(NamedTuple):
    """A document that was read."""

    source: Source
    root: Element

    @property
    def text(self) -> str:
        """The document as its author wrote it."""
        return self.source.text

    @property
    def where(self) -> str:
        """What messages call it."""
        return self.source.where

    def path(self, element: Element) -> str:
        """How an element is reached, such as ``/domain/devices/disk[2]``; empty for one of another document."""
        trail: list[str] = []
        now = self.root
        while now is not element:
            inside = next((c for c in now.children if c.start <= element.start and element.stop <= c.stop), None)
            if inside is None or element.source is not self.source:
                return ""
            alike = [c for c in now.children if c.name == inside.name]
            number = f"[{next(n for n, c in enumerate(alike, 1) if c is inside)}]" if len(alike) > 1 else ""
            trail.append(f"/{inside.name}{number}")
            now = inside
        return f"/{self.root.name}{''.join(trail)}"


def read_document(given: str | bytes, where: str) -> Document:
    """A document, which stands under `where` in messages.

    Bytes are read in the encoding that they name (UTF-8 where they name none); of a text what it says of its encoding does not
    count. Raises `Unusable`: QR470 where it is not well-formed, QR471 for a document type, QR472 where it is larger or deeper
    than any that is meant, QR473 for an encoding that is not read, or bytes that are none of it.
    """
    if len(given) > MAX_CHARACTERS:
        raise xml_trouble.too_large(where, f"more than {MAX_CHARACTERS // 1024 // 1024} MiB")
    source = Source(decoded(given, where), where)
    if source.text.count("=") > MAX_ATTRIBUTES:  # asked of the text, since the parser keeps all attributes of one element
        raise xml_trouble.too_large(where, f"more than {MAX_ATTRIBUTES:,} attributes, or characters =")
    at = _behind_prolog(source.text)
    if source.text.startswith("<!DOCTYPE", at):
        raise xml_trouble.document_type(source.span(at, at + 9))
    return _Reading(source).document()


def _behind_prolog(text: str) -> int:
    """Where the first thing stands that is neither blank nor comment nor instruction."""
    at = 0
    while True:
        blanks = _BLANKS.match(text, at)
        assert blanks is not None
        at = blanks.end()
        end = next((text.find(close, at + len(begin)) for begin, close in _ASIDE if text.startswith(begin, at)), -1)
        if end < 0:
            return at
        at = text.index(">", end) + 1


def _head_end(text: str, start: int) -> int:
    """Behind the start tag that begins at `start`, which was found well-formed."""
    end = text.index(">", start)
    double, single = text.count('"', start, end), text.count("'", start, end)
    if double % 2 == 0 and single % 2 == 0 and not (double and single):
        return end + 1
    at = start
    while (stop := _STOP.search(text, at)) is not None and stop[0] != ">":
        at = text.index(stop[0], stop.end()) + 1
    assert stop is not None
    return stop.end()


def _attribute(source: Source, value: str, place: re.Match[str]) -> Attribute:
    quote = min(n for n in (place[0].find('"'), place[0].find("'")) if n >= 0)
    extent = source.extent(place.start(), place.end())
    return Attribute(value, extent, source.extent(place.start() + quote + 1, place.end() - 1))


class _Reading:
    """One walk of the parser. It counts bytes, and we characters: `_known` is a place in both, the last that was asked for."""

    def __init__(self, source: Source) -> None:
        from pyexpat import ParserCreate

        self.source, self.raw = source, source.text.encode("utf-8")
        self.plain = len(self.raw) == len(source.text)
        self._known = (0, 0)
        self.open: list[tuple[Element, list[Element], list[str]]] = []
        self.root: Element | None = None
        self.elements = 0
        self.parser: XMLParserType = ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.says
        self.parser.StartDoctypeDeclHandler = self.refuse

    def document(self) -> Document:
        """All of it. Raises `Unusable`."""
        from pyexpat import ExpatError

        at, piece = 0, _PIECE
        try:
            while at < len(self.raw):
                before = self.parser.CurrentByteIndex
                self.parser.Parse(self.raw[at : at + piece], False)
                at += piece  # a token that goes on and on is begun anew with each piece, so pieces grow with it
                piece = _PIECE if self.parser.CurrentByteIndex > before else piece * 2
            self.parser.Parse(b"", True)
        except ExpatError as error:
            at = min(self.characters(self.parser.ErrorByteIndex), len(self.source.text))
            opened = [(element.name, element.start, element.head_end) for element, _, _ in self.open]
            raise xml_trouble.not_well_formed(self.source, error.code, at, opened) from None
        assert self.root is not None
        return Document(self.source, self.root)

    def characters(self, at: int) -> int:
        """The character that begins at a byte; asked in the order of the text nothing is counted twice."""
        if self.plain:
            return at
        known, count = self._known if self._known[0] <= at else (0, 0)
        count += len(self.raw[known:at].decode("utf-8", "ignore"))
        self._known = (at, count)
        return count

    def begin(self, name: str, pairs: list[str]) -> None:
        """A start tag."""
        start = self.characters(self.parser.CurrentByteIndex)
        self.elements += 1
        if len(self.open) >= MAX_DEPTH:
            raise xml_trouble.too_large(
                self.source.span(start, start), f"elements stand in one another more than {MAX_DEPTH} deep"
            )
        if self.elements > MAX_ELEMENTS:
            raise xml_trouble.too_large(self.source.span(start, start), f"more than {MAX_ELEMENTS:,} elements")
        element = Element(name, dict(zip(pairs[::2], pairs[1::2], strict=True)), self.source, start)
        element.head_end = _head_end(self.source.text, start)
        self.open.append((element, [], []))

    def end(self, name: str) -> None:
        """An end tag, or the end of a tag that is both."""
        element, children, texts = self.open.pop()
        text = self.source.text
        if text.startswith("/>", element.head_end - 2):
            element.stop = element.head_end
        else:
            element.stop = text.index(">", self.characters(self.parser.CurrentByteIndex)) + 1
        element.children, element.text = tuple(children), "".join(texts)
        if self.open:
            self.open[-1][1].append(element)
        else:
            self.root = element

    def says(self, text: str) -> None:
        """Text in an element."""
        if self.open:
            self.open[-1][2].append(text)

    def refuse(self, *_: object) -> None:
        """A document type that stood where none can: the parser is not asked what it makes of it."""
        at = self.characters(self.parser.CurrentByteIndex)
        raise xml_trouble.document_type(self.source.span(at, at))
