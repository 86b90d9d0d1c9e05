"""Our records do what typing's named tuples do."""

from __future__ import annotations

import copy
import pickle
from typing import NamedTuple as Real

import pytest

from qrules.records import NamedTuple as Ours


class Reference(Real):
    a: int
    b: str = "b"
    c: tuple[int, ...] = ()


class Record(Ours):
    a: int
    b: str = "b"
    c: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("values", "named"),
    [((1,), {}), ((1, "x"), {}), ((1, "x", (2,)), {}), ((), {"a": 1}), ((1,), {"c": (3,)}), ((), {"c": (3,), "a": 1, "b": "y"})],
)
def test_the_same_values(values: tuple[object, ...], named: dict[str, object]) -> None:
    real, ours = Reference(*values, **named), Record(*values, **named)  # type: ignore[arg-type]
    assert tuple(real) == tuple(ours) == ours
    assert (real.a, real.b, real.c) == (ours.a, ours.b, ours.c)
    assert real._asdict() == ours._asdict()
    assert tuple(real._replace(b="z")) == tuple(ours._replace(b="z"))
    assert hash(real) == hash(ours)
    assert repr(ours) == repr(real).replace("Reference", "Record")
    assert real._fields == ours._fields
    assert pickle.loads(pickle.dumps(ours)) == copy.copy(ours) == ours


@pytest.mark.parametrize(("values", "named"), [((), {}), ((1, "x", (), 4), {}), ((1,), {"d": 2}), ((1,), {"a": 2})])
def test_what_does_not_fit_is_refused(values: tuple[object, ...], named: dict[str, object]) -> None:
    for kind in (Reference, Record):
        with pytest.raises(TypeError):
            kind(*values, **named)  # type: ignore[arg-type]


def test_replacing_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Record(1)._replace(nothing=2)  # type: ignore[call-arg]


def test_matching_by_position() -> None:
    match Record(1, "x"):
        case Record(a, b, ()):
            assert (a, b) == (1, "x")
        case _:
            pytest.fail("no match")
