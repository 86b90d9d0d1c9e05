"""Conflicts: devices that cannot all have a place, what they compete for, and the rules behind it; as text and JSON."""

from __future__ import annotations

from math import comb

from qrules.explain.inventory import free_places, rule_line
from qrules.explain.reasons import Reason, reason
from qrules.machine.request import Request
from qrules.place.answer import Nowhere
from qrules.place.sites import main_dimension
from qrules.report import json as shapes
from qrules.report.listing import device_name
from qrules.report.style import Style, width, wrapped
from qrules.report.text import details, numbers
from qrules.solve.answers import Conflict, Part
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from qrules.machine.entities import Bus
    from qrules.place.setting import Setting
    from qrules.place.sites import Site

_SHOWN = 6  # devices that are named where many are meant
_RANGES = 4  # ranges of places that are told of one bus
_OF_DEVICES = ("item", "pin", "hotplug", "node")  # demands that have the names of items: positions of devices
_ELSEWHERE = 3  # rules that are told which keep devices from other buses


def conflicts_text(answer: Nowhere, request: Request, style: Style, proof: bool) -> Iterator[str]:
    """All conflicts, and what would have to be given up; at the end if there may be more, with `proof` how far all is proven."""
    found = answer.found
    if found is None or answer.setting is None:
        return
    told = merged(found.conflicts, answer.setting)
    for number, conflict in enumerate(told, 1):
        yield ""
        lines = conflict_lines(conflict, answer, request, style)
        mark = f"{number}. " if len(told) > 1 else ""
        yield mark + lines[0]
        yield from (" " * len(mark) + line for line in lines[1:])
    for correction in found.corrections[:1]:
        yield ""
        least = " (nothing cheaper would do)" if correction.cheapest else ""
        parts = "; ".join(part_text(p, answer.setting, request) for p in correction.parts)
        yield wrapped(f"{parts}{least}", "    ", "  " + style("to fit, give up", "bold") + " ")
    proven = _proven(told, found.complete, proof)
    if proven:
        yield ""
        yield wrapped(proven, "  ", "  ")


def _proven(told: Sequence[Conflict], complete: bool, proof: bool) -> str:
    minimal = proof and any(c.minimal for c in told) and all(c.minimal for c in told)
    if minimal and len(told) == 1 and complete:
        return "This is the only conflict, and it is minimal: without any one of its demands the others can all be met."
    which = "Each is minimal: without any one of its demands the others can all be met." if minimal else ""
    whole = "" if complete else " There may be more conflicts: --conflicts N looks for up to N of them."
    return (which + whole).strip()


def conflict_lines(conflict: Conflict, answer: Nowhere, request: Request, style: Style) -> list[str]:
    """A conflict as a sentence, with the places that are free and the rules below it."""
    return BREAK.join(_lines(conflict, answer, request, style)).split(BREAK)


def _lines(conflict: Conflict, answer: Nowhere, request: Request, style: Style) -> Iterator[str]:
    setting = answer.setting
    assert setting is not None
    yield wrapped(conflict_text(conflict, answer, request) + ".", columns=width() - 4)
    against = _written_wrong(conflict, setting)
    if against is not None:
        yield from details(against, style)
        return
    for ids, free, line in _places(conflict, setting):
        told = ids + (f", free: {free}" if free else "") + (f" ({line})" if line else "")
        yield wrapped(told, "          ", _label("places", style))
    for struck in elsewhere(conflict, setting, request):
        told = f"{struck.message} ({struck.rule}, {struck.where})"
        yield wrapped(told, "          ", _label("rule", style))


def _places(conflict: Conflict, setting: Setting) -> list[tuple[str, str, str]]:
    """The buses that are competed for, those of one line of the rules with the same free places together: ids, places, line."""
    groups: dict[tuple[str, str], list[str]] = {}
    for bus, site in _buses(conflict, setting):
        free = free_places(site.home, bus)
        shown = ", ".join(free[:_RANGES]) + (", ..." if len(free) > _RANGES else "")
        groups.setdefault((shown, str(rule_line(setting.board, bus.origin) or "")), []).append(bus.id)
    return [(_span(ids), free, line) for (free, line), ids in groups.items()]


def _label(word: str, style: Style) -> str:
    return "  " + style(word, "dim") + " " * (8 - len(word))


def conflict_text(conflict: Conflict, answer: Nowhere, request: Request) -> str:
    """A conflict as a sentence. It is called a bound where it was not shown that a smaller set would fit."""
    setting = answer.setting
    assert setting is not None
    whole = "" if conflict.minimal else " (a bound: whether fewer of these fit was not found out)"
    who = "; ".join(_demands(conflict, setting, request))
    who = "A" + who[1:] if who.startswith("any ") else who
    against = _written_wrong(conflict, setting)
    if against is not None:
        return f"{who}: {against.message}{whole}"
    buses = [bus for bus, _ in _buses(conflict, setting)]
    count = sum(p.number for p in conflict.parts if p.what == "item")
    if any(p.what not in ("item", "pin") for p in conflict.parts):
        return f"Not all of this can be had: {who}{whole}"
    names = ", ".join(ids for ids, _, _ in _places(conflict, setting))
    free = f"the {conflict.places} free place{'' if conflict.places == 1 else 's'} of {names}"
    if conflict.capacity and buses and not conflict.places:
        return f"{who}: no place is free on {names}, and nothing else takes {'them' if count > 1 else 'it'}{whole}"
    if conflict.capacity and buses:
        return f"{who}: {f'these {count}' if count > 1 else 'it'} can only use {free}{whole}"
    room = free if buses and conflict.places else "no place on a bus that stands"
    added = _addable(conflict, setting, request)
    return f"{who}: for these {count} there is {room}" + (f", and all that can be added is {added}" if added else "") + whole


def _demands(conflict: Conflict, setting: Setting, request: Request) -> Iterator[str]:
    """The demands in words; a device with the place that is written for it in one."""
    written = {p.names for p in conflict.parts if p.what == "pin"}
    devices = {p.names for p in conflict.parts if p.what == "item"}
    for part in conflict.parts:
        if part.what == "item" and part.names in written:
            yield part_text(part, setting, request) + " at the place written for it"
        elif part.what != "pin" or part.names not in devices:
            yield part_text(part, setting, request)


def _written_wrong(conflict: Conflict, setting: Setting) -> Reason | None:
    """What the rules say of a written place that is a part of the conflict, where they say something as it is written."""
    pinned = [int(n) for p in conflict.parts if p.what == "pin" for n in p.names]
    for index in reversed(pinned):
        for refusal in setting.written.refusals:
            if refusal.device == index and refusal.consequence_of is None:
                return reason(setting.board.knowledge, refusal, setting.request)
    return None


def part_text(part: Part, setting: Setting, request: Request) -> str:
    """Demands in words: devices by id or position, wishes as they were asked."""
    if part.what == "spare":
        want = setting.spares[part.names[0]]
        return f"room for {want.places} more {want.type}" + (" while the machine runs" if want.hot else "")
    if part.what in ("apart", "together"):
        name = part.names[0]
        group = {**setting.apart, **setting.together, **setting.functions}.get(name)
        if group is None:
            return "that devices share a slot as they are written"
        devices = listed([str(i) for i in group], request)
        what = "buses of their own" if part.what == "apart" else "one slot" if name in setting.functions else "one bus"
        return f"that {devices} have {what}"
    what = {"pin": "the place written for ", "hotplug": "hot plug of ", "node": "the NUMA node of "}.get(part.what, "")
    if part.number < len(part.names):
        return f"{what}any {part.number} of {listed(part.names, request)}"
    return what + listed(part.names, request)


def listed(names: Sequence[str], request: Request) -> str:
    """Items by the devices that they are: those with an id by it, others by type and positions."""
    found: list[str] = []
    nameless: dict[str, list[int]] = {}
    called: dict[str, list[str]] = {}
    for name in names:
        device = request.devices[int(name)]
        if device.id:
            called.setdefault(device.driver, []).append(device_name(device.driver, device.id, int(name)))
        else:
            nameless.setdefault(device.driver, []).append(int(name) + 1)
    for driver, ids in called.items():
        found += ids if len(ids) <= _SHOWN else [f"{len(ids)} {driver} ({ids[0].split(' ', 1)[1]} to {ids[-1].split(' ', 1)[1]})"]
    for driver, at in nameless.items():
        found.append(f"{driver} (device {at[0]})" if len(at) == 1 else f"{len(at)} {driver} (devices {numbers(at)})")
    return ", ".join(found)


def _span(ids: Sequence[str]) -> str:
    """``ide.0 to ide.5``, in the order in which the buses came."""
    return f"{ids[0]} to {ids[-1]}" if len(ids) > 2 else " and ".join(ids)


def _buses(conflict: Conflict, setting: Setting) -> list[tuple[Bus, Site]]:
    """The buses that stand and are competed for."""
    found: dict[str, tuple[Bus, Site]] = {}
    for name in conflict.pools:
        owned = setting.owned.get(name)
        for bus in owned.site.buses if owned is not None else ():
            if owned is not None and (main_dimension(bus) is not None or isinstance(bus.get("capacity", owned.site.home), int)):
                found.setdefault(bus.id, (bus, owned.site))
    return list(found.values())


def _addable(conflict: Conflict, setting: Setting, request: Request) -> str:
    """The controllers whose buses the devices of a conflict could use, with how many there may be and places of each."""
    items = [int(n) for p in conflict.parts if p.what == "item" for n in p.names[:1]]
    told = []
    for name, sites in setting.offers.items():
        usable = [s for s in sites if any(setting.fitting.fit(i, request.devices[i], s).position is not None for i in items)]
        if usable:
            limit = setting.additions[name].limit
            places = sum(len(s.free()) for s in usable)
            most = f"at most {limit} " if limit is not None else ""
            told.append(f"{most}{name} with {places} place{'' if places == 1 else 's'}" + (" each" if limit != 1 else ""))
    return " and ".join(told)


def elsewhere(conflict: Conflict, setting: Setting, request: Request) -> list[Reason]:
    """The rules that keep the devices of a conflict from buses of their kind, each once; for hot plug those that do so then."""
    found: dict[str, Reason] = {}
    for part in conflict.parts:
        if part.what in ("item", "hotplug"):
            index = int(part.names[0])
            for site in setting.sites.values():
                for struck in setting.fitting.fit(index, request.devices[index], site, hot=part.what == "hotplug").struck:
                    if struck.rule != "wrong-bus-kind":
                        found.setdefault(struck.rule, struck)
    return list(found.values())[:_ELSEWHERE]


# ------------------------------------------------------------------------------------- conflicts that say the same
def merged(conflicts: Sequence[Conflict], setting: Setting) -> list[Conflict]:
    """Conflicts of devices that are alike, told as one where they are all there are: any 3 of these 4."""
    groups: dict[object, list[Conflict]] = {}
    for conflict in conflicts:
        groups.setdefault(_likeness(conflict, setting), []).append(conflict)
    told: list[Conflict] = []
    for group in groups.values():
        names = tuple(dict.fromkeys(n for c in group for p in c.parts for n in p.names))
        each = len(group[0].parts)
        order = tuple(sorted(names, key=lambda n: (len(n), n)))
        if len(group) > 1 and len(group) == comb(len(names), each):
            told.append(group[0]._replace(parts=(Part("item", order, each),)))
        else:
            told += group
    return told


def _likeness(conflict: Conflict, setting: Setting) -> object:
    """The same for conflicts that differ only in which devices of one nature they have; its own for any other."""
    if any(p.what != "item" or len(p.names) != 1 for p in conflict.parts):
        return conflict
    devices = setting.request.devices
    natures = {setting.fitting.nature(devices[int(p.names[0])]) for p in conflict.parts}
    return (len(conflict.parts), next(iter(natures)), conflict[1:]) if len(natures) == 1 else conflict


# ------------------------------------------------------------------------------------- JSON
def conflict_json(conflict: Conflict, answer: Nowhere, request: Request) -> dict[str, Any]:
    """A conflict with its demands, the buses with what is free on them, and the rules."""
    setting = answer.setting
    assert setting is not None
    against = _written_wrong(conflict, setting)
    buses = _buses(conflict, setting)
    rules = [against] if against is not None else elsewhere(conflict, setting, request)
    return {
        "message": conflict_text(conflict, answer, request),
        "demands": [demand_json(p) for p in conflict.parts],
        "buses": [bus.id for bus, _ in buses],
        "free": {bus.id: list(free_places(site.home, bus)) for bus, site in buses},
        "places": conflict.places,
        "capacity": conflict.capacity,
        "minimal": conflict.minimal,
        "rules": [shapes.reason(r) for r in rules],
    }


def demand_json(part: Part) -> dict[str, Any]:
    """So many of some demands that are alike."""
    devices = [int(name) for name in part.names] if part.what in _OF_DEVICES else []
    return {"what": part.what, "devices": devices, "count": part.number}
