"""What stands of a document: its elements, and those that steps have added, as entities with attributes.

An item is a device on no bus (`qrules.machine.entities`), so that rules, claims and look-ups are those of all rules. Unlike a
device it changes until its stage is done: nothing about it is remembered.
"""

from __future__ import annotations

from qrules.machine.budget import current
from qrules.machine.entities import Device
from qrules.machine.rows import INDEXED
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from qrules.configs.xml_tree import Element
    from qrules.linked.kinds import TypeKind
    from qrules.machine.entities import Bus
    from qrules.rulesets.store import Store

_OWN = ("label", "number", "added", "later")  # attributes that items have by themselves


class Item(Device):
    """An element of the document, or one that a step added (`element` is None). `parent` is the element that it stands in.

    `refused`: something is wrong with it, so that no step goes on with it. `attach` is its number among what is added later.
    """

    __slots__ = ("attach", "element", "epoch", "first", "refused")
    element: Element | None
    refused: bool
    attach: int | None
    first: dict[str, Any]  # its values when it came
    known: dict[str, Any]  # attributes for which nothing but its own values and the document's was looked at
    epoch: int  # of the state, when the first of them was found

    def __init__(self, number: int, kind: TypeKind, element: Element | None = None, origin: int = -1) -> None:
        super().__init__(number, kind, origin=origin, checks={})
        self.element, self.refused, self.attach, self.first = element, False, None, {}
        self.known, self.epoch = {}, 0

    @property
    def label(self) -> str:  # type: ignore[override]
        told = self.values.get("label")
        return str(told) if told else self.kind.name

    def get(self, name: str, state: Any) -> Any:
        if name in self.values:
            return self.values[name]
        if self.epoch == state.epoch and name in self.known and name != "label":
            return self.known[name]
        if name == "label":
            return self.kind.attribute(name, self, state) or self.label
        if name == "number":
            return self.number
        if name in ("added", "later"):
            return self.element is None if name == "added" else self.attach is not None
        if self is state.machine:
            return state.of_whole(name)
        if self.epoch != state.epoch:
            self.known, self.epoch = {}, state.epoch
        return self.kind.attribute(name, self, state)


def plain(value: Any) -> Any:
    """A value that equals another where rules say that they are equal: a switch is no number, a number is a version."""
    if type(value) is bool:
        return ("switch", value)
    return value[0] if type(value) is tuple and len(value) == 1 else value


class Emulator:
    """What is asked of the emulator that the document is for: which types and machines it has."""

    def __init__(self, store: Store, version: str | None, arch: str) -> None:
        self._entry = store.resolve(version, arch)
        self._knowledge = store.knowledge(self._entry)
        self.version, self.arch = self._entry.version, self._entry.arch

    def has(self, name: str) -> bool:
        """Whether it has a device type of this name or alias."""
        return self._knowledge.type_facts(self._knowledge.real_name(name)) is not None

    def machine(self, name: str) -> str | None:
        """Its own name of a machine; None where it has none of the name or alias."""
        facts = self._knowledge.machine(name)
        return facts.name if facts is not None else None


class Alike:
    """The items of one row by some of their values, those that nothing but what is written decides."""

    __slots__ = ("_names", "_places", "_seen", "_with")

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._places = tuple(n for n, name in enumerate(names) if name not in _OWN)  # of names, less those that rules work out
        self._seen = 0  # members of the row that are in it
        self._with: dict[tuple[object, ...], list[Device | Bus]] = {}

    def members(self, row: Sequence[Device | Bus], wanted: Sequence[Any]) -> Sequence[Device | Bus] | None:
        """Members whose written values are the wanted ones, in their order; None where rules decide about all of the values."""
        for at in range(self._seen, len(row)):
            member = row[at]
            if not isinstance(member, Item):
                return None
            left = tuple(n for n in self._places if not member.kind.defines(self._names[n]))
            if left != self._places:
                self._places, self._seen, self._with = left, 0, {}
                return self.members(row, wanted)
            values = tuple(plain(member.values.get(self._names[n])) for n in left)
            self._with.setdefault(values, []).append(member)
        self._seen = len(row)
        return self._with.get(tuple(plain(wanted[n]) for n in self._places), ()) if self._places else None


class Standing(State):
    """The items of a document. The machine of its expressions is the item of the whole document.

    `epoch` counts what may change the attributes of all items: changes of the whole, and of several items at once.
    """

    __slots__ = (
        "_alike", "_came", "_changes", "_leasts", "_of_rows", "_rows", "_rows_seen", "asked", "emulator", "epoch", "rehearsing",
        "trail", "version",
    )  # fmt: skip
    emulator: Emulator | None
    rehearsing: bool
    epoch: int
    asked: int  # how many of its looks were at who holds a place
    trail: list[tuple[Any, ...]] | None  # the places, while somebody wants to know them

    def __init__(self, whole: Item, watched: frozenset[str], version: str) -> None:
        super().__init__(whole, watched)  # type: ignore[arg-type]
        self.emulator, self.rehearsing, self.version, self.epoch = None, False, version, 0
        self.asked, self.trail = 0, None
        self._rows, self._rows_seen = 0, set[str]()  # looks at all items of a kind, and the kinds
        self._changes: dict[str, int] = {}  # by kind: how often one came, or got other values
        self._came: dict[str, int] = {}  # how often one came
        self._leasts: dict[object, tuple[int, int, int, int, Any]] = {}  # epoch, other changes, members, number and member
        self._of_rows: dict[str, tuple[Any, int, list[tuple[str, int | None]]]] = {}  # of the whole: what they decide, and when
        self._alike: dict[tuple[str, tuple[str, ...]], Alike] = {}
        whole.values["release"] = tuple(int(p) for p in version.split(".") if p.isdigit())

    def pay(self, what: str) -> None:
        """Takes the steps that were spent since the last time from the question's, the last for `what`. Raises `TooLarge`."""
        budget = current()
        budget.last = what
        budget.charge(self, 0)

    def put(self, item: Item, name: str, value: Any) -> None:
        """Gives an item a value: what was worked out from its values, or from the whole's, is worked out anew."""
        item.values[name] = value
        self._other(item, name)

    def forget(self, item: Item, name: str) -> None:
        """Takes a value away, in the same way."""
        del item.values[name]
        self._other(item, name)

    def _other(self, item: Item, name: str) -> None:
        affected = item.kind.affected(name)  # type: ignore[attr-defined]
        item.known = {of: value for of, value in item.known.items() if not affected[of]}
        self._changed(item)
        for key in [key for key in self._alike if name in key[1]]:
            del self._alike[key]
        if item is self.machine:  # type: ignore[comparison-overlap]
            self.epoch += 1

    def renew(self) -> None:
        """Forgets what was worked out of items: many have changed."""
        self._alike, self.epoch = {}, self.epoch + 1

    def emulator_has(self, name: str) -> bool:
        """Whether the emulator has a device type; a document whose emulator is not known has none."""
        return self.emulator is not None and self.emulator.has(name)

    def emulator_machine(self, name: str) -> str | None:
        """The emulator's own name of a machine."""
        return self.emulator.machine(name) if self.emulator is not None else None

    def equal(self, kind: str, names: Sequence[str], wanted: Sequence[Any]) -> Sequence[Device | Bus] | None:
        """Those of a kind that may have some values; None where all have to be looked at.

        There is an index of values that are written alone: `put` tells it of changes.
        """
        self._look(kind)
        row = self.kinds_watched.get(kind, ())
        if len(row) < INDEXED:
            return None
        key = kind, tuple(names)
        if key not in self._alike:
            self._alike[key] = Alike(key[1])
        return self._alike[key].members(row, wanted)

    def who_holds(self, cell: tuple[Any, ...]) -> Device | None:
        self.asked += 1
        if self.trail is not None:
            self.trail.append(cell)
        return super().who_holds(cell)

    def numbered_below(self, kind: str, number: int) -> int | None:
        self._look(kind)
        return None

    def least(self, key: object, kind: str) -> tuple[int, Any, Sequence[Device | Bus]] | None:
        if kind not in self.watched:
            return None
        self._look(kind)
        row = self.kinds_watched.get(kind, ())
        kept = self._leasts.get(key)
        if kept is None or kept[:2] != (self.epoch, self._others(kind)):
            return 1 << 128, None, row
        return kept[3], kept[4], [row[n] for n in range(kept[2], len(row))]

    def keep_least(self, key: object, kind: str, number: int, member: Any) -> None:
        seen = len(self.kinds_watched.get(kind, ()))
        self._leasts[key] = self.epoch, self._others(kind), seen, number, member

    def _others(self, kind: str) -> int:
        """How often members of a kind got other values."""
        return self._changes.get(kind, 0) - self._came.get(kind, 0)

    def of_kind(self, kind: str) -> Iterator[Device | Bus]:
        self._look(kind)
        if kind in self.watched:
            return iter(self.kinds_watched.get(kind, ()))
        return (e for e in tuple(self.devices) if kind in e.kinds)

    def add_device(self, device: Device) -> None:
        super().add_device(device)
        self._changed(device)
        for kind in device.kinds:
            self._came[kind] = self._came.get(kind, 0) + 1

    def of_whole(self, name: str) -> Any:
        """An attribute of the whole. One that nothing but items of some kinds decides is kept until one of these changes."""
        kept = self._of_rows.get(name)
        if kept is not None and kept[1] == self.epoch and all(self._changes.get(kind) == count for kind, count in kept[2]):
            for kind, _ in kept[2]:
                self._look(kind)  # whoever asks depends on them, too
            return kept[0]
        whole: Any = self.machine
        if whole.epoch != self.epoch:
            whole.known, whole.epoch = {}, self.epoch
        outer, self._rows_seen = self._rows_seen, set()
        before = self.looks - self._rows
        value = whole.kind.attribute(name, whole, self)
        if self.looks - self._rows == before:
            self._of_rows[name] = value, self.epoch, [(kind, self._changes.get(kind)) for kind in self._rows_seen]
        self._rows_seen |= outer
        return value

    def _look(self, kind: str) -> None:
        self.looks += 1
        self._rows += 1
        self._rows_seen.add(kind)

    def _changed(self, item: Device) -> None:
        for kind in item.kinds:
            self._changes[kind] = self._changes.get(kind, 0) + 1

    def replace_all(self, items: Sequence[Item], holders: dict[tuple[Any, ...], Sequence[Device]]) -> None:
        """Leaves these items and no others, with who holds what."""
        self.devices, self.kinds_watched, self.ids = [], {}, {}
        self.renew()
        for item in items:
            self.add_device(item)
        self.holders = holders

    def remove(self, item: Item) -> None:
        """Takes an item out, with all that it holds."""
        holders: dict[tuple[Any, ...], Sequence[Device]] = {
            k: kept for k, held in self.holders.items() if (kept := tuple(d for d in held if d is not item))
        }
        self.replace_all([d for d in self.devices if isinstance(d, Item) and d is not item], holders)
