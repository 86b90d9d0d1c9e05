"""A document to items: which element is of which kind, what its properties are, and what of it nobody looks at.

``"@x"`` is an attribute of the element, ``"a/@x"`` one of the first element `a` in it, ``"a"`` the text of that, ``"a?"`` whether
there is one, and ``"."`` the element's own text.
"""

from __future__ import annotations

from qrules.domains.items import Item, Standing
from qrules.domains.procedures import Procedures
from qrules.linked.domains import Wrong, read
from qrules.linked.kinds import Kinds, TypeKind
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refusal
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.configs.xml_tree import Element


class Unread(NamedTuple):
    """Something of a document that no rule speaks of: an attribute, or with no name the whole element."""

    element: Element
    attribute: str


class Reader:
    """Reads elements into the items of one document. `refusals` and `unread` grow."""

    def __init__(self, kinds: Kinds, procedures: Procedures) -> None:
        self.kinds, self.elements = kinds, procedures.elements
        self.refusals: list[Refusal] = []
        self.unread: list[Unread] = []
        self._inner = {path.rpartition("/")[0] for path in self.elements}
        self._known: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._paths: dict[str, list[tuple[str, str, str]]] = {}

    def whole(self, root: Element) -> Item:
        """The item of the whole document, whose properties are read last."""
        return Item(0, self.kinds.wish(self.elements["."]), root)

    def into(self, state: Standing, root: Element, under: str = "", attach: int | None = None) -> list[Item]:
        """Makes items of the elements below one that stands at a path; those of a kind, in the order of the document."""
        made: list[Item] = []
        left = [(under, root)]
        while left:
            path, element = left.pop()
            kind = self.elements.get(path or ".")
            if kind is not None and (path or attach is not None):
                item = Item(state.next_number("device"), self.kinds.wish(kind), element)
                item.attach = attach
                made.append(item)
                state.add_device(item)
            inner = [(f"{path}/{child.name}" if path else child.name, child) for child in element.children]
            left += reversed([(name, child) for name, child in inner if self._leads(name)])
        return made

    def _leads(self, path: str) -> bool:
        """Whether there are items at a path or below it."""
        return path in self.elements or any(p == path or p.startswith(path + "/") for p in self._inner)

    def fill(self, state: Standing, item: Item, path: str) -> None:
        """Reads the properties of an item, and tells what of its element is read by none."""
        assert item.element is not None
        kind = item.kind
        assert isinstance(kind, TypeKind)
        frame = new_frame(state, item)
        given: dict[str, object] = {}
        there = {".", *(f"@{name}" for name in item.element.given), *(child.name for child in item.element.children)}
        for name, where, first in self._begun(kind):
            text = found(item.element, where) if first in there else None
            if text is None:
                continue
            given[name] = text
            prop = kind.properties[name]
            value = read(text, prop.domain, prop.note, kind, frame)
            if isinstance(value, Wrong):
                bad = new_frame(state, item, text=text, property=where, name=name, low=value.low, high=value.high)
                note = value.note if value.note is not None else prop.note
                self.refusals.append(Refusal(value.name or name, note, value.occasion, bad, phase="define"))
                item.refused = True
            elif value is not None:
                item.values[name] = value
        item.given = given
        item.first = dict(item.values)
        self._look(item.element, kind, path)

    def _begun(self, kind: TypeKind) -> list[tuple[str, str, str]]:
        """Where the properties of a kind are read: name, path, and what an element has to have in it for anything to be there."""
        if kind.name not in self._paths:
            read = paths_of(kind).items()
            self._paths[kind.name] = [(name, where, where.partition("/")[0].removesuffix("?")) for name, where in read]
        return self._paths[kind.name]

    # ------------------------------------------------------------------------------ what is not looked at
    def _look(self, element: Element, kind: TypeKind, path: str) -> None:
        if kind.name not in self._known:
            passes = {name for of in kind.told for name in of.get("passes", ())}
            named = {where.removesuffix("?") for where in paths_of(kind).values()}
            self._known[kind.name] = frozenset(named), frozenset(passes)
        read_at, passed = self._known[kind.name]
        left = [("", element)]
        while left:
            inside, one = left.pop()
            for name in one.given:
                at = f"{inside}/@{name}" if inside else f"@{name}"
                if at not in read_at and at not in passed and "@*" not in passed:
                    self.unread.append(Unread(one, name))
            for child in one.children:
                at = f"{inside}/{child.name}" if inside else child.name
                own = f"{path}/{at}" if path else at
                if at in passed or own in self.elements:
                    continue
                if not (at in read_at or any(r.startswith(at + "/") for r in (*read_at, *passed)) or self._leads(own)):
                    self.unread.append(Unread(child, ""))
                    continue
                left.append((at, child))


def paths_of(kind: TypeKind) -> dict[str, str]:
    """Where the properties of a kind are read, those of the most general kind first."""
    paths: dict[str, str] = {}
    for of in reversed(kind.told):
        paths.update(of.get("paths", {}))
    return paths


def found(element: Element, path: str) -> str | bool | None:
    """What an element has at a path; None where there is nothing."""
    *steps, last = path.split("/")
    for step in steps:
        inner = element.find(step)
        if inner is None:
            return None
        element = inner
    if last.startswith("@"):
        return element.get(last[1:])
    if last == ".":
        return element.text.strip()
    if last.endswith("?"):
        return True if element.find(last[:-1]) is not None else None
    inner = element.find(last)
    return None if inner is None else inner.text.strip()
