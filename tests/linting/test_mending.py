"""Comments that leave findings out, and the edits of `rules lint --fix`."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from qrules.cli.main import main

BOARD = """catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : uint8 = 1
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
machine shelf
  provides wide called "wide.0"
# qrules: ignore-file QR604 because the engine's own words will do
"""


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["rules", "lint", *words])
    return status, capsys.readouterr().out


def written(folder: Path, text: str) -> Path:
    path = folder / "board.qr"
    path.write_text(BOARD + text, encoding="utf-8")
    return path


def test_a_comment_leaves_a_finding_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, "device card\n  # qrules: ignore QR607 because the manual says so\n  room = 1 when d is card\n")
    status, out = asked(capsys, str(tmp_path), "--json")
    told = json.loads(out)
    assert (status, told["findings"]) == (0, [])
    assert [(one["rule"], one["ignored"]) for one in told["ignored"] if one["rule"] != "QR604"] == [
        ("QR607", "the manual says so")
    ]


def test_an_ignore_that_ignores_nothing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "device card\n  room = 1  # qrules: ignore QR607, QR608 because it was so\n")
    status, out = asked(capsys, str(tmp_path))
    assert status == 1
    assert f"{path}:12: QR613: QR607 is ignored here, and is not found\n" in out
    assert f"{path}:12: QR613: QR608 is ignored here, and is not found\n" in out


def test_a_comment_without_a_reason_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, "device card\n  room = 1  # qrules: ignore QR607\n")
    status, out = asked(capsys, str(tmp_path))
    assert status == 1
    assert ": QR457: this says nothing that qrules knows: ignore QR607" in out


UNUSED = """
group spare = card

term spare-term(d) means d is spare

device card
  room = 1
  # of no use
  room = 2
  size = 3  # qrules: ignore QR607 because it was so
"""


def test_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, UNUSED)
    path.chmod(0o640)
    link = tmp_path / "elsewhere"
    link.mkdir()
    (link / "board.qr").symlink_to(path)
    status, out = asked(capsys, str(path), "--fix")
    assert status == 0, out
    assert [line.split(": ")[1] for line in out.splitlines()[:-1]] == ["QR603", "QR608", "QR613", "QR603"]
    assert out.splitlines()[-1].startswith("0 findings, ")
    assert path.read_text(encoding="utf-8") == BOARD + "\ndevice card\n  room = 1\n  # of no use\n  size = 3\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (link / "board.qr").is_symlink()
    assert asked(capsys, str(path), "--fix")[1].splitlines()[-1].startswith("0 findings")


def test_nothing_to_mend_leaves_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "device card\n  room = 1 when width > 3 and width < 2\n")
    before = path.stat()
    status, out = asked(capsys, str(path), "--fix", "--json")
    assert (status, json.loads(out)["mended"]) == (1, [])
    assert path.stat().st_mtime_ns == before.st_mtime_ns
