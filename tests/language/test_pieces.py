"""A text that is being written: the same errors as reading it whole, from the statements that changed."""

from __future__ import annotations

import dataclasses
import random

import pytest

from qrules.diagnostics import Span, Unusable
from qrules.language import reader
from qrules.language.next_words import next_words
from qrules.language.pieces import Pieces
from qrules.paths import rules_folder


def starts(node: object) -> object:
    """A tree with the beginnings of its spans alone: where a statement ends depends on the blank lines behind it."""
    if isinstance(node, Span):
        return node.line, node.column
    if isinstance(node, tuple):
        return tuple(map(starts, node))
    if dataclasses.is_dataclass(node):
        return (type(node).__name__, *(starts(getattr(node, f.name)) for f in dataclasses.fields(node)))
    return node


TEXT = (rules_folder() / "common" / "floppy.qr").read_text(encoding="utf-8")


def whole(text: str) -> list[str]:
    try:
        reader.read_text(text, "f")
    except Unusable as error:
        return [f"{d.span}: {d.message}" for d in error.diagnostics]
    return []


def test_errors_are_those_of_the_whole() -> None:
    pieces, random_ = Pieces("f"), random.Random(1)
    wrong = 0
    for _ in range(25):
        at = random_.randrange(len(TEXT))
        text = TEXT[:at] + random_.choice(["(", '"', " x y ", "\n", "= =", "", "\t"]) + TEXT[at + random_.randrange(3) :]
        found = [f"{d.span}: {d.message}" for d in pieces.problems(text)]
        assert found == whole(text)
        wrong += bool(found)
    assert 5 < wrong < 25  # both sorts were asked


def test_statements_are_those_of_the_whole_and_only_what_changed_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = Pieces("f")
    assert starts(pieces.statements(TEXT)) == starts(reader.read_text(TEXT, "f"))
    read: list[str] = []
    errors_of = reader.errors_of
    monkeypatch.setattr(reader, "errors_of", lambda piece, *more: read.append(piece) or errors_of(piece, *more))
    changed = TEXT.replace("device ", "device  ", 1)
    assert pieces.problems(changed) == []
    assert len(read) == 1
    assert starts(pieces.statements("\n" + changed)) == starts(reader.read_text("\n" + changed, "f"))


def test_a_text_that_was_read_whole_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = Pieces("f")
    pieces.sound(TEXT)
    monkeypatch.setattr(reader, "errors_of", lambda *_: pytest.fail("it was read"))
    assert pieces.problems(TEXT) == []


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("", {"device", "rule", "machine"}, False),
        ("device a\n  ", {"claims", "rule", "property"}, True),
        ("device a\n  rule b\n    ", {"forbid", "require", "when"}, False),
        ("device a\n  rule b\n    forbid d is ", {"not"}, True),
        ("device a\n  creates b\n", {"device"}, False),
        ("device a )\n  ", set(), False),
    ],
)
def test_next_words(text: str, words: set[str], name: bool) -> None:
    found, may_name = next_words(text)
    assert words <= set(found)
    assert may_name == name
    assert bool(words) == bool(found)
