"""Defaults of properties that nobody wrote, which are others on another machine or emulator version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from qrules.knowledge.defaults import Pair
from qrules.machine.entities import Device
from qrules.machine.state import State
from qrules.records import NamedTuple

_SETTLES = "settles"  # attribute of rules: the properties whose values a device gives itself, whatever the default is


class Default(NamedTuple):
    """A property that nobody wrote, and whose default is another one (empty: it has none that is told).

    `device` is the position of the device in the config, None for those that a machine brings.
    """

    device: int | None
    type: str
    name: str
    before: str
    after: str


def changed(
    sides: Pair, devices: Iterable[tuple[int | None, Device, Device]], written: Mapping[int, Iterable[str]], state: State
) -> Iterator[Default]:
    """The defaults of devices that are others on the second side, whose state is `state`.

    `written` are the properties that somebody wrote, by device. What a device settles by itself is left out.
    """
    old, new = sides.old, sides.new
    for origin, before, after in devices:
        lines = tuple(old.knowledge.line_of(before.kind.name)), tuple(new.knowledge.line_of(after.kind.name))
        given = {*(written.get(origin, ()) if origin is not None else ()), *(after.get(_SETTLES, state) or ())}
        for name in sorted((old.names(lines[0]) & new.names(lines[1])) - given):
            found = sides.differs(lines, name)
            if found is not None:
                yield Default(origin, after.kind.name, name, *found)
