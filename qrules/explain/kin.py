"""What may be meant by the name of a type that is not to be had: its twins and successors (by the rules), names that are near."""

from __future__ import annotations

from qrules.diagnostics import nearest
from qrules.knowledge.model import Knowledge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT = 5  # letters of a name; longer ones may differ in two


def kin_of(knowledge: Knowledge, name: str) -> list[str]:
    """The types that the rules say stand for another (``twins``, ``formerly``) and that can be added, the likeliest first.

    `name` need not be a type of this emulator. The type itself is not among them.
    """
    shared = knowledge.shared
    real = knowledge.real_name(name)
    called = set(shared["aliases"].values())  # what the emulator has a short name for it takes by itself: the likeliest
    twins = [*_twins(shared["twins"], real), *(_twins(shared["twins"], name) if real != name else ())]
    found = [*successors(knowledge, name), *sorted(twins, key=lambda other: other not in called)]
    return [n for n in dict.fromkeys(knowledge.real_name(f) for f in found) if n != real and creatable(knowledge, n)]


def successors(knowledge: Knowledge, name: str) -> list[str]:
    """What rules say (``formerly``) a name is now; a ``*`` in an old one stands for anything."""
    said = knowledge.shared["formerly"]
    return [new for old, names in said.items() if _held(old, name) is not None for new in names]


def creatable(knowledge: Knowledge, name: str) -> bool:
    """Whether a user may add a device of a type."""
    facts = knowledge.shared["types"].get(name)
    return facts is not None and facts[0] == "user"


def near(knowledge: Knowledge, name: str, properties: frozenset[str] = frozenset()) -> list[str]:
    """Types whose names are near a wrong one; those first that have all the `properties` that were written."""
    aliases: dict[str, str] = knowledge.shared["aliases"]
    names = [n for n in (*knowledge.shared["types"], *aliases) if creatable(knowledge, aliases.get(n, n))]
    close = [n for n in nearest(name, names) if _alike(name, n)]
    begun = sorted((n for n in names if n.startswith(name + "-")), key=lambda n: (len(n), n)) if properties else []
    having = [n for n in (*close, *begun) if _has(knowledge, n, properties)]
    return list(dict.fromkeys((*having, *close)))


def _alike(name: str, other: str) -> bool:
    """Whether two names differ in little: in capitals or the order of letters alone, or in no more than a letter or two."""
    if name.casefold() == other.casefold() or sorted(name) == sorted(other):
        return True
    import difflib

    parts = difflib.SequenceMatcher(None, name, other).get_opcodes()
    changed = sum(max(end - start, stop - begin) for what, start, end, begin, stop in parts if what != "equal")
    return changed <= 1 + (len(name) > _SHORT)


def _has(knowledge: Knowledge, name: str, properties: frozenset[str]) -> bool:
    line = tuple(knowledge.shared["types"][knowledge.real_name(name)][2])
    return all(knowledge.catalogued(line, p) is not None for p in properties)


def _twins(groups: list[list[str]], name: str) -> Iterator[str]:
    """The others of each group that a name is in."""
    for group in groups:
        for pattern in group:
            same = _held(pattern, name)
            if same is not None:
                yield from (other.replace("*", same) for other in group if other != pattern)
                break


def _held(pattern: str, name: str) -> str | None:
    """What the star of a pattern stands for in a name; None where the name is not of the pattern."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == name else None
    if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
        return name[len(before) : len(name) - len(after)]
    return None
