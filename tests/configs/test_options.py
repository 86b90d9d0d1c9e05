"""The syntax of QEMU's options."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.options import Option, options, pairs, read_pairs
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


def test_a_command_line_is_taken_apart() -> None:
    found = list(options(["qemu-system-x86_64", "-nodefaults", "--device", "e1000", "disk.img"]))
    assert [(o.name, o.argument, o.word) for o in found] == [("nodefaults", "", 1), ("device", "e1000", 2), ("", "disk.img", 4)]


def test_json_keeps_types() -> None:
    option = Option("device", json.dumps({"driver": "e1000", "multifunction": True, "addr": 24}), 0, True)
    assert [(p.key, p.value) for p in read_pairs(option, "driver")] == [
        ("driver", "e1000"),
        ("multifunction", True),
        ("addr", 24),
    ]


@pytest.mark.parametrize("text", ['{"driver": ', "{" * 20_000, '{"a" 1}', "{]"])
def test_broken_json_is_one_diagnostic(text: str) -> None:
    with pytest.raises(Unusable) as caught:
        read_pairs(Option("device", text, 0, True), "driver")
    assert [d.code for d in caught.value.diagnostics] == ["QR403"]


@pytest.mark.parametrize(
    ("argv", "code"), [(["-device"], "QR402"), (["-M", "q35", "-drive"], "QR402"), (["x" * 1_000_001], "QR401")]
)
def test_command_lines_that_cannot_be_read(argv: list[str], code: str) -> None:
    with pytest.raises(Unusable) as caught:
        list(options(["qemu", *argv]))
    assert [d.code for d in caught.value.diagnostics] == [code]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_words_are_read_or_refused_with_a_diagnostic(argv: list[str]) -> None:
    with contextlib.suppress(Unusable):
        for option in options(argv):
            read_pairs(option, "driver")
