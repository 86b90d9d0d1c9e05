"""The index of rule files: what it says of a file, and that the one of the shipped rules is up to date."""

from __future__ import annotations

import json
from pathlib import Path

from qrules.paths import rules_folder
from qrules.rulesets.index import Entry, entries, page
from tests.conftest import Run

BOARD = """\
# Cards of a shelf, version 2.0
# and later. They come in two widths.

bus wide
  accepts card
group slim = card, "old,card"
device slim
  rule slim-cards : run
    forbid width > 1
    because "no"
rule big-cards : run
  for big-card d
  require d.id
  because "no"
machine "shelf-{version}"
shorthand "-card"
  silences cards
test "one"
  on shelf
  device card
  accepted
"""


def written(folder: Path) -> Path:
    (folder / "boards").mkdir()
    (folder / "boards" / "shelf.qr").write_text(BOARD)
    (folder / "toy.qr").write_text('# What exists.\ncatalogue "1.0" for toy\ntype card is device\n')
    (folder / "bare.qr").write_text("group none = card\n")
    return folder


def test_what_is_said_of_a_file(tmp_path: Path) -> None:
    described = (
        ("machines", ("shelf-{version}",)),
        ("buses", ("wide",)),
        ("devices", ("big-card", "card", "old,card")),
        ("options", ("-card",)),
    )
    assert entries(written(tmp_path)) == [
        Entry("bare.qr", "", (), 0, 0),
        Entry("boards/shelf.qr", "Cards of a shelf, version 2.0 and later.", described, 2, 1),
        Entry("toy.qr", "What exists.", (), 0, 0),
    ]


def test_the_verb(qrules: Run, tmp_path: Path) -> None:
    done = qrules("rules", "index", str(written(tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")
    assert "## boards\n\n- [shelf.qr](boards/shelf.qr) (2 rules, 1 test): Cards of a shelf" in done.stdout
    assert "- [bare.qr](bare.qr)\n" in done.stdout
    files = json.loads(qrules("rules", "index", "--json", str(tmp_path)).stdout)["files"]
    assert files[1]["described"]["buses"] == ["wide"]


def test_the_index_of_the_shipped_rules_is_up_to_date() -> None:
    found = entries()
    assert [e.path for e in found if not e.about] == [], "a rule file begins with a comment that says what it is about"
    assert page(found) == (rules_folder() / "README.md").read_text(encoding="utf-8"), "run scripts/refresh-docs"
