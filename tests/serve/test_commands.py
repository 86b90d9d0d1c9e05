"""Commands and their arguments: what they return, and how a wrong one is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

import qrules as package
from qrules.serve.commands import Commands, Failed
from qrules.serve.questions import Questions
from tests.conftest import Run

Q35 = ["-M", "q35", "-nodefaults"]


def test_machines_are_those_of_the_verb(commands: Commands) -> None:
    assert commands.execute("query-machines", {}) == package.query_machines()


def test_the_types_that_an_interface_has(commands: Commands) -> None:
    found = commands.execute("qom-list-types", {"implements": "conventional-pci-device"})
    assert {"name": "e1000"} in found
    assert {"name": "nvme"} not in found
    assert all("abstract" not in one for one in found)
    assert {"name": "pci-device", "abstract": True} in commands.execute("qom-list-types", {"abstract": True})


def test_the_properties_of_a_type_by_an_alias(commands: Commands) -> None:
    found = commands.execute("device-list-properties", {"typename": "e1000-82540em"})
    assert {"name": "multifunction", "type": "bool", "default-value": False} in found


def test_each_slot_is_free_or_held(commands: Commands) -> None:
    """A port has one place; a device that stands there has it, and the bus is full then."""
    words = [*Q35, "-device", "pcie-root-port,id=p,addr=3", "-device", "e1000e,bus=p,id=n"]
    slots = commands.execute("query-device-slots", {"argv": words})
    root = [s for s in slots if {"option": "bus", "values": ["pcie.0"]} in s["opts"]]
    free = next(s for s in root if s["available"])
    [_, addresses] = free["opts"]
    assert (addresses["option"], len(addresses["values"]), free["opts-complete"]) == ("addr", free["count"], True)
    assert "03" not in addresses["values"]
    port = [s for s in slots if {"option": "bus", "values": ["p"]} in s["opts"] and not s["available"]]
    assert [(s["device"], s["hotpluggable"]) for s in port] == [({"type": "e1000e", "id": "n"}, True)]


def test_every_free_slot_is_taken_by_a_device(commands: Commands) -> None:
    """What the answer says of a place can be written, and is accepted."""
    [free] = [
        s
        for s in commands.execute("query-device-slots", {"argv": Q35})
        if s["available"] and "pci-express-device" in s["device-types"]
    ]
    bus, address = free["opts"]
    for value in address["values"]:
        device = f"e1000,bus={bus['values'][0]},{address['option']}={value}"
        assert commands.execute("x-qrules-check", {"argv": [*Q35, "-device", device]})["verdict"] in ("accept", "warn"), device


def test_a_config_that_is_served_stands_where_none_is_given(questions: Questions) -> None:
    served = Commands(questions, [*Q35, "-device", "floppy"])
    assert served.execute("x-qrules-check", {})["verdict"] == "reject"
    assert served.execute("x-qrules-check", {"argv": Q35})["verdict"] == "accept"
    assert served.execute("query-device-slots", {})


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "said"),
    [
        ("query-cpus", {}, "CommandNotFound", "The command query-cpus has not been found"),
        (["x"], {}, "CommandNotFound", "has not been found"),
        ("query-machines", [], "GenericError", "QMP input member 'arguments' must be an object"),
        ("query-machines", {"x": 1}, "GenericError", "Parameter 'x' is unexpected"),
        ("device-list-properties", {}, "GenericError", "Parameter 'typename' is missing"),
        ("device-list-properties", {"typename": 3}, "GenericError", "Invalid parameter type for 'typename', expected: string"),
        ("device-list-properties", {"typename": "e1001"}, "DeviceNotFound", "Device 'e1001' not found"),
        ("device-list-properties", {"typename": "pci-device"}, "GenericError", "expects a non-abstract device type"),
        ("query-device-slots", {}, "GenericError", "Parameter 'argv' is missing"),
        ("query-device-slots", {"argv": ["-M"]}, "GenericError", "the option -M needs an argument"),
        ("x-qrules-check", {}, "GenericError", "Parameter 'argv' is missing"),
        ("x-qrules-why", {"argv": Q35, "device": 3}, "GenericError", "names no device"),
        ("x-qrules-why", {"argv": Q35, "device": {"driver": "e1001"}}, "GenericError", "e1001"),
        ("x-qrules-place", {"argv": Q35, "qemu": "1.0"}, "GenericError", "1.0"),
        ("x-qrules-explain", {"message": " "}, "GenericError", "The message is no text"),
    ],
)
def test_what_is_refused(commands: Commands, name: Any, arguments: Any, kind: str, said: str) -> None:
    with pytest.raises(Failed) as raised:
        commands.execute(name, arguments)
    assert raised.value.kind == kind
    assert said in raised.value.text


def test_why_is_the_answer_of_the_verb(commands: Commands, qrules: Run) -> None:
    told = json.loads(qrules("why", "e1000", "--on", "q35", "--json").stdout)
    assert (
        json.loads(json.dumps(commands.execute("x-qrules-why", {"argv": ["-M", "q35"], "device": {"driver": "e1000"}}))) == told
    )


def test_messages_of_both_are_explained(commands: Commands) -> None:
    for message, rule in (("No 'PCI' bus found for device 'e1000'", "no-bus"), ("No more available PCI slots", "no-pci-slot")):
        [found] = commands.execute("x-qrules-explain", {"message": message})["messages"]
        assert found["meanings"][0]["rule"] == rule
