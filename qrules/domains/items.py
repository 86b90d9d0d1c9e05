"""What stands of a document: its elements, and those that steps have added, as entities with attributes.

An item is a device on no bus (`qrules.machine.entities`), so that rules, claims and look-ups are those of all rules. Unlike a
device it changes until its stage is done: what is worked out about it is remembered until anything changes.
"""

from __future__ import annotations

from qrules.machine.budget import current
from qrules.machine.entities import Device
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.configs.xml_tree import Element
    from qrules.linked.kinds import TypeKind
    from qrules.machine.contracts import View
    from qrules.machine.entities import Bus
    from qrules.rulesets.store import Store

EASY = 4  # steps of a document that count one of the question's: most look at what is remembered
_MISSING = object()


class Item(Device):
    """An element of the document, or one that a step added (`element` is None). `parent` is the element that it stands in.

    `refused`: something is wrong with it, so that no step goes on with it. `attach` is its number among what is added later.
    """

    __slots__ = ("attach", "element", "first", "refused")
    element: Element | None
    refused: bool
    attach: int | None
    first: dict[str, Any]  # its values when it came

    def __init__(self, number: int, kind: TypeKind, element: Element | None = None, origin: int = -1) -> None:
        super().__init__(number, kind, origin=origin, checks={})
        self.element, self.refused, self.attach, self.first = element, False, None, {}

    @property
    def label(self) -> str:  # type: ignore[override]
        told = self.values.get("label")
        return str(told) if told else self.kind.name

    def get(self, name: str, state: View) -> Any:
        value = self.values.get(name, _MISSING)
        if value is not _MISSING:
            return value
        if name == "label":
            return self.kind.attribute(name, self, state) or self.label
        if name == "number":
            return self.number
        if name in ("added", "later"):
            return self.element is None if name == "added" else self.attach is not None
        known = state.known  # type: ignore[attr-defined]
        if known is None:
            return self.kind.attribute(name, self, state)
        key = (self.number, name)
        value = known.get(key, _MISSING)
        if value is _MISSING:
            value = known[key] = self.kind.attribute(name, self, state)
        return value


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


class Standing(State):
    """The items of a document. The machine of its expressions is the item of the whole document.

    `known` is what was worked out since something changed, by item and name; None while the document is read.
    """

    __slots__ = ("emulator", "known", "rehearsing", "version")
    emulator: Emulator | None
    known: dict[tuple[int, str], Any] | None
    rehearsing: bool

    def __init__(self, whole: Item, watched: frozenset[str], version: str) -> None:
        super().__init__(whole, watched)  # type: ignore[arg-type]
        self.known = None
        self.emulator, self.rehearsing, self.version = None, False, version
        whole.values["release"] = tuple(int(p) for p in version.split(".") if p.isdigit())

    def pay(self, what: str) -> None:
        """Takes the steps that were spent since the last time from the question's, the last for `what`. Raises `TooLarge`."""
        budget = current()
        budget.last = what
        budget.spend((self.paid - self.left) // EASY)
        self.paid = self.left

    def changed(self) -> None:
        """Takes note that something is another now."""
        if self.known:
            self.known.clear()

    def add_device(self, device: Device) -> None:
        """Puts up an item."""
        super().add_device(device)
        self.changed()

    def hold(self, key: tuple[Any, ...], device: Device) -> None:
        """Notes that an item holds a cell of a pool."""
        super().hold(key, device)
        self.changed()

    def emulator_has(self, name: str) -> bool:
        """Whether the emulator has a device type; a document whose emulator is not known has none."""
        return self.emulator is not None and self.emulator.has(name)

    def emulator_machine(self, name: str) -> str | None:
        """The emulator's own name of a machine."""
        return self.emulator.machine(name) if self.emulator is not None else None

    def with_text(self, kind: str, name: str, text: str) -> Sequence[Device | Bus] | None:
        """Items change, so there is no index of them."""
        self.looks += 1
        return None

    def numbered_below(self, kind: str, number: int) -> int | None:
        self.looks += 1
        return None

    def replace_all(self, items: Sequence[Item], holders: dict[tuple[Any, ...], Sequence[Device]]) -> None:
        """Leaves these items and no others, with who holds what."""
        self.devices, self.kinds_watched, self.ids = [], {}, {}
        for item in items:
            self.add_device(item)
        self.holders = holders
        self.changed()

    def remove(self, item: Item) -> None:
        """Takes an item out, with all that it holds."""
        holders: dict[tuple[Any, ...], Sequence[Device]] = {
            k: kept for k, held in self.holders.items() if (kept := tuple(d for d in held if d is not item))
        }
        self.replace_all([d for d in self.devices if isinstance(d, Item) and d is not item], holders)
