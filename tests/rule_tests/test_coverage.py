"""Which rules tests reach, which conditions they see both ways, and why a line is not reached; running again after a change."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from qrules.cli import watching
from qrules.cli.main import main
from qrules.diagnostics import Unusable
from qrules.linked.rules import Rule
from qrules.rule_tests.coverage import Coverage
from qrules.rule_tests.run import covered, run_tests

BOARD = """
catalogue "1.0" for toy
catalogue-line
bus-type wide is bus
type card is device on wide
  property width, height : uint8 = 1
type radio is card
type sensor is device on wide
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
machine shelf
  provides wide called "wide.0"
device card
  rule narrow
    when not (width = 3 and height = 3) and machine.qemu >= 1
    require width <= 2 or height > 7
    because "so"
  rule flat
    when d is radio
    forbid height > 2
    because "so"
device sensor
  rule alone
    require no sensor e with (e.id = "other")
    because "so"
test "cards"
  on shelf
  device card
  accepted
  device card, width=4
  refused by narrow
""".replace("catalogue-line\n", "")


def coverage(folder: Path, more: str = "") -> Coverage:
    (folder / "board.qr").write_text(BOARD + more, encoding="utf-8")
    results, found = covered(folder)
    assert all(tested.passed for tested in results)
    return found


def test_what_is_reached_and_why_not(tmp_path: Path) -> None:
    found = coverage(tmp_path)
    assert (found.rules, found.fired) == (3, 1)
    told = [(u.rule, u.what, u.span.line, u.why) for u in found.unreached]
    assert told == [
        ("narrow", "condition", 15, "was never so"),  # width = 3
        ("narrow", "condition", 15, "was never asked"),  # height = 3
        ("narrow", "condition", 16, "was never so"),  # height > 7
        ("flat", "rule", 18, "its condition in line 19 was never so"),
        ("alone", "rule", 23, "no test comes to it with something that is sensor: what is wrong earlier ends a device"),
    ] or told[4][3].startswith("no test has what it is about (sensor)")
    # width <= 2 alone is seen both ways; the version is decided when rules are compiled
    assert (found.conditions, found.seen) == (7, 1)


def test_more_tests_reach_more(tmp_path: Path) -> None:
    more = """
  device card, width=4, height=8
  accepted
  device card, width=3, height=3
  accepted
  device card, width=3, height=2
  refused by narrow
  device radio, height=3
  refused by flat
  device radio, height=2
  accepted
  device sensor
  accepted
  device sensor, id=other
  accepted
  device sensor
  refused by alone
"""
    found = coverage(tmp_path, more)
    assert (found.fired, found.seen, found.unreached) == (3, found.conditions, ())


def test_nothing_is_watched_afterwards(tmp_path: Path) -> None:
    coverage(tmp_path)
    assert Rule.watcher is None
    assert [t.passed for t in run_tests(tmp_path)] == [True]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_for_programs(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "board.qr").write_text(BOARD, encoding="utf-8")
    assert main(["rules", "test", str(tmp_path), "--coverage", "--format", form]) == 0
    out = capsys.readouterr().out
    told = json.loads(out if form == "json" else out.splitlines()[-1])["coverage"]
    assert (told["rules"], told["fired"], told["unreached"][0]["rule"]) == (3, 1, "narrow")


@pytest.mark.parametrize("option", ["--coverage", "--watch"])
def test_a_binary_is_not_covered(option: str) -> None:
    with pytest.raises(Unusable, match="about the rules, not about a binary"):
        main(["rules", "test", option, "--binary", "none"])


def test_watching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs at once, after each change, also after one that can't be read, and ends when nothing changes any more."""
    path = tmp_path / "board.qr"
    path.write_text(BOARD, encoding="utf-8")
    monkeypatch.setattr(watching, "PAUSE", 0.05)
    runs: list[bool] = []

    def run() -> int:
        runs.append(all(t.passed for t in run_tests(tmp_path)))
        return 0 if runs[-1] else 1

    def edit() -> None:
        for text in (BOARD + "rule\n", BOARD.replace("refused by narrow", "accepted")):
            time.sleep(1)
            written = tmp_path / "written"
            written.write_text(text, encoding="utf-8")
            written.replace(path)  # one change, not one for each step of writing

    thread = threading.Thread(target=edit)
    thread.start()
    status = watching.again(tmp_path, run, longest=4)
    thread.join()
    assert (status, runs) == (1, [True, False])
