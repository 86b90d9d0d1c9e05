"""Steps, stages and rehearsals, on a made-up document: shelves that grow boards where there is no room."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.configs.xml_tree import read_document
from qrules.domains.answer import Answer
from qrules.domains.judging import Judge

RULES = """
catalogue "1.0" for shelves
profile library
element library from "."
  property name from "name" : like ".*"
element board from "board"
  property number, size : 0 .. 9
  property lasting : one of "on", "off"
  stores "@number" = "{number}"
element book from "book"
  property place from "@place" : 0 .. 9
    outside "no place {text}"
    because "a board has places up to 9"
  property board, spot : 0 .. 9
  claims spot(board, spot) in machine
    held "spot {spot} is taken"
    because "{holder} stands there"
  stores "@spot" = "{board}.{spot}"
  passes over "note"
step first-board for library m when no board b
  add board
    number = 0
    lasting = on
step boards-of-books for book d by d.place
  seek board b by b.number with (b.number >= 0)
  seek number n in 0 .. 1 with (not (who holds spot(b.number, n) in machine))
  grow board when count board b < 3
    number = count board b
    lasting = on
  board = b.number
  spot = n
  holds spot
  full "no room"
  because "three boards hold six books"
stage define
  first-board
  rehearse boards-of-books
  boards-of-books
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    folder: Path = tmp_path_factory.mktemp("shelves")
    (folder / "shelves.qr").write_text(RULES)
    return Judge(str(folder))


def answer(judge: Judge, *books: str) -> Answer:
    text = "<library><name>x</name>" + "".join(books) + "</library>"
    return judge.judge(read_document(text, "library.xml").root)


def spots(found: Answer) -> list[str]:
    return [d.written["@spot"] for d in found.devices if d.kind == "book"]


def test_the_first_place_that_fits_in_the_order_of_the_step(judge: Judge) -> None:
    assert spots(answer(judge, "<book place='5'/>", "<book place='2'/>")) == ["0.1", "0.0"]


def test_what_is_lacking_grows_in_the_rehearsal_and_stays(judge: Judge) -> None:
    found = answer(judge, *("<book/>",) * 5)
    assert [d.values["number"] for d in found.devices if d.kind == "board"] == [0, 1, 2]
    assert sorted(spots(found)) == ["0.0", "0.1", "1.0", "1.1", "2.0"]


def test_where_nothing_grows_any_more_it_is_refused_and_the_others_stand(judge: Judge) -> None:
    found = answer(judge, *("<book/>",) * 7)
    assert [f.reason.emulator_message for f in found.findings] == ["no room"]
    assert found.findings[0].element is not None
    assert len([d for d in found.devices if d.kind == "book" and "spot" in d.values]) == 6


def test_a_value_outside_its_range_and_what_nobody_reads(judge: Judge) -> None:
    found = answer(judge, "<book place='77'><note/><colour/></book>")
    assert [f.reason.emulator_message for f in found.findings] == ["no place 77"]
    assert [u.element.name for u in found.unchecked] == ["colour"]
