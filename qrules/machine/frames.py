"""Frames: the variables of an expression, as a list of slots, and how values are shown.

`qrules.knowledge.resolve` numbers the slots: the state, the subject, the rule's variables, and the words that only
messages speak of. ``None`` stands for *unset*.
"""

from __future__ import annotations

from qrules.machine.entities import Entity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Value: TypeAlias = Any  # int, str, bool, tuple, Entity or None
    Frame: TypeAlias = list[Any]
    Closure: TypeAlias = Callable[[Frame], Value]
    Build: TypeAlias = Callable[[Any], Closure]
else:
    Value = Frame = Closure = Build = object

STATE, SELF, SUBJECT = 0, 1, 2
MANY = 4096  # of anything that one line makes: a number from the user must not fill the memory
SLOTS = 28
CONTEXT = {
    "holder": 12, "limit": 13, "key": 14, "text": 15, "property": 16, "name": 17, "kind": 18, "n": 19, "nth": 20, "counter": 21,
    "path": 22, "element": 23, "low": 24, "high": 25, "role": 26, "buses": 27,
}  # fmt: skip


def new_frame(state: object, subject: object, d: object = None, **context: Value) -> Frame:
    """A frame for an expression about `subject`; `d` is the device meant by ``d``."""
    frame: Frame = [None] * SLOTS
    frame[STATE], frame[SELF], frame[SUBJECT] = state, subject, subject if d is None else d
    for name, value in context.items():
        frame[CONTEXT[name]] = value
    return frame


def shown(value: Value, how: str = "") -> str:
    """A value as messages show it."""
    if how and isinstance(value, int):
        return format(value, how)
    if value is True or value is False:
        return "on" if value else "off"
    if isinstance(value, Entity):
        return value.label
    if isinstance(value, (tuple, frozenset)):
        parts = [shown(v) for v in value]
        return (".".join if value and all(isinstance(v, int) for v in value) else ", ".join)(parts)
    return "(null)" if value is None else str(value)


def how_many(closure: Closure | None, frame: Frame) -> int:
    """The number that a ``many`` gives: one where nothing is said, none where it is no number."""
    if closure is None:
        return 1
    value = closure(frame)
    return max(0, min(value, MANY)) if isinstance(value, int) else 0
