"""What evaluating rules takes of the question's budget: it ends where the budget does, and then it is known which rule it was."""

from __future__ import annotations

from qrules.linked.steps import TooLong
from qrules.machine.budget import Budget
from qrules.machine.state import State


class Paid:
    """``with Paid(budget, state, "plugging e1000", 20):`` rules about a state take no more steps than the question has left.

    At the end the question pays for them, and `more` steps besides. Raises `TooLarge`, which names the rule where one was
    evaluated when the steps ended, and `what` otherwise.
    """

    __slots__ = ("_beyond", "_budget", "_more", "_state", "_what")

    def __init__(self, budget: Budget, state: State, what: str, more: int) -> None:
        self._budget, self._state, self._what, self._more = budget, state, what, more
        self._beyond = 0

    def __enter__(self) -> None:
        beyond = self._state.paid - self._budget.left
        if beyond > 0:
            self._beyond = int(beyond)
            self._state.grant(-self._beyond)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        budget, state = self._budget, self._state
        state.grant(self._beyond)
        budget.last = self._what
        if self._beyond and isinstance(error, TooLong) and error.place is not None:
            budget.last = error.place.shown
        budget.charge(state, self._more)
