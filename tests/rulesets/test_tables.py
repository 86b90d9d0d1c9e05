"""Tables of compiled pieces: what was written is what is read, each row once, and nothing that is not asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.diagnostics import Unusable
from qrules.rulesets import tables
from qrules.rulesets.tables import Table

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def large(value: Any) -> dict[str, Any]:
    return {f"row {n}": [n, value] for n in range(200)}


@given(VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    for piece in (value, {"a": value, "b": large(value), "": large(1)}, large(value)):
        assert tables.read(tables.written(piece)) == piece


def test_a_row_is_decoded_once_and_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    piece = tables.read(tables.written({"kinds": large("x"), "few": {"a": 1}}))
    assert type(piece["kinds"]) is Table
    assert piece["few"] == {"a": 1}
    decoded: list[str] = []
    real = tables.decoded
    monkeypatch.setattr(tables, "decoded", lambda raw: decoded.append(raw) or real(raw))
    assert piece["kinds"]["row 7"] is piece["kinds"]["row 7"]
    assert "row 8" in piece["kinds"]
    assert piece["kinds"].get("row 200", "none") == "none"
    assert decoded == [b'[7,"x"]']


def test_a_damaged_row_is_said() -> None:
    raw = tables.written(large("x")).replace(b'[7,"x"]', b'[7,"x",')
    piece = tables.read(raw)
    assert piece["row 6"] == [6, "x"]
    with pytest.raises(Unusable, match="damaged"):
        piece["row 7"]
