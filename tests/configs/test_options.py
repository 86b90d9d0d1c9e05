"""The words of a command line as options."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.options import Option, options, read_pairs
from qrules.diagnostics import Unusable


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
