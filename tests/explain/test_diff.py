"""What changed between machines and versions."""

from __future__ import annotations

from qrules.explain.diff import Side, diff
from qrules.explain.inventory import machine_request
from qrules.plugging.board import Board
from qrules.rulesets.store import Store


def side(store: Store, machine: str, version: str = "10.0", **options: object) -> Side:
    board = Board(store.knowledge(store.resolve(version, "x86_64")))
    facts = board.knowledge.machine(machine)
    assert facts is not None
    return Side(board, machine_request(facts.name, dict(options), False))


def test_nothing_changed_between_a_machine_and_itself(store: Store) -> None:
    assert diff(side(store, "q35"), side(store, "q35")).empty


def test_an_option_brings_buses_and_types(store: Store) -> None:
    found = diff(side(store, "q35"), side(store, "q35", usb="on"))
    assert found.buses_new == ("usb-bus.0 (usb-bus)",)
    assert "ich9-usb-ehci1 on pcie.0" in found.defaults_new
    assert "usb-kbd" in {c.name for c in found.possible}
    assert found.impossible == ()
    kbd = next(c for c in found.possible if c.name == "usb-kbd")
    assert kbd.line is not None, "the rule that stood against it"


def test_turning_round_turns_the_answer_round(store: Store) -> None:
    there, back = diff(side(store, "pc"), side(store, "q35")), diff(side(store, "q35"), side(store, "pc"))
    assert {c.name for c in (*there.possible, *there.conditional)} >= {c.name for c in back.impossible}
    assert {c.name for c in there.possible} <= {c.name for c in back.impossible}
    assert (there.buses_gone, there.buses_new) == (back.buses_new, back.buses_gone)
    assert {"floppy"} <= {c.name for c in there.impossible}


def test_an_old_version_brings_another_default_card(store: Store) -> None:
    found = diff(side(store, "pc-q35-2.11"), side(store, "pc-q35-10.0"))
    assert (found.defaults_gone, found.defaults_new) == (("e1000 on pcie.0",), ("e1000e on pcie.0",))


def test_versions_differ_in_types(store: Store) -> None:
    found = diff(side(store, "q35", "7.2"), side(store, "q35", "10.0"))
    gone = {c.name: c.why for c in found.impossible}
    assert gone["pvrdma"] == "QEMU 10.0.2 has no such type"
    assert "igb" in {c.name for c in found.possible}


def test_a_rule_that_came_with_a_version(store: Store) -> None:
    """The bus is there before and after; what refuses is a rule with a range."""
    old, new = (side(store, "q35", v) for v in ("7.2", "10.0"))
    plain = [s._replace(request=s.request._replace(nodefaults=True)) for s in (old, new)]
    gone = {c.name: c for c in diff(*plain).impossible}
    assert gone["AC97"].bus == "pcie.0"
    assert str(gone["AC97"].line).startswith("rules/common/sound.qr:")
    assert "AC97" not in {c.name for c in diff(old, new).impossible}, "with defaults QEMU opens the host's sound by itself"


def test_a_new_type_that_is_refused_as_it_stands(store: Store) -> None:
    found = diff(side(store, "q35", "7.2"), side(store, "q35", "10.0"))
    wanting = {c.name: c.why for c in found.conditional}
    assert wanting["xen-platform"] == "it serves guests that run under Xen"
    assert not wanting.keys() & {c.name for c in found.possible}
