"""Loose ends in rule files."""

from __future__ import annotations

from pathlib import Path

from qrules.rulesets.lint import lint

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
    forbid used-term(d)
    because "so"
    see board:manual
  rule says-nothing
    forbid off
  claims place() in bus
    because "so"
"""


def found(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    (tmp_path / "board.qr").write_text(text)
    return [(f.span.line, f.code, f.message) for f in lint(tmp_path) if f.code != "QR604"]


def test_reasons_sources_and_unused_words(tmp_path: Path) -> None:
    assert found(tmp_path, RULES) == [
        (9, "QR603", "nothing uses the group 'spare-group'"),
        (11, "QR603", "nothing uses the term 'spare-term'"),
        (13, "QR603", "nothing uses the domain 'spare'"),
        (16, "QR603", "no machine includes 'spare-parts'"),
        (26, "QR601", "the rule 'says-nothing' does not say why (because)"),
        (26, "QR602", "the rule 'says-nothing' cites no source (see)"),
        (28, "QR602", "the claim of 'place' cites no source (see)"),
    ]


def test_refusals_of_the_engine_without_words(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(RULES + 'refusal no-bus : run\n  because "none"\n  see board:manual\n')
    unworded = [f.message for f in lint(tmp_path) if f.code == "QR604"]
    assert "the engine's refusal 'bus-full' has no words (refusal bus-full : PROFILE)" in unworded
    assert not [m for m in unworded if "'no-bus'" in m]
