"""Files that a user names and that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.cli import inputs
from qrules.diagnostics import Unusable


@pytest.mark.parametrize("name", ["gone", ".", "a\0b", "\ud800", "n" * 300, "/" * 5_000])
def test_a_file_that_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unusable) as told:
        inputs.raw(f"{tmp_path}/{name}")
    assert [d.code for d in told.value.diagnostics] == ["QR432"]
