"""Repairs of a domain that is refused: edits of the author's own document, each tried as a whole before it is shown.

What can be tried follows from what the rules say of the refusal: an address that was written is left to libvirt, elements
are added that a step lets grow where it finds no room, and at last the element itself goes. No attribute is left out: libvirt
wants some of them, and the rules do not say which.
"""

from __future__ import annotations

from qrules.configs import xml_edit
from qrules.configs.xml_domain import read_domain
from qrules.configs.xml_edit import Edit, Fresh
from qrules.diagnostics import Unusable
from qrules.domains.completing import fresh
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.whole import DomainAnswer, Domains, Told

    Tried = tuple[str, str, str]  # the sort of change, in words, and the document

_MOST = 3  # that are shown
_MOST_TRIED = 60  # each is a whole question
_MOST_ADDED = 8  # elements of one sort
_OK = ("accept", "warn")
_ADDRESS = "address"


class DomainRepair(NamedTuple):
    """What to do in words, and the document with it done."""

    text: str
    document: str


def repairs(
    domains: Domains, answer: DomainAnswer, attach: Sequence[Element] = (), profiles: Sequence[str] = ()
) -> list[DomainRepair]:
    """What would make a domain accepted, and all that is attached to it, too; the least change first."""
    found: list[DomainRepair] = []
    tried: set[str] = {answer.document.text}
    sorts: set[str] = set()  # of what was found: fewer of the same do
    for sort, text, document in _candidates(domains, answer):
        if document in tried or sort in sorts:
            continue
        tried.add(document)
        if _holds(domains, answer.document.where, document, attach, profiles):
            found.append(DomainRepair(text, document))
            sorts.add(sort)
        if len(found) == _MOST or len(tried) > _MOST_TRIED:
            break
    return found


def _holds(domains: Domains, where: str, text: str, attach: Sequence[Element], profiles: Sequence[str]) -> bool:
    """Whether a document is taken as it would be written, with all that is attached."""
    try:
        return domains.answer(read_domain(text, where), attach, profiles, hasty=True).verdict in _OK
    except Unusable:
        return False


def _candidates(domains: Domains, answer: DomainAnswer) -> Iterator[Tried]:
    """Documents with one thing changed, or the same thing for all that is refused; each with the sort of change that it is."""
    document = answer.document
    refused = [told for told in answer.reasons if told.reason.severity in ("reject", "unknown")]
    blamed = [
        t for t in refused if t.element is not None and t.element.source is document.source and t.element is not document.root
    ]
    yield from _without_addresses(document, blamed)
    lacking = list(dict.fromkeys((one.kind, tuple(one.values.items())) for told in refused for one in told.lacking))
    for kind, values in lacking:
        yield from _with_more(domains, answer, kind, dict(values))
    elements = list({id(t.element): t for t in blamed}.values())
    for told in elements:
        assert told.element is not None
        yield f"out {told.element.start}", f"take {_named(told)} out", _edited(document, [xml_edit.remove_element(told.element)])
    if len(elements) > 1:
        edits = [xml_edit.remove_element(t.element) for t in elements if t.element is not None]
        yield "out", f"take {', '.join(map(_named, elements))} out", _edited(document, edits)


def _named(told: Told) -> str:
    assert told.element is not None
    return f"{told.name or told.element.name} (line {told.element.span.line})"


def _edited(document: Document, edits: Sequence[Edit]) -> str:
    try:
        return xml_edit.applied(document, edits)
    except ValueError:  # one stands in the other
        return document.text


def _without_addresses(document: Document, blamed: Sequence[Told]) -> Iterator[Tried]:
    """The addresses of what is blamed left out: one, and all."""
    edits: dict[int, Edit] = {}
    names: list[str] = []
    for told in blamed:
        address = told.element.find(_ADDRESS) if told.element is not None else None
        if address is not None and address.start not in edits:
            edits[address.start] = xml_edit.remove_element(address)
            names.append(_named(told))
            yield (
                f"address {address.start}",
                f"leave the address of {names[-1]} to libvirt",
                _edited(document, [edits[address.start]]),
            )
    if len(edits) > 1:
        yield "addresses", f"leave the addresses of {', '.join(names)} to libvirt", _edited(document, list(edits.values()))


def _with_more(domains: Domains, answer: DomainAnswer, kind: str, values: dict[str, str]) -> Iterator[Tried]:
    """Elements added that give room: beside what is there, and beside those of their sort that libvirt adds by itself."""
    above, _, name = domains.paths[kind].rpartition("/")
    holder = answer.document.root.find(above)
    if holder is None:
        return
    one = fresh(name, values)
    sort = values.get("@type")
    own = [p for p in answer.devices if p.element is None and p.kind == kind and p.written.get("@type") == sort]
    beside = [fresh(name, _bare(p.written)) for p in sorted(own, key=lambda p: int(p.written.get("@index", "0")))]
    for base, told in (([], ""), (beside, " beside those that libvirt adds by itself, which are then written, too")):
        if told and not beside:
            continue
        for count in range(1, _MOST_ADDED + 1):
            text = f"add {xml_edit.written(one)}{f' {count} times' if count > 1 else ''}{told}"
            yield f"{kind} {values} {told}", text, _appended(answer.document, holder, [*base, *[one] * count])


def _bare(written: dict[str, str]) -> dict[str, str]:
    """Values without an address, and without what follows from one."""
    return {path: value for path, value in written.items() if path.startswith("@")}


def _appended(document: Document, holder: Element, new: Sequence[Fresh]) -> str:
    return _edited(document, [xml_edit.append_child(holder, *new)])
