"""What else an element could say: as its rule has it (``repair set``, ``repair drop``), a word that is near a wrong one, and
other values that the rules know of (``other-NAME`` beside the property NAME, the best one first).
"""

from __future__ import annotations

from qrules.diagnostics import nearest
from qrules.domains.answer import Mend
from qrules.domains.items import Item, Standing
from qrules.domains.reading import paths_of
from qrules.linked.domains import innermost
from qrules.linked.expressions import build
from qrules.linked.kinds import TypeKind
from qrules.machine.frames import CONTEXT, SUBJECT, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.knowledge.model import Knowledge
    from qrules.machine.refusals import Refusal

_OTHER = "other-"  # begins the name of the attribute
_STEPS = ("set", "drop")


def said(knowledge: Knowledge, refusal: Refusal) -> Iterator[Mend]:
    """What the rule of a refusal says that would mend it, and what may have been meant by a wrong word."""
    frame = refusal.frame
    for action, name, value, on, when in knowledge.note(refusal.note).repairs if refusal.note is not None else ():
        item = build(on)(frame) if on is not None else frame[SUBJECT]
        given = build(value)(frame) if value is not None else None
        path = _path(item, name) if isinstance(item, Item) else None
        if path is None or action not in _STEPS or (action == "set") != (given is not None):
            continue
        if when is None or build(when)(frame):
            yield _mend(item, path, given)
    if refusal.occasion == "malformed" and isinstance(frame[SUBJECT], Item):
        yield from _near(knowledge, frame[SUBJECT], frame[CONTEXT["property"]], str(frame[CONTEXT["text"]]))


def _near(knowledge: Knowledge, item: Item, path: object, text: str) -> Iterator[Mend]:
    kind = item.kind
    assert isinstance(kind, TypeKind)
    name = next((name for name, where in paths_of(kind).items() if where == path), None)
    domain = innermost(kind.properties[name].domain, knowledge) if name is not None else []
    for word in nearest(text, map(str, domain[1:])) if domain[:1] == ["words"] else ():
        yield _mend(item, str(path), word)
    if name is not None:
        yield _mend(item, str(path), None)


def others(state: Standing, item: Item) -> Iterator[Mend]:
    """Other values of an element's properties that the rules know of."""
    kind = item.kind
    assert isinstance(kind, TypeKind)
    for name, path in paths_of(kind).items():
        values = item.get(_OTHER + name, state) if kind.defines(_OTHER + name) else None
        for value in values if isinstance(values, tuple) else ():
            if value != item.values.get(name):
                yield _mend(item, path, value)


def _path(item: Item, name: str) -> str | None:
    return paths_of(item.kind).get(name) if isinstance(item.kind, TypeKind) else None


def _mend(item: Item, path: str, value: object) -> Mend:
    return Mend(item.kind.name, item.element, path, None if value is None else str(shown(value)), id(item))
