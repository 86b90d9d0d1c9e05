"""``machines`` and ``query-machines``: what machine types there are."""

from __future__ import annotations

import argparse

from qrules.cli import common
from qrules.explain import inventory
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.plugging.board import Board
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def configure(name: str, sub: argparse.ArgumentParser) -> None:
    """Adds a verb's arguments."""
    common.add_choice(sub)
    sub.set_defaults(run=_machines if name == "machines" else _query_machines)


def _all(knowledge: Knowledge) -> list[MachineFacts]:
    return [found for name in knowledge.machine_names() if (found := knowledge.machine(name)) is not None]


def _machines(args: argparse.Namespace) -> int:
    board = common.board(args)
    listed = _all(board.knowledge)
    if args.json:
        from qrules.report import json

        entries = [{**_entry(f), "description": f.description or None, "rules": f.family is not None} for f in listed]
        common.show(
            json.dumps(
                {"schema": json.SCHEMA, "arch": board.knowledge.arch, "qemu": board.knowledge.version, "machines": entries}
            )
        )
        return 0
    from qrules.report.style import table

    style = common.style(args)
    common.show(style(f"QEMU {board.knowledge.version}, {board.knowledge.arch}", "bold"))
    rows = [(f.name, ", ".join(f.aliases), " ".join(_marks(f)), f.description) for f in listed]
    common.show(BREAK.join("  " + row for row in table(rows)))
    return 0


def _marks(facts: MachineFacts) -> list[str]:
    return [*facts.words, *([] if facts.family is not None else ["(no rules yet)"])]


def _entry(facts: MachineFacts) -> dict[str, Any]:
    """The keys of QMP's query-machines that the RFC shows, in its order."""
    entry: dict[str, Any] = {"name": facts.name}
    if facts.aliases:
        entry["alias"] = facts.aliases[0]
    if "default" in facts.words:
        entry["is-default"] = True
    for key in ("cpu-max", "hotpluggable-cpus"):
        if key in facts.facts:
            entry[key] = facts.facts[key]
    return entry


def _told(facts: MachineFacts) -> dict[str, Any]:
    """The other keys of QMP's query-machines, absent where the emulator leaves them out."""
    from qrules.qemu.facts import TOLD

    found = {key: facts.facts[word] for key, word in TOLD.items() if word in facts.facts}
    return {**found, "deprecated": "deprecated" in facts.words} if found else {}


def _query_machines(args: argparse.Namespace) -> int:
    from qrules.report import json

    board = common.board(args)
    entries = [_full(board, facts) for facts in _all(board.knowledge)]
    as_the_rfc = all("opts-complete" not in entry for entry in entries)  # exactly its keys, and no more
    common.show(json.dumps({**({} if as_the_rfc else {"schema": json.SCHEMA}), "return": entries}))
    return 0


def _full(board: Board, facts: MachineFacts) -> dict[str, Any]:
    """An entry with what the RFC wanted to add, for a machine with and without its default devices."""
    from qrules.report import json

    entry = {**_entry(facts), **_told(facts)}
    if facts.family is None:
        return {**entry, "opts-complete": False}
    state, _ = board.build_machine(facts, inventory.machine_request(facts.name, {}, False))
    bare, _ = board.build_machine(facts, inventory.machine_request(facts.name, {}, True))
    entry["supported-device-types"] = inventory.supported(board, state)
    if state.machine.get("query-machines", state) == "types":  # a rule set that answers as the RFC did, and no more
        return entry
    first = inventory.default_bus(state)
    return {
        **entry,
        "supported-device-types-nodefaults": inventory.supported(board, bare),
        "default-bus": {"id": first.id, "type": first.kind.name} if first is not None else None,
        "buses": [json.bus(b) for b in inventory.buses(board, state)],
        "opts-complete": True,
    }
