"""Where a device can be plugged at all, and which architecture is meant where none is named."""

from __future__ import annotations

import json

from qrules.explain.anywhere import anywhere, newest
from qrules.machine.request import DeviceRequest
from qrules.rulesets.store import Store
from tests.conftest import Run


def test_the_newest_machine_of_each_family_is_tried(store: Store) -> None:
    known = [store.knowledge(store.resolve("10.0", arch)) for arch in ("x86_64", "s390x")]
    names = [facts.name for facts in newest(known[0])]
    assert {"pc-q35-10.0", "pc-i440fx-10.0", "microvm", "isapc"} <= set(names)
    assert "pc-q35-9.2" not in names
    found = {each.machine: each for each in anywhere(known, [DeviceRequest("floppy")])}
    assert "s390-ccw-virtio-10.0" not in found, "there is no such type"
    assert found["pc-i440fx-10.0"].placement is not None
    assert "floppy-bus" in found["pc-q35-10.0"].message
    [only] = [each for each in anywhere(known, [DeviceRequest("virtio-net-ccw")]) if each.placement]
    assert (only.machine, only.arch, only.qemu) == ("s390-ccw-virtio-10.0", "s390x", "10.0.2")


def test_the_verbs(qrules: Run) -> None:
    answer = json.loads(qrules("why", "floppy", "--qemu", "10.0", "--arch", "x86_64", "--json").stdout)
    assert {p["machine"] for p in answer["places"] if p["placement"]} >= {"pc-i440fx-10.0", "isapc"}
    done = qrules("why", "virtio-net-ccw", "--on", "s390-ccw-virtio")
    assert done.stdout.startswith("Yes: ")
    assert done.stderr == "qrules: s390-ccw-virtio is a machine of s390x alone\n"
    assert "the default" in qrules("machines").stdout.splitlines()[0]
    listed = json.loads(qrules("machines", "--arch", "all", "--qemu", "10.0", "--json").stdout)
    assert {m["arch"] for m in listed["machines"]} >= {"x86_64", "aarch64", "s390x", "ppc64", "riscv64"}
    assert "arch" not in json.loads(qrules("machines", "--json").stdout)["machines"][0]
    assert qrules("why", "floppyy").returncode == 2
