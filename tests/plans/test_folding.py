"""Folding changes no value: an expression and what is left of it say the same wherever what was called certain holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.linked.expressions import build
from qrules.machine.frames import SLOTS, SUBJECT
from qrules.plans.folding import UNSURE, Certain, Scope, fold, invariant

KNOWN, OPEN = 5, 6  # a slot whose value is certain, and one of which nothing is

_leaves = st.sampled_from([None, True, False, 0, 1, 7, "on", "a", ["var", KNOWN], ["var", OPEN], ["version", [2, 4]]])
_of_two = ("=", "!=", "<", "<=", ">", ">=", "in", "meets", "else", "+", "-", "*", "/", "%", "range", "min", "max", "set")
_of_one = ("holds", "negative", "lower", "hex", "bytes")
_CONDITIONS = frozenset(("=", "!=", "<", "<=", ">", ">=", "in", "meets", "and", "or", "not", "holds", "apply", "is", "given"))


def _condition(expr: Any) -> Any:
    """What the resolver makes of an expression where a condition is asked for."""
    return expr if isinstance(expr, bool) or (isinstance(expr, list) and expr[0] in _CONDITIONS) else ["holds", expr]


def _inner(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    conditions = parts.map(_condition)
    return st.one_of(
        st.tuples(st.sampled_from(_of_two), parts, parts).map(list),
        st.tuples(st.sampled_from(("and", "or")), conditions, conditions).map(list),
        st.tuples(st.just("and"), conditions, conditions, conditions).map(list),
        st.tuples(st.just("not"), conditions).map(list),
        st.tuples(st.sampled_from(_of_one), parts).map(list),
        st.tuples(st.just("when"), parts, conditions, parts).map(list),
        st.tuples(st.just("template"), st.just("x"), st.tuples(parts, st.just("")).map(list)).map(list),
        st.tuples(st.just("apply"), st.tuples(parts).map(list), st.just(["holds", ["var", SUBJECT]])).map(list),
        st.tuples(st.sampled_from(("is", "given", "attr")), parts, st.just("a")).map(list),
    )


expressions = st.recursive(_leaves, _inner, max_leaves=12)
values = st.sampled_from([None, True, False, 0, 1, 7, "on", "a", (2, 4), (1,)])


@given(expressions, values, values)
def test_a_folded_expression_has_the_same_value(expr: Any, certain: Any, other: Any) -> None:
    """The value itself: claims, ranges and attributes are folded too. True is not 1 here."""
    frame: list[Any] = [None] * SLOTS
    frame[KNOWN], frame[OPEN] = certain, other
    left = fold(expr, Scope(Certain(), {}, {KNOWN: certain}))
    assert repr(build(left)(list(frame))) == repr(build(expr)(list(frame))), left


@pytest.mark.parametrize("op", [*_of_two, *_of_one])
def test_what_is_certain_altogether_is_computed(op: str) -> None:
    expr = [op, ["var", KNOWN], *([3] if op in _of_two else [])]
    assert not isinstance(fold(expr, Scope(Certain(), {}, {KNOWN: 7})), list)


class _Thing(Certain):
    kinds = frozenset(("thing", "entity"))

    def attribute(self, name: str) -> Any:
        return {"size": 3, "nothing": None}.get(name, UNSURE)

    def given(self, name: str) -> bool | None:
        return True if name == "size" else None

    def invariant(self, name: str) -> bool:
        return name == "colour"


SCOPE = Scope(Certain(), {SUBJECT: _Thing()})
THING = ["var", SUBJECT]


def test_what_is_certain_of_an_entity_is_no_question() -> None:
    assert fold(["is", THING, "thing"], SCOPE) is True
    assert fold(["is", THING, "bus"], SCOPE) is False
    assert fold([">", ["attr", THING, "size"], 2], SCOPE) is True
    assert fold(["attr", ["attr", THING, "nothing"], "size"], SCOPE) is None
    assert fold(["given", THING, "size"], SCOPE) is True
    assert fold(["in", THING, ["set", "bus", "entity"]], SCOPE) is True


def test_what_only_the_state_knows_is_left() -> None:
    asked = ["=", ["attr", THING, "colour"], "red"]
    assert fold(["and", ["is", THING, "thing"], asked], SCOPE) == asked
    assert fold(["or", ["is", THING, "bus"], asked], SCOPE) == asked
    assert fold(["and", asked, ["is", THING, "bus"]], SCOPE) is False
    assert fold(["given", THING, "colour"], SCOPE) == ["given", THING, "colour"]


def test_a_variable_of_a_search_is_no_longer_what_it_was_outside() -> None:
    inside = ["is", THING, "thing"]
    assert fold(["some", "device", SUBJECT, None, inside], SCOPE) == ["some", "device", SUBJECT, None, inside]
    assert fold(["some", "device", 7, None, ["is", THING, "bus"]], SCOPE) is False
    assert fold(["no", "device", 7, None, ["is", THING, "bus"]], SCOPE) is True


def test_invariant_is_what_looks_at_nothing_that_changes() -> None:
    assert invariant(["not", ["attr", THING, "colour"]], SCOPE)
    assert not invariant(["attr", THING, "place"], SCOPE)
    assert not invariant(["holder", "pool", THING, 1], SCOPE)
    assert not invariant(["some", "device", 7, None, True], SCOPE)
