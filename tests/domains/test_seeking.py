"""What a step seeks is found without a second look at what surely fails, and it is what a look at all of them would find."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.configs.xml_domain import read_domain
from qrules.configs.xml_tree import read_document
from qrules.domains.answer import Answer
from qrules.domains.items import Item
from qrules.domains.judging import Judge
from tests.conformance.libvirt.draws import random_domains
from tests.domains.domains import domain

RULES = """
catalogue "1.0" for shelves
profile library
element library from "."
  property name from "name" : like ".*"
  boards = count board b
element board from "board"
  property number, room : 0 .. 99
  stores "@number" = "{number}"
element book from "book"
  property size from "@size" : 0 .. 9
  property board, spot : 0 .. 99
  first-spot = 0
  claims spot(board, spot) in machine
    because "{holder} stands there"
  stores "@at" = "{board}.{spot}"
step places for book d by d.number
  seek board b by b.number with (b.room >= d.size and not (who holds spot(b.number, 9) in machine))
  seek number n in d.first-spot .. b.room with (not (who holds spot(b.number, n) in machine))
  grow board when machine.boards < 12
    number = machine.boards
    room = 2 + machine.boards % 3
  board = b.number
  spot = n
  holds spot
  full "no room"
  because "there are 12 boards"
stage define
  places
"""


@pytest.fixture(scope="module")
def libvirt() -> Judge:
    return Judge("libvirt")


def shown(found: Answer) -> list[object]:
    return [(p.kind, p.written) for p in found.devices] + [f.reason.message for f in found.findings]


def without_marks(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on each search looks at all candidates."""
    steps = {name: judge.procedures.steps[name]._replace(reads=None) for name in judge.procedures.kinds}
    monkeypatch.setattr(judge.procedures, "steps", steps)


def test_the_same_places_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shelves.qr").write_text(RULES)
    judge = Judge(str(tmp_path))
    assert judge.procedures.steps["places"].reads == ("first-spot", "size")
    books = "".join(f"<book size='{n * 7 % 5}'/>" for n in range(50))
    root = read_document(f"<library><name>x</name>{books}</library>", "library.xml").root
    with_marks = shown(judge.judge(root))
    without_marks(judge, monkeypatch)
    assert with_marks == shown(judge.judge(root))
    assert "there are 12 boards" in with_marks


def test_domains_are_the_same_too(libvirt: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = [read_domain(one.xml, "vm.xml").root for one in random_domains(7, 6)]
    with_marks = [shown(libvirt.judge(root)) for root in roots]
    without_marks(libvirt, monkeypatch)
    assert with_marks == [shown(libvirt.judge(root)) for root in roots]


@pytest.mark.parametrize("bus", ["virtio", "scsi"])
def test_the_cost_of_a_disk_does_not_grow_with_their_number(libvirt: Judge, bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    get = Item.get

    def counted(item: Item, name: str, state: object) -> object:
        nonlocal asked
        asked += 1
        return get(item, name, state)  # type: ignore[arg-type]

    monkeypatch.setattr(Item, "get", counted)
    costs = []
    for many in (50, 100, 200):
        names = (
            f"<source file='/{n}'/><target dev='{'vd' if bus == 'virtio' else 'sd'}{letters(n)}' bus='{bus}'/>"
            for n in range(many)
        )
        asked = 0
        found = libvirt.judge(read_domain(domain("".join(f"<disk type='file'>{name}</disk>\n" for name in names)), "vm.xml").root)
        assert found.verdict == "accept"
        costs.append(asked)
    assert costs[2] - costs[1] < 3.4 * (costs[1] - costs[0])  # 2 where each costs the same, 4 where the cost is the square


def letters(number: int) -> str:
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(97 + number % 26)
