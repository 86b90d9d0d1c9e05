"""Files of folders: regular ones alone, in order, within bounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qrules.configs import gathering
from qrules.diagnostics import Unusable
from tests.conftest import Run


def test_what_is_taken_of_a_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.sh"
    outside.write_text("qemu-kvm")
    folder = tmp_path / "vms"
    for name in ("b.sh", "a.sh", ".hidden", "a.sh.bak", "a.sh.bak3", "a.sh~", "a.orig", "z/c.cfg", ".git/d.sh", "a b\n.sh"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "link.sh").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    os.mkfifo(folder / "pipe.sh")
    found = [os.path.relpath(path, folder) for path in gathering.gathered(str(folder))]
    assert found == ["a b\n.sh", "a.sh", "b.sh", "z/c.cfg"]


def test_nothing_waits_and_nothing_is_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert gathering.content(str(tmp_path / "pipe")) is None
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match=r"symbolic|Too many"):
        gathering.content(str(tmp_path / "link"))
    (tmp_path / "large").write_bytes(b"x" * (gathering.MAX_BYTES + 1))
    assert gathering.content(str(tmp_path / "large")) is None


def test_a_folder_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MAX_ENTRIES", 3)
    for number in range(4):
        (tmp_path / str(number)).write_text("")
    with pytest.raises(Unusable, match="more than 3 files"):
        gathering.gathered(str(tmp_path))


def test_what_can_not_be_read_is_told_where_an_emulator_is_named(qrules: Run, tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("qemu-system-x86_64 -M q35\n")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "c.sh").write_bytes(b"qemu-system-x86_64 -M \xff\n")
    (tmp_path / "d.py").write_text('text = "never closed\n')
    done = qrules("check", "--format", "concise", str(tmp_path))
    assert done.returncode == 2
    assert [line.rpartition("/")[2].partition(":")[0] for line in done.stdout.splitlines()] == ["a.sh", "c.sh"]
    assert "2 files passed over" in done.stderr


def test_a_stream_refuses_what_goes_with_files(qrules: Run) -> None:
    for words in (("--repairs",), ("--fix",), ("--diff",), ("--baseline", "b.json"), ("--format", "sarif")):
        done = qrules("check", "--jsonl", "-", *words, stdin='{"argv": ["-M", "q35"]}\n')
        assert (done.returncode, done.stdout) == (2, ""), words
        assert "QR454" in done.stderr or "QR458" in done.stderr
    assert qrules("check", "--jsonl", "-", "--format", "jsonl", stdin='{"argv": ["-M", "q35"]}\n').returncode == 0
