"""Places as editors count them."""

from __future__ import annotations

import random

from qrules.diagnostics import Span
from qrules.lsp.places import Change, Lines, Position, Range, changed, difference


def test_columns_are_units_of_utf_16() -> None:
    lines = Lines('a\nbecause "𝄞é" x\n')
    assert lines.of_span(Span("f", 2, 14, 2, 15)) == Range(Position(1, 14), Position(1, 15))
    assert lines.index(Position(1, 14)) == 13
    assert lines.index(Position(1, 99)) == len('because "𝄞é" x')


def test_a_span_without_an_end_is_a_word() -> None:
    lines = Lines("require some-name.x = 1\n")
    assert lines.of_span(Span("f", 1, 9)) == Range(Position(0, 8), Position(0, 19))
    assert lines.of_span(Span("f", 0)) == Range(Position(0, 0), Position(0, 23))
    assert lines.of_span(Span("f", 99, 5)).start.line == 1


def test_a_difference_makes_the_other_text() -> None:
    random_ = random.Random(2)
    for _ in range(200):
        before = "\n".join(random_.choices(["", "a", "bb", "é"], k=random_.randrange(5)))
        after = "\n".join(random_.choices(["", "a", "bb", "𝄞"], k=random_.randrange(5)))
        assert changed(before, difference(before, after)) == after
    assert difference("a\n", "a\n") == ()


def test_changes_of_one_line_do_not_move_each_other() -> None:
    one, other = (Change(Range(Position(0, n), Position(0, n + 1)), "long") for n in (0, 4))
    assert changed("a b c", (one, other)) == "long b long"
