"""The files that a config names: opened where that is allowed, regular ones alone, within a budget."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import qrules
from qrules.configs.argv import read
from qrules.configs.files import MAX_BYTES, Files
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Bulk
from qrules.plugging.board import Board
from qrules.rulesets.store import Store

FILE = '[device "a"]\n  driver = "e1000"\n'


def codes(words: list[str], board: Board, files: Files | None) -> list[str]:
    with pytest.raises(Unusable) as caught:
        read(words, board.knowledge, files)
    return [d.code for d in caught.value.diagnostics]


def test_nothing_is_opened_unasked(board: Board, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "vm.cfg"
    file.write_text(FILE)
    words = ["-M", "q35", "-nodefaults", "-readconfig", str(file)]
    real = os.open

    def opened(path: str, *more: int) -> int:
        assert path != str(file), "it was opened"
        return real(path, *more)

    monkeypatch.setattr(os, "open", opened)
    assert codes(words, board, None) == ["QR406"]
    with pytest.raises(Unusable, match="no file of the host"):
        qrules.check(argv=words)
    line = f'{{"id":1,"argv":{words}}}'.replace("'", '"').encode()
    answer = Bulk(store).answer(line)
    assert (answer.verdict, answer.problems[0][0]) == ("unreadable", "QR406")
    monkeypatch.undo()
    assert (
        qrules.check(argv=words, profiles=("qemu",), files=True).verdict
        == Bulk(store, files=True, profiles=("qemu",)).answer(line).verdict
        == "accept"
    )


@pytest.mark.parametrize("path", ["a\0b", "a\ud800b"])
def test_names_that_no_file_can_have(board: Board, path: str) -> None:
    assert codes(["-M", "q35", "-readconfig", path], board, Files()) == ["QR407"]


def test_what_is_no_regular_file_is_not_waited_for(board: Board, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, "/dev/zero"):
        assert codes(["-M", "q35", "-readconfig", str(path)], board, Files()) == ["QR407"]


def test_a_budget_for_the_whole_request(board: Board, tmp_path: Path) -> None:
    file = tmp_path / "vm.cfg"
    file.write_text("#" * (MAX_BYTES // 4))
    once = ["-readconfig", str(file)]
    assert not read(["-M", "q35", *once * 4], board.knowledge, Files()).misread
    assert codes(["-M", "q35", *once * 5], board, Files()) == ["QR407"]
    with file.open("wb") as sparse:
        sparse.truncate(20 << 30)
    assert codes(["-M", "q35", *once], board, Files()) == ["QR407"]


def test_a_file_that_is_not_there_is_the_emulators_matter(board: Board, tmp_path: Path) -> None:
    assert [m.refusal for m in read(["-readconfig", str(tmp_path / "x")], board.knowledge, Files()).misread] == [
        "unreadable-config"
    ]
