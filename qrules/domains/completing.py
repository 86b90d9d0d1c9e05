"""A document with all that the rules store written into it: what its author wrote stays as it is."""

from __future__ import annotations

from qrules.configs import xml_edit
from qrules.configs.xml_edit import Edit, Fresh
from qrules.configs.xml_tree import Element
from qrules.numerals import whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qrules.configs.xml_tree import Document
    from qrules.domains.answer import Placed

    Tree = dict[str, "Tree | str"]  # of an element: attributes as "@name", its text as "", elements by their names


LEADS = "leads"  # an attribute of what a step adds: it stands before the others of its kind


def completed(
    document: Document, whole: Placed, placed: Sequence[Placed], paths: Mapping[str, str], kept: Sequence[Element] = ()
) -> str:
    """The document as it is stored: values that the rules store, elements that they add, without those that they drop.

    `kept` are elements that stay though nothing of them is stored; `paths` says at which path of the root a kind stands.
    """
    gone = _dropped(document, {id(e) for e in (*kept, *(p.element for p in placed))}, paths)
    edits = list(map(xml_edit.remove_element, gone))
    added: dict[str, list[Fresh]] = {}
    first: list[Fresh] = []
    for one in placed:
        if one.element is None:
            above, _, name = paths[one.kind].rpartition("/")
            added.setdefault(above, []).append(made := _fresh(name, _tree(one.written)))
            if one.values.get(LEADS):
                first.append(made)
        elif one.element.source is document.source:
            edits += _changed(one.element, _tree(one.written))
    missing = [Fresh(above, {}, tuple(new)) for above, new in added.items() if above and document.root.find(above) is None]
    edits += _changed(document.root, _tree(whole.written), missing)
    for above, new in added.items():
        edits += _added(document.root, above, new, gone, first)
    return xml_edit.applied(document, edits)


def _tree(written: Mapping[str, str]) -> Tree:
    """Values by path as nested names."""
    tree: Tree = {}
    for path, value in written.items():
        *above, last = path.split("/")
        at = tree
        for name in above if last.startswith("@") else [*above, last]:
            inner = at.setdefault(name, {})
            assert isinstance(inner, dict)
            at = inner
        at[last if last.startswith("@") else ""] = value
    return tree


def fresh(name: str, written: Mapping[str, str]) -> Fresh:
    """A new element with values by their paths."""
    return _fresh(name, _tree(written))


def _fresh(name: str, tree: Tree) -> Fresh:
    attributes = {key[1:]: str(value) for key, value in sorted(tree.items(), key=_order) if key.startswith("@")}
    children = tuple(_fresh(key, value) for key, value in tree.items() if isinstance(value, dict))
    return Fresh(name, attributes, children, str(tree.get("", "")))


def _order(item: tuple[str, Tree | str]) -> bool:
    """What kind of thing it is comes first, all else as the rules have it."""
    return item[0] != "@type"


def _changed(element: Element, tree: Tree, more: Sequence[Fresh] = ()) -> list[Edit]:
    """What has to change for an element to have these values, and `more` in it."""
    edits: list[Edit] = []
    new = list(more)
    for key, value in tree.items():
        if isinstance(value, dict):
            inner = element.find(key)
            if inner is None:
                new.append(_fresh(key, value))
            else:
                edits += _changed(inner, value)
        elif key.startswith("@") and not _same(element.get(key[1:]), value):
            edits.append(xml_edit.set_attribute(element, key[1:], value))
    if new:
        edits.append(xml_edit.append_child(element, *new))
    return edits


def _same(written: str | None, value: str) -> bool:
    """Whether what the author wrote says the value, be it in other digits."""
    return written is not None and (written == value or (_number(written) is not None and _number(written) == _number(value)))


def _number(text: str) -> int | None:
    try:
        return int(text, 0)
    except ValueError:
        return whole_number(text)


def _added(root: Element, above: str, new: Iterable[Fresh], gone: Sequence[Element], first: Sequence[Fresh] = ()) -> list[Edit]:
    """New elements behind the last of their name that stays, those of `first` before it, or at the end of what they stand in."""
    holder = root
    for name in above.split("/") if above else ():
        found = holder.find(name)
        if found is None:  # it comes with the root's own changes
            return []
        holder = found
    edits, last = [], []
    for one in new:
        alike = [e for e in holder.all(one.name) if e not in gone]
        if alike and one in first:
            edits.append(xml_edit.insert_before(alike[0], one))
        elif alike:
            edits.append(xml_edit.insert_after(alike[-1], one))
        else:
            last.append(one)
    names = [one.name for one in last]
    last.sort(key=lambda one: names.index(one.name))  # those of one name together
    kept = [e for e in holder.children if e not in gone]
    if kept:
        return [*edits, *(xml_edit.insert_after(kept[-1], one) for one in last)]
    if holder.children:
        return [*edits, *(xml_edit.insert_first(holder, one) for one in last)]
    return [*edits, *([xml_edit.append_child(holder, *last)] if last else [])]


def _dropped(document: Document, kept: set[int], paths: Mapping[str, str]) -> list[Element]:
    """Elements that the rules have read, and do not store."""
    known = {path for path in paths.values() if "/" in path}
    gone = []
    for path in sorted(known):
        above, _, name = path.rpartition("/")
        holder: Element | None = document.root
        for step in above.split("/"):
            holder = holder.find(step) if holder is not None else None
        gone += [e for e in (holder.all(name) if holder is not None else ()) if id(e) not in kept]
    return gone
