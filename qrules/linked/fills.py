"""How a number is chosen where the user gave none: the `fill` of a dimension or property.

Fills are tried in the order written; the first whose condition holds decides. ``lowest`` walks a range to the first
value that the caller calls free, ``next`` takes a counter that never goes back, ``count`` numbers every device,
``after-last`` follows the last one used, ``oldest`` takes a bus's points as a queue.
"""

from __future__ import annotations

from qrules.linked.expressions import build_optional
from qrules.linked.steps import spend
from qrules.machine.frames import Closure, Frame
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from qrules.machine.state import State

_FAR = 1 << 18  # values that are tried: more devices than that no config has


class Fill(NamedTuple):
    how: str
    argument: Closure | None
    unless: Closure | None
    when: Closure | None
    otherwise: Fill | None


def build_fill(raw: Any) -> Fill:
    how, argument, unless, when, otherwise = raw
    return Fill(
        how, build_optional(argument), build_optional(unless), build_optional(when), build_fill(otherwise) if otherwise else None
    )


def counts(fill: Fill | None) -> bool:
    """Whether one of its steps counts devices, or follows the last number that one has."""
    while fill is not None:
        if fill.how in ("count", "after-last"):
            return True
        fill = fill.otherwise
    return False


def decides(fill: Fill | None) -> bool:
    """Whether one of its steps has no condition, so that there is always one that decides."""
    while fill is not None and fill.when is not None:
        fill = fill.otherwise
    return fill is not None


def applying(fill: Fill | None, frame: Frame) -> Fill | None:
    """The step that decides: the first whose condition holds."""
    while fill is not None and fill.when is not None and not fill.when(frame):
        fill = fill.otherwise
    return fill


def choose(fill: Fill, frame: Frame, state: State, counter: object, within: range | None, free: Callable[[int], bool]) -> Any:
    """The value that a fill gives; None where nothing is free. `counter` names the state kept between devices."""
    argument = fill.argument(frame) if fill.argument is not None else None
    if fill.how == "value":
        return argument
    if fill.how == "lowest":
        return _lowest(fill, frame, state, counter, argument if argument is not None else within, free)
    first = argument if type(argument) is int else 0
    if fill.how == "next":
        value = state.counters.get(counter, first)
        found = next((v for v in range(value, value + _FAR) if free(v)), None)
        spend(state, ((found if found is not None else value + _FAR) - value) >> 4)
        if found is not None:
            state.counters[counter] = found + 1
        return found
    if fill.how == "count":
        return state.counters.get(counter, first)
    assert fill.how == "after-last", fill.how
    return state.counters.get(counter, -1) + 1


def _lowest(
    fill: Fill, frame: Frame, state: State, counter: object, within: range | None, free: Callable[[int], bool]
) -> int | None:
    if not isinstance(within, range):
        within = range(_FAR)
    unless = fill.unless
    mark = ("lowest", counter, within.start)
    start = state.counters.get(mark, within.start)
    marked = False
    for tried, value in enumerate(range(start, min(within.stop, start + _FAR))):
        if tried & 15 == 15:
            spend(state, 1)
        if free(value):
            if not marked:  # whatever is below is taken
                state.counters[mark], marked = value, True
            if unless is None or not unless(frame):
                return value
    return None


def note_use(fill: Fill | None, state: State, counter: object, value: Any) -> None:
    """Counters that move with every device, whether its number was chosen or given."""
    while fill is not None:
        if fill.how == "count" and fill.argument is not None:
            first = fill.argument([None] * 3)
            state.counters[counter] = state.counters.get(counter, first if type(first) is int else 0) + 1
        elif fill.how == "after-last" and isinstance(value, int):
            state.counters[counter] = value
        fill = fill.otherwise
