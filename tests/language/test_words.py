"""Every reserved word serves as a name when it is quoted, and after a dot without quotes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qrules.knowledge.model import Knowledge
from qrules.machine.request import DeviceRequest, Request
from qrules.paths import grammar_file
from qrules.plugging.board import Board
from qrules.rulesets import build

ROOTS = {"device", "bus", "machine"}  # kinds that are there already
WORDS = sorted(set(re.findall(r'"([a-z][a-z-]*)"', re.sub(r"//.*", "", grammar_file().read_text()))) - ROOTS)


def test_there_are_words() -> None:
    assert {"property", "has", "count", "not", "on", "alias"} <= set(WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_a_reserved_word_as_a_name(word: str, tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(f"""
catalogue "1.0" for "{word}"
bus-type "{word}-bus" is bus
type "{word}" is device on "{word}-bus"
  property "{word}" : "{word}"
machine-type shelf is machine
  alias "{word}"
profile "{word}"
group "{word}-group" = "{word}"
domain "{word}" = 0 .. 9
device "{word}"
  one-more = d.{word} + 1
  rule "{word}" : "{word}"
    require d is "{word}" and d."{word}" = 4
  claims "{word}"(d.{word}) in bus
machine shelf
  provides "{word}-bus" called "x"
test "{word}"
  on "{word}"
  device "{word}", "{word}"=4
  accepted on x
    one-more = 5
""")
    pieces = build.compile_rule_set(tmp_path).targets[("1.0", word)]
    board = Board(Knowledge("1.0", word, {"schema": [], **pieces}.__getitem__))
    facts = board.knowledge.machine(word)
    assert facts is not None
    outcome = board.run(facts, Request("shelf", devices=[DeviceRequest(word, properties={word: "4"})]))
    placed = outcome.devices[0]
    assert placed is not None
    assert placed.get("one-more", outcome.state) == 5


@pytest.mark.parametrize("name", ["pcie.0", "pc-q35-10.0", "a.1.2", "x_y-z.3"])
def test_names_that_end_in_numbers_need_no_quotes(name: str, tmp_path: Path) -> None:
    head = 'catalogue "1.0" for toy\nbus-type wide is bus\n'
    text = head + f'machine-type {name} is machine\nmachine {name}\n  provides wide called "{name}"\n'
    (tmp_path / "board.qr").write_text(text)
    assert name in build.compile_rule_set(tmp_path).targets[("1.0", "toy")]["machines"]
