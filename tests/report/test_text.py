"""Answers as people read them: what several devices share is said once."""

from __future__ import annotations

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.report.style import Style
from qrules.report.text import numbers, verdict
from qrules.rulesets.store import open_store
from qrules.visible import shown


@pytest.fixture(scope="module")
def board() -> Board:
    store = open_store()
    return Board(store.knowledge(store.resolve("10.0", "x86_64")))


def told(board: Board, *devices: str) -> str:
    words = ["-M", "q35", "-nodefaults", *(word for device in devices for word in ("-device", device))]
    return shown(verdict(judge(board, read(words, board.knowledge)), Style(False), words))


def test_the_same_mistake_of_several_devices_is_told_once(board: Board) -> None:
    text = told(board, "pcie-root-port,id=a", "pcie-root-port,id=b", "pcie-root-port,id=c")
    assert text.count("chassis 0, slot 0 is taken") == 1
    assert "devices 2 and 3, pcie-root-port: " in text
    assert "in      -device pcie-root-port,id=b  (and 1 more)" in text


def test_what_differs_in_a_word_is_told_for_each(board: Board) -> None:
    text = told(board, "e1000,addr=1f.0", "e1000,addr=1f.2")
    assert "device 1, e1000: " in text
    assert "device 2, e1000: " in text


def test_consequences_of_one_mistake_are_told_together(board: Board) -> None:
    text = told(board, "pcie-root-port,id=a", "pcie-root-port,id=b", "e1000,bus=b", "e1000,bus=b", "e1000,bus=b")
    assert text.count("only a consequence of device 2, pcie-root-port") == 1
    assert "devices 3 to 5, e1000: only a consequence" in text


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ([3], "3"),
        ([3, 4], "3 and 4"),
        ([1, 2, 3], "1 to 3"),
        ([1, 3, 5], "1, 3 and 5"),
        ([3, 5, 6, 7, 9, 10], "3, 5 to 7, 9 and 10"),
    ],
)
def test_numbers_read_as_a_person_would_say_them(counted: list[int], said: str) -> None:
    assert numbers(counted) == said


def test_an_answer_ends_with_what_counts(board: Board) -> None:
    text = told(board, "pcie-root-port,id=a", "e1000,bus=a", "e1000,addr=1f.0", "e1000,adr=1", "e1000,bus=b")
    assert [line.split(":")[0] for line in text.split("\n") if ": device" in line] == ["error"] * 3 + ["warning"]
    assert text.endswith("\n\n3 errors, 1 warning")


def test_carets_stand_under_the_key_that_is_meant(board: Board) -> None:
    lines = told(board, "e1000,id=x,addr=1f.0").split("\n")
    at = lines.index("  in      -device e1000,id=x,addr=1f.0")
    assert lines[at + 1] == " " * lines[at].index("addr=") + "^" * len("addr=1f.0")


SCRIPT = "#!/bin/sh\nVM=web\nqemu-system-x86_64 -M q35 \\\n  -drive file=$VM.img,if=vrtio -device 'e1000,bus=rp9'\n"


def test_a_text_is_shown_with_file_line_column_and_carets(board: Board) -> None:
    from qrules.configs.pasted import pasted
    from qrules.report.excerpts import Excerpts

    command = pasted(SCRIPT, "vm.sh").commands[0]
    answer = judge(board, read(command.argv, board.knowledge))
    lines = shown(verdict(answer, Style(False), command.argv, Excerpts(command.argv, command, "vm.sh"))).split("\n")
    for whose, word in (("pc-q35-10.0", "if=vrtio"), ("device 1, e1000", "bus=rp9")):
        place = f"vm.sh:4:{SCRIPT.splitlines()[3].index(word) + 1}: error: {whose}: "
        at = next(i for i, line in enumerate(lines) if line.startswith(place))
        shown_at = next(i for i in range(at, len(lines)) if lines[i].startswith("  4 | "))
        assert lines[shown_at] == "  4 | " + SCRIPT.split("\n")[3]
        start = lines[shown_at + 1].index("^")
        assert lines[shown_at][start : start + lines[shown_at + 1].count("^")] == word
    assert lines[-1] == "2 errors"


@pytest.mark.parametrize("length", [10, 500, 5000])
def test_a_long_line_is_cut_around_what_is_meant(board: Board, length: int) -> None:
    lines = told(board, f"e1000,id={'x' * length},addr=1f.0").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("  in "))
    assert len(lines[at]) < 200
    start = lines[at + 1].index("^")
    assert lines[at][start:].startswith("addr=1f.0")


def test_an_option_that_a_terminal_has_no_room_for_is_written_in_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    from qrules.report import style
    from qrules.visible import BREAK

    rows = ["qemu-system-x86_64", "-M q35", "-device " + "x" * 72]
    assert style.shell(rows).split(BREAK)[-1] == "  -device " + "x" * 72
    monkeypatch.setattr(style, "window", lambda: 80)
    assert style.shell(rows).split(BREAK)[1:] == ["  -M q35 \\", "  -device \\", "    " + "x" * 72]
