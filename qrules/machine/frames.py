"""Frames: the variables of an expression, as a list of slots, and how values are shown.

`qrules.knowledge.slots` has the numbers of the slots, `qrules.knowledge.scopes` gives them to variables. ``None`` stands for
*unset*.
"""

from __future__ import annotations

from qrules.knowledge.slots import CONTEXT as CONTEXT
from qrules.knowledge.slots import SELF as SELF
from qrules.knowledge.slots import SLOTS as SLOTS
from qrules.knowledge.slots import STATE as STATE
from qrules.knowledge.slots import SUBJECT as SUBJECT
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


class Telling(list[object]):
    """A frame of which a sentence is made: what fills its holes is shortened where the sentence becomes long."""

    __slots__ = ()


class Quoting(Telling):
    """A frame of which another program's words are made: these are shortened too, but an article stays as it is written."""

    __slots__ = ()


_REST = (None,) * (SLOTS - 1 - max(STATE, SELF, SUBJECT))
MANY = 4096  # of anything that one line makes: a number from the user must not fill the memory


def new_frame(state: object, subject: object, d: object = None, **context: Value) -> Frame:
    """A frame for an expression about `subject`; `d` is the device meant by ``d``."""
    frame: Frame = [state, subject, subject if d is None else d, *_REST]  # in the order of `STATE`, `SELF` and `SUBJECT`
    if context:
        for name, value in context.items():
            frame[CONTEXT[name]] = value
    return frame


def shown(value: Value, how: str = "") -> str:
    """A value as messages show it."""
    if how and type(value) is int:
        return format(value, how)
    if value is True or value is False:
        return "on" if value else "off"
    if isinstance(value, Entity):
        return value.label
    if isinstance(value, (tuple, frozenset)):
        parts = [shown(v) for v in value]
        return (".".join if value and all(isinstance(v, int) for v in value) else ", ".join)(parts)
    return "(null)" if value is None else str(value)
