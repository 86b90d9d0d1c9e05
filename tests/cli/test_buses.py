"""``buses`` and ``slots`` of machines and of configs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

CONFIG = "qemu-system-x86_64 -M q35 -nodefaults -device pcie-root-port,id=rp -device e1000e,bus=rp,id=n -device floppy"


@pytest.mark.parametrize("verb", ["buses", "slots"])
def test_a_config_by_any_way(qrules: Run, tmp_path: Path, verb: str) -> None:
    file = tmp_path / "vm.sh"
    file.write_text(CONFIG)
    behind = qrules(verb, "--", *CONFIG.split())
    assert behind.returncode == 0, behind.stderr
    assert behind.stdout == qrules(verb, str(file)).stdout == qrules(verb, "-", stdin=CONFIG).stdout
    assert "rp" in behind.stdout
    assert "floppy (device 3)" in behind.stdout, "what is refused is not passed over in silence"


def test_a_config_in_json(qrules: Run) -> None:
    answer = json.loads(qrules("slots", "--json", "--", *CONFIG.split()).stdout)
    assert answer["refused"] == [2]
    assert {b["id"]: [h["id"] for h in b["holders"]] for b in answer["buses"]}["rp"] == ["n"]


def test_a_machine_without_devices_is_the_machine(qrules: Run) -> None:
    for verb in ("buses", "slots"):
        assert (
            qrules(verb, "q35", "usb=on", "--nodefaults").stdout == qrules(verb, "--", "-M", "q35,usb=on", "-nodefaults").stdout
        )


def test_two_buses_of_one_name_have_holders_of_their_own(qrules: Run) -> None:
    words = ("-M", "pc", "-nodefaults", "-device", "virtio-scsi-pci", "-device", "virtio-rng-pci")
    listed = [
        b["holders"] for b in json.loads(qrules("slots", "--json", "--", *words).stdout)["buses"] if b["id"] == "virtio-bus"
    ]
    assert sorted(h["type"] for held in listed for h in held) == ["virtio-rng-device", "virtio-scsi-device"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("slots",), "nothing to look at"),
        (("slots", "nosuch"), "no machine 'nosuch'"),
        (("slots", "./nosuch"), "can't read it"),
        (("buses", "usb=on", "--", "-M", "q35"), "at once"),
        (("buses", "--nodefaults", "--", "-M", "q35"), "at once"),
        (("buses", "--", "-M", "nosuch"), "no machine 'nosuch'"),
        (("slots", "--arch", "aarch64", "--", "-M", "xlnx-versal-virt"), "no rules describe"),
        (("slots", "q35", "--tree", "--dot"), "not allowed with"),
    ],
)
def test_misuse(qrules: Run, words: tuple[str, ...], said: str) -> None:
    done = qrules(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    "words", [("check",), ("slots",), ("slots", "--tree"), ("slots", "--tree", "--json"), ("slots", "--dot")]
)
def test_bridges_behind_bridges(qrules: Run, words: tuple[str, ...]) -> None:
    chain = [f"pci-bridge,id=b{n},chassis_nr={n}" + (f",bus=b{n - 1}" if n > 1 else "") for n in range(1, 256)]
    done = qrules(*words, "--", "-M", "pc", "-nodefaults", *(w for text in chain for w in ("-device", text)))
    assert done.returncode == 0, done.stderr
    assert "b255" in done.stdout
