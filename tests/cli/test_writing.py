"""Files that the user names: whole or not at all, and what is there stays what it is."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from qrules.cli.writing import write_whole


def test_a_new_file_is_readable_by_all(tmp_path: Path) -> None:
    write_whole(str(tmp_path / "new"), "é\n")
    assert (tmp_path / "new").read_text(encoding="utf-8") == "é\n"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o644


def test_mode_and_link_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, link, dangling = tmp_path / "folder" / "file", tmp_path / "link", tmp_path / "dangling"
    file.parent.mkdir()
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to("folder/file")
    dangling.symlink_to("folder/other")
    monkeypatch.chdir(tmp_path)
    write_whole("link", "new")
    write_whole("dangling", "new")
    assert (link.is_symlink(), file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (True, "new", 0o600)
    assert (dangling.is_symlink(), (tmp_path / "folder" / "other").read_text()) == (True, "new")
    assert sorted(p.name for p in file.parent.iterdir()) == ["file", "other"]


def test_a_device_stays_one(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    write_whole(str(link), "text")
    assert link.is_symlink()
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_fifo_is_written_into(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    came: list[str] = []
    reader = threading.Thread(target=lambda: came.append(fifo.read_text()))
    reader.start()
    write_whole(str(fifo), "text")
    reader.join(10)
    assert came == ["text"]
    assert stat.S_ISFIFO(fifo.lstat().st_mode)


@pytest.mark.parametrize("path", ["no/such/folder/file", ".", "/dev/full"])
def test_what_can_not_be_written_is_told_with_its_name(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=r".") as caught:
        write_whole(path, "text")
    assert caught.value.filename == path
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_text_that_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(str(tmp_path / "file"), "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("file", "old")]
