"""On which catalogues a test is run, on rules of two versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.explain.inventory import supported
from qrules.knowledge.model import Knowledge
from qrules.machine.request import Request
from qrules.plugging.board import Board
from qrules.qemu.compare import derive
from qrules.qemu.trials import Trial
from qrules.rule_tests import run_tests
from qrules.rulesets.store import Store


def catalogue(version: str, more: str = "") -> str:
    return (
        f'catalogue "{version}" for toy\n'
        "bus-type shelf is bus\n"
        "type box is device on nothing\n"
        "type card is device on shelf\n"
        "machine-type crate is machine\n" + more
    )


@pytest.fixture
def folder(tmp_path: Path, own_cache: None) -> Path:
    (tmp_path / "toy-1.qr").write_text(catalogue("1.0"))
    (tmp_path / "toy-2.qr").write_text(catalogue("2.0", "machine-type chest is machine\n"))
    return tmp_path


def ran(folder: Path, on: str) -> list[tuple[str, bool]]:
    text = f'machine crate, chest\n  has box\nbus shelf\n  accepts card\ntest "a box"\n  on {on}\n  has 1 box\n'
    (folder / "rules.qr").write_text(text)
    return [(t.target, t.passed) for t in run_tests(folder)]


@pytest.mark.parametrize(
    ("on", "versions"),
    [
        ("crate", ["1.0", "2.0"]),
        ("chest", ["2.0"]),
        ('crate in "1.0"', ["1.0"]),
        ('crate in "1.0", "2"', ["1.0", "2.0"]),
        ("crate since 1.5", ["2.0"]),
        ("crate since 1", ["1.0", "2.0"]),
        ("crate before 2", ["1.0"]),
        ("crate for toy since 1.0 before 2.0 nodefaults", ["1.0"]),
    ],
)
def test_a_test_is_asked_of_every_version_that_it_is_about(folder: Path, on: str, versions: list[str]) -> None:
    assert ran(folder, on) == [(f"toy-{version}", True) for version in versions]


def test_a_test_of_no_catalogue_fails(folder: Path) -> None:
    assert ran(folder, "chest before 2") == [("", False)]


def test_a_list_of_what_a_bus_accepts_leaves_out_what_is_internal(tmp_path: Path, own_cache: None) -> None:
    for version, status in (("1.0", "internal "), ("2.0", "")):
        text = catalogue(version).replace("type card", f"{status}type card")
        (tmp_path / f"toy-{version}.qr").write_text(text)
    (tmp_path / "rules.qr").write_text(
        'machine crate\n  cards = kinds(card)\n  has box\ndevice box\n  provides shelf called "s"\nbus shelf\n  accepted = machine.cards\n'
    )
    own = Store(tmp_path)
    for version, expected in (("1.0", []), ("2.0", ["card"])):
        board = Board(own.knowledge(own.resolve(version, None)))
        facts = board.knowledge.machine("crate")
        assert facts is not None
        state, _ = board.build_machine(facts, Request("crate"))
        assert supported(board, state) == expected, version


def test_a_machine_that_a_catalogue_lacks_is_an_answer(knowledge: Knowledge) -> None:
    derived = derive(Board(knowledge), Trial("pc-q35-1.0", nodefaults=True, device="floppy"))
    assert (derived.verdict, derived.outcome.devices) == ("reject", (None,))
    assert "pc-q35-1.0" in derived.message
