"""Command lines as shells take them: words, what stands before the program, and where every character is."""

from __future__ import annotations

import pytest

from qrules.configs import shell
from qrules.diagnostics import Unusable
from qrules.machine.request import Where


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("qemu-system-x86_64 -M q35", ["qemu-system-x86_64", "-M", "q35"]),
        ("qemu-system-x86_64 \\\n  -M q35 \\\n  -device e1000\n", ["qemu-system-x86_64", "-M", "q35", "-device", "e1000"]),
        ("qemu \\\r\n -M q35\r\n", ["qemu", "-M", "q35"]),
        ("LC_ALL=C PATH=/bin \\\n/usr/bin/qemu-system-x86_64 -name 'a b'", ["/usr/bin/qemu-system-x86_64", "-name", "a b"]),
        ("#!/bin/sh\nset -e\nexec sudo qemu-system-x86_64 -M pc # mine\n", ["qemu-system-x86_64", "-M", "pc"]),
        ("qemu -M q35\n  -device e1000", ["qemu", "-M", "q35", "-device", "e1000"]),
        ('qemu -device "{\\"driver\\":\\"e1000\\"}"', ["qemu", "-device", '{"driver":"e1000"}']),
        ('qemu -device \'{"driver":"e1000"}\' > log 2>&1 &', ["qemu", "-device", '{"driver":"e1000"}']),
        ("qemu -append a\\ b\"c d\"'e f'", ["qemu", "-append", "a bc de f"]),
        ("-M q35", ["-M", "q35"]),
        ("qemu -name ''", ["qemu", "-name", ""]),
    ],
)
def test_words(text: str, argv: list[str]) -> None:
    assert shell.command(text, "file").argv == argv


def test_places_are_those_of_the_text() -> None:
    found = shell.command('qemu \\\n -device "e10"00,\\\naddr=9', "file")
    assert found.argv == ["qemu", "-device", "e1000,addr=9"]
    assert found.position(Where(1, 0, 0)) == (2, 2)
    assert [found.position(Where(2, at, at)) for at in (0, 3, 6, 11, 12)] == [(2, 11), (2, 15), (3, 1), (3, 6), (3, 7)]


@pytest.mark.parametrize(("text", "code"), [("qemu 'a", "QR435"), ('\nqemu "a', "QR435"), (" # nothing", "QR436"), ("", "QR436")])
def test_what_no_shell_reads(text: str, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        shell.command(text, "file")
    assert [d.code for d in caught.value.diagnostics] == [code]
