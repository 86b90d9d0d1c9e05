"""What the solver tells of conditions: what can't be, what always is, what decides nothing; and what is left alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qrules.linting.judging import Report, lint

BOARD = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width, height : uint8 = 1
  property speed : string
type radio is card
type sensor is device on wide
interface hot
type hot-card is card, hot
machine-type shelf-1.0 is machine
profile run
domain uint8 = 0 .. 255
domain string = like ".*"
term beside(a, b) means a.width = b.width + 1
machine "shelf-{version}"
  provides wide called "wide.0"
rule uses-the-term : run
  for card d, earlier card e on d.bus
  forbid beside(d, e)
  because "so"
  see shelf:manual
"""
RULE = """
device card
  rule asked : run
    %s
    because "so"
    see shelf:manual
"""


def report(folder: Path, text: str) -> Report:
    (folder / "board.qr").write_text(BOARD + text, encoding="utf-8")
    return lint(folder)


def codes(folder: Path, text: str) -> list[str]:
    return [f.code for f in report(folder, text).findings if f.code != "QR604"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("forbid width > 3 and width < 2", "QR605"),
        ("forbid width > 3 and width < 5", ""),
        ("forbid width > 3 and width < 4", ""),  # a version is: 3.1
        ("forbid width = 1 and width = 2", "QR605"),
        ('forbid speed = "slow" and speed in { "fast", "2.5" }', "QR605"),
        ("forbid d is sensor", "QR605"),  # no card is one
        ("forbid d is hot", ""),  # some card is
        ("when d is radio\n    forbid d is hot", "QR605"),  # no type is both
        ("when d is card\n    forbid d is hot", "QR607"),
        ("require width >= 2 or not (width >= 2)", "QR605"),  # an unset one is not >= 2
        ("require width >= 2 or width < 2", ""),  # an unset one is neither
        ("forbid (count card c) < 0", "QR605"),
        ("forbid (count card c) = 0", ""),
        ("when machine.qemu >= 2\n    forbid width = 1", "QR605"),  # no catalogue is of such a version
        ("when machine.version >= 2\n    forbid width = 1", ""),
        ("when width = 3\n    forbid width = 3", "QR606"),
        ("when width = 3\n    require width > 3", "QR606"),
        ("forbid on", ""),  # written on purpose
        ("forbid width > 1 and width > 2", "QR607"),
        ("forbid width > 2 or width > 1", "QR607"),
        ("forbid width > height and height >= width", "QR605"),
        ("forbid some card c with (c.width > 1) and no card c with (c.width > 1)", "QR605"),
        ("forbid some card c with (c.width > 1) and no card e with (e.width > 1)", "QR605"),
        ("forbid some card c with (c.width > 1) and no card c with (c.width > 2)", ""),
        ("forbid who holds address(1) in d.bus is radio", ""),
        ("forbid width + 1 > 3 and width < 2", ""),  # what is computed is an unknown of its own: not decided
    ],
)
def test_rules(tmp_path: Path, lines: str, code: str) -> None:
    assert codes(tmp_path, RULE % lines) == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("device radio\n  room = 1 when d is card else 2\n", "QR607"),
        ("device card\n  room = 1 when d is radio else 2\n", ""),
        ("device card\n  creates sensor when width > 2 and width < 1\n", "QR607"),
        ('machine "shelf-{version}"\n  has sensor when version < 2 and version >= 3\n', "QR607"),
        ("term long(a) means a.width > 2 and a.height > 3\ndevice card\n  room = 1 when long(d) and width < 2\n", "QR607"),
        ('device card\n  unknown "what it does" when width in 1 .. 3 and width = 7\n', "QR607"),
    ],
)
def test_conditions_of_other_lines(tmp_path: Path, text: str, code: str) -> None:
    assert codes(tmp_path, text) == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("device card\n  room = 1 when some card d with (d.width > 1)\n", "QR608"),
        ("device card\n  room = 1 when some card c with (some card c with (c.width > 1))\n", "QR608"),
        ("device card\n  room = 2\n  room = 3\n", "QR608"),
        ("device card\n  room = 2 when width > 1\n  room = 3\n", ""),
        ("device card\n  room = 2 when width > 1 else 1\n  room = 3\n", "QR608"),
        ("device card\n  room = 1 when some card c with (width > 1)\n", "QR609"),
        ('parts some-parts(a)\n  has card\nmachine "shelf-{version}"\n  includes some-parts(1)\n', "QR609"),
        ("device sensor\n  room = width\n", "QR610"),
        ("device device\n  room = width\n", ""),  # some device has a width
        ('device sensor\n  provides wide called "x"\n    room = height\n', "QR610"),
        ("device sensor\n  room = 1 when some card c with (c.width > 1)\n", ""),
        ('machine "shelf-{version}"\n  slots = 1 when version < 2 else 2 when version >= 2.1\n', "QR611"),
        ('machine "shelf-{version}"\n  slots = 1 when version < 2 else 2 when version >= 2\n', ""),
        ('machine "shelf-{version}"\n  slots = 1 when version < 2\n  slots = 2 when version > 2\n', "QR611"),
    ],
)
def test_names_and_versions(tmp_path: Path, text: str, code: str) -> None:
    assert codes(tmp_path, text) == ([code] if code else [])


def test_the_last_release_of_a_range(tmp_path: Path) -> None:
    board = BOARD.replace('catalogue "1.0"', 'catalogue "1.0.3"')
    (tmp_path / "board.qr").write_text(board + RULE % "when machine.qemu in 0.9 .. 1.0\n    forbid width = 1", encoding="utf-8")
    told = [(f.code, f.message) for f in lint(tmp_path).findings if f.code != "QR604"]
    assert told == [
        ("QR605", "the rule 'asked' never fires: its 'when' can't hold"),
        ("QR611", "1.0.3 is not in this range, which ends with 1.0 itself: say < and the next version"),
    ]


def test_a_wider_property_loosens(tmp_path: Path) -> None:
    """Of a file that builds on a shipped one; the shipped one narrows what the catalogue has."""
    (tmp_path / "own.qr").write_text(
        'uses "common/nvme.qr"\ncatalogue "1.0" for toy\nbus-type PCI is bus\ntype nvme is device on PCI\n'
        'machine-type shelf is machine\nprofile qemu\nmachine shelf\n  provides PCI called "pci"\n  without rule nvme-serial\n',
        encoding="utf-8",
    )
    found = [f for f in lint(tmp_path).findings if f.code == "QR612"]
    assert [(f.span.file, f.span.line) for f in found] == [(str(tmp_path / "own.qr"), 9)]


def test_many_unknowns_are_not_decided(tmp_path: Path) -> None:
    wide = " and ".join(f"(count card c with (c.width = {n})) > {n}" for n in range(30))
    found = report(tmp_path, RULE % f"forbid {wide}")
    assert found.undecided > 0
    assert [f.code for f in found.findings if f.code != "QR604"] == []


def test_terms_within_terms_end(tmp_path: Path) -> None:
    """Each asks the one before twice: written out it would have a million parts."""
    terms = "".join(f"term t{n}(a) means t{n - 1}(a) or not t{n - 1}(a)\n" for n in range(1, 12))
    began = time.process_time()
    report(tmp_path, "term t0(a) means a.width > 1\n" + terms + RULE % "forbid t11(d)")
    assert time.process_time() - began < 20
