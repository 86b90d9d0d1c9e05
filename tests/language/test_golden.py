"""Every message about a rule file, as it is shown. ``pytest --bless`` writes the expected texts anew; read them then."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.report.diagnostics import render
from qrules.rulesets import build
from qrules.visible import shown

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(GOLDEN.glob("*.qr"))


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_diagnostics(case: Path, tmp_path: Path, bless: bool) -> None:
    (tmp_path / "board.qr").write_text(case.read_text())
    with pytest.raises(Unusable) as caught:
        build.compile_rule_set(tmp_path)
    came = shown(render(caught.value.diagnostics)).replace(f"{tmp_path}/", "") + "\n"
    expected = case.with_suffix(".txt")
    if bless:
        expected.write_text(came)
    assert came == expected.read_text()


def test_colour_paints_and_changes_no_text(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text((GOLDEN / "names.qr").read_text())
    with pytest.raises(Unusable) as caught:
        build.compile_rule_set(tmp_path)
    painted = shown(render(caught.value.diagnostics, colour=True))
    assert "\033[1;31merror QR202\033[0m" in painted
    import re

    assert re.sub(r"\033\[[\d;]*m", "", painted) == shown(render(caught.value.diagnostics))
