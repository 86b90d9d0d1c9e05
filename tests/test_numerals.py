"""Numbers in texts from outside: no digits of other scripts, and never so many that Python refuses to read them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qrules.numerals import whole_number

MANY = "9" * 5_000  # more digits than Python reads


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_ascii_digits_are_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "0x1", "²", "٣", "9" * 19, MANY])
def test_all_else_is_no_number(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--", "qemu-system-x86_64", "-M", f"pc-q35-{MANY}.2"],
        ["check", "--", "qemu-system-x86_64", "-M", f"pc-q35-2.{MANY}"],
        ["place", "--on", "q35", "--why-not", f"{MANY}@pcie.0", "e1000"],
        ["explain", f"PCI: slot {MANY} function 0 not available for e1000, in use by rtl8139,id=x"],
        ["check", "--", "qemu-system-x86_64", "-M", "q35,usb=on", "-device", f"usb-kbd,port=1.{MANY}"],
        ["slots", "--on", "q35", "--", "-device", f"e1000,addr={MANY}"],
    ],
)
def test_a_question_with_too_many_digits_is_answered(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "qrules", *words], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1, 2, 3)
    assert "Traceback" not in done.stderr
    assert "internal" not in done.stderr
