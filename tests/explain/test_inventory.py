"""What a machine has."""

from __future__ import annotations

import pytest

from qrules.explain import inventory
from qrules.machine.state import State
from qrules.plugging.board import Board


@pytest.fixture
def bare(board: Board) -> State:
    facts = board.knowledge.machine("q35")
    assert facts is not None
    return board.build_machine(facts, inventory.machine_request(facts.name, {}, True))[0]


def test_slots_of_a_bare_q35_are_thirty(board: Board, bare: State) -> None:
    root = next(b for b in inventory.buses(board, bare) if b.id == "pcie.0")
    assert root.slots is not None
    assert (root.slots.total, root.slots.free) == (32, 30)


def test_the_default_bus(bare: State) -> None:
    first = inventory.default_bus(bare)
    assert first is not None
    assert (first.id, first.kind.name) == ("pcie.0", "PCIE")


def test_supported_types_are_names_of_the_catalogue(board: Board, bare: State) -> None:
    lines = [facts[2] for facts in board.knowledge.shared["types"].values()]
    supported = inventory.supported(board, bare)
    assert "floppy" not in supported
    assert {"pci-express-device", "conventional-pci-device", "isa-device", "ide-device", "i2c-slave"} <= set(supported)
    for name in supported:
        assert any(name in line for line in lines), name


def test_a_full_bus_supports_nothing(board: Board) -> None:
    facts = board.knowledge.machine("q35")
    assert facts is not None
    request = inventory.machine_request(facts.name, {}, False)._replace(opened={"network": "virtio-net-pci"})
    state, _ = board.build_machine(facts, request)
    full = [b for b in state.buses if state.is_full(b)]
    assert full, "the bus between the two halves of a virtio device has room for one"
    assert "virtio-device" not in inventory.supported(board, state)


def test_every_pluggable_type_names_a_bus_that_exists(board: Board, bare: State) -> None:
    names = {b.id for b in bare.buses} | {None}
    found = inventory.pluggable(board, inventory.machine_request(bare.machine.name, {}, True))
    assert len(found) > 100
    assert {f.bus for f in found} <= names
