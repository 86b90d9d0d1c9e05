"""The buses and built-in devices of PCs: IDs, kinds, what they hang on, their order, the addresses that are taken."""

from __future__ import annotations

import pytest

from qrules.knowledge.model import Knowledge
from qrules.plugging.board import Board
from qrules.qemu.trials import Scope, Trial, machines, trials
from tests.conformance.conftest import Try, told

pytestmark = pytest.mark.qemu

PCS = Scope(machines=("pc-*",))
NEWEST = Scope(machines=("pc", "q35"))
SEED = 20260807  # drawn after the rules were written


def named(knowledge: Knowledge, scope: Scope) -> list[str]:
    return [facts.name for facts in machines(knowledge, scope)]


def test_every_version(tried: Try, board_of: Board) -> None:
    names = named(board_of.knowledge, PCS)
    assert len(names) > 30
    options: tuple[tuple[tuple[str, str], ...], ...] = ((), (("usb", "on"),), (("usb", "off"),))
    results = tried(Trial(name, plain, chosen) for name in names for plain in (False, True) for chosen in options)
    assert told(results) == []
    assert {(c.rules, c.binary, c.verdict) for c in results} == {("accept", "accept", "same")}


def test_every_option(tried: Try, board_of: Board) -> None:
    knowledge = board_of.knowledge
    results = tried(trial for facts in machines(knowledge, NEWEST) for trial in trials(knowledge, facts, NEWEST))
    assert told(results) == []
    assert {c.verdict for c in results} == {"same"}
    tried_options = {name for c in results for name, _ in c.trial.options}
    assert {"usb", "sata", "smbus", "i8042", "pit", "pic", "hpet", "acpi", "vmport", "smm", "nvdimm", "cxl"} <= tried_options


def test_a_hundred_combinations(tried: Try, board_of: Board) -> None:
    knowledge = board_of.knowledge
    scope = NEWEST._replace(options=False, combinations=50, seed=SEED)
    results = tried(t for facts in machines(knowledge, scope) for t in trials(knowledge, facts, scope) if len(t.options) > 1)
    assert len(results) == 100
    assert told(results) == []
