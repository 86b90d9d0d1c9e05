"""Loose ends in rule files."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.linting.judging import lint

RULES = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : used
machine-type shelf is machine
profile run
group used-group = card
group spare-group = card
term used-term(d) means d is used-group
term spare-term(d) means d is card
domain used = 0 .. 1
domain spare = 0 .. 1
parts used-parts
  has card
parts spare-parts
  has card
machine shelf
  provides wide called "wide.0"
  includes used-parts
device card
  rule says-all
    forbid used-term(d) and width = 1
    because "so"
    see board:manual
  rule says-nothing
    forbid off
  claims place() in bus
    because "so"
"""


def found(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    (tmp_path / "board.qr").write_text(text)
    return [(f.span.line, f.code, f.message) for f in lint(tmp_path).findings if f.code > "QR6" and f.code != "QR604"]


def compiling(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    (tmp_path / "board.qr").write_text(text)
    return [(f.span.line, f.code, f.message) for f in lint(tmp_path, every=True).findings if f.code < "QR6"]


def test_reasons_sources_and_unused_words(tmp_path: Path) -> None:
    assert found(tmp_path, RULES) == [
        (9, "QR603", "nothing uses the group 'spare-group'"),
        (11, "QR603", "nothing uses the term 'spare-term'"),
        (13, "QR603", "nothing uses the domain 'spare'"),
        (16, "QR603", "no machine includes 'spare-parts'"),
        (23, "QR607", "this part of a condition always holds"),
        (26, "QR601", "the rule 'says-nothing' does not say why (because)"),
        (26, "QR602", "the rule 'says-nothing' cites no source (see)"),
        (27, "QR605", "the rule 'says-nothing' never fires: what it forbids can't be"),
        (28, "QR602", "the claim of 'place' cites no source (see)"),
    ]


def test_refusals_of_the_engine_without_words(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(RULES + 'refusal no-bus : run\n  because "none"\n  see board:manual\n')
    unworded = [f.message for f in lint(tmp_path).findings if f.code == "QR604"]
    assert "the engine's refusal 'bus-full' has no words (refusal bus-full : PROFILE)" in unworded
    assert not [m for m in unworded if "'no-bus'" in m]


BROKEN = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : 0 .. 4
machine-type shelf is machine
profile run
  decides = on
machine shelf
  provides wide called "wide.0"
  {machine}
device card
  rule no-narrow-card : run
    forbid {condition}
    because "so"
    see board:manual
"""


@pytest.mark.parametrize(
    ("machine", "condition", "code", "line"),
    [
        ("slots = 4", "widht < 2", "QR204", 14),
        ("has crad", "width < 2", "QR202", 11),
        ("has card on wide.1", "width < 2", "QR302", 11),
        ("slots = 4", "width < 2", "", 0),
    ],
)
def test_what_compiling_finds(tmp_path: Path, machine: str, condition: str, code: str, line: int) -> None:
    came = [(one, at) for at, one, _ in compiling(tmp_path, BROKEN.format(machine=machine, condition=condition))]
    assert came == ([(code, line)] if code else [])


def test_each_target_is_compiled(tmp_path: Path) -> None:
    """A mistake that only one version shows is found, and what all versions show is told once."""
    catalogue, head, rules = BROKEN.partition("profile run\n")
    for version in ("0.9", "1.0"):
        (tmp_path / f"of-{version}.qr").write_text(catalogue.replace("1.0", version))
    text = (head + rules).format(machine="has card on wide.0", condition="given width")
    assert compiling(tmp_path, text) == []
    (both,) = compiling(tmp_path, text.replace("has card", "has crad"))
    assert both[1:] == ("QR202", "there is no device type 'crad' (did you mean 'card'?)")
    assert [one for _, one, _ in compiling(tmp_path, text.replace("given width", "machine.qemu < 1.0"))] == ["QR302"]
    assert compiling(tmp_path, text.replace("given width", "machine.qemu < 0.9")) == []


def test_boards_say_what_is_asked_of_them(tmp_path: Path) -> None:
    boards = """catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
abstract machine-type any-shelf is machine
machine-type shelf-1.0 is any-shelf
machine-type shelf-2.0 is any-shelf
machine-type rack is machine
machine-type crate is machine
profile run
machine machine
  asks-of-boards = { "deep" } + ({ "tall" } when some wide b else {})
  deep = on
  tall = on
machine any-shelf
  deep = off
machine "shelf-{version}"
  provides wide called "wide.0"
  has card
machine rack
  tall = off
  provides wide called "wide.0"
machine crate
  property deep : one of "on", "off"
"""
    assert found(tmp_path, boards) == [
        (18, "QR614", "shelf-2.0 says nothing of 'tall', which is asked of every board"),
        (20, "QR614", "rack says nothing of 'deep', which is asked of every board"),
    ]
