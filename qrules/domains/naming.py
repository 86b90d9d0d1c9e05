"""What elements are called, and where they stand, in one or two words."""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.domains.answer import Placed
    from qrules.domains.whole import DomainAnswer


class Names(NamedTuple):
    """What the document calls the buses and devices of its command line, by their ids."""

    buses: dict[str, str]
    devices: dict[str, str]


def names(answer: DomainAnswer) -> Names:
    """Those of a domain; one bus made by several elements has the name of the first."""
    buses: dict[str, str] = {}
    devices: dict[str, str] = {}
    for one in answer.devices:
        if one.bus:
            buses.setdefault(one.bus, one.name)
        if one.alias:
            devices.setdefault(one.alias, one.name)
    return Names(buses, devices)


def address(placed: Placed) -> str:
    """Where an element stands, as libvirt's messages have it; empty where it has no address."""
    if placed.place:
        return placed.place
    given = {p.removeprefix("address/@"): v for p, v in placed.written.items() if p.startswith("address/@")}
    kind = given.pop("type", "")
    told = ", ".join(f"{name} {value}" for name, value in given.items())
    return f"{kind} {told}".strip()
