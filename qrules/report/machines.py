"""Machine types in the shape of QMP's query-machines."""

from __future__ import annotations

from qrules.explain import inventory
from qrules.knowledge.model import MachineFacts
from qrules.plugging.board import Board
from qrules.report.json import bus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def queried(board: Board) -> list[dict[str, Any]]:
    """All machines, with what the RFC wanted to add."""
    knowledge = board.knowledge
    return [_full(board, found) for name in knowledge.machine_names() if (found := knowledge.machine(name)) is not None]


def entry(facts: MachineFacts) -> dict[str, Any]:
    """The keys of QMP's query-machines that the RFC shows, in its order."""
    told: dict[str, Any] = {"name": facts.name}
    if facts.aliases:
        told["alias"] = facts.aliases[0]
    if "default" in facts.words:
        told["is-default"] = True
    for key in ("cpu-max", "hotpluggable-cpus"):
        if key in facts.facts:
            told[key] = facts.facts[key]
    return told


def _told(facts: MachineFacts) -> dict[str, Any]:
    """The other keys of QMP's query-machines, absent where the emulator leaves them out."""
    from qrules.qemu.facts import TOLD

    found = {key: facts.facts[word] for key, word in TOLD.items() if word in facts.facts}
    return {**found, "deprecated": "deprecated" in facts.words} if found else {}


def _full(board: Board, facts: MachineFacts) -> dict[str, Any]:
    """An entry with what the RFC wanted to add, for a machine with and without its default devices."""
    told = {**entry(facts), **_told(facts)}
    if facts.family is None:
        return {**told, "opts-complete": False}
    state, _ = board.build_machine(facts, inventory.machine_request(facts.name, {}, False))
    bare, _ = board.build_machine(facts, inventory.machine_request(facts.name, {}, True))
    told["supported-device-types"] = inventory.supported(board, state)
    if state.machine.get("query-machines", state) == "types":  # a rule set that answers as the RFC did, and no more
        return told
    first = inventory.default_bus(state)
    return {
        **told,
        "supported-device-types-nodefaults": inventory.supported(board, bare),
        "default-bus": {"id": first.id, "type": first.kind.name} if first is not None else None,
        "buses": [bus(b) for b in inventory.buses(board, state)],
        "opts-complete": True,
    }
