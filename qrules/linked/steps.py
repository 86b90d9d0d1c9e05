"""The budget of evaluating rules: steps, so that the same rules and config always come to the same answer, on any machine.

A few lines can ask for more than all computers have: attributes that use one another twice, numbers in numbers. A step is an
attribute that is computed, a number or device that a quantifier or a rule about two devices looks at, or 64 characters of a text
that is put together; what is worked out for each counts more where it is long (`weight`). What stands may take `MOST` of them
(`qrules.machine.state`), and more for each device of the config.
"""

from __future__ import annotations

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.machine.state import MOST_STEPS
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.knowledge.model import Knowledge, Note

MOST_DIGITS = 1 << 127  # no number that rules compute is as large
_LONG = 1_000  # characters of a text from which on it counts
PARTS = 4  # of an expression that count a step
A_CELL = 16  # steps of a cell or bus where a line makes many: they stay, and take room
A_POINT = 4  # steps of a point


class Place(NamedTuple):
    """What is evaluated, and where it stands: ``the attribute 'a'``."""

    what: str
    span: Span

    @property
    def shown(self) -> str:
        """What it is, and where."""
        return f"{self.what} ({self.span.file}:{self.span.line})"


class TooLong(Unusable):
    """Rules that take more steps than there are. The diagnostic (QR310) names the attribute or the rule."""

    def __init__(self, why: str, place: Place | None = None) -> None:
        self.why, self.place = why, place
        what, span = place if place is not None else ("what the rules say", Span("rules", 0))
        super().__init__([Diagnostic("QR310", f"{what} can't be evaluated: {why}", span, hint="say it with less")])

    def within(self, note: Note) -> TooLong:
        """The same, about the rule or claim that is tested."""
        return TooLong(self.why, Place(f"'{note.name}'" if note.name else "this line", Span(note.file, note.line)))


def spent(place: Place | None = None) -> TooLong:
    """What to raise where no steps are left."""
    return TooLong(f"it takes more than {MOST_STEPS:,} steps", place)


def too_deep(place: Place) -> TooLong:
    """What to raise where attributes ask for one another deeper than Python's stack goes."""
    return TooLong("it asks for attributes that ask for others, hundreds of them behind one another", place)


def spend(state: Any, steps: int) -> None:
    """Takes steps from what a state has left. Raises `TooLong`."""
    if state is not None:
        state.left -= steps
        if state.left < 0:
            raise spent()


def weight(expr: Any) -> int:
    """The steps that working out a compiled expression counts besides: none for one of an ordinary length."""
    return _parts(expr) // PARTS


def _parts(expr: Any) -> int:
    return 1 + sum(map(_parts, expr)) if isinstance(expr, (list, tuple)) else 0


def spend_text(state: Any, text: str) -> None:
    """Takes the steps of a text that was put together. Raises `TooLong`."""
    if len(text) > _LONG:
        spend(state, len(text) >> 6)


def attribute_place(knowledge: Knowledge, kinds: list[str], name: str) -> Place:
    """Where the nearest of some kinds gives an attribute."""
    described = knowledge.shared["kinds"]
    for kind in kinds:
        for _, index in described[kind].get("attributes", {}).get(name, ())[:1]:
            note = knowledge.note(index)
            return Place(f"the attribute '{name}' of {kind}", Span(note.file, note.line))
    return Place(f"the attribute '{name}'", Span("rules", 0))
