"""Which user-creatable device types make a bus of some kind: laid out when rules are compiled, since refusals ask for it."""

from __future__ import annotations

from typing import Any

Json = Any


def lay_makers(pieces: dict[str, Json]) -> None:
    """Adds the piece ``makers``: for each kind of bus the types that provide one or create a device that does.

    Those that the rules say may be added (``expander-cost``) come first, then those that do not stand on such a bus themselves,
    those that provide it by themselves, those that are of few kinds, those with short names.
    """
    shared = pieces["shared"]
    pieces["makers"] = {}
    for wanted, kinds in sorted(_providers(shared).items()):
        found = _makers(shared, wanted, kinds)
        if found:
            pieces["makers"][wanted] = found


def _providers(shared: Json) -> dict[str, set[str]]:
    """The kinds whose clauses provide a bus, by all that this bus is."""
    found: dict[str, set[str]] = {}
    for name, of in shared["kinds"].items():
        for raw in of.get("provides", ()):
            bus = shared["buses"].get(raw[0])
            for wanted in bus[1] if bus else [raw[0]]:
                found.setdefault(wanted, set()).add(name)
    return found


def _makers(shared: Json, wanted: str, direct: set[str]) -> list[str]:
    kinds, types = shared["kinds"], shared["types"]
    providing = {name for name, facts in types.items() if not direct.isdisjoint(facts[2])}
    creating = {name for name, of in kinds.items() if any(raw[0] in providing for raw in of.get("creates", ()))}
    found = []
    for name, (status, on, line, _) in types.items():
        if status == "user" and not (direct | creating).isdisjoint(line):
            advised = any("expander-cost" in kinds.get(kind, {}).get("attributes", ()) for kind in line)
            found.append((not advised, wanted == on, name not in direct, len(line), len(name), name))
    return [entry[-1] for entry in sorted(found)]
