"""Rules that compile but make no sense never end in a traceback: numbers where texts belong, sets where numbers belong, ..."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.knowledge.model import Knowledge
from qrules.language import tree
from qrules.language.reader import read_text
from qrules.plugging.board import Board, NoRules
from qrules.rule_tests.trial import Trial
from qrules.rulesets import build

BOARDS = [p.read_text() for p in sorted((Path(__file__).parents[1] / "language" / "behaviours").glob("*/board.qr"))]
ODD = ('"text"', "{ 1, 2 }", "{}", "on", "1.5.2", "machine", "d", "bus", "0", "-1", "4294967295")
_OPERAND = re.compile(r'(?<![\w".-])(\d+|[a-z][a-z-]*[a-z])(?![\w".:-])')


def mutated(text: str, rng: random.Random) -> str:
    """One or two operands replaced by others of the same board or by odd ones; the tests stay as they are."""
    lines = text.split("\n")
    end = next(i for i, line in enumerate(lines) if line.startswith('test "'))
    indented = [i for i, line in enumerate(lines[:end]) if line.startswith("  ")]
    for _ in range(rng.randrange(1, 3)):
        at = rng.choice(indented)
        operands = list(_OPERAND.finditer(lines[at]))
        if operands:
            old = rng.choice(operands)
            new = rng.choice([*_OPERAND.findall(lines[rng.choice(indented)]), *rng.sample(ODD, 3)])
            lines[at] = lines[at][: old.start()] + new + lines[at][old.end() :]
    return "\n".join(lines)


@pytest.mark.parametrize("block", range(16))
def test_rules_without_sense(block: int, tmp_path: Path) -> None:
    compiled_ones = tried = 0
    for seed in range(block * 25, block * 25 + 25):
        rng = random.Random(seed)
        text = mutated(rng.choice(BOARDS), rng)
        (tmp_path / "board.qr").write_text(text)
        try:
            compiled = build.compile_rule_set(tmp_path)
        except Unusable:
            continue
        compiled_ones += 1
        (version, arch), pieces = next(iter(compiled.targets.items()))
        board = Board(Knowledge(version, arch, {"schema": [], **pieces}.__getitem__))
        for test in (t for t in read_text(text, "board.qr") if isinstance(t, tree.Test)):
            facts = board.knowledge.machine(test.machine.text)
            if facts is not None:
                try:
                    list(Trial(board, facts, test).failures())
                except NoRules:
                    continue
                tried += 1
    assert compiled_ones >= 3, "too few of these rules compile to try anything"
    assert tried >= 20, "too few of their tests were tried"
