"""Rules of machines that are passed over where nothing is written that they read: all of them would have held."""

from __future__ import annotations

import contextlib

import pytest

from qrules.configs.argv import read
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.linked.families import Family
from qrules.paths import rules_folder
from qrules.plugging.board import Board
from qrules.rule_tests.command_line import CannotBeAsked, command_line
from qrules.rule_tests.run import collect
from qrules.rulesets.store import Store


def lines(knowledge: Knowledge) -> list[list[str]]:
    """The command lines of all rule tests, and every machine as it comes."""
    found = [["-M", name] for name in knowledge.machine_names()]
    for test in collect(rules_folder()):
        with contextlib.suppress(CannotBeAsked):
            found.append(command_line(knowledge, test))
    return found


@pytest.mark.parametrize("arch", ["x86_64", "aarch64"])
def test_nothing_is_passed_over_that_would_speak(store: Store, arch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge = store.knowledge(store.resolve("10.0", arch))
    asked = lines(knowledge)
    answers = [answer(knowledge, words) for words in asked]
    monkeypatch.setattr(Family, "asked", lambda self, phase, written: self.rules(phase))
    for words, before in zip(asked, answers, strict=True):
        assert answer(knowledge, words) == before, words


def answer(knowledge: Knowledge, words: list[str]) -> object:
    try:
        found = judge(Board(knowledge), read(words, knowledge))
    except Unusable as error:
        return [d.code for d in error.diagnostics]
    return found.verdict, [(r.rule, r.message, r.emulator_message) for r in found.reasons]


def test_most_rules_of_machines_await_something(knowledge: Knowledge) -> None:
    family = Board(knowledge).family(known(knowledge, "q35"))
    rules = family.rules("type", "pre-plug", None)
    bare = [rule for phase in ("type", "pre-plug", None) for rule in family.asked(phase, frozenset())]
    assert len(bare) < len(rules) / 4
    awaiting = {knowledge.note(rule.note).name: rule.awaits for rule in rules}
    assert awaiting["arguments-with-kernel"] == {"initrd-file", "kernel-arguments", "kernel-file"}


def known(knowledge: Knowledge, name: str) -> MachineFacts:
    found = knowledge.machine(name)
    assert found is not None
    return found
