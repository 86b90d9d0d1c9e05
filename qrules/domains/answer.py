"""What is answered about a document: values without sentences of their own."""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from qrules.configs.xml_tree import Element
    from qrules.domains.items import Item
    from qrules.domains.reading import Unread
    from qrules.domains.writing import Written
    from qrules.explain.reasons import Reason, VerdictWord


class Lacking(NamedTuple):
    """An element that would have given room where there was none, as a step lets it grow: its kind, and values by their paths."""

    kind: str
    values: dict[str, str]


class Mend(NamedTuple):
    """A change that may help: an element (None: one of a kind that a step added) with another value at a path, or with none.

    `item` tells the elements that steps have added from one another.
    """

    kind: str
    element: Element | None
    path: str
    value: str | None
    item: int


class Finding(NamedTuple):
    """A reason, at which stage it holds, and the element that it is about.

    `stage`: ``define``, ``start`` or ``running``. `element` is None for what a step added; `attribute` names one of its own,
    where only that is meant. `attach` is the number of the element that was added later, `name` what to call it.
    `lacking` are elements that may give the room that it does not find, `mends` are changes that the rule says would help.
    """

    stage: str
    reason: Reason
    element: Element | None
    attribute: str = ""
    attach: int | None = None
    name: str = ""
    lacking: tuple[Lacking, ...] = ()
    mends: tuple[Mend, ...] = ()


class Placed(NamedTuple):
    """An element as it is stored: its kind, where it stands in the document (None: it was added), its values.

    `written` is what the rules write of it: by place (``@model``, ``address/@slot``) the text; `place` is where it stands in the
    words of the rules (``shown-place``), empty where they have none. `alias` is its id on the command line, `bus` the bus that it
    makes.
    """

    kind: str
    element: Element | None
    values: dict[str, Any]
    written: dict[str, str]
    item: Item
    name: str
    place: str = ""
    alias: str = ""
    bus: str = ""


class Changed(NamedTuple):
    """An element before and after steps: the values of what was read of it, and at which paths; without `after` it went."""

    element: Element
    paths: dict[str, str]
    before: dict[str, Any]
    after: dict[str, Any] | None


class Answer(NamedTuple):
    """The verdict about a document, all reasons in their order, what is stored, and what nobody looked at.

    `after` has for each element that was added later what came with it; `written` is the command line, `plugged` what is written
    of those that were added later; `standing` are the elements of the document that no step has taken out, hidden ones, too.
    `others` finds other values that elements could have.
    """

    verdict: VerdictWord
    findings: tuple[Finding, ...]
    whole: Placed
    devices: tuple[Placed, ...]
    after: tuple[tuple[Placed, ...], ...]
    unchecked: tuple[Unread, ...]
    version: str
    emulator: str
    arch: str
    written: tuple[Written, ...]
    plugged: tuple[Written, ...]
    standing: tuple[Element, ...] = ()
    others: Callable[[], tuple[Mend, ...]] = tuple
