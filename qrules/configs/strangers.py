"""Names that are no emulator's own: those of vendors' builds are told aloud, and judged as what they stand for."""

from __future__ import annotations

from qrules.knowledge import vendors
from qrules.knowledge.model import Knowledge
from qrules.machine.request import Remark, Where


def upstream(knowledge: Knowledge, machine: str, where: Where | None = None) -> tuple[str, list[Remark]]:
    """The machine that a name stands for, and the remark that it does; the name itself and none where it is no vendor's."""
    found = vendors.stands_for(knowledge, machine)
    if found is None:
        return machine, []
    message = f"{machine} is a machine type of {found.vendor}'s builds, and is judged as {found.upstream}, which it stands for"
    return found.upstream, [Remark(message, found.file, found.line, found.see, where)]


def of_option(knowledge: Knowledge, option: str, where: Where) -> list[Remark]:
    """The remark that an option is a vendor's, and is passed over; none where it is no vendor's."""
    found = vendors.of_option(knowledge, option)
    if found is None:
        return []
    message = f"{option} is an option of {found.vendor}'s builds, and is passed over"
    return [Remark(message, found.file, found.line, found.see, where)]
