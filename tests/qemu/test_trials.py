"""Which options `verify` tries on a machine: all that conditions speak of, those of devices among them."""

from __future__ import annotations

from qrules.qemu.trials import _asked
from qrules.rulesets.store import Store
from qrules.rulesets.tables import Table


def test_options_that_rules_about_devices_read_are_tried(store: Store) -> None:
    knowledge = store.knowledge(store.resolve("10.0", "x86_64"))
    facts = knowledge.machine("q35")
    assert facts is not None
    fresh = Store()
    large = fresh.knowledge(fresh.resolve("10.0", "x86_64"))
    assert type(large.shared["kinds"]) is Table, "as it is before any option has made something"
    assert _asked(large, facts) == _asked(knowledge, facts) >= {"acpi", "cxl", "device-connectors"}
