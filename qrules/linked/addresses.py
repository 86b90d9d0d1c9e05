"""Address schemes: how a bus numbers what stands on it, how users write that, and how a free address is chosen.

A scheme has dimensions (slot and function, channel, target and LUN). Each cell has one holder. The user writes either
one property with a pattern (``addr=1f.2``) or one property a dimension (``unit=1``).
"""

from __future__ import annotations

from _operator import contains

from qrules.linked.expressions import build_optional
from qrules.linked.fills import Fill, applying, build_fill, choose, note_use
from qrules.linked.written import Reader, hexadecimal, holes, rendered
from qrules.machine.frames import CONTEXT, SELF, Closure, Frame, new_frame
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.machine.entities import Bus, Device
    from qrules.machine.state import State

POOL = "address"
_LONGEST = 64  # digits, with what stands before them
_MOST = 4096  # texts that are remembered
_LONG, _HUGE = 20, 1 << 64  # a number of that many digits is beyond all that are counted
_UNREAD: dict[str, Any] = {}


class Dimension(NamedTuple):
    name: str
    within: Closure | None  # None: the bus's points
    fixed: range | None  # the range, where it is the same for every bus
    reach: Any  # the same compiled
    fill: Fill | None
    note: int
    has_words: bool  # for a value outside the range; without, such a value makes the whole address malformed


class Misplaced(NamedTuple):
    """Why an address can't be had: the occasion picks the emulator's words from the note."""

    occasion: str
    note: int
    frame: Frame


class Scheme:
    """The address scheme of a bus kind."""

    def __init__(self, raw: list[Any]) -> None:
        self.property, told_as, written, shown, self.packed, self.shared, dimensions, self.note = raw
        self.dimensions = [
            Dimension(name, build_optional(reach), _fixed(reach), reach, build_fill(fill) if fill else None, note, has_words)
            for name, reach, fill, note, has_words in dimensions
        ]
        self.told_as = told_as or self.property
        self.written = written
        self.shown = shown or written
        self._reader = Reader(written) if written else None
        self._radix = {name: form for _, name, form in holes(written)[0]} if written else {}
        self.names = tuple(d.name for d in self.dimensions)
        self._same_everywhere = all(d.fixed is not None or d.within is None for d in self.dimensions)
        self._texts: dict[str, dict[str, Any] | None] = {}
        self._fixed = [d.fixed for d in self.dimensions if d.fixed is not None]
        self._shown: dict[tuple[Any, ...], str] = {}
        self._counting = [d for d in self.dimensions if d.fill is not None and d.fill.how in ("count", "after-last")]
        self.has_points = any(d.within is None for d in self.dimensions)

    # ------------------------------------------------------------------------------ what users write
    def parse(self, value: object, frame: Frame) -> dict[str, Any] | None:
        """The dimensions that a written address gives; None when it is malformed or out of range."""
        if self.packed and isinstance(value, int) and not isinstance(value, bool):
            return self._unpack(value, frame)
        if self._same_everywhere and isinstance(value, str):
            known = self._texts.get(value, _UNREAD)
            if known is _UNREAD:
                if len(self._texts) >= _MOST:
                    self._texts.clear()
                known = self._texts[value] = self._parsed(value, frame)
            return known.copy() if known is not None else None
        return self._parsed(value, frame)

    def _parsed(self, value: object, frame: Frame) -> dict[str, Any] | None:
        written = value if isinstance(value, str) else str(value) if type(value) is int else ""  # JSON knows fractions, too
        found = self._reader.read(written) if self._reader is not None else None
        if found is None:
            return None
        parts: dict[str, Any] = {}
        for dimension in self.dimensions:
            text = found.get(dimension.name)
            if text is None:
                continue
            radix = self._radix.get(dimension.name, "")
            if radix == "s":
                parts[dimension.name] = text
                continue
            if len(text) > _LONGEST:
                return None
            number = hexadecimal(text) if radix.endswith("x") else int(text) if len(text) < _LONG else _HUGE
            reach = within(dimension, frame)
            if reach is not None and number not in reach and not dimension.has_words:
                return None
            parts[dimension.name] = number
        return parts

    def _unpack(self, value: int, frame: Frame) -> dict[str, Any] | None:
        parts: dict[str, Any] = {}
        for dimension in reversed(self.dimensions):
            reach = within(dimension, frame)
            if not reach:
                return None
            value, parts[dimension.name] = divmod(value, reach.stop - reach.start)
        return parts if value == 0 else None

    def text(self, address: dict[str, Any]) -> str:
        """An address as answers show it, such as ``1f.2``."""
        if not self.shown:
            return ":".join(str(address[name]) for name in self.names if name in address)
        values = tuple(map(address.get, self.names))
        known = self._shown.get(values)
        if known is None:
            if len(self._shown) >= _MOST:
                self._shown.clear()
            known = self._shown[values] = rendered(self.shown, address)
        return known

    def place_text(self, name: str, value: Any) -> str:
        """The value of one dimension as an address shows it: the ``1f`` of ``1f.2``."""
        form = next((form for _, hole, form in holes(self.shown)[0] if hole == name), "d") if self.shown else "d"
        return format(value, form) if isinstance(value, int) else str(value)

    def public(self, address: dict[str, Any]) -> dict[str, Any]:
        """An address as JSON gives it: each dimension with its value, or several written as one with its text."""
        if not address:
            return {}
        if self.shown and len(self.names) > 1:
            return {self.told_as: self.text(address)}
        return {name: address[name] for name in self.names if name in address}

    # ------------------------------------------------------------------------------ placing
    def key(self, bus: Bus, address: dict[str, Any]) -> tuple[Any, ...]:
        """The name of a cell among all claims."""
        return (POOL, bus.number, *map(address.get, self.names))

    def place(self, state: State, device: Device, bus: Bus, given: dict[str, Any]) -> Misplaced | None:
        """Gives the device its address in `device.address`, chosen where not given; or says why there is none."""
        address = device.address
        address.update(given)
        if self._same_everywhere and not self.has_points and len(given) == len(self.names):
            inside = all(map(contains, self._fixed, map(address.get, self.names)))
            if inside and (self.shared or self.key(bus, address) not in state.holders):
                return None
        frame = new_frame(state, bus, device)
        steps = []
        for dimension in self.dimensions:
            if dimension.name in given:
                continue
            step = applying(dimension.fill, frame)
            if step is not None and step.how == "value" and step.argument is not None:
                address[dimension.name] = step.argument(frame)
            elif step is not None:
                steps.append((dimension, step))
        outside = self._outside(frame, address)
        if outside is not None:
            return outside
        for dimension, step in steps:
            wrong = self._search(state, frame, bus, address, dimension, step)
            if wrong is not None:
                return wrong
        return self._taken(state, frame, bus, address)

    def _outside(self, frame: Frame, address: dict[str, Any]) -> Misplaced | None:
        for dimension in self.dimensions:
            value = address.get(dimension.name)
            if value is None or dimension.within is None:
                continue
            reach = within(dimension, frame)
            if reach is not None and value not in reach:
                return Misplaced("outside", dimension.note, _with(frame, text=value, low=reach.start, high=reach.stop - 1))
        return None

    def _search(
        self, state: State, frame: Frame, bus: Bus, address: dict[str, Any], dimension: Dimension, step: Fill
    ) -> Misplaced | None:
        if dimension.within is None:
            point = state.oldest_free_point(bus)
            if point is None:
                return Misplaced("full", dimension.note, frame)
            address[dimension.name] = point
            return None
        reach = within(dimension, frame)
        name, names, holders = dimension.name, self.names, state.holders
        counter = (POOL, bus.number, name, *[address.get(n) for n in names if n != name])

        def free(value: int) -> bool:
            address[name] = value
            return (POOL, bus.number, *map(address.get, names)) not in holders

        value = choose(step, frame, state, counter if step.how == "lowest" else counter[:3], reach, free)
        address[dimension.name] = value
        if value is None or (reach is not None and value not in reach):
            address.pop(dimension.name)
            high = reach.stop - 1 if reach is not None else None
            return Misplaced("full", dimension.note, _with(frame, text=value, high=high))
        return None

    def _taken(self, state: State, frame: Frame, bus: Bus, address: dict[str, Any]) -> Misplaced | None:
        for dimension in self.dimensions if self.has_points else ():
            point = address.get(dimension.name)
            if dimension.within is None and point is not None and not state.has_point(bus, point):
                return Misplaced("held", self.note, _with(frame, text=point))
        held = None if self.shared else state.holders.get(self.key(bus, address))
        if held and self._fully(address):
            return Misplaced("held", self.note, _with(frame, holder=held[0], text=self.text(address)))
        return None

    def _fully(self, address: dict[str, Any]) -> bool:
        return all(name in address for name in self.names)

    def settle(self, state: State, device: Device, bus: Bus) -> None:
        """Notes that a device has taken its address."""
        if device.address:
            state.hold(self.key(bus, device.address), device)
        if self._counting:
            self.note_use(state, bus, device.address)

    def note_use(self, state: State, bus: Bus, address: dict[str, Any]) -> None:
        """Moves the counters of a dimension when a device has taken its address."""
        for dimension in self._counting:
            note_use(dimension.fill, state, (POOL, bus.number, dimension.name), address.get(dimension.name))

    # ------------------------------------------------------------------------------ what askers want to know of it
    @property
    def main(self) -> Dimension | None:
        """The dimension that numbers what is plugged: the first that is searched where no address is given."""
        searched = [d for d in self.dimensions if d.within is None or (d.fill is not None and d.fill.how in ("lowest", "next"))]
        return next(iter(searched or self.dimensions), None)

    def says(self, name: str) -> bool:
        """Whether a property says an address, or a part of one."""
        return name == self.property or name in self.names


def _fixed(reach: Any) -> range | None:
    if isinstance(reach, list) and reach[0] == "range" and isinstance(reach[1], int) and isinstance(reach[2], int):
        return range(reach[1], reach[2] + 1)
    return None


def within(dimension: Dimension, frame: Frame) -> range | None:
    if dimension.fixed is not None:
        return dimension.fixed
    shape = frame[SELF].shape if frame[SELF] is not None else None
    known: range | None = shape.reach(dimension) if shape is not None else None
    if known is not None:
        return known
    found: Any = dimension.within(frame) if dimension.within is not None else None
    return found if isinstance(found, range) else None


def _with(frame: Frame, **context: Any) -> Frame:
    extended = list(frame)
    for name, value in context.items():
        extended[CONTEXT[name]] = value
    return extended
