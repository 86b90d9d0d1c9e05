"""The syntax of an option's argument: pairs and JSON objects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.pairs import json_pairs, pairs
from qrules.diagnostics import Unusable

KEY = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True).filter(lambda k: not k.startswith("no"))
VALUE = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


def written(members: list[tuple[str, str]]) -> str:
    return ",".join(f"{key}={value.replace(',', ',,')}" for key, value in members)


@given(st.lists(st.tuples(KEY, VALUE), min_size=1, max_size=6))
def test_what_is_written_is_read_back(members: list[tuple[str, str]]) -> None:
    assert [(p.key, p.value) for p in pairs(written(members))] == members


@given(st.lists(st.tuples(KEY, VALUE), min_size=1, max_size=6))
def test_spans_point_at_the_pairs_own_text(members: list[tuple[str, str]]) -> None:
    text = written(members)
    for pair, (key, value) in zip(pairs(text), members, strict=True):
        assert text[pair.start : pair.end] == f"{key}={value.replace(',', ',,')}"


def test_the_first_word_belongs_to_the_implied_key() -> None:
    assert [(p.key, p.value) for p in pairs("e1000,addr=1f.0,multifunction", "driver")] == [
        ("driver", "e1000"), ("addr", "1f.0"), ("multifunction", "on"),
    ]  # fmt: skip


def test_old_style_negations() -> None:
    assert [(p.key, p.value) for p in pairs("q35,nousb", "type")][1:] == [("usb", "off")]


@pytest.mark.parametrize("text", ['{"driver": ', "{" * 20_000, '{"a" 1}', "{]"])
def test_broken_json_is_one_diagnostic(text: str) -> None:
    with pytest.raises(Unusable) as caught:
        json_pairs(text, 1)
    assert [d.code for d in caught.value.diagnostics] == ["QR403"]


def test_a_json_text_that_is_no_object_says_which_word_it_is() -> None:
    with pytest.raises(Unusable) as caught:
        json_pairs("[1]", 2)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.span.file) == ("QR403", "argument 3")
