"""Rows: what thousands of devices stand in looks like what few do, to all who had a part of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.machine.rows import Row, with_last, with_newest


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_rows_that_part_do_not_see_each_other(turns: list[int]) -> None:
    """A row is grown again and again, now and then from where it was before: each stays what it was."""
    newest: list[tuple[Sequence[int], list[int]]] = [((), [])]
    last: list[tuple[Sequence[int], list[int]]] = [((), [])]
    for turn in turns:
        for rows, grow, where in ((newest, with_newest, 0), (last, with_last, None)):
            row, plain = rows[-1 - min(turn, len(rows) - 1)]
            plain = plain[:]
            for number in range(40):
                row = grow(row, number)
                plain.insert(len(plain) if where is None else where, number)
            rows.append((row, plain))
    for row, plain in (*newest, *last):
        assert list(row) == plain
        assert list(reversed(row)) == plain[::-1]
        assert len(row) == len(plain)
        assert not plain or (row[0], row[-1], 39 in row, 40 in row) == (plain[0], plain[-1], True, False)


def test_many_are_no_tuple() -> None:
    row: Sequence[int] = ()
    for number in range(100):
        row = with_last(row, number)
    assert isinstance(row, Row)
    with pytest.raises(IndexError):
        row[100]
