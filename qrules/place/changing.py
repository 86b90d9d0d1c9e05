"""Single changes of a device in a draft: another value of a property, a free one, another type."""

from __future__ import annotations

from qrules.explain.kin import creatable, kin_of
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest
from qrules.place.drafts import Desk, Draft
from qrules.place.fitting import without_place
from qrules.place.free_values import FreeValues
from qrules.plugging.board import Outcome
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    _Drafts = Iterator[Draft | None]


class Wound(NamedTuple):
    """A refusal of a draft, with what stands there."""

    draft: Draft
    refusal: Refusal
    outcome: Outcome | None


class Changing:
    """Makes drafts that differ from another in one device. `cost` gives what the rules declare for an edit of a kind."""

    def __init__(self, desk: Desk, cost: Callable[[str], int]) -> None:
        self.desk, self.board, self.cost = desk, desk.board, cost
        self.knowledge = desk.board.knowledge
        self.free = FreeValues(desk.board)

    @staticmethod
    def _device(wound: Wound) -> DeviceRequest | None:
        return wound.draft.request.devices[wound.refusal.device] if wound.refusal.device is not None else None

    def property(self, draft: Draft, index: int, name: str, value: Any, cost: int) -> Draft | None:
        """Another value for a property; None: it is not said."""
        device = draft.request.devices[index]
        kept = {key: was for key, was in device.properties.items() if key != name or value is not None}
        if value is not None:
            kept[name] = (
                value if device.json or isinstance(value, str) else "on" if value is True else "off" if value is False else value
            )
        return self.desk.device(draft, index, device._replace(properties=kept), "property", cost)

    def free_value(self, draft: Draft, index: int, name: str, cost: int) -> _Drafts:
        """A value for a property that nobody else has; for one that names a host resource an idle one, or one more."""
        for value, option in self.free.values(draft.request, index, name):
            same = draft.request.devices[index].properties.get(name) == value
            changed = draft if same else self.property(draft, index, name, value, cost)
            if changed is not None and option is not None:
                more = self.cost("resource") + (cost if same else 0)
                changed = self.desk.added(changed, option[0], option[1], index, more)
            yield changed if changed is not draft else None

    def likely(self, device: DeviceRequest) -> list[str]:
        """The types that may be meant by another one's name, those first that have all that was written."""
        return sorted(kin_of(self.knowledge, device.driver), key=lambda name: len(self.lost(device, name)))

    def lost(self, device: DeviceRequest, name: str) -> set[str]:
        """The properties that another type lacks."""
        kind = self.board.kinds.named(name)
        if kind is None:
            return set(device.properties)
        scheme = self.board.kinds.bus(kind.bus_kind).scheme if kind.bus_kind is not None else None
        return {p for p in device.properties if kind.catalogued(p) is None and not (scheme is not None and scheme.says(p))}

    def says_a_place(self, driver: str, name: str) -> bool:
        """Whether a property says a place on the buses that a type goes onto."""
        kind = self.board.kinds.named(driver)
        scheme = self.board.kinds.bus(kind.bus_kind).scheme if kind is not None and kind.bus_kind is not None else None
        return scheme is not None and scheme.says(name)

    def of_type(self, draft: Draft, index: int, name: str, cost: int, place: bool = True, stays: bool = False) -> Draft | None:
        """Another type, with those properties that it has too; not held to its place where that is another kind of bus's.

        `stays`: the bus that is written is meant for it.
        """
        device = draft.request.devices[index]
        kind, old = self.board.kinds.named(name), self.board.kinds.named(device.driver)
        if kind is None or not creatable(self.knowledge, kind.name):
            return None
        lost = self.lost(device, name)
        kept = {key: value for key, value in device.properties.items() if key not in lost}
        other = device._replace(driver=name, properties=kept)
        if not stays and (not place or (old is not None and old.bus_kind != kind.bus_kind)):
            freed = without_place(self.board.kinds, device)
            held = {key: value for key, value in kept.items() if key in freed.properties}
            other = other._replace(bus=None, properties=held)
            other = without_place(self.board.kinds, other)
        changed = self.desk.device(draft, index, other, "model", cost)
        if changed is None or len(kept) < len(device.properties):
            return changed
        edit = changed.edits[-1]._replace(before=device.driver, after=name)
        same = other.bus == device.bus and other.properties == device.properties
        return changed._replace(edits=(*changed.edits[:-1], edit)) if same else changed
