"""Rows of what stands, newest or oldest first: tuples to all who look, and cheap to grow and to share between states.

Adding to a tuple copies it, which few members stand and thousands do not. From `FEW` members on a row keeps its members in a
list that it shares with the rows that grew out of it: each sees as many of them as it has.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TypeVar

    T = TypeVar("T")

FEW = 64
INDEXED = 16  # of fewer each is looked at: that costs less than an index


class Row:
    """A row of many, newest first or oldest first; it never changes. A sequence in all but its class."""

    __slots__ = ("_length", "_members", "_newest_first")

    def __init__(self, members: list[Any], length: int, newest_first: bool) -> None:
        self._members, self._length, self._newest_first = members, length, newest_first

    def __len__(self) -> int:
        return self._length

    def _oldest_first(self) -> Iterator[Any]:
        members = self._members
        return map(members.__getitem__, range(self._length))

    def _latest_first(self) -> Iterator[Any]:
        members = self._members
        return map(members.__getitem__, range(self._length - 1, -1, -1))

    def __iter__(self) -> Iterator[Any]:
        return self._latest_first() if self._newest_first else self._oldest_first()

    def __reversed__(self) -> Iterator[Any]:
        return self._oldest_first() if self._newest_first else self._latest_first()

    def __contains__(self, member: object) -> bool:
        return any(one is member or one == member for one in self)

    def __getitem__(self, index: int) -> Any:
        at = range(self._length)[index]  # as for all sequences
        return self._members[self._length - 1 - at if self._newest_first else at]

    def grown(self, member: Any) -> Any:
        """The row with one more."""
        members = self._members
        if len(members) != self._length:  # another row has grown out of this one
            members = members[: self._length]
        members.append(member)
        return Row(members, self._length + 1, self._newest_first)

    def shrunk(self) -> Any:
        """The row without the one that came last."""
        return Row(self._members, self._length - 1, self._newest_first)


def with_newest(row: Sequence[T], member: T) -> Sequence[T]:
    """A row, newest first, with one more before the others."""
    if isinstance(row, Row):
        return row.grown(member)  # type: ignore[no-any-return]
    many: Any = (member, *row) if len(row) < FEW else Row([*reversed(row), member], len(row) + 1, True)
    return many  # type: ignore[no-any-return]


def with_last(row: Sequence[T], member: T) -> Sequence[T]:
    """A row, oldest first, with one more behind the others."""
    if not row:  # most stay alone
        return (member,)
    if isinstance(row, Row):
        return row.grown(member)  # type: ignore[no-any-return]
    many: Any = (*row, member) if len(row) < FEW else Row([*row, member], len(row) + 1, False)
    return many  # type: ignore[no-any-return]


def without_latest(row: Sequence[T], newest_first: bool) -> Sequence[T]:
    """A row without the one that came last."""
    if isinstance(row, Row):
        return row.shrunk()  # type: ignore[no-any-return]
    return row[1:] if newest_first else row[:-1]
