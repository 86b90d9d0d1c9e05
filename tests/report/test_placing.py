"""What `place` says where there is no placement, why a device is not elsewhere, and how many ways there are: word for word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "two-mistakes": ("--on", "q35", "--nodefaults", "e1000,bus=pcie.0,addr=1f.0", *["e1000,bus=pcie.0,addr=5"] * 2),
    "hall-set": ("--on", "microvm", "--nodefaults", "virtio-rng-device*25"),
    "apart-and-together": ("--on", "q35", "scsi-cd*2", "--apart", "scsi-cd", "--together", "scsi-cd"),
    "hot-plug": ("--on", "pc", "--hotplug", "ide-cd", "ide-cd"),
    "hot-plug-on-a-bus-without-places": ("--on", "pc", "--hotplug", "isa-serial", "isa-serial"),
    "why-not-held": ("--on", "q35", "--why-not", "1f.0", "e1000"),
    "why-not-taken": ("--on", "q35", "--why-not", "a@05.0", "e1000,id=a", "e1000,id=b,bus=pcie.0,addr=5"),
    "why-not-free": ("--on", "q35", "--why-not", "06.0", "e1000"),
    "why-not-advised": ("--on", "q35", "--nodefaults", "--why-not", "e1000@rp1", "e1000", "e1000e"),
    "why-not-there": ("--on", "q35", "--why-not", "1@pcie.0:03.0", "e1000"),
    "count": ("--on", "q35", "--nodefaults", "--count", "e1000e*3", "e1000*2"),
    "all": ("--on", "q35", "--nodefaults", "--all", "--limit", "2", "--profile", "qemu", "ide-cd*5"),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(qrules: Run, bless: bool, name: str) -> None:
    done = qrules("place", *CASES[name])
    assert done.stderr == ""
    said = re.sub(r"\.qr:\d+", ".qr:N", done.stdout)  # a line more in a rule file changes no answer
    file = GOLDEN / f"{name}.txt"
    if bless:
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


def test_conflicts_in_json(qrules: Run) -> None:
    answer = json.loads(qrules("place", "--json", *CASES["two-mistakes"]).stdout)
    held, twice = answer["conflicts"]
    assert {d["what"]: d["devices"] for d in held["demands"]} == {"item": [0], "pin": [0]}
    assert held["rules"][0]["emulator-message"].startswith("PCI: slot 31 function 0 not available for e1000")
    assert sorted({d["devices"][0] for d in twice["demands"]}) == [1, 2]
    assert all(c["minimal"] for c in answer["conflicts"])
    hall = json.loads(qrules("place", "--json", *CASES["hall-set"]).stdout)["conflicts"][0]
    assert (hall["capacity"], hall["places"], hall["demands"][0]["count"]) == (True, 24, 25)


def test_as_many_conflicts_as_are_asked_for(qrules: Run) -> None:
    words = ("place", "--json", "--on", "q35", *(f"e1000,bus=pcie.0,addr={n:x}" for n in range(3, 8) for _ in (1, 2)))
    found = {n: json.loads(qrules(*words, "--conflicts", str(n)).stdout) for n in (2, 20)}
    assert (len(found[2]["conflicts"]), found[2]["complete"]) == (2, False)
    assert (len(found[20]["conflicts"]), found[20]["complete"]) == (5, True)
