"""Finding the members of a row by an attribute, without a look at each of them: what thousands of wishes need.

An index grows with its row. It is right as long as what it knows never changes: `Kind.steady` tells where that holds.
"""

from __future__ import annotations

from bisect import bisect_left, insort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.machine.contracts import Kind, View
    from qrules.machine.entities import Bus, Device


def _surely(kind: Kind, name: str, state: View) -> bool:
    """Whether an attribute of all of a kind never changes on this machine."""
    family = state.machine.family
    return kind.steady(name) and (not kind.asks_machine or (family is not None and all(map(family.steady, kind.asks_machine))))


class Index:
    """The members of one row by one attribute."""

    __slots__ = ("_name", "_numbers", "_seen", "_steady", "_with")

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen = 0  # members of the row that are in it
        self._steady = True
        self._with: dict[str, list[Device | Bus]] = {}
        self._numbers: list[int] = []

    def with_text(self, row: Sequence[Device | Bus], text: str, state: View) -> Sequence[Device | Bus] | None:
        """Members whose attribute is this text, in their order; None where the attribute of one may change."""
        for at in range(self._seen, len(row)) if self._steady else ():
            member = row[at]
            if not _surely(member.kind, self._name, state):
                self._steady = False
                break
            value = member.get(self._name, state)
            if isinstance(value, str):
                self._with.setdefault(value, []).append(member)
        self._seen = len(row)
        return self._with.get(text, ()) if self._steady else None

    def below(self, row: Sequence[Device | Bus], number: int) -> int:
        """How many members have a lower number than this."""
        for at in range(self._seen, len(row)):
            insort(self._numbers, row[at].number)
        self._seen = len(row)
        return bisect_left(self._numbers, number)
