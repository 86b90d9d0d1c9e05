"""Expressions that ask about the state: who holds what, which devices there are, what was written.

Each function takes a compiled expression and the builder of its parts, and gives a closure.
"""

from __future__ import annotations

from qrules.linked.steps import spend, spend_text, weight
from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import STATE, SUBJECT, Build, Closure, Frame, Value, new_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from qrules.machine.state import State

    Members: TypeAlias = Callable[[Frame], Iterator[Value]]


def given(expr: Any, build: Build) -> Closure:
    base, name = build(expr[1]), expr[2]

    def given(frame: Frame) -> bool:
        entity = base(frame)
        return isinstance(entity, Entity) and entity.was_given(name)

    return given


def role_open(expr: Any, build: Build) -> Closure:
    return lambda frame: frame[STATE].machine.role_open(expr[1])


def role_replaced(expr: Any, build: Build) -> Closure:
    return lambda frame: frame[STATE].machine.role_replaced(expr[1])


def holder(expr: Any, build: Build) -> Closure:
    pool, scope, keys = expr[1], build(expr[2]), [build(k) for k in expr[3:]]

    def holder(frame: Frame) -> Value:
        place = scope(frame)
        if not isinstance(place, Entity):
            return None
        return frame[STATE].who_holds((pool, place.key, *(k(frame) for k in keys)))

    return holder


def backend_kind(expr: Any, build: Build) -> Closure:
    inner = build(expr[1])
    return lambda frame: frame[STATE].backend_kind(inner(frame))


def backend_says(expr: Any, build: Build) -> Closure:
    identity, key = build(expr[1]), build(expr[2])
    return lambda frame: frame[STATE].said.get(str(identity(frame)), {}).get(key(frame))


def free_points(expr: Any, build: Build) -> Closure:
    base = build(expr[1])

    def free(frame: Frame) -> Value:
        bus = base(frame)
        return frame[STATE].free_points(bus) if isinstance(bus, Bus) else None

    return free


def apply(expr: Any, build: Build) -> Closure:
    arguments, body = [build(e) for e in expr[1]], build(expr[2])

    def apply(frame: Frame) -> Value:
        inner = new_frame(frame[STATE], None)
        inner[SUBJECT : SUBJECT + len(arguments)] = [argument(frame) for argument in arguments]
        return body(inner)

    return apply


def members_of(expr: Any, build: Build) -> Callable[[Frame], Iterator[Value]]:
    kind, source = expr[1], build(expr[3]) if expr[3] is not None else None

    def members(frame: Frame) -> Iterator[Value]:
        state = frame[STATE]
        if source is None:
            yield from state.of_kind(kind)
            return
        over = source(frame)
        if isinstance(over, range):
            yield from over
        elif isinstance(over, Bus):
            state.looks += 1
            yield from of_a_kind(reversed(state.children[over.number]), kind, state)

    return members


def of_a_kind(devices: Iterable[Device], kind: str, state: State) -> Iterator[Device]:
    """Those of some devices that are of a kind; looking at sixteen counts a step, whatever they are. Raises `TooLong`."""
    for number, device in enumerate(devices, 1):
        if not number & 15:
            spend(state, 1)
        if kind in device.kinds:
            yield device


def quantified(expr: Any, build: Build) -> Closure:
    operation, slot, members = expr[0], expr[2], members_of(expr, build)
    condition = build(expr[4]) if expr[4] is not None else None
    if expr[3] is None and isinstance(expr[4], list):  # a plan may know what it comes to
        lower = _compared(expr[4], "<", slot) if expr[4][:1] == ["<"] else None
        if operation == "count" and lower is not None and lower[0] == "number":
            return _counted_below(expr[1], build(lower[1]), members, slot, condition)
        named = list(_compared_all(expr[4], "=", slot))
        if named:
            members = _equal_to(expr[1], [name for name, _ in named], [build(wanted) for _, wanted in named], members)

    each = 1 + weight(expr[4:])

    def matching(frame: Frame) -> Iterator[Value]:
        for member in members(frame):
            spend(frame[STATE], each)
            frame[slot] = member
            if condition is None or condition(frame):
                yield member

    def unmatched(frame: Frame) -> bool:
        assert condition is not None
        for member in members(frame):
            spend(frame[STATE], each)
            frame[slot] = member
            if not condition(frame):
                return True
        return False

    if operation == "sum":
        value = build(expr[5])
        return lambda frame: sum(found for _ in matching(frame) if type(found := value(frame)) is int)
    if operation == "count":
        return lambda frame: sum(1 for _ in matching(frame))
    if operation == "the" and len(expr) > 5:
        alone = expr[3] is None and not _speaks_of_others(expr[4:], slot)
        return _lowest(matching, build(expr[5]), (expr[1], slot, condition, each) if alone else None)
    if operation == "the":
        return lambda frame: next(matching(frame), None)
    if operation == "some":
        return lambda frame: any(True for _ in matching(frame))
    if operation == "no":
        return lambda frame: not any(True for _ in matching(frame))
    members = members_of(expr, build)  # every one, those of another name too
    return lambda frame: not unmatched(frame)


_UNRANKED, _NONE = 1 << 127, 1 << 128  # more than any number: of a member that has none, and of no member at all


def _lowest(matching: Members, order: Closure, alone: tuple[str, int, Closure | None, int] | None) -> Closure:
    """The first of those members that have the lowest number; one that has none comes last.

    `alone`: nothing but the members themselves decides, and of these only those that came since the last time are looked at,
    where a state keeps what was found then: their kind, their slot, the condition, and the steps of each.
    """
    key = object()

    def lowest(frame: Frame) -> Value:
        state = frame[STATE]
        known = state.least(key, alone[0]) if alone is not None else None
        least, first, came = known if known is not None else (_NONE, None, None)
        looks = state.looks
        for found in matching(frame) if came is None or alone is None else _those(came, frame, *alone[1:]):
            number = order(frame)
            rank = number if type(number) is int else _UNRANKED
            if rank < least:
                least, first = rank, found
        if alone is not None and came is not None and state.looks == looks:
            state.keep_least(key, alone[0], least, first)
        return first

    return lowest


def _those(members: Iterable[Value], frame: Frame, slot: int, condition: Closure | None, each: int) -> Iterator[Value]:
    """Those of some members for which a condition holds."""
    for member in members:
        spend(frame[STATE], each)
        frame[slot] = member
        if condition is None or condition(frame):
            yield member


def nth_bus(expr: Any, build: Build) -> Closure:
    """``child-bus(d, n)``: one of the buses that a device made, the first being 0."""
    base, number = build(expr[1]), build(expr[2])

    def bus(frame: Frame) -> Value:
        device, n = base(frame), number(frame)
        return frame[STATE].own_bus(device, n) if isinstance(device, Device) and type(n) is int else None

    return bus


def those(expr: Any, build: Build) -> Closure:
    """``those-on(d, "a b")``: of the switches of a device those that are on, as a text of names; unset where none is."""
    base, names, wanted = build(expr[1]), build(expr[2]), expr[0] == "those-on"

    def found(frame: Frame) -> Value:
        device, text = base(frame), names(frame)
        if not isinstance(device, Device) or not isinstance(text, str):
            return None
        spend_text(frame[STATE], text)
        values = device.values
        return " ".join(name for name in text.split() if values.get(name) is wanted) or None

    return found


# ------------------------------------------------------------------------------ members that are found without a look at each
def _compared(condition: Any, how: str, slot: int) -> tuple[str, Any] | None:
    """The attribute of a member that has to compare so with something, and that, which does not speak of the member."""
    return next(_compared_all(condition, how, slot), None)


def _compared_all(condition: Any, how: str, slot: int) -> Iterator[tuple[str, Any]]:
    """All such attributes that have to."""
    if condition[0] == "and":
        for part in condition[1:]:
            if isinstance(part, list):
                yield from _compared_all(part, how, slot)
        return
    of_member = condition[0] == how and isinstance(condition[1], list) and condition[1][:2] == ["attr", ["var", slot]]
    if of_member and not _speaks_of(condition[2], slot):
        yield condition[1][2], condition[2]


def _speaks_of_others(expr: Any, slot: int) -> bool:
    """Whether an expression speaks of anything but the member and the machine."""
    if not isinstance(expr, list):
        return False
    return (expr[:1] == ["var"] and expr[1] != slot) or any(_speaks_of_others(part, slot) for part in expr)


def _speaks_of(expr: Any, slot: int) -> bool:
    return isinstance(expr, list) and (expr == ["var", slot] or any(_speaks_of(part, slot) for part in expr))


def _equal_to(kind: str, names: list[str], wanted: list[Closure], everyone: Members) -> Members:
    """Those members of which attributes may be equal to what is wanted: an index may have them. Nothing equals what is unset."""

    def members(frame: Frame) -> Iterator[Value]:
        values = [value(frame) for value in wanted]
        if None in values:
            next(frame[STATE].of_kind(kind), None)  # a look: whoever asks depends on what may come to be set
            return iter(())
        found = frame[STATE].equal(kind, names, values)
        return everyone(frame) if found is None else iter(found)

    return members


def _counted_below(kind: str, number: Closure, everyone: Members, slot: int, condition: Closure | None) -> Closure:
    """How many members have a lower number: `condition` says no more than that."""

    def counted(frame: Frame) -> int:
        limit = number(frame)
        found = frame[STATE].numbered_below(kind, limit) if type(limit) is int else None
        if found is not None:
            return int(found)
        total = 0
        for member in everyone(frame):
            spend(frame[STATE], 1)
            frame[slot] = member
            total += condition is None or bool(condition(frame))
        return total

    return counted
