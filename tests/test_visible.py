"""What is ours and what comes from outside: every character, every mark that somebody could guess, every beginning of a line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata

import pytest

from qrules.report.style import Style, echo, table, wrapped
from qrules.visible import AGAIN, BREAK, MARK, Shown, clean, in_json, printable, seen, shown

ODD = "\0\x07\b\t\n\v\f\r\x1b\x7f\x85\x9b\xa0\xad\u034f\u061c\u115f\u180e\u200b\u200d\u200e\u2028\u2029\u202e\u2066\u2069\u2800\u3164\ufe0f\ufeff"
MORE = "\udcff\ud800\ue000\uffa0\U000e0041\U000e0100\U000f0000\U0010ffff"


def test_no_character_moves_a_cursor() -> None:
    left = [
        c for c in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and printable(c) == c
    ]  # fmt: skip
    assert left == []


@pytest.mark.parametrize("character", ODD + MORE)
def test_each_is_shown_as_an_escape(character: str) -> None:
    told = shown(f"a{character}b")
    assert told.startswith("a\\")
    assert told.endswith("b")
    assert told.isascii()


def test_what_shows_stays() -> None:
    text = "e1000,id=Gerät-Ünïcode 日本語 ├─ ✚ '\"\\n#::x"
    assert shown(text) == text
    assert clean(text)


def test_lines_and_colours_of_ours() -> None:
    painted = Style(True)("red\x1b[0m", "bold", "red")
    assert shown(f"{painted}{BREAK}{AGAIN}x") == "\x1b[1;31mred\\x1b[0m\x1b[0m\n\r\x1b[Kx"


def test_marks_can_not_be_guessed_or_misused() -> None:
    program = "from qrules.visible import MARK; print(ascii(MARK))"
    drawn = {subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(3)}
    assert len(drawn) == 3
    assert shown(MARK + "2Jx") == "2Jx", "a mark is a line break or a colour, and nothing else"
    assert "\x1b" not in shown(MARK + "31;H\x1b[2J")


BEFORE = [
    "",
    " ",
    "\t",
    "  \x1b[1m",
    BREAK,
    f"{BREAK}   ",
    f"x{BREAK}",
    Style(True)(" ", "bold"),
]  # marks differ from process to process


@pytest.mark.parametrize("before", BEFORE, ids=[str(n) for n in range(len(BEFORE))])
def test_no_line_is_a_command_to_a_ci_system(before: str) -> None:
    told = shown(f"{before}::error file=x::y")
    assert not any(line.lstrip().startswith("::") for line in told.split("\n"))
    for command in ("##[error]x", "##vso[task.complete]x"):
        assert "##" not in shown(f"{before}{command}")


def test_two_colons_elsewhere_stay() -> None:
    assert shown("std::string and ::1") == "std::string and ::1"


def test_json_has_escapes_of_its_own() -> None:
    value = {ODD + MORE: [ODD, "::error", "##[x]", "é \U0001f600"]}
    text = shown(in_json(json.dumps(value, ensure_ascii=False, indent=2)))
    assert all(seen(c) or c == "\n" for c in text)
    assert "##" not in text
    assert "é \U0001f600" in text
    assert json.loads(text) == value
    assert "\n" not in shown(in_json(json.dumps(value, ensure_ascii=False)))


def test_layout_keeps_what_comes_from_outside_in_its_line() -> None:
    for character in ODD.replace("\t", ""):
        assert shown(wrapped(f"one{character}::error two", "  ", "")).count("\n") == 0
        rows = [shown(row) for row in table([(f"a{character}b", "x"), ("long " * 5, "y")])]
        assert {len(row) for row in rows} == {len("long " * 5) + 3}


@pytest.mark.parametrize("said", ["accepted  (q35)", "  rejected", "No: x", "qrules: x", "unknown  (q35)"])
def test_an_echo_is_no_verdict(said: str) -> None:
    assert echo(said) == f"'{said}'"
    assert echo("No 'floppy-bus' bus found for device 'floppy'").startswith("No ")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", "utf-16"])
def test_any_stream_takes_any_text(encoding: str) -> None:
    raw = io.BytesIO()
    stream = Shown.of(io.TextIOWrapper(raw, encoding=encoding))  # type: ignore[arg-type]
    assert Shown.of(stream) is stream
    stream.write(f"├ é \ud800\n{BREAK}")
    stream.flush()
    assert raw.getvalue().decode(encoding).endswith("\\ud800\\n\n")
