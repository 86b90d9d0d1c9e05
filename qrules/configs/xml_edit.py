"""Changes of an XML document that leave all else as its author wrote it: formatting, comments, quotes, line ends.

An `Edit` is a stretch of the text with what goes in its place. Functions here only make edits; `applied` writes them.
"""

from __future__ import annotations

from qrules.configs.xml_tree import Element
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qrules.configs.xml_source import Extent
    from qrules.configs.xml_tree import Document

_STEP = "  "
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_IN_VALUES = {**_ESCAPES, "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class Edit(NamedTuple):
    """What stands from `start` to `end` of a document becomes `text`; at one place, edits are written in the order they come."""

    start: int
    end: int
    text: str


class Fresh(NamedTuple):
    """An element that is to be written: children are `Fresh` or elements that stand somewhere, taken as they are written."""

    name: str
    attributes: Mapping[str, str] = {}
    children: Sequence[Fresh | Element] = ()
    text: str = ""


def applied(document: Document, edits: Iterable[Edit]) -> str:
    """The text with all edits. Raises `ValueError` where two of them overlap."""
    text, at, out = document.text, 0, []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < at:
            raise ValueError(f"two edits of one place, at character {edit.start}")
        out += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, text[at:]])


def set_attribute(element: Element, name: str, value: str) -> Edit:
    """An attribute gets a value, in the quotes that it has; a new one stands behind the others, in the quotes of the first."""
    text = element.source.text
    there = element.attributes.get(name)
    if there is not None:
        quote = text[there.span.end - 1]
        return Edit(there.value_span.start, there.value_span.end, escaped(value, quote))
    places = list(element.attributes.values())
    at = places[-1].span.end if places else element.start + 1 + len(element.name)
    quote = text[places[0].span.end - 1] if places else "'"
    return Edit(at, at, f" {name}={quote}{escaped(value, quote)}{quote}")


def remove_attribute(element: Element, name: str) -> Edit:
    """An attribute goes, with the blanks before it. Raises `KeyError` where it is not there."""
    span, text = element.attributes[name].span, element.source.text
    start = span.start
    while text[start - 1].isspace():
        start -= 1
    return Edit(start, span.end, "")


def remove_element(element: Element) -> Edit:
    """An element goes; where it has its lines alone, they go with it."""
    text, span = element.source.text, element.span
    start, end = _line(text, span)
    return Edit(start, end, "")


def replace_element(element: Element, new: Fresh) -> Edit:
    """Another element in the place of one."""
    span = element.span
    return Edit(span.start, span.end, written(new, _indent(element), step_of(element), newline_of(element)))


def insert_before(element: Element, new: Fresh) -> Edit:
    """A new element before one: in a line of its own where that has one."""
    indent, newline = _indent(element), newline_of(element)
    alone = _alone(element)
    made = written(new, indent, step_of(element), newline)
    return Edit(element.start, element.start, f"{made}{newline}{indent}" if alone else made)


def insert_after(element: Element, new: Fresh) -> Edit:
    """A new element behind one."""
    indent, newline = _indent(element), newline_of(element)
    made = written(new, indent, step_of(element), newline)
    return Edit(element.stop, element.stop, f"{newline}{indent}{made}" if _alone(element) else made)


def insert_first(parent: Element, new: Fresh) -> Edit:
    """A new element right behind a start tag. The parent has to have children."""
    indent, newline = _indent(parent) + step_of(parent), newline_of(parent)
    return Edit(parent.head_end, parent.head_end, f"{newline}{indent}{written(new, indent, step_of(parent), newline)}")


def append_child(parent: Element, *new: Fresh | Element) -> Edit:
    """New elements as the last ones of a parent, whose tag is opened where it was closed in itself."""
    text, newline = parent.source.text, newline_of(parent)
    step = step_of(parent)
    inner, outer = _indent(parent) + step, _indent(parent)
    if parent.children:
        last = parent.children[-1]
        inner = _indent(last)
        lead = f"{newline}{inner}" if _alone(last) else ""
        return Edit(last.stop, last.stop, "".join(lead + written(one, inner, step, newline) for one in new))
    body = "".join(f"{newline}{inner}{written(one, inner, step, newline)}" for one in new)
    closing = f"{newline}{outer}</{parent.name}>"
    if text.startswith("/>", parent.head_end - 2):
        end = parent.head_end - 2
        while text[end - 1].isspace():
            end -= 1
        return Edit(end, parent.stop, f">{body}{closing}")
    end = text.rindex("</", parent.head_end, parent.stop)
    start = end
    while start > parent.head_end and text[start - 1].isspace():
        start -= 1
    return Edit(start, parent.stop, f"{body}{closing}")


def written(one: Fresh | Element, indent: str = "", step: str = _STEP, newline: str = "\n") -> str:
    """An element as text: its first line without indentation, the others with that of the line it goes into."""
    if isinstance(one, Element):
        return one.source.text[one.start : one.stop]
    head = one.name + "".join(f" {name}='{escaped(value)}'" for name, value in one.attributes.items())
    if not one.children:
        return f"<{head}>{_plain(one.text)}</{one.name}>" if one.text else f"<{head}/>"
    inside = "".join(f"{newline}{indent}{step}{written(c, indent + step, step, newline)}" for c in one.children)
    return f"<{head}>{inside}{newline}{indent}</{one.name}>"


def escaped(value: str, quote: str = "'") -> str:
    """A value as it stands between quotes."""
    told = "".join(_IN_VALUES.get(c, c) for c in value)
    return told.replace(quote, "&apos;" if quote == "'" else "&quot;")


def step_of(element: Element) -> str:
    """By how much the author indents what stands in an element: seen by its first child that has a line of its own."""
    for one in element.children:
        outer, inner = _indent(element), _indent(one)
        if _alone(one) and inner.startswith(outer) and len(inner) > len(outer):
            return inner[len(outer) :]
    return _STEP


def newline_of(element: Element) -> str:
    """How lines end in the document."""
    return "\r\n" if "\r\n" in element.source.text[:10_000] else "\n"


def _plain(text: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in text)


def _indent(element: Element) -> str:
    """The blanks before an element in its line; empty where something else stands there."""
    before = _before(element)
    return before if not before.strip(" \t") else ""


def _alone(element: Element) -> bool:
    """Whether an element begins a line."""
    return element.start > 0 and not _before(element).strip(" \t")


def _before(element: Element) -> str:
    """What stands before an element in its line."""
    text = element.source.text
    return text[text.rfind("\n", 0, element.start) + 1 : element.start]


def _line(text: str, span: Extent) -> tuple[int, int]:
    """What goes with an element: its whole lines where nothing else stands in them, else itself."""
    start, end = span.start, span.end
    while start and text[start - 1] in " \t":
        start -= 1
    behind = end
    while text[behind : behind + 1] in (" ", "\t", "\r") and behind < len(text):
        behind += 1
    if (start == 0 or text[start - 1] == "\n") and text[behind : behind + 1] == "\n":
        return start, behind + 1
    return span.start, span.end
