"""What compiled rules tell of all machines that helps to ask a binary about one: what they need, what silences which role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qrules.knowledge import sources
from qrules.knowledge.model import NEED, Knowledge

_DEFAULT = re.compile(r'^ +default (?:"([^"\n]+)"|([\w-]+)) as ([\w-]+)', re.MULTILINE)


def samples(knowledge: Knowledge) -> list[tuple[str, ...]]:
    """What machines of this architecture need by their rules, each alone and then two together."""
    single = list(dict.fromkeys(tuple(need[NEED.index("words")]) for need in _needs(knowledge)))
    return [words for words in single if words] + [(*a, *b) for a in single for b in single if a and b and a[0] != b[0]]


def _needs(knowledge: Knowledge) -> Iterator[list[Any]]:
    for kind in knowledge.shared["kinds"].values():
        yield from kind.get("needs", ())
    for index in _families(knowledge):
        yield from knowledge.family(index).get("needs", ())


def _families(knowledge: Knowledge) -> list[int]:
    found = {
        facts.family for name in knowledge.machine_names() if (facts := knowledge.machine(name)) and facts.family is not None
    }
    return sorted(family for family in found if family is not None)


def silencers(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Options with a word that silence one role."""
    for option, meanings in knowledge.shared["shorthands"].items():
        for word, effects in meanings.items():
            asks = any(
                what == "role" or isinstance(value, list) for what, *_, lines in effects for _, value in lines or [["", ""]]
            )
            for what, _, names, *_ in effects:
                if what == "silences" and word and len(names) == 1 and not asks:
                    yield option, word, names[0]


def wishers(knowledge: Knowledge, wish: str) -> Iterator[str]:
    """Options that ask a board for something."""
    for option, meanings in knowledge.shared["shorthands"].items():
        if any(what == "wish" and names == [wish] for effects in meanings.values() for what, _, names, *_ in effects):
            yield option


def usual_roles() -> dict[str, str]:
    """What devices of a type are to boards that have them by default: what the shipped rules say of any architecture."""
    rule_set = sources.shipped()
    found = (match for path in rule_set.rules for match in _DEFAULT.finditer(rule_set.text(path)))
    return {match[1] or match[2]: match[3] for match in found}
