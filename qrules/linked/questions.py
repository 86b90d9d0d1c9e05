"""Expressions that ask about the state: who holds what, which devices there are, what was written.

Each function takes a compiled expression and the builder of its parts, and gives a closure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qrules.machine.entities import Bus, Entity
from qrules.machine.frames import MANY, STATE, SUBJECT, Build, Closure, Frame, Value, new_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
        held = frame[STATE].holders.get((pool, place.key, *(k(frame) for k in keys)))
        return held[0] if held else None

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
            yield from over[:MANY]
        elif isinstance(over, Bus):
            yield from (d for d in reversed(state.children[over.number]) if kind in d.kinds)

    return members


def quantified(expr: Any, build: Build) -> Closure:
    operation, slot, members = expr[0], expr[2], members_of(expr, build)
    condition = build(expr[4]) if expr[4] is not None else None

    def matching(frame: Frame) -> Iterator[Value]:
        for member in members(frame):
            frame[slot] = member
            if condition is None or condition(frame):
                yield member

    def unmatched(frame: Frame) -> bool:
        assert condition is not None
        for member in members(frame):
            frame[slot] = member
            if not condition(frame):
                return True
        return False

    if operation == "sum":
        value = build(expr[5])
        return lambda frame: sum(found for _ in matching(frame) if type(found := value(frame)) is int)
    if operation == "count":
        return lambda frame: sum(1 for _ in matching(frame))
    if operation == "the":
        return lambda frame: next(matching(frame), None)
    if operation == "some":
        return lambda frame: any(True for _ in matching(frame))
    if operation == "no":
        return lambda frame: not any(True for _ in matching(frame))
    return lambda frame: not unmatched(frame)
