"""Making the buses and points that a device or machine provides, and finding their names; and how many one line makes."""

from __future__ import annotations

from qrules.linked.clauses import Part, Points, Provides, Template
from qrules.linked.kinds import BusKind, Kinds
from qrules.linked.steps import A_CELL, A_POINT, TooLong, spend
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import CONTEXT, MANY, SELF, Frame, new_frame
from qrules.machine.points import Point
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def how_many(line: Part | Provides, frame: Frame, kinds: Kinds) -> int:
    """The number that a line's ``many`` gives: one where nothing is said, none where it is no number.

    Raises `TooLong` for more than one line makes (QR310, which names the line).
    """
    if line.many is None:
        return 1
    value = line.many(frame)
    return max(0, _bounded(value, line.note, kinds)) if type(value) is int else 0


def _bounded(number: int, note: int, kinds: Kinds) -> int:
    if number > MANY:
        raise TooLong(f"it makes {number:,} at once, and one line makes {MANY:,} at the most").within(kinds.knowledge.note(note))
    return number


def provide_all(kinds: Kinds, state: State, device: Device, lines: Sequence[Provides]) -> None:
    """Makes what a device provides, in the order of the rules' text; `lines` are those that may say something."""
    for provides in lines:
        provide(kinds, state, provides, device)
    for points in device.kind.points:
        _add_points(kinds, state, points, device)


def provide(kinds: Kinds, state: State, provides: Provides, owner: Entity) -> None:
    """Makes the buses of a ``provides`` line."""
    frame = new_frame(state, owner)
    if provides.when is not None and not provides.when(frame):
        return
    many = how_many(provides, frame, kinds)
    kind = kinds.bus(provides.kind)
    if many > 1:
        spend(state, A_CELL * many)
    for n in range(many):
        frame[CONTEXT["n"]] = n
        name = _bus_name(state, provides, kind, owner, frame)
        state.add_bus(Bus(state.next_number("buses"), kind, name, owner, n, provides))


def _bus_name(state: State, provides: Provides, kind: BusKind, owner: Entity, frame: Frame) -> str:
    """The first name whose holes can all be filled; the counter of a kind moves only when its name is used."""
    counter = ("named", kind.name)
    nth = len(state.owned.get(owner.number, ())) if isinstance(owner, Device) else 0
    frame[CONTEXT["nth"]] = nth
    frame[CONTEXT["counter"]] = state.counters.get(counter, 0)
    name = _first(provides.called, frame, state, counter)
    if name is None and kind.called:
        of_kind = list(frame)
        of_kind[SELF] = Bus(-1, kind, "", owner, nth)
        name = _first(kind.called, of_kind, state, counter)
    return name if name is not None else f"{kind.name}.{nth}"


def _first(templates: tuple[Template, ...], frame: Frame, state: State, counter: object) -> str | None:
    for template in templates:
        name = template.filled(frame)
        if name is not None:
            if template.counts:
                state.counters[counter] = state.counters.get(counter, 0) + 1
            return name
    return None


def _add_points(kinds: Kinds, state: State, points: Points, device: Device) -> None:
    frame = new_frame(state, device)
    if points.when is not None and not points.when(frame):
        return
    bus = points.on(frame) if points.on is not None else state.first_bus_with_points(device)
    numbers = points.range(frame)
    if not isinstance(bus, Bus) or not isinstance(numbers, range):
        return
    spend(state, A_POINT * max(0, _bounded(numbers.stop - numbers.start, points.note, kinds)))
    made = []
    for n in numbers:
        frame[CONTEXT["n"]] = n
        name = points.template(frame) if points.template is not None else str(n)
        made.append(Point(name, n, bus, device, points.attributes, points.note))
    state.add_points(bus, made)
