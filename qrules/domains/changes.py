"""Changes of a domain and of what is attached to it: edits of several texts, and the texts that they make."""

from __future__ import annotations

from qrules.configs import xml_edit
from qrules.configs.xml_edit import Edit, Fresh
from qrules.configs.xml_tree import Document, Element
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Change = tuple[Element, Edit]  # an element of the text that an edit is of


class Draft(NamedTuple):
    """A document, and the texts of what is attached to it, each None as long as it is as it was."""

    document: str
    attach: tuple[str | None, ...]


def drafted(document: Document, attach: Sequence[Element], changes: Iterable[Change]) -> Draft | None:
    """The texts with all changes; None where two are of one place."""
    edits: dict[int, list[Edit]] = {}
    for element, edit in changes:
        edits.setdefault(id(element.source), []).append(edit)
    try:
        text = xml_edit.applied(document, edits.get(id(document.source), ()))
        later = [
            xml_edit.applied(Document(one.source, one), edits[id(one.source)]) if id(one.source) in edits else None
            for one in attach
        ]
    except ValueError:
        return None
    return Draft(text, tuple(later))


def without(element: Element) -> Iterator[Change]:
    """The element goes."""
    yield element, xml_edit.remove_element(element)


def valued(element: Element, path: str, value: str | None) -> Iterator[Change]:
    """What stands at a path of an element (``@model``, ``target/@bus``, ``target/node``) becomes a value, or goes."""
    *above, last = path.split("/")
    holder: Element | None = element
    for n, step in enumerate(above):
        inner = holder.find(step) if holder is not None else None
        if inner is None:
            if value is not None and holder is not None and last.startswith("@"):
                yield holder, xml_edit.append_child(holder, _nested(above[n:], last[1:], value))
            return
        holder = inner
    assert holder is not None
    if last.startswith("@"):
        yield from _attribute(holder, last[1:], value)
        return
    inner = holder.find(last.removesuffix("?"))
    if inner is not None:
        made = Fresh(inner.name, inner.given, inner.children, value or "")
        yield inner, xml_edit.remove_element(inner) if value is None else xml_edit.replace_element(inner, made)
    elif value is not None:
        yield holder, xml_edit.append_child(holder, Fresh(last, {}, (), value))


def _attribute(holder: Element, name: str, value: str | None) -> Iterator[Change]:
    if value is not None:
        yield holder, xml_edit.set_attribute(holder, name, value)
    elif name in holder.given:
        yield holder, xml_edit.remove_attribute(holder, name)


def _nested(names: Sequence[str], attribute: str, value: str) -> Fresh:
    made = Fresh(names[-1], {attribute: value})
    for name in reversed(names[:-1]):
        made = Fresh(name, {}, (made,))
    return made
