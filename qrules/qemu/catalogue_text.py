"""Writes harvested facts as a catalogue in the rule language. Same facts, same bytes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from qrules.qemu.facts import BusType, Default, DeviceType, Facts, MachineType, Property

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*")
# Where a domain's name stands, these mean something else.
_DOMAINS = (
    "one", "like", "bytes", "array", "backend", "on", "off", "given", "default", "replaced", "who", "some", "no", "every",
    "count", "the", "free",
)  # fmt: skip
_STATUS = {"user": "", "internal": "internal ", "abstract": "abstract "}


def write(facts: Facts) -> str:
    """The text of a `.qr` file, ending with a line feed."""
    sections = (
        _head(facts),
        map(_bus_type, facts.bus_types),
        (f"interface {name(interface)}" for interface in facts.interfaces),
        (line for type_ in facts.types for line in _type(type_)),
        (f"alias {name(alias)} is {name(type_)}" for alias, type_ in facts.aliases),
        (line for machine in facts.machine_types for line in _machine_type(machine)),
    )
    return "\n\n".join(filter(None, map("\n".join, sections))) + "\n"


def name(word: str) -> str:
    """A name as the language writes it: in quotes where it is not a plain one."""
    return word if _PLAIN.fullmatch(word) else text(word)


def unlike(word: str, keywords: Container[str]) -> str:
    """A name where the language has words of its own: those are in quotes, too."""
    return text(word) if word in keywords else name(word)


def text(words: str) -> str:
    """A string as the language writes it. It stays on one line."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + " ".join(escaped.split("\n")) + '"'


def _head(facts: Facts) -> Iterator[str]:
    yield (
        f"# Harvested from qemu-system-{facts.arch} {facts.version} by `qrules harvest`: "
        "type facts, no behaviour. Do not edit; harvest again."
    )
    yield f"catalogue {text(facts.version)} for {name(facts.arch)}"


def _bus_type(bus: BusType) -> str:
    return f"{'abstract ' * bus.abstract}bus-type {name(bus.name)} is {name(bus.parent)}"


def _type(type_: DeviceType) -> Iterator[str]:
    line = f"{_STATUS[type_.status]}type {name(type_.name)} is {', '.join(map(name, type_.parents))}"
    if type_.kind:
        line += f" on {name(type_.kind)}"
    if type_.description:
        line += f" {text(type_.description)}"
    yield line
    yield from property_lines(type_.properties)


def _machine_type(machine: MachineType) -> Iterator[str]:
    line = f"{'abstract ' * machine.abstract}machine-type {name(machine.name)}"
    if machine.parent:
        line += f" is {name(machine.parent)}"
    yield line
    if machine.alias:
        yield f"  alias {name(machine.alias)}"
    if machine.default:
        yield "  default"
    if machine.deprecated:
        yield "  deprecated"
    if machine.cpu_max is not None:
        yield f"  cpu-max = {machine.cpu_max}"
    if machine.hotpluggable_cpus is not None:
        yield f"  hotpluggable-cpus = {_value(machine.hotpluggable_cpus)}"
    for key, value in machine.more:
        yield f"  {key} = {_value(value)}"
    yield from property_lines(machine.properties)


def property_lines(properties: Iterable[Property]) -> Iterator[str]:
    """One line for all that share domain and default; the lines are sorted by their first name."""
    groups: dict[str, list[str]] = defaultdict(list)
    for each in sorted(properties, key=lambda each: each.name):
        groups[f"{unlike(each.domain, _DOMAINS)}{_default(each.default)}"].append(name(each.name))
    for rest, names in groups.items():
        yield f"  property {', '.join(names)} : {rest}"


def _default(value: Default) -> str:
    return "" if value is None else f" = {_value(value)}"


def _value(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if isinstance(value, int) else text(value)
