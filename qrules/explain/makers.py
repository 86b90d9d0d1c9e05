"""Which user-creatable device types make a bus of some kind, found from the rules without building any plan."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def makers_of(knowledge: Knowledge, wanted: str) -> list[str]:
    """The types that provide such a bus, or create a device that does; those that need least come first."""
    kinds: dict[str, dict[str, Any]] = knowledge.shared["kinds"]
    direct = {name for name, of in kinds.items() if any(_makes(knowledge, raw, wanted) for raw in of.get("provides", ()))}
    types: dict[str, list[Any]] = knowledge.shared["types"]
    providing = {name for name, facts in types.items() if not direct.isdisjoint(facts[2])}
    creating = {name for name, of in kinds.items() if any(raw[0] in providing for raw in of.get("creates", ()))}
    found = []
    for name, (status, on, line, _) in types.items():
        if status == "user" and not (direct | creating).isdisjoint(line):
            advised = any(_is_advised(kinds.get(kind, {})) for kind in line)
            found.append((not advised, wanted == on, name not in direct, len(line), len(name), name))
    return [entry[-1] for entry in sorted(found)]


def _is_advised(of: dict[str, Any]) -> bool:
    """Whether the rules say that a type may be added: ``expander-cost``."""
    return "expander-cost" in of.get("attributes", ())


def _makes(knowledge: Knowledge, raw: list[Any], wanted: str) -> bool:
    bus = knowledge.shared["buses"].get(raw[0])
    return wanted in (bus[1] if bus else [raw[0]])
