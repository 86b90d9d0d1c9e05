"""The figures of a rule set, on one small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

from qrules.rulesets.changes import changes
from qrules.rulesets.statistics import Lines, statistics
from tests.conftest import Run

BOARD = """\
# A board.
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
machine-type shelf is machine
  alias board

profile run
"""
RULES = """\
bus wide
  # two comments
  rule a
    forbid d.id = "a"
    because "no"
    see board:manual "1"
  rule b
    forbid d.id = "b"
    because "no"
machine shelf
  provides wide
test "one"
  on shelf

  device card
  accepted
"""


def written(folder: Path) -> Path:
    (folder / "board.qr").write_text(BOARD)
    (folder / "rules.qr").write_text(RULES)
    return folder


def test_what_is_counted(tmp_path: Path) -> None:
    found = statistics(written(tmp_path))
    assert found.lines == (Lines(str(tmp_path), 1, 10, 4, 1), Lines("catalogues", 1, 6, 0, 1))
    assert (found.refusing, found.with_reason, found.with_source, found.sources, found.tests) == (2, 2, 1, 1, 1)
    [target] = found.targets
    assert (target.name, target.machine) == ("toy-1.0", "shelf")
    assert 0 < target.loaded < target.size
    assert target.compiling > target.loads / 1000 > 0


def test_the_verb(qrules: Run, tmp_path: Path) -> None:
    done = qrules("rules", "stats", str(written(tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 rules, claims, addresses and refusals: 100% say why, 50% cite a source (1 sources); 1 tests" in done.stdout
    assert "toy-1.0" in done.stdout


def test_what_depends_on_the_version_is_listed_by_it(qrules: Run, tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "more.qr").write_text(
        "machine shelf\n  a = on when qemu >= 8.2\n  b = on when qemu since 8.2 .. 9.1\n  c = qemu < 9.1 and version > 3\n"
        'gone "-x" since 9.1\ntest "older"\n  on shelf since 7\n  has 0 card\n'
    )
    found = [(c.version, c.after, c.span.line) for c in changes(folder)]
    assert found == [("8.2", "", 2), ("9.1", "8.2", 3), ("9.1", "", 4), ("9.1", "", 5)]
    listed = qrules("rules", "stats", str(folder), "--changes", "9.1")
    assert listed.stdout.splitlines()[0].endswith("more.qr:3: b = on when qemu since 8.2 .. 9.1")
    table = qrules("rules", "stats", str(folder), "--changes").stdout
    assert "1 of them at some time after 8.2" in table
