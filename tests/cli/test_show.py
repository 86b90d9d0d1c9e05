"""``show``, and the emulator's own ``help``."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Run


def test_a_type(qrules: Run) -> None:
    answer = json.loads(qrules("show", "e1000", "--json").stdout)
    assert (answer["what"], answer["name"], answer["goes-on"], answer["status"]) == ("type", "e1000", "PCI", "user")
    assert {"name": "multifunction", "type": "bool", "default": False} in answer["properties"]
    assert {"q35", "pc"} <= set(answer["machines"])
    assert "microvm" not in answer["machines"]
    assert {"qemu": "7.2.22", "arch": "aarch64"} in answer["at"]
    assert {"qemu": "7.2.22", "arch": "s390x"} not in answer["at"]
    assert "function-needs-multifunction" in [r["rule"] for r in answer["rules"]]


def test_a_machine(qrules: Run) -> None:
    answer = json.loads(qrules("show", "q35", "--qemu", "10.0", "--json").stdout)
    assert (answer["what"], answer["name"], answer["aliases"]) == ("machine", "pc-q35-10.0", ["q35"])
    assert "usb" in [p["name"] for p in answer["properties"]]
    assert [at for at in answer["at"] if at["qemu"] == "10.0.2"] == [{"qemu": "10.0.2", "arch": a} for a in ("i386", "x86_64")]
    assert "7.2.22" not in [at["qemu"] for at in answer["at"]]


def test_a_rule_with_its_tests(qrules: Run) -> None:
    (rule,) = json.loads(qrules("show", "chassis-slot", "--json").stdout)["rules"]
    assert rule["see"]
    assert rule["instead"]
    assert any(test["file"] == "rules/tests/devices.qr" for test in rule["tests"])
    text = qrules("show", "chassis-slot").stdout
    assert "Can't add chassis slot, error -16" in text
    assert "rules/tests/devices.qr:" in text


def test_a_name_that_nothing_has(qrules: Run) -> None:
    answer = qrules("show", "flopy")
    assert (answer.returncode, "QR413" in answer.stderr, "'floppy'" in answer.stderr) == (2, True, True)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("-device", "e1000,help"), "  netdev=<str>"),
        (("-device", "help"), 'name "e1000", bus PCI, desc "Intel Gigabit Ethernet"'),
        (("-M", "help"), "q35                  "),
        (("-machine", "q35,help"), "  usb=<bool>"),
    ],
)
def test_help_is_answered_as_the_emulator_does(qrules: Run, words: tuple[str, ...], line: str) -> None:
    answer = qrules("check", "--", "qemu-system-x86_64", *words)
    assert answer.returncode == 0
    assert any(told.startswith(line) for told in answer.stdout.split("\n"))


def test_help_in_another_place_is_no_question(qrules: Run) -> None:
    assert "accepted" in qrules("check", "--", "-M", "q35", "-name", "help").stdout
