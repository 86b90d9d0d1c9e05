"""Which rules of machines have nothing to say before somebody writes an option: what each of them reads is laid beside it.

A rule that reads options and other facts alone, and holds on every bare machine, holds wherever none of them is written. Most
questions are about machines as they come, and most rules of machines are about options.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qrules.knowledge.model import RULE
from qrules.knowledge.slots import SELF

_PHASE, _OTHERS, _VIOLATED = RULE.index("phase"), RULE.index("others"), RULE.index("violated")
_NOTE, _READS = RULE.index("note"), RULE.index("reads")
_ASKED = ("type", "pre-plug", None)  # what a bare machine has been asked when its board was built
_VALUES = frozenset(  # whose value depends on nothing but that of their parts
    (
        *("and", "or", "not", "holds", "when", "else", "=", "!=", "<", "<=", ">", ">=", "in", "meets", "range", "set"),
        *("+", "-", "*", "/", "%", "negative", "min", "max", "lower", "hex", "bytes", "length", "twice", "power-of-two"),
        *("piece", "number", "ipv4", "two-to", "strange", "names", "members", "holding", "repeated", "largest", "last"),
    )
)
_MACHINE: tuple[Any, ...] = (["machine"], ["var", SELF])
_LOOKED_UP = ("backend-kind", "backend-says")
_ALL = ("some", "no", "every", "count", "the", "sum")
WISHED = ""  # stands among names for what options make that stands on no bus

Json = Any


def lay_reads(pieces: dict[str, Json], spoke: Iterable[int]) -> None:
    """Gives each rule of a machine the names that decide about it (None: more than names does).

    `spoke` are the notes of rules that refused something of a bare machine. Changes the pieces in place.
    """
    kinds = pieces["shared"]["kinds"]
    families = [piece for name, piece in pieces.items() if name.startswith("family-")]
    lines = {kind for entry in pieces["machines"].values() for kind in entry[2]}
    described = [*families, *(kinds[kind] for kind in sorted(lines) if kind in kinds)]
    attributes: dict[str, list[Json]] = {name: [] for entry in pieces["machines"].values() for name in entry[5]}
    for of in described:
        for name, definitions in of.get("attributes", {}).items():
            attributes.setdefault(name, []).extend(definition[0] for definition in definitions)
        for name, prop in of.get("properties", {}).items():
            attributes.setdefault(name, []).extend(part for part in prop[1:2] if isinstance(part, list))
    loud = frozenset(spoke)
    for of in described:
        for rule in of.get("rules", ()):
            if rule[_PHASE] in _ASKED and not rule[_OTHERS] and rule[_NOTE] not in loud:
                rule[_READS] = _names(rule[_VIOLATED], attributes, pieces["shared"]["wishes"])


def _names(expression: Json, attributes: dict[str, list[Json]], wishes: Json) -> list[str] | None:
    """The names that decide what an expression of a machine comes to; None where something else does, too."""
    found: set[str] = set()
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, list):
            continue
        if not one or not isinstance(one[0], str):
            return None
        operator, *parts = one
        if operator in ("attr", "given"):
            if parts[0] not in _MACHINE or not isinstance(parts[1], str):
                return None
            if parts[1] not in found:
                found.add(parts[1])
                waiting += attributes.get(parts[1], ())
        elif operator in _LOOKED_UP:
            if not isinstance(parts[0], list) or parts[0][0] != "attr" or parts[0][2] in attributes:
                return None
            waiting.append(parts[0])
        elif operator in _VALUES:
            waiting += parts
        elif operator == "template":
            waiting += [part[0] for part in parts if isinstance(part, list)]
        elif operator in _ALL and parts[0] in wishes:
            found.add(WISHED)
        elif operator != "version":
            return None
    return sorted(found)
