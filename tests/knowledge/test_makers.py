"""Which types make a bus: laid out at compile time, compared with what the plans of the types themselves say."""

from __future__ import annotations

import pytest

from qrules.knowledge.model import Knowledge
from qrules.rulesets.store import Store


@pytest.fixture(scope="module", params=["x86_64", "s390x"])
def knowledge(store: Store, request: pytest.FixtureRequest) -> Knowledge:
    return store.knowledge(store.resolve("10.0", request.param))


def provided(knowledge: Knowledge, name: str) -> set[str]:
    """All kinds of bus that a type provides by its own clauses and its ancestors'."""
    line = tuple(knowledge.line_of(name))
    buses = (raw[0] for raw in knowledge.clauses(line, "provides"))
    return {kind for bus in buses for kind in knowledge.shared["buses"].get(bus, [None, [bus]])[1]}


def test_all_that_provide_a_bus_make_it_and_nothing_else_does(knowledge: Knowledge) -> None:
    types = {name: facts for name, facts in knowledge.shared["types"].items() if facts[0] == "user"}
    wanted = {kind for name in types for kind in provided(knowledge, name)}
    assert len(wanted) > 5
    for bus in wanted:
        makers = knowledge.makers_of(bus)
        assert {name for name in types if bus in provided(knowledge, name)} <= set(makers)
        for name in makers:
            line = tuple(knowledge.line_of(name))
            created = {raw[0] for raw in knowledge.clauses(line, "creates")}
            assert bus in provided(knowledge, name) or any(bus in provided(knowledge, other) for other in created)


def test_those_that_the_rules_add_come_first(store: Store) -> None:
    knowledge = store.knowledge(store.resolve("10.0", "x86_64"))
    assert knowledge.makers_of("usb-bus")[:2] == ["qemu-xhci", "usb-ehci"], "the rest has no cost to be added at"
    assert knowledge.makers_of("no such bus") == []
