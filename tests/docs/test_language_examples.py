"""Every example of docs/language.md reads, compiles and passes its tests; every mistake gives the text that is shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from qrules.diagnostics import Unusable
from qrules.report.diagnostics import render
from qrules.rule_tests import run_tests
from qrules.rulesets import build
from qrules.visible import shown

pytestmark = pytest.mark.usefixtures("own_cache")
PAGE = Path(__file__).parents[2] / "docs" / "language.md"
_BLOCK = re.compile(r"^```(qr|qr-error|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    line: int
    text: str


class Mistake(NamedTuple):
    line: int
    text: str
    shown: str


def _examples() -> tuple[list[Example], list[Mistake]]:
    """Mistakes are added to the first example of the page: a block of a few lines needs a catalogue to speak of."""
    page = PAGE.read_text()
    good: list[Example] = []
    bad: list[Mistake] = []
    blocks = [(page.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in _BLOCK.finditer(page)]
    for (line, kind, text), following in zip(blocks, [*blocks[1:], (0, "", "")], strict=True):
        if kind == "qr":
            good.append(Example(line, text))
        elif kind == "qr-error":
            bad.append(Mistake(line, good[0].text.split("\ntest ")[0] + "\n" + text, following[2]))
    return good, bad


EXAMPLES, MISTAKES = _examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"line {e.line}")
def test_example(example: Example, tmp_path: Path) -> None:
    (tmp_path / "example.qr").write_text(example.text)
    assert [t for t in run_tests(tmp_path) if not t.passed] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda e: f"line {e.line}")
def test_mistake(mistake: Mistake, tmp_path: Path) -> None:
    (tmp_path / "example.qr").write_text(mistake.text)
    with pytest.raises(Unusable) as caught:
        build.compile_rule_set(tmp_path)
    assert shown(render(caught.value.diagnostics)).replace(f"{tmp_path}/", "") == mistake.shown.rstrip("\n")
