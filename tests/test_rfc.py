"""The RFC's own example (qemu-devel, November 2016, "supported-device-types"): six machines, exactly its keys and values."""

from __future__ import annotations

import json

from tests.conftest import Run

SYSTEM = "sys-bus-device"
PC = [SYSTEM, "floppy", "i2c-slave", "pci-device", "isa-device", "ide-device"]

EXAMPLE = [
    {"supported-device-types": [SYSTEM], "cpu-max": 1, "hotpluggable-cpus": False, "name": "none"},
    {"supported-device-types": [SYSTEM], "cpu-max": 1, "hotpluggable-cpus": False, "name": "xenpv"},
    {
        "supported-device-types": PC,
        "name": "pc-i440fx-2.8",
        "alias": "pc",
        "is-default": True,
        "cpu-max": 255,
        "hotpluggable-cpus": True,
    },
    {
        "supported-device-types": [SYSTEM, "floppy", "isa-device", "ide-device"],
        "cpu-max": 1,
        "hotpluggable-cpus": True,
        "name": "isapc",
    },
    {"supported-device-types": PC, "cpu-max": 128, "hotpluggable-cpus": True, "name": "xenfv"},
    {
        "alias": "q35",
        "supported-device-types": [SYSTEM, "i2c-slave", "PCIE-device", "isa-device", "ide-device"],
        "cpu-max": 288,
        "hotpluggable-cpus": True,
        "name": "pc-q35-2.8",
    },
]


def test_the_rfcs_output(qrules: Run) -> None:
    assert json.loads(qrules("query-machines", "--rules", "rfc-2.8").stdout) == {"return": EXAMPLE}


def test_the_rfcs_question(qrules: Run) -> None:
    assert qrules("why", "floppy", "--on", "q35", "--rules", "rfc-2.8").stdout.startswith("No: ")
    assert qrules("why", "floppy", "--on", "pc", "--rules", "rfc-2.8").stdout.startswith("Yes: ")
