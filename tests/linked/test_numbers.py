"""Numbers and sizes as the emulator reads them; each text was tried on QEMU 10.0.2 as chassis= and as -m size=."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.linked import domains, numbers

TAKEN = {
    "3": 3,
    "+3": 3,
    " 3": 3,
    "\t3": 3,
    "\v\f\r\n 3": 3,
    "0X1f": 31,
    "010": 8,
    "+0x10": 16,
    "-1": -1,
    " -1": -1,
    "0": 0,
    "00": 0,
}
REFUSED = (
    "1_0", "\u0663", "3 ", "4\n", "\u00a03", "+-3", "0x1_0", "0x", "0b1", "0o7", "08", "1e1", "1.0", "", "\uff13", "0x+1", "+ 3", "\x1c3",
    "²", str(1 << 64), "-" + str(1 << 64), "9" * 5_000, "0x" + "f" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize(("text", "number"), TAKEN.items())
def test_taken(text: str, number: int) -> None:
    assert numbers.integer(text) == domains.integer(text) == number


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    assert numbers.integer(text) is domains.integer(text) is None


def test_what_is_no_text() -> None:
    assert [domains.integer(value) for value in (5, True, 1.0, None, [], {"a": 1})] == [5, None, None, None, None, None]


@given(st.text(alphabet=string.digits + "xXabf+-_ \t\n\u0663\uff13.", max_size=6))
def test_the_quick_way_and_the_whole_one_agree(text: str) -> None:
    assert domains.integer(text) == numbers.integer(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [("64M", 64 << 20), ("1.5G", 3 << 29), ("0x100", 256), ("010", 10), ("1", 1), ("1b", 1), (" 1k", 1024), (".5G", None), ("1_0M", None),
     ("1 M", None), ("1M ", None), ("-1", None), ("1MM", None), ("1.5", None), ("1.0", 1), ("16E", None), ("\u0663M", None), ("0x1.8", None), ("", None), ("M", None)],
)  # fmt: skip
def test_sizes(text: str, size: int | None) -> None:
    assert numbers.size(text) == size
