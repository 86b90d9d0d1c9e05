"""Sentences of rules as patterns."""

from __future__ import annotations

import pytest

from qrules.knowledge.phrases import alternatives, attribute_texts, cases, name, phrases
from qrules.language import tree
from qrules.language.reader import read_text


def sentence(text: str) -> tree.Expr:
    (statement,) = read_text(f"refusal no-bus : run\n  because {text}\n", "board.qr")
    assert isinstance(statement, tree.Refusal)
    assert statement.notes.because is not None
    return statement.notes.because


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ('"no bus"', [["no bus"]]),
        ('"slot {d.slot:x} of {bus}"', [["slot ", ["slot"], " of ", ["bus"]]]),
        ('"{d}"', [[["d"]]]),
        ('"a" + "b" + "{n}"', [["ab", ["n"]]]),
        ('"one" when n = 1 else "many"', [["one"], ["many"]]),
        ('"a" when n = 1 else "b" when n = 2 else "c"', [["a"], ["b"], ["c"]]),
        ('"a" when n = 1', [["a"]]),
        ('words else "none"', [[["words"]], ["none"]]),
        ("1 + 2", []),
    ],
)
def test_what_an_expression_can_give(text: str, patterns: list[object]) -> None:
    assert alternatives(sentence(text)) == patterns


def test_alternatives_have_an_end() -> None:
    choice = '("a" when n = 1 else "b")'
    assert len(alternatives(sentence(" + ".join([choice] * 3)))) == 8
    assert len(alternatives(sentence(" + ".join([choice] * 9)))) == 16


def test_each_case_with_what_has_to_hold() -> None:
    found = cases(sentence('"a" when n = 1 and holder is device else "b" when d.port = 2 else "c"'))
    assert found == [[["a"], [["n", "1"], ["holder"]]], [["b"], [["port", "2"]]], [["c"], []]]


def test_texts_of_attributes_stand_for_their_names() -> None:
    statements = read_text('machine shelf\n  words = "it is a shelf"\n  short = "abc"\n  size = 3\n', "board.qr")
    texts = attribute_texts(statements)
    assert list(texts) == ["words"]  # three letters are too few to be known again
    assert alternatives(sentence("machine.words"), texts) == [["it is a shelf"]]
    assert alternatives(sentence("machine.short"), texts) == [[["machine.short"]]]


def test_only_sentences_with_text_are_looked_for() -> None:
    (statement,) = read_text('refusal no-bus : run\n  says "{d.id} is full"\n  held "{n}: {d}"\n', "board.qr")
    assert isinstance(statement, tree.Refusal)
    assert phrases(statement.notes, {}) == {"says": [["says", [["id"], " is full"]]], "because": [], "instead": []}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("d.bus.id", "bus.id"),
        ("e.slot", "e.slot"),
        ("d", "d"),
        ("n + 1", "n + 1"),
        ("hex(d.slot)", "slot"),
        ("count card c", "how many"),
    ],
)
def test_holes_are_named_as_they_are_written(text: str, short: str) -> None:
    assert name(sentence(text)) == short
