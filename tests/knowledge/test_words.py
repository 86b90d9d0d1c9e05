"""Words that name no kind have to be declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.diagnostics import Diagnostic, Unusable
from qrules.knowledge.words import NOTHING, REFUSALS
from qrules.linked import domains
from qrules.rulesets.build import Build

BOARD = (
    'catalogue "1.0" for toy\nbus-type wide is bus\ntype card is device on wide\nmachine-type shelf is machine\n'
    'profile run\n  decides = on\nbackend file\n  option "-file" named id\nwish speed\n'
)


def problems(tmp_path: Path, rules: str) -> list[Diagnostic]:
    """What is wrong with rules for a board, one target."""
    (tmp_path / "board.qr").write_text(BOARD + rules)
    try:
        Build(tmp_path).pieces("1.0", "toy")
    except Unusable as error:
        return list(error.diagnostics)
    return []


@pytest.mark.parametrize(
    "rules",
    [
        "domain store = backend file, nothing\ndevice card\n  property drive : store\n",
        'domain name = like "[a-z]+"\ndevice card\n  property title : name\n  property text : string\n',
        'machine shelf\n  provides wide called "w"\n  default card as extra on "w"\ndevice card\n  suppresses extra\n',
        "refusal no-bus : run\n",
    ],
)
def test_sound_words(tmp_path: Path, rules: str) -> None:
    assert problems(tmp_path, rules) == []


@pytest.mark.parametrize(
    ("rules", "code", "expected", "hint"),
    [
        ("domain store = backend fil\n", "QR219", "one of file", "did you mean 'file'?"),
        ("device card\n  property size : bigg\ndomain big = 1 .. 2\n", "QR219", "one of big, string", "did you mean 'big'?"),
        ('domain name = like "[a-"\n', "QR228", "what docs/language.md has for patterns", ""),
        ('profile walk\n  identifier = "[a-"\n', "QR228", "what docs/language.md has for patterns", ""),
        ("device card\n  suppresses extra\n", "QR222", "a role that some rule file declares", ""),
        ('shorthand "-fast"\n  wish sped\n', "QR227", "one of speed", "did you mean 'speed'?"),
        ("refusal no-buss : run\n", "QR221", "a refusal of the engine that some rule file declares", "no-bus"),
        ("refusal no-bus : walk\n", "QR209", "one of run", ""),
    ],
)
def test_words_that_nothing_declares(tmp_path: Path, rules: str, code: str, expected: str, hint: str) -> None:
    found = problems(tmp_path, rules)
    assert [d.code for d in found] == [code]
    assert found[0].expected == expected
    assert hint in found[0].hint


def test_two_rules_of_one_name_point_at_the_first(tmp_path: Path) -> None:
    rule = "  rule wide\n    require given size\n"
    (found,) = problems(tmp_path, f"device card\n  size = 1\n{rule}machine shelf\n  size = 2\n{rule}")
    assert (found.code, found.span.line) == ("QR220", 16)
    assert [(span.line, text) for span, text in found.related] == [(12, "the first time")]


def test_the_engine_has_the_same_word_for_no_host_resource() -> None:
    assert domains.NOTHING == NOTHING
    assert len(set(REFUSALS)) == len(REFUSALS)
