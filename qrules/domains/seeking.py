"""Looking for what a step seeks, without looking again at what surely fails.

A candidate that failed fails again for every item that asks alike (the same values of all that the search reads of it) until
something changes that was looked at: a value of the candidate, or who holds a place. One for which anything else was looked at is
asked anew each time. So the cost of an item does not grow with the places that others have taken before it.
"""

from __future__ import annotations

from bisect import insort

from qrules.domains.items import Item, Standing, plain
from qrules.domains.procedures import Seek, Step
from qrules.machine.entities import Entity
from qrules.machine.frames import SUBJECT, Frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Entry = tuple[tuple[Any, ...], int, Any]  # of a candidate: its rank, when it came, and itself

_LAST = (3,)  # what has no order comes last


class _Row:
    """The candidates of a seek in their order, and those that came since it was last asked."""

    __slots__ = ("by_number", "entries", "kind", "waiting")

    def __init__(self, kind: str, waiting: list[Any]) -> None:
        self.kind, self.waiting = kind, waiting
        self.entries: list[Entry] = []
        self.by_number: dict[int, Entry] = {}


class _Marks:
    """Which candidates of a seek fail for all that ask alike. `above` are the marks of the candidate that these stand under."""

    __slots__ = ("above", "base", "failed", "left", "low", "row", "seen")

    def __init__(self, above: tuple[_Marks, int] | None, row: _Row | None) -> None:
        self.above, self.row = above, row
        self.failed: set[int] = set()
        self.left: list[Entry] = []  # of a row, those that have not failed
        self.seen = 0  # entries of the row
        self.base = self.low = 0  # of numbers: where they begin, and below which all have failed

    def revive(self, number: int) -> None:
        """A candidate may do again, and so may what it stands under."""
        marks: _Marks | None = self
        while marks is not None and number in marks.failed:
            marks.failed.discard(number)
            marks.low = marks.base
            if marks.row is not None:
                insort(marks.left, marks.row.by_number[number])
            marks, number = marks.above if marks.above is not None else (None, 0)


class Seeker:
    """Searches of one step at a time. It has to be told of every change (`came`, `changed`, `held`)."""

    def __init__(self, state: Standing) -> None:
        self.state = state
        self.begin()

    def begin(self) -> None:
        """Forgets all: another step begins, or something went."""
        self._rows: dict[int, _Row] = {}
        self._marks: dict[tuple[Any, ...], _Marks] = {}
        self._cells: dict[tuple[Any, ...], list[tuple[_Marks, int]]] = {}
        self._items: dict[int, list[tuple[_Marks, int]]] = {}
        self._under: dict[int, list[tuple[Any, ...]]] = {}
        self._epoch = self.state.epoch

    # ------------------------------------------------------------------------------ what changes
    def came(self, item: Item) -> None:
        """An item was added."""
        for row in self._rows.values():
            if row.kind in item.kinds:
                row.waiting.append(item)

    def changed(self, item: Item) -> None:
        """An item has other values."""
        for marks, number in self._items.pop(item.number, ()):
            marks.revive(number)
        for key in self._under.pop(item.number, ()):
            self._marks.pop(key, None)

    def held(self, cell: tuple[Any, ...]) -> None:
        """Somebody holds a cell now."""
        for marks, number in self._cells.pop(cell, ()):
            marks.revive(number)

    # ------------------------------------------------------------------------------ the search
    def found(self, step: Step, frame: Frame) -> bool:
        """Whether all that a step seeks was found; the frame has it then."""
        if self._epoch != self.state.epoch:
            self.begin()
        subject = frame[SUBJECT]
        read = {name: subject.get(name, self.state) for name in step.reads or ()}
        if step.reads is None or any(isinstance(value, Entity) for value in read.values()):
            return self._sought(step.seeks, 0, frame)
        before, subject.known = subject.known, {**subject.known, **read}  # which nothing changes while it is sought
        trail = self.state.trail = []
        try:
            return self._marked(step.seeks, 0, frame, (step.name, *map(plain, read.values())), trail, None)
        finally:
            self.state.trail, subject.known = None, before

    def _sought(self, seeks: list[Seek], at: int, frame: Frame) -> bool:
        if at == len(seeks):
            return True
        seek = seeks[at]
        candidates = self._numbers(seek, frame) if seek.over is not None else (e[2] for e in self._row(seek, frame).entries)
        for candidate in candidates:
            frame[seek.slot] = candidate
            if (seek.condition is None or seek.condition(frame)) and self._sought(seeks, at + 1, frame):
                return True
        return False

    def _marked(
        self,
        seeks: list[Seek],
        at: int,
        frame: Frame,
        key: tuple[Any, ...],
        trail: list[tuple[Any, ...]],
        above: tuple[_Marks, int] | None,
    ) -> bool:
        """The same, with what is known of those that failed."""
        if at == len(seeks):
            return True
        seek, state = seeks[at], self.state
        marks = self._marks.get(key) or self._new(seeks, at, frame, key, above)
        before = len(marks.failed)
        try:
            for number, candidate in self._left(seek, frame, marks):
                frame[seek.slot] = candidate
                others, cells = state.looks - state.asked, len(trail)
                if (seek.condition is None or seek.condition(frame)) and self._marked(
                    seeks, at + 1, frame, (*key, number), trail, (marks, number)
                ):
                    return True
                if state.looks - state.asked == others:  # at nothing but who holds some places
                    self._fail(marks, number, candidate, trail[cells:])
                if not at:
                    trail.clear()
            return False
        finally:
            if marks.row is not None and len(marks.failed) != before:
                marks.left = [entry for entry in marks.left if entry[2].number not in marks.failed]

    def _new(self, seeks: list[Seek], at: int, frame: Frame, key: tuple[Any, ...], above: tuple[_Marks, int] | None) -> _Marks:
        marks = self._marks[key] = _Marks(above, self._row(seeks[at], frame) if seeks[at].over is None else None)
        for bound in (frame[seek.slot] for seek in seeks[:at]):
            if isinstance(bound, Item):
                self._under.setdefault(bound.number, []).append(key)
        return marks

    def _fail(self, marks: _Marks, number: int, candidate: Any, trail: list[tuple[Any, ...]]) -> None:
        """A candidate fails as long as nothing changes that was looked at."""
        marks.failed.add(number)
        mark = (marks, number)
        if isinstance(candidate, Item):
            self._items.setdefault(number, []).append(mark)
        for cell in dict.fromkeys(trail):
            self._cells.setdefault(cell, []).append(mark)
            for holder in self.state.holders.get(cell, ()):
                self._items.setdefault(holder.number, []).append(mark)

    # ------------------------------------------------------------------------------ candidates
    def _left(self, seek: Seek, frame: Frame, marks: _Marks) -> Iterator[tuple[int, Any]]:
        """The candidates that may do, each with its number."""
        if marks.row is not None:
            row = self._row(seek, frame)
            new = row.entries if not marks.seen else [e for e in row.by_number.values() if e[1] >= marks.seen]
            marks.seen = len(row.by_number)
            for entry in new:
                insort(marks.left, entry)
            for entry in marks.left:
                self.state.left -= 1
                yield entry[2].number, entry[2]
            return
        numbers = seek.over(frame) if seek.over is not None else None
        if not isinstance(numbers, range):
            return
        if marks.base != numbers.start:
            marks.base = marks.low = numbers.start
        while marks.low in marks.failed:
            marks.low += 1
        for number in range(max(marks.low, numbers.start), numbers.stop):
            if number not in marks.failed:
                self.state.left -= 1
                yield number, number

    def _numbers(self, seek: Seek, frame: Frame) -> Iterator[int]:
        found = seek.over(frame) if seek.over is not None else None
        for number in found if isinstance(found, range) else ():
            self.state.left -= 1
            yield number

    def _row(self, seek: Seek, frame: Frame) -> _Row:
        """The candidates of a seek, with those that came since."""
        row = self._rows.get(id(seek))
        if row is None:
            row = self._rows[id(seek)] = _Row(seek.kind, list(self.state.of_kind(seek.kind)))
        for entity in row.waiting:
            entry = (self._rank(seek, frame, entity), len(row.by_number), entity)
            row.by_number[entity.number] = entry
            insort(row.entries, entry)
        row.waiting.clear()
        return row

    def _rank(self, seek: Seek, frame: Frame, entity: Any) -> tuple[Any, ...]:
        if seek.order is None:
            return ()
        asked = list(frame)
        asked[seek.slot] = entity
        return ranked(seek.order(asked))


def ranked(value: Any) -> tuple[Any, ...]:
    """A value for sorting: numbers before texts before versions, what is unset last."""
    if type(value) is int:
        return (0, value)
    if isinstance(value, str):
        return (1, value)
    return (2, value) if isinstance(value, tuple) else _LAST
