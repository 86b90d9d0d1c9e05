"""Values come out of a stream as they went in, however it is cut."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qrules.serve.stream import TooLong, Values

OBJECTS = st.dictionaries(
    st.text(max_size=8), st.recursive(st.none() | st.text(max_size=8), lambda s: st.lists(s, max_size=3)), max_size=4
)


@given(st.lists(OBJECTS, max_size=5), st.lists(st.integers(1, 9), min_size=1), st.sampled_from([b"", b"\n", b" \r\n"]))
@settings(max_examples=100, deadline=None)
def test_cut_anywhere(objects: list[dict[str, object]], cuts: list[int], between: bytes) -> None:
    raw = between.join(json.dumps(one).encode() for one in objects) + b"\n"
    values, found, at, turn = Values(10_000), [], 0, 0
    while at < len(raw):
        size = cuts[turn % len(cuts)]
        found += values.feed(raw[at : at + size])
        at, turn = at + size, turn + 1
    assert [json.loads(one) for one in found] == objects


def test_brackets_and_quotes_inside_of_texts() -> None:
    raw = rb"""{"a": "}\"]"}{'b': '"}'}"""
    assert Values(100).feed(raw) == [rb"""{"a": "}\"]"}""", b"""{'b': '"}'}"""]


def test_what_is_no_json_ends_with_its_line() -> None:
    assert Values(100).feed(b"quit\n]\n{}") == [b"quit\n", b"]", b"{}"]


def test_a_value_without_end_is_bounded() -> None:
    values = Values(1_000)
    for _ in range(10):
        assert values.feed(b"[" * 100) == []
    with pytest.raises(TooLong, match="more than 1,000 bytes"):
        values.feed(b"[")
