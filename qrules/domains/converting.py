"""A domain for another machine: its author's document with what has to change, judged as a whole before anybody sees it.

What changes is said by the steps of the stage ``convert``. A document that libvirt or the emulator refuses then is mended as
`mending` does, if the first one was taken; where that finds nothing there is none.
"""

from __future__ import annotations

from qrules.configs import xml_edit
from qrules.configs.xml_domain import read_domain
from qrules.configs.xml_edit import Edit, Fresh
from qrules.domains.mending import repairs
from qrules.domains.naming import address
from qrules.machine.frames import shown
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.answer import Changed, Placed
    from qrules.domains.whole import DomainAnswer, Domains

STAGE = "convert"  # of the rules
_MACHINE = "new-machine"  # a value of the whole
_TAKEN = ("accept", "warn")


class Moved(NamedTuple):
    """A device that the guest finds elsewhere: what it is called, and its places before and after."""

    name: str
    before: str
    after: str


class ConvertedDomain(NamedTuple):
    """A domain for another machine. `xml` is the document, empty where there is none; `answer` what is said of it as a whole.

    `mended` are changes besides those of the machine, in words; `before` is what was said of the domain as it was.
    """

    xml: str
    answer: DomainAnswer
    before: DomainAnswer
    mended: tuple[str, ...]
    moved: tuple[Moved, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def converted(domains: Domains, document: Document, machine: str, profiles: Sequence[str] = ()) -> ConvertedDomain:
    """A domain for a machine, by its name. Raises `Unusable` where the document that it becomes can't be read."""
    changes = domains.judge.changed(document.root, STAGE, {_MACHINE: machine})
    text = xml_edit.applied(document, [edit for change in changes for edit in edits_of(change)])
    before = domains.answer(document, (), profiles)
    answer = domains.answer(read_domain(text, document.where), (), profiles)
    mended: tuple[str, ...] = ()
    if answer.verdict not in _TAKEN:
        found = repairs(domains, answer, (), profiles)[:1] if before.verdict in _TAKEN else []
        mended = tuple(one.text for one in found)
        text = found[0].document if found else ""
        answer = domains.answer(read_domain(text, document.where), (), profiles) if found else answer
    return ConvertedDomain(text, answer, before, mended, _moved(before, answer) if text else ())


def _moved(before: DomainAnswer, after: DomainAnswer) -> tuple[Moved, ...]:
    """The author's devices that stand elsewhere: in both documents those of one kind stand in one order."""
    found = []
    for kind in dict.fromkeys(one.kind for one in after.devices):
        pairs = (_own(answer, kind) for answer in (before, after))
        olds, news = pairs
        if len(olds) == len(news):
            found += [Moved(n.name, address(o), address(n)) for o, n in zip(olds, news, strict=True) if address(o) != address(n)]
    return tuple(found)


def _own(answer: DomainAnswer, kind: str) -> list[Placed]:
    return [one for one in answer.devices if one.kind == kind and one.element is not None]


# ------------------------------------------------------------------------------------- values back to text
def edits_of(change: Changed) -> Iterator[Edit]:
    """What has to change in the author's text for an element to have other values."""
    element, after = change.element, change.after
    if after is None:
        yield xml_edit.remove_element(element)
        return
    inner: dict[str, dict[str, str | None]] = {}
    for name, path in change.paths.items():
        value = after.get(name)
        if change.before.get(name) != value and "@" in path:
            above, _, attribute = path.rpartition("@")
            inner.setdefault(above.rstrip("/"), {})[attribute] = None if value is None else str(shown(value))
    for above, values in inner.items():
        yield from _set(element, above, values, change)


def _set(element: Element, above: str, values: Mapping[str, str | None], change: Changed) -> Iterator[Edit]:
    holder: Element | None = element
    for step in above.split("/") if above else ():
        holder = holder.find(step) if holder is not None else None
    if holder is None:
        given = {name: value for name, value in values.items() if value is not None}
        if given and "/" not in above:
            yield xml_edit.append_child(element, Fresh(above, given))
        return
    read = {path.rpartition("@")[2]: name for name, path in change.paths.items() if path.startswith(f"{above}/@") and above}
    left = [name for name in holder.given if name not in read or (change.after or {}).get(read[name]) is not None]
    if above and not left and not holder.children:
        yield xml_edit.remove_element(holder)
        return
    for name, value in values.items():
        if value is not None:
            yield xml_edit.set_attribute(holder, name, value)
        elif name in holder.given:
            yield xml_edit.remove_attribute(holder, name)
