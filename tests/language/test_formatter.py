"""`rules fmt`: one style, the same tree, and done is done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.language.formatter import _without_places, formatted
from qrules.language.reader import read_text
from tests.conftest import Run
from tests.language.generator import Generator

ROOT = Path(__file__).resolve().parents[2]
TEXTS = 1_000 if os.environ.get("QRULES_FULL") else 100


def test_it_keeps_the_tree_and_is_idempotent() -> None:
    readable = 0
    for seed in range(TEXTS * 3):
        text = Generator(seed).text()
        try:
            before = read_text(text, "generated.qr")
        except Unusable:
            continue  # holes of a string in a place that takes none, and the like: the grammar does not know
        readable += 1
        once = formatted(text)
        assert _without_places(read_text(once, "generated.qr")) == _without_places(before), f"seed {seed}"
        assert formatted(once) == once, f"seed {seed}"
        if readable == TEXTS:
            return
    pytest.fail(f"only {readable} of the generated texts can be read")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bus   PCI\n      hotplug=off\n", "bus PCI\n  hotplug = off\n"),
        ("bus PCI # it\n\n\n\n  hotplug = off   #  no\n", "bus PCI  # it\n\n  hotplug = off  #  no\n"),
        ("device x\n  a = f ( 1,2 )\n  b = {1,2}\n", "device x\n  a = f(1, 2)\n  b = { 1, 2 }\n"),
        ("device x\n  a = - 1 - -2\n", "device x\n  a = -1 - -2\n"),
        (
            'device x\n  see   qemu:hw/pci/pci.c   "f"\n'.replace("  see", "  a = 1\n    see"),
            'device x\n  a = 1\n    see qemu:hw/pci/pci.c "f"\n',
        ),
        ("device x\n  claims backend ( drive ) in machine\n", "device x\n  claims backend(drive) in machine\n"),
        ("device x\n  a = not(b)\n", "device x\n  a = not (b)\n"),
        ("# alone\n", "# alone\n"),
        ("", ""),
    ],
)
def test_style(text: str, expected: str) -> None:
    assert formatted(text) == expected


def test_comments_survive() -> None:
    text = "# head\nbus PCI\n  # about hotplug\n  hotplug = off  # why\n# tail\n"
    assert formatted(text) == text


def test_check_and_write(qrules: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.qr"
    file.write_text("bus   PCI\n")
    assert qrules("rules", "fmt", "--check", str(file)).returncode == 1
    assert file.read_text() == "bus   PCI\n"
    assert qrules("rules", "fmt", str(file)).returncode == 0
    assert file.read_text() == "bus PCI\n"
    assert qrules("rules", "fmt", "--check", str(file)).returncode == 0


def test_a_broken_file_is_told_and_left_alone(qrules: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.qr"
    file.write_text("bus PCI = =\n")
    done = qrules("rules", "fmt", str(file))
    assert done.returncode == 2
    assert "QR1" in done.stderr
    assert file.read_text() == "bus PCI = =\n"
