"""Where a rule of the machine points in the user's text: at the option that says what the rule reads."""

from __future__ import annotations

from qrules.knowledge.model import RULE, Knowledge
from qrules.machine.request import Request, Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_VIOLATED, _NOTE = RULE.index("violated"), RULE.index("note")


def read_by_rule(knowledge: Knowledge, request: Request, note: int | None) -> Where | None:
    """The place of the last option that a machine's rule reads; None where it reads none that is written.

    `note` is the number of the rule's note. An attribute of the machine is read through to what it is worked out from.
    """
    kinds = list(_kinds(knowledge, request.machine))
    rule = next((r for kind in kinds for r in kind.get("rules", ()) if note is not None and r[_NOTE] == note), None)
    if rule is None:
        return None
    read, waiting = set[str](), [rule[_VIOLATED]]
    while waiting:
        for name in _names(waiting.pop()):
            if name not in read:
                read.add(name)
                waiting += [kind["attributes"][name] for kind in kinds if name in kind.get("attributes", ())]
    places = [where for name, where in request.option_where.items() if name in read]
    return max(places, key=lambda where: (where.argument, where.start), default=None)


def _kinds(knowledge: Knowledge, machine: str) -> Iterator[Mapping[str, Any]]:
    """What is compiled of a machine, from the nearest on."""
    facts = knowledge.machine(machine)
    if facts is not None and facts.family is not None:
        yield knowledge.family(facts.family)
        for name in facts.line:
            if (kind := knowledge.shared["kinds"].get(name)) is not None:
                yield kind


def _names(expression: Any) -> Iterator[str]:
    """All texts of a compiled expression: the names that it reads are among them."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting += one
