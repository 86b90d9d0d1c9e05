"""Each finding has a page, and the pages' examples do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qrules.explain.codes import CODES
from qrules.linting.judging import lint

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"```qr\n(.*?)```", re.DOTALL)
PAGES = sorted((DOCS / "lint").glob("*.md"))
(BOARD,) = FENCE.findall((DOCS / "lint.md").read_text(encoding="utf-8"))
INCOMPLETE = ("QR604",)  # of a small board, whatever the example


def codes(folder: Path, text: str) -> list[str]:
    (folder / "board.qr").write_text(BOARD + text, encoding="utf-8")
    return [f.code for f in lint(folder).findings]


def test_every_code_has_a_page_and_a_row() -> None:
    known = sorted(code for code in CODES if code.startswith("QR6"))
    assert [page.stem for page in PAGES] == known
    overview = (DOCS / "lint.md").read_text(encoding="utf-8")
    for page in PAGES:
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix(f"# {page.stem}: ")
        assert f"| [{page.stem}](lint/{page.stem}.md) | {title} |" in overview


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_avoid_is_found_and_prefer_is_not(page: Path, tmp_path: Path) -> None:
    avoid, prefer = FENCE.findall(page.read_text(encoding="utf-8"))
    found, left = codes(tmp_path, avoid), codes(tmp_path, prefer)
    assert found.count(page.stem) == left.count(page.stem) + 1
    assert {*found} - {*INCOMPLETE} <= {page.stem}
    assert {*left} <= {*INCOMPLETE}
