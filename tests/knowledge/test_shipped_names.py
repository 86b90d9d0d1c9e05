"""A folder of one's own that takes in shipped rules needs no more than its own catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.knowledge import sources
from qrules.rulesets.build import Build

CATALOGUE = """catalogue "1.0" for toy
bus-type System is bus
bus-type PCI is bus
bus-type i2c-bus is bus
abstract type sys-bus-device is device on System
abstract type pci-device is device on PCI
  property addr : str
type host is sys-bus-device
type card is pci-device
machine-type board is machine
"""
BOARD = """uses "common"
machine board
  has-numa = off
  network-bus = "pci"
  has host
device host
  provides PCI called "pci.0"
"""


def compiled(folder: Path, board: str) -> dict[str, object]:
    (folder / "catalogue.qr").write_text(CATALOGUE)
    (folder / "board.qr").write_text(board)
    build = Build(folder)
    return build.pieces(*next(iter(build.rule_set.catalogues)))


def test_shared_rules_name_what_other_catalogues_have(tmp_path: Path) -> None:
    assert "family-0" in compiled(tmp_path, BOARD)


def test_a_file_of_ones_own_may_name_what_its_catalogues_have(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        compiled(tmp_path, BOARD + "device e1000\n  rule no-e1000\n    require no card c\n")
    assert [d.code for d in caught.value.diagnostics] == ["QR202"]


def test_files_about_other_architectures_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "other.qr").write_text("architectures other, another\nthis cannot be read\n")
    assert "family-0" in compiled(tmp_path, BOARD)
    assert sources.about("architectures other, toy\n", "toy")
    assert not sources.about("# more\narchitectures other, toys\n", "toy")
