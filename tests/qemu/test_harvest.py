"""Catalogues of the real binaries: they expand to what the binary lists, and are what the project ships."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qrules.qemu.catalogue_text import write
from qrules.qemu.facts import DeviceType, Facts
from qrules.qemu.harvest import Listing, gather, listing, parse_qdm
from qrules.qemu.process import version
from qrules.qemu.qmp import Session

if TYPE_CHECKING:
    from tests.qemu.conftest import Binary

SHIPPED = Path(__file__).parents[2] / "rules" / "catalog"


@cache
def facts_of(path: str) -> Facts:
    return gather(path)


def test_the_lines_of_qdm() -> None:
    printed = """\
Some devices:
name "a", bus PCI
name "b.c", bus usb-bus, alias "bee", desc "The "best" device, no-user"
name "d", no-user
name "e", bus System, desc "E", no-user

"""
    assert parse_qdm(printed) == {
        "a": Listing("PCI", "", "", False),
        "b.c": Listing("usb-bus", "bee", 'The "best" device, no-user', False),
        "d": Listing("", "", "", True),
        "e": Listing("System", "", "E", True),
    }


def test_two_harvests_are_the_same_bytes(qemu: Binary) -> None:
    assert write(gather(qemu.path)) == write(facts_of(qemu.path))


def test_the_shipped_catalogue_is_what_the_binary_says(qemu: Binary) -> None:
    shipped = (SHIPPED / f"qemu-{qemu.series}" / "x86_64.qr").read_text()
    if f'catalogue "{version(qemu.path)}"' not in shipped:
        pytest.skip(f"the catalogue was harvested from another {qemu.series} than {version(qemu.path)}")
    assert write(facts_of(qemu.path)) == shipped


def test_every_part_is_sorted_and_every_name_is_known(qemu: Binary) -> None:
    facts = facts_of(qemu.path)
    kinds = {bus.name for bus in facts.bus_types}
    types = {each.name: each for each in facts.types}
    assert list(types) == sorted(types)
    assert [bus.name for bus in facts.bus_types] == sorted(kinds)
    assert {bus.parent for bus in facts.bus_types} <= kinds | {"bus"}
    assert {each.kind for each in facts.types} <= kinds | {"", "nothing"}
    for each in facts.types:
        assert each.parents[0] == "device" or each.parents[0] in types
        assert set(each.parents[1:]) <= set(facts.interfaces)
    assert {name for _, name in facts.aliases} <= types.keys()
    machines = {machine.name for machine in facts.machine_types}
    assert [machine.name for machine in facts.machine_types] == sorted(machines)
    assert {machine.parent for machine in facts.machine_types} <= machines | {""}
    assert [machine.name for machine in facts.machine_types if machine.default] == [default_machine(qemu)]


def default_machine(qemu: Binary) -> str:
    (line,) = (line for line in printed_help(qemu, "-machine").splitlines() if line.endswith("(default)"))
    return line.split()[0]


def printed_help(qemu: Binary, option: str) -> str:
    return subprocess.run([qemu.path, option, "help"], capture_output=True, text=True, check=True).stdout


def test_user_creatable_is_what_the_help_lists(qemu: Binary) -> None:
    listed = re.findall(r'^name "([^"]+)"', printed_help(qemu, "-device"), re.MULTILINE)
    assert sorted(listed) == [each.name for each in facts_of(qemu.path).types if each.status == "user"]


def lineage(name: str, types: dict[str, DeviceType]) -> Iterator[DeviceType]:
    while name in types:
        yield types[name]
        name = types[name].parents[0]


def test_kinds_and_interfaces_are_inherited_right(qemu: Binary) -> None:
    facts = facts_of(qemu.path)
    types = {each.name: each for each in facts.types}
    with Session(qemu.path, ("-machine", "none")) as session:
        for name, told in parse_qdm(session.hmp("info qdm")).items():
            stated = next((each.kind for each in lineage(name, types) if each.kind), "nothing")
            assert (name, stated) == (name, told.kind or "nothing")
        for interface in facts.interfaces:
            told_by = {each["name"] for each in session.execute("qom-list-types", implements=interface, abstract=True)}
            having = {n for n in types if any(interface in each.parents for each in lineage(n, types))}
            assert (interface, having) == (interface, told_by & types.keys())


def test_properties_are_inherited_right(qemu: Binary) -> None:
    """Name, domain and default of each property of each type that a user can create, processors apart."""
    types = {each.name: each for each in facts_of(qemu.path).types}
    with Session(qemu.path, ("-machine", "none")) as session:
        for name, each in types.items():
            if each.status == "user" and lineage_ends_elsewhere(name, types):
                stated = {own.name: own[1:] for above in reversed([*lineage(name, types)]) for own in above.properties}
                answer = listing(session.execute, name)
                twins = {f"legacy-{listed['name']}" for listed in answer}
                told = {
                    listed["name"]: (re.sub("^link<.*", "link", listed["type"]), plain(listed.get("default-value")))
                    for listed in answer
                    if listed["name"] not in twins and "[" not in listed["name"] and not listed["type"].startswith("child<")
                }
                assert (name, stated) == (name, told)


def lineage_ends_elsewhere(name: str, types: dict[str, DeviceType]) -> bool:
    return [*lineage(name, types)][-1].name != "cpu"


def plain(default: object) -> object:
    return None if isinstance(default, list) else default
