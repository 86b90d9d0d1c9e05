"""Compiled clauses have the forms that `qrules.knowledge.model` names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from qrules.knowledge import model
from qrules.knowledge.forms import laid
from qrules.knowledge.model import Knowledge

FORMS = {
    "accepts": model.ACCEPTS,
    "assumes": model.UNKNOWN,
    "becomes": model.BECOMES,
    "claims": model.CLAIM,
    "creates": model.PART,
    "fills": model.FILLS,
    "needs": model.NEED,
    "parts": model.PART,
    "points": model.POINTS,
    "provides": model.PROVIDES,
    "rules": model.RULE,
    "suppresses": model.SUPPRESSES,
    "unknown": model.UNKNOWN,
    "whole-rules": model.RULE,
}


def described(knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """All that is said of each kind and machine family."""
    yield from knowledge.shared["kinds"].values()
    families = {facts.family for name in knowledge.machine_names() if (facts := knowledge.machine(name)) is not None}
    yield from (knowledge.family(index) for index in sorted(f for f in families if f is not None))


def test_parts_stand_in_the_order_of_the_form() -> None:
    assert laid(model.ATTRIBUTE, note=7, value="x") == ["x", 7]
    with pytest.raises(AssertionError, match="value, note"):
        laid(model.ATTRIBUTE, value="x")
    with pytest.raises(AssertionError, match="more"):
        laid(model.ATTRIBUTE, value="x", note=7, more=1)


def test_every_clause_has_its_form_and_a_note_that_is_there(knowledge: Knowledge) -> None:
    notes = len(knowledge.piece("notes")["entries"])
    met: set[str] = set()
    for of in described(knowledge):
        for what, form in FORMS.items():
            for clause in of.get(what, ()):
                met.add(what)
                assert len(clause) == len(form), what
                if "note" in form:
                    note = clause[form.index("note")]
                    assert type(note) is int, what
                    assert 0 <= note < notes, what
        for dimension in (of.get("addressed") or [()] * len(model.ADDRESSED))[model.ADDRESSED.index("dimensions")]:
            assert len(dimension) == len(model.DIMENSION)
            assert isinstance(dimension[model.DIMENSION.index("worded")], bool)
    assert met >= {"claims", "creates", "fills", "parts", "provides", "rules", "suppresses", "becomes", "points"}


def test_dimensions_are_found_in_all_schemes(knowledge: Knowledge) -> None:
    named = {d[0] for of in described(knowledge) if of.get("addressed") for d in of["addressed"][6]}
    assert knowledge.dimensions == named
    assert len(named) > 3
