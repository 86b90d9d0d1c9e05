"""JSON as the emulator takes it, and as lines of a stream do."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.json_text import MAX_NESTING, NotJson, _Reader, emulators, strict

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab'\"\\{[,:", max_size=3), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def refused(text: str) -> bool:
    try:
        _Reader(text).whole()
    except NotJson:
        return True
    return False


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    text = json.dumps(value)
    assert strict(text) == value
    if not refused(text):  # the emulator refuses U+FFFE and its like
        assert emulators(text) == value == _Reader(text).whole()
    else:
        assert "\\u" in text


@given(st.text(alphabet="{}[]:,\"'\\ue0d8-+1. \n\ftrn", max_size=12))
def test_the_quick_way_and_the_whole_one_agree(text: str) -> None:
    try:
        found = emulators(text)
    except NotJson:
        assert refused(text)
    else:
        assert _Reader(text).whole() == found


@pytest.mark.parametrize(
    ("text", "value"),
    [("{'driver':'e1000'}", {"driver": "e1000"}), ("{'a':\"b'\",\"c\":'d\"'}", {"a": "b'", "c": 'd"'}), (r"'\'\"\/\b'", "'\"/\b"),
     (r'"\ud83d\ude00"', "\U0001f600"), ("[1e1, -0, 18446744073709551616]", [10.0, 0, 2.0**64]), (" 1\t\r\n", 1), ("[[],{}]", [[], {}])],
)  # fmt: skip
def test_taken_by_the_emulator(text: str, value: object) -> None:
    assert emulators(text) == value


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":1}', "{'a':{'b':1,'b':2}}", '{"a":NaN}', "[Infinity]", '"\\ud800"', '"\\udc00\\ud800"', '"\\uffff"', "[1,]", "{'a':1,}", "{,}", "[08]", "[+1]",
     "[1.]", "[.5]", "[1e]", '{"a" 1}', "{'a'", "'a", '"a\tb"', '"\\x"', "{}x", "{} {}", "", " ", "True", "\f1", "\u00a01", "\ufeff{}", "[" * 100_000, "'" + "[" * 99],
)  # fmt: skip
def test_refused_by_the_emulator(text: str) -> None:
    with pytest.raises(NotJson):
        emulators(text)
    assert refused(text)


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', "NaN", "[-Infinity]", "[1e999]", "[" + "9" * 5_000 + "]", "\ufeff{}", "{'a':1}", "[" * 100_000, "[" * 300 + "]" * 300]
)  # fmt: skip
def test_refused_in_lines(text: str) -> None:
    with pytest.raises(NotJson):
        strict(text)


@pytest.mark.parametrize("read", [emulators, strict])
def test_depth_is_a_limit_that_is_said(read: type) -> None:
    read("[" * MAX_NESTING + "]" * MAX_NESTING)
    with pytest.raises(NotJson, match=f"more than {MAX_NESTING} deep"):
        read("[" * (MAX_NESTING + 1) + "]" * (MAX_NESTING + 1))
    many = "[" + "[]," * 5_000 + "[]]"
    assert len(read(many)) == 5_001
