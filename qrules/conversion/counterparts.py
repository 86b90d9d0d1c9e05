"""What a device of one machine is on another: what rules say with ``becomes`` and ``suggests``, and what must be left out."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.conversion.answer import Why, why_note, why_of
from qrules.explain.reasons import reason
from qrules.linked.expressions import build
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Counterpart(NamedTuple):
    """The type that stands for another on a machine (None: nothing does), with values for its properties, and why."""

    type: str | None
    advised: bool
    values: dict[str, object]
    why: Why


class Translated(NamedTuple):
    """A device for the new machine (None: it is let go), the reasons for that, and what could be done besides."""

    device: DeviceRequest | None
    why: tuple[Why, ...]
    advice: tuple[Why, ...]


class Translator:
    """Says what devices become between two machines as they stand without any devices of the user's."""

    def __init__(self, board: Board, old: State, new: State) -> None:
        self.board, self.old, self.new = board, old, new
        self._count: dict[str, int] = {}  # how often each type was chosen

    def counterparts(self, driver: str, device: DeviceRequest | None = None) -> list[Counterpart]:
        """What the rules say of a type: lines that hold on the new machine and did not on the old one."""
        kind = self.board.kinds.named(driver)
        if kind is None:
            return []
        given = dict(device.properties) if device is not None else {}
        subject = Device(-1, kind, device.id if device is not None else None, given, given)
        return list(self._said(subject))

    def _said(self, subject: Device) -> Iterator[Counterpart]:
        knowledge = self.board.knowledge
        before, after = new_frame(self.old, subject), new_frame(self.new, subject)
        for target, advised, when, values, number in knowledge.clauses(subject.kind.line, "becomes"):
            condition = build(when)
            if not condition(after) or condition(before):
                continue
            named = build(target)(after) if isinstance(target, list) else target
            if named is not None and self.board.kinds.named(str(named)) is None:
                continue  # this version has no such type
            after[CONTEXT["n"]] = self._count.get(str(named), 0)
            given = {name: build(value)(after) for name, value in values.items()}
            because = knowledge.note(number).because
            message = build(because)(after) if because is not None else ""
            yield Counterpart(named, advised, given, why_note(knowledge, number, str(message)))

    def translate(self, device: DeviceRequest) -> Translated:
        """A device as the new machine wants it."""
        said = self.counterparts(device.driver, device)
        advice = tuple(
            c.why._replace(message=f"{device.driver} could become {c.type}: {c.why.message}") for c in said if c.advised
        )
        found = next((c for c in said if not c.advised), None)
        if found is None:
            return Translated(device, (), advice)
        if found.type is None:
            return Translated(None, (found.why,), ())
        self._count[found.type] = self._count.get(found.type, 0) + 1
        kept, lost = self._properties(device, found.type)
        return Translated(device._replace(driver=found.type, properties={**kept, **found.values}), (found.why, *lost), advice)

    def _properties(self, device: DeviceRequest, driver: str) -> tuple[dict[str, object], list[Why]]:
        """The properties that another type has too; why the others are left out."""
        kind = self.board.kinds.type(driver)
        assert kind is not None
        scheme = self.board.kinds.bus(kind.bus_kind).scheme if kind.bus_kind is not None else None
        kept: dict[str, Any] = {}
        lost: list[Why] = []
        stand_in = Device(-1, kind, request=0)
        for name, value in device.properties.items():
            if kind.has_property(name) or (scheme is not None and scheme.says(name)):
                kept[name] = value
            else:
                refused = Plugger(self.board.kinds, self.new).refuse("no-such-property", stand_in, property=name, name=driver)
                lost.append(why_of(reason(self.board.knowledge, refused.refusals[0])))
        return kept, lost
