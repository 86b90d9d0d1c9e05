"""Machines and what they have, as text: buses, their places, and the types that find a bus."""

from __future__ import annotations

from qrules.explain.inventory import BusFacts, Holder, TypeFacts
from qrules.machine.request import Request
from qrules.report.style import Style, table, wrapped
from qrules.visible import BREAK, printable, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qrules.domains.naming import Names
    from qrules.explain.anywhere import Somewhere

_NAMED = 6  # devices that are named where many are meant


def buses(found: Iterable[BusFacts], style: Style, names: Names | None = None) -> str:
    """Buses as a tree: each below the bus that its device stands on. `names` are those that a domain has for them."""
    listed = list(found)
    below: dict[str | None, list[BusFacts]] = {}
    for bus in listed:
        below.setdefault(bus.parent_bus, []).append(bus)
    return BREAK.join(table([row for root in below.get(None, []) for row in _branch(root, below, "", names)]))


def _branch(
    bus: BusFacts, below: dict[str | None, list[BusFacts]], indent: str, names: Names | None
) -> Iterator[tuple[str, ...]]:
    free = f"{bus.slots.free} of {bus.slots.total} free" if bus.slots is not None else ""
    owner = f"of {shortened(bus.parent_device)}" if bus.parent_device else ""
    own = () if names is None else (shortened(names.buses.get(bus.id, "")),)
    yield (indent + bus.id, *own, bus.type, owner, free, "hot-plug" if bus.hotpluggable else "", str(bus.line or ""))
    if bus.parent_bus != bus.id:
        for child in below.get(bus.id, []):
            yield from _branch(child, below, indent + "  ", names)


def slots(found: Iterable[tuple[BusFacts, list[Holder]]], style: Style, names: Names | None = None) -> str:
    """Who holds which place of each bus. `names` are those that a domain has for them."""
    buses, devices = names if names is not None else ({}, {})
    blocks = []
    for bus, holders in found:
        free = f": {bus.slots.free} of {bus.slots.total} free" if bus.slots is not None else ""
        called = f", {shortened(buses[bus.id])}" if bus.id in buses else ""
        lines = [style(f"{bus.id} ({bus.type}){called}{free}", "bold")]
        lines += ["  " + r for r in table([_holder(h, devices) for h in holders])]
        blocks.append(BREAK.join(lines))
    return (BREAK * 2).join(blocks)


def _holder(holder: Holder, devices: dict[str, str]) -> tuple[str, ...]:
    own = shortened(devices[holder.id]) if holder.id in devices else "yours" if holder.written else ""
    return holder.address, holder.type, f"'{holder.id}'" if holder.id else "", own


def not_shown(request: Request, refused: Sequence[int], style: Style) -> str:
    """Which devices of a config are missing from a list or picture of it, since the machine refuses them."""
    named = [device_name(request.devices[i].driver, request.devices[i].id, i) for i in refused[:_NAMED]]
    more = f" and {len(refused) - _NAMED} more" if len(refused) > _NAMED else ""
    told = f"refused, and therefore not shown: {', '.join(named)}{more}; `qrules check` says why"
    return style(wrapped(told, "  ", ""), "red")


def device_name(driver: str, identity: str | None, index: int) -> str:
    """A device of a config in a sentence: by its id, or else by its position."""
    return f"{driver} '{printable(identity)}'" if identity else f"{driver} (device {index + 1})"


def types(supported: list[str], devices: list[TypeFacts], style: Style) -> str:
    """What a machine supports: the families of types first, then each device type with the bus that it goes to."""
    lines = [style("supported-device-types", "bold"), *("  " + name for name in supported), ""]
    lines.append(style(f"{len(devices)} device types find a bus", "bold"))
    grouped: dict[str, list[str]] = {}
    for device in devices:
        grouped.setdefault(device.bus or "(no bus)", []).append(device.name)
    for bus, names in grouped.items():
        lines += ["", f"  {style(bus, 'cyan')}", wrapped(", ".join(names), "    ", "    ")]
    return BREAK.join(lines)


def anywhere(device: str, found: Sequence[Somewhere], style: Style) -> str:
    """Which machines take a device, and where; of the others what stands against it, once for all that say the same."""
    from qrules.report.text import address_text

    lines = [style(f"Where {device} can be plugged: the newest machine of each family", "bold")]
    taken = [(f"{f.machine}, {f.arch}", address_text(f.placement) or "on no bus") for f in found if f.placement is not None]
    lines += ["  " + row for row in table(taken)] or ["  nowhere as it stands"]
    against: dict[str, list[str]] = {}
    for each in (f for f in found if f.placement is None):
        against.setdefault(each.message.replace(each.machine, "it") or each.verdict, []).append(f"{each.machine}, {each.arch}")
    if against:
        lines += ["", style("not as it stands", "bold")]
    for message, machines in against.items():
        lines += [wrapped(message, "  ", "  "), wrapped("; ".join(machines), "      ", "      ")]
    return BREAK.join(lines)
