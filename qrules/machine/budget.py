"""The budget of judging: steps for one question, whichever verb asks it, so that the same question has the same answer anywhere.

A step is an attribute that the rules work out, or a thing that a rule looks at (`qrules.linked.steps` counts them where they
stand); a device that is plugged or refused counts `DEVICE` more, and a machine that is copied to try something on it a part of
what stands there. A question that takes more than `MOST` is answered `unknown: too large`.

The largest configs that an emulator starts within a minute take far less: 10,000 channel devices take 400,000 steps.
"""

from __future__ import annotations

from _contextvars import ContextVar  # contextvars' own, without what it imports

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.visible import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextvars import Token
    from typing import Protocol

    class Charged(Protocol):
        """A state: what rules about it may still take, and what was left when it was charged the last time."""

        left: int
        paid: int


MOST = 2_500_000
DEVICE = 20  # steps that a device counts besides those of its rules
COPIED = 16  # things that stand of which a copy counts one step
MOST_TOLD = 2_000  # reasons of one answer
MOST_COMPARED = 200_000  # names with which those that are wrong are compared
_ADVICE = "ask about a part of it: fewer devices and options, or fewer ways to place them"


class TooLarge(Unusable):
    """A question that takes more steps than there are (QR460). `why` says what was counted, the limit and what to do.

    `last` is what the last of them went to, such as a rule and where it stands.
    """

    def __init__(self, what: str = "judging this takes", most: int | None = None, last: str = "") -> None:
        limit = MOST if most is None else most
        ended = f"{limit:,} steps, the last of them for {shortened(last)}" if last else f"{limit:,} steps"
        self.why = f"too large: {what} more than {ended}, and no question may take more; {_ADVICE}"
        message = f"{what} more than {ended}, so it is too large to be answered"
        super().__init__([Diagnostic("QR460", message, Span("the question", 0), hint=_ADVICE)])


class Budget:
    """What is left of a question's steps. `last` is what they go to at the moment, as an answer says that."""

    __slots__ = ("last", "left", "names")

    def __init__(self, steps: float, names: float) -> None:
        self.left, self.names = steps, names
        self.last = ""

    def spend(self, steps: int) -> None:
        """Takes steps. Raises `TooLarge`."""
        self.left -= steps
        if self.left < 0:
            raise TooLarge(last=self.last)

    def charge(self, state: Charged, more: int = DEVICE) -> None:
        """Takes the steps that evaluating rules about a state took since the last time, and some more. Raises `TooLarge`."""
        self.left -= state.paid - state.left + more
        state.paid = state.left
        if self.left < 0:
            raise TooLarge(last=self.last)

    def compares(self, names: int) -> bool:
        """Whether a wrong name may be compared with so many, to find what was meant: all answers are right without that."""
        self.names -= names
        return self.names >= 0

    def expect(self, steps: int, what: str) -> None:
        """Says at once what would be said in the end: that `what` takes more steps than are left. Raises `TooLarge`."""
        if steps > self.left:
            raise TooLarge(what)


_UNBOUNDED = Budget(float("inf"), float("inf"))  # of what asks no question: tests of rules, comparing with an emulator
_ASKED: ContextVar[Budget] = ContextVar("budget", default=_UNBOUNDED)


def current() -> Budget:
    """The budget of the question that this thread answers."""
    return _ASKED.get()


class Question:
    """``with Question():`` what is judged in it is one question, with a budget of its own."""

    __slots__ = ("_token",)
    _token: Token[Budget]

    def __enter__(self) -> Budget:
        budget = Budget(MOST, MOST_COMPARED)
        self._token = _ASKED.set(budget)
        return budget

    def __exit__(self, *_: object) -> None:
        _ASKED.reset(self._token)


class NoQuestion:
    """``with NoQuestion():`` what is done in it has bounds of its own, such as compiling the rules for the first that asks."""

    __slots__ = ("_token",)
    _token: Token[Budget]

    def __enter__(self) -> None:
        self._token = _ASKED.set(_UNBOUNDED)

    def __exit__(self, *_: object) -> None:
        _ASKED.reset(self._token)


def told_so_many(most: int) -> str:
    """What is said where so many reasons are told that what stands behind is not looked at."""
    return f"too large: an answer tells {most:,} reasons, and there are more: mend these first; the rest was not looked at"
