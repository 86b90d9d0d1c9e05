"""What is told of all rules in one go is what is told of each."""

from __future__ import annotations

from qrules.explain.describing import tests_by_rule as by_rule
from qrules.explain.describing import tests_of as of_rule
from qrules.explain.messages import Phrases
from qrules.rulesets.store import open_store


def test_tests_by_rule_are_those_of_each_rule() -> None:
    found = by_rule()
    assert len(found) > 100
    for rule in (*list(found)[::60], "no-such-rule"):
        assert found.get(rule, []) == list(of_rule(rule)), rule


def test_rules_by_name_are_those_that_are_named() -> None:
    store = open_store()
    phrases = Phrases(store.knowledge(store.resolve(None, "riscv64")))
    found = phrases.by_name()
    assert len(found) > 300
    for name in list(found)[::100]:
        meanings, said = found[name]
        assert meanings == phrases.named(name)
        assert {m.template for m in meanings if m.template} <= set(said), name
