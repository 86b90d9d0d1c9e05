"""A machine that there is not, told without a verdict around it."""

from __future__ import annotations

from qrules.explain.reasons import reason
from qrules.explain.verdicts import no_such_machine
from qrules.knowledge.model import Knowledge
from qrules.machine.request import Request


def told_of_machine(knowledge: Knowledge, name: str) -> str:
    """What the rules' words say to do about a machine that there is not."""
    request = Request(name)
    return reason(knowledge, no_such_machine(knowledge, request), request).instead
