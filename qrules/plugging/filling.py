"""Filling what nobody wrote: numbers and names that the rules choose, in the phase that each says."""

from __future__ import annotations

from qrules.linked.clauses import AutoFill
from qrules.linked.fills import applying, choose, note_use
from qrules.machine.entities import Device, Entity
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.state import State
from qrules.plugging.checks import Checker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from qrules.machine.contracts import Cell


class Filler:
    """Fills the properties of devices of one state. A value is free where `checker` finds no holder of what claims make of it."""

    def __init__(self, state: State, checker: Checker, refuse: Callable[..., Refused]) -> None:
        self._state, self._checker, self._refuse = state, checker, refuse

    def fill_and_check(self, phase: str, device: Device) -> list[Cell]:
        """Fills, then checks; an id comes last, to a device that has passed. Gives the cells to hold. Raises `Refused`."""
        fills = device.kind.fills.get(phase, ())
        for fill in fills:
            if fill.property != "id":
                self._fill(device, fill)
        cells = self._checker.check(phase, device)
        for fill in fills:
            if fill.property == "id":
                self._fill(device, fill)
        return cells

    def note_use(self, device: Device) -> None:
        """Counters move with every device that stands, whether its number was chosen or written."""
        for fill in (f for fills in device.kind.fills.values() for f in fills):
            note_use(fill.fill, self._state, ("fill", fill.note), device.values.get(fill.property))

    def _fill(self, device: Device, fill: AutoFill) -> None:
        if device.id if fill.property == "id" else device.values.get(fill.property) is not None:
            return
        frame = new_frame(self._state, device)
        step = applying(fill.fill, frame)
        if step is None:
            return
        if fill.property == "id":
            self._fill_id(device, step.argument(frame) if step.argument is not None else None, fill.phase == "plug")
            return
        counter: tuple[Any, ...] = ("fill", fill.note)
        claims = device.kind.claims_reading(fill.property)
        if step.how == "lowest":  # each of the sets in which it is to be free has a lowest one of its own
            counter += tuple((_key_of(c.scope(frame)), *(part(frame) for part in c.key)) for c in claims)

        def free(value: int) -> bool:
            device.values[fill.property] = value
            if device.known:
                device.known.clear()
            return all(self._checker.held(claim, frame) is None for claim in claims)

        device.values[fill.property] = value = choose(step, frame, self._state, counter, None, free)
        if device.known:
            device.known.clear()
        if value is None:
            raise Refused([Refusal(fill.property, fill.note, "full", frame, phase="realize")])

    def _fill_id(self, device: Device, identity: Any, label_only: bool) -> None:
        """Names a device without an id. One that stands already gets a label: others may have the same."""
        if identity in self._state.ids and not label_only:
            raise self._refuse("duplicate-id", device, name=identity, holder=self._state.ids[identity])
        device.id = identity


def _key_of(scope: object) -> object:
    return scope.key if isinstance(scope, Entity) else None
