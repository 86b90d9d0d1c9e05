"""Lines before they are parsed, and what stands between quotes."""

from __future__ import annotations

import dataclasses

import pytest

from qrules.diagnostics import Span
from qrules.language import tree
from qrules.language.lines import depth_after, indentation, without_texts
from qrules.language.reader import read_text
from qrules.language.transform_base import unquote


def test_brackets_in_texts_and_comments_do_not_count() -> None:
    assert depth_after('  says "a ( b {" (', 0) == 1
    assert depth_after("x = { (a # ) }", 0) == 2
    assert depth_after(r'"a \" (" )', 1) == 0
    assert depth_after(")))", 1) == 0


def test_columns_stay_where_texts_are_taken_out() -> None:
    line = r'  has x id "a # \" b" when (c)  # why (not)'
    bare = without_texts(line)
    assert len(bare) == len(line)
    assert bare.rstrip() == "  has x id" + " " * 12 + "when (c)"
    assert indentation(line) == 2


@pytest.mark.parametrize(
    ("literal", "text"),
    [(r'"plain"', "plain"), (r'"a\nb\tc"', "a\nb\tc"), (r'"a\\n \"b\" \{"', 'a\\n "b" {'), ('""', "")],
)
def test_escapes(literal: str, text: str) -> None:
    assert unquote(literal) == text


def test_every_node_has_its_span_by_name_and_cannot_be_changed() -> None:
    (group,) = read_text("\n\ngroup pair = one, two\n", "board.qr")
    assert isinstance(group, tree.Group)
    assert (group.span.file, group.span.line, group.span.column) == ("board.qr", 3, 1)
    assert [(m.text, m.span.column) for m in group.members] == [("one", 14), ("two", 19)]
    with pytest.raises(dataclasses.FrozenInstanceError):
        group.name = group.members[0]  # type: ignore[misc]
    with pytest.raises(TypeError):
        tree.Name("a", Span("b", 1))  # type: ignore[misc]
    assert not hasattr(group, "__dict__")
