"""Records that a binary does not describe: another version's, tried on a made-up binary that reads JSON as QAPI does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from qrules.qemu import undescribed
from qrules.qemu.process import Outcome
from qrules.qemu.schema_facts import Case, Member, Part, Record

SHIPPED = """\
schema "2.0" for toy
option "-audiodev" is audiodev

record audiodev by driver
  needs id : str
  needs driver
  takes period : uint32
  takes gone : str
  case none, new
    takes in : audiodev-in
  case drum
    takes beats : list of uint16
    needs skin : one of "calf", "plastic"
  case theremin
    takes hands : bool

record audiodev-in
  takes rate : uint32
  takes format : one of "u8", "f64"
  takes echo : bool
"""
# What the binary knows: types of members, words, and cases.
KNOWN: dict[str, Any] = {
    "id": "string", "period": "uint64", "driver": {"none": {"in": {"rate": "uint64", "format": ("u8",)}}, "drum": {
        "beats": ["uint64"], "skin": ("calf", "plastic"),
    }},
}  # fmt: skip
EXPECTED = (
    Record(
        "audiodev",
        "driver",
        (Member("id", True, (Part(0, "str"),)), Member("driver", True, ()), Member("period", False, (Part(0, "int"),))),
        (
            Case(("none",), "", (Member("in", False, (Part(0, "audiodev-in"),)),)),
            Case(
                ("drum",),
                "",
                (Member("beats", False, (Part(1, "int"),)), Member("skin", True, (Part(0, "", ("calf", "plastic")),))),
            ),
        ),
    ),
    Record("audiodev-in", "", (Member("rate", False, (Part(0, "int"),)), Member("format", False, (Part(0, "", ("u8",)),))), ()),
)


def complaints(value: Any, known: dict[str, Any], path: str) -> Iterator[str]:
    """What QAPI's visitor says, in its order."""
    if not isinstance(value, dict):
        yield f"Invalid parameter type for '{path[:-1]}', expected: object"
        return
    known = dict(known)
    cases = known.pop("driver", None)
    if cases is not None:
        if value.get("driver") not in cases:
            yield f"Parameter 'driver' does not accept value '{value.get('driver')}'"
            return
        known |= cases[value["driver"]]
    for name, type_ in known.items():
        if name in value:
            yield from against(value[name], type_, f"{path}{name}")
    yield from (f"Parameter '{path}{name}' is unexpected" for name in value if name not in known and name != "driver")


def against(value: Any, type_: Any, path: str) -> Iterator[str]:
    if isinstance(type_, dict):
        yield from complaints(value, type_, f"{path}.")
    elif isinstance(type_, list):
        if not isinstance(value, list):
            yield f"Invalid parameter type for '{path}', expected: array"
    elif isinstance(type_, tuple):
        if not isinstance(value, str):
            yield f"Invalid parameter type for '{path}', expected: string"
        elif value not in type_:
            yield f"Parameter '{path.rpartition('.')[2]}' does not accept value '{value}'"
    elif type_ == "uint64" and not isinstance(value, int):
        yield f"Parameter '{path}' expects uint64"
    elif type_ == "string" and not isinstance(value, str):
        yield f"Invalid parameter type for '{path}', expected: string"


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    def attempt(binary: str, argv: Sequence[str], timeout: float) -> Outcome:
        assert argv[-2] == "-audiodev"
        return Outcome(False, next(complaints(json.loads(argv[-1]), KNOWN, "")), 1, False, False)

    monkeypatch.setattr(undescribed, "attempt", attempt)


def test_what_the_binary_takes_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "qapi.qr").write_text(SHIPPED)
    assert undescribed.confirmed("toy", [], tmp_path, 1) == EXPECTED


def test_what_is_described_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "qapi.qr").write_text(SHIPPED)
    assert undescribed.confirmed("toy", [Record("audiodev", "", (), ())], tmp_path, 1) == ()
    assert undescribed.confirmed("toy", [], tmp_path / "nowhere", 1) == ()
