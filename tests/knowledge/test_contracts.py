"""What the compiler and the engine have to agree on, though neither imports the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.knowledge import model, scopes, slots
from qrules.knowledge.words import REFUSALS
from qrules.linked.clauses import CompiledPart
from qrules.linked.rules import CompiledClaim, CompiledRule
from qrules.machine import entities, frames, points
from qrules.paths import PACKAGE

CODES = re.compile(r'"(QR[123456]\d\d)"')


def test_no_slot_means_two_things() -> None:
    fixed = [slots.STATE, slots.SELF, *slots.VARIABLES, *slots.CONTEXT.values()]
    assert sorted(fixed) == list(range(slots.SLOTS))
    assert (slots.VARIABLES[0], slots.VARIABLES[1]) == (slots.SUBJECT, slots.FIRST_FREE)
    assert len(frames.new_frame(None, None)) == slots.SLOTS


def test_the_engine_has_every_attribute_that_is_built_in() -> None:
    tables = {
        "device": entities.DEVICE_BUILT_IN,
        "bus": entities.BUS_BUILT_IN,
        "point": points.POINT_BUILT_IN,
        "machine": entities.MACHINE_BUILT_IN,
    }
    assert {group: set(scopes.BUILT_IN[group]) for group in tables} == {name: set(table) for name, table in tables.items()}
    given = "".join(path.read_text() for path in (Path(PACKAGE) / "domains").glob("*.py"))  # to documents and their elements
    of_documents = [name for group in scopes.BUILT_IN.keys() - tables.keys() for name in scopes.BUILT_IN[group]]
    assert [name for name in of_documents if f'"{name}"' not in given] == []


NESTED = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
machine-type shelf is machine
profile run
term many({arguments}) means {first} = 1
device card
  x = 1 when {condition} else 2
machine shelf
  provides wide called "root"
"""


@pytest.mark.parametrize("deep", [len(slots.VARIABLES) - 1, len(slots.VARIABLES)])
def test_more_variables_than_slots_are_an_error(make_board: Callable[[str], object], deep: int) -> None:
    condition = "v0 = 1"
    for n in reversed(range(deep)):
        condition = f"some number v{n} in 0 .. 1 with ({condition})"
    text = NESTED.format(arguments="t0", first="t0", condition=condition)
    if deep < len(slots.VARIABLES):
        make_board(text)
        return
    with pytest.raises(Unusable, match="too many variables") as raised:
        make_board(text)
    assert [d.code for d in raised.value.diagnostics] == ["QR229"]


def test_a_term_of_more_variables_than_slots_is_an_error(make_board: Callable[[str], object]) -> None:
    for number in (len(slots.VARIABLES), len(slots.VARIABLES) + 1):
        names = ", ".join(f"t{n}" for n in range(number))
        text = NESTED.format(arguments=names, first="t0", condition=f"many({', '.join('1' for _ in range(number))})")
        if number == len(slots.VARIABLES):
            make_board(text)
            continue
        with pytest.raises(Unusable, match="too many variables"):
            make_board(text)


def test_compiled_clauses_are_read_as_they_are_laid_out() -> None:
    assert CompiledPart._fields == model.PART
    assert CompiledRule._fields == model.RULE
    assert CompiledClaim._fields == model.CLAIM


def test_every_refusal_of_the_engine_can_be_worded() -> None:
    text = "\n".join(
        p.read_text()
        for p in sorted(Path(PACKAGE).rglob("*.py"))
        if p.parts[-2] in ("machine", "linked", "plugging", "plans", "explain", "configs")
    )
    refused = set(re.findall(r'refuse\(\s*"([a-z-]+)"', text)) | set(re.findall(r'refusal_note\(\s*"([a-z-]+)"', text))
    assert refused - set(REFUSALS) == set()
    assert [name for name in REFUSALS if f'"{name}"' not in text] == []


def test_every_code_of_rule_files_is_in_the_reference() -> None:
    folders = ("language", "knowledge", "rulesets")
    text = "\n".join(p.read_text() for f in folders for p in sorted((Path(PACKAGE) / f).glob("*.py")))
    page = (Path(PACKAGE).parent / "docs" / "language.md").read_text()
    spans = re.findall(r"(QR\d\d\d) - QR(\d\d\d)", page)
    listed = set(re.findall(r"QR\d\d\d", page)) | {f"QR{n}" for a, b in spans for n in range(int(a[2:]), int(b) + 1)}
    assert {c for c in CODES.findall(text) if not c.startswith("QR4")} - listed == set()
