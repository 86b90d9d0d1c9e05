"""Whatever refuses says what to do instead: every rule, claim, address, domain, need and refusal of the engine."""

from __future__ import annotations

import pytest

from qrules.linked.expressions import sounds_open, with_articles
from qrules.rulesets.store import Entry, open_store


@pytest.mark.parametrize("target", open_store().targets(), ids=lambda t: f"{t.version}-{t.arch}")
def test_every_refusal_has_an_advice(target: Entry) -> None:
    knowledge = open_store().knowledge(target)
    notes = [knowledge.note(number) for number in range(len(knowledge.piece("notes")["entries"]))]
    refusing = [note for note in notes if note.words or note.profile]
    assert len(refusing) > 300
    assert [f"{n.file}:{n.line} {n.name}" for n in refusing if n.instead is None] == []


@pytest.mark.parametrize(
    ("word", "open_sound"),
    [
        *(("IDE", True), ("ISA", True), ("HDA", True), ("e1000", True), ("i2c-bus", True), ("NVMe", True), ("8042", True)),
        *(("PCIE", False), ("usb-bus", False), ("UFS", False), ("virtio-bus", False), ("USB", False)),
    ],
)
def test_articles_follow_what_is_said(word: str, open_sound: bool) -> None:
    assert sounds_open(word) is open_sound
    assert "".join(with_articles(["it is a ", word, " bus"])) == f"it is {'an' if open_sound else 'a'} {word} bus"


def test_only_an_article_before_a_hole_follows_it() -> None:
    assert "".join(with_articles(["a ", "IDE", " or aha ", "IDE"])) == "an IDE or aha IDE"
