"""Verbs on domains of libvirt as XML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qrules.cli.main import main
from qrules.diagnostics import Unusable
from qrules.report.schema import schema
from tests.domains.domains import DISK, NIC, domain

LIBVIRT = ("--libvirt", "11.3")


@pytest.fixture
def vm(tmp_path: Path) -> str:
    (tmp_path / "vm.xml").write_text(domain())
    (tmp_path / "nic.xml").write_text(NIC)
    return str(tmp_path / "vm.xml")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main([*words, *LIBVIRT])
    out, err = capsys.readouterr()
    return status, out + err


def test_check(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "check", vm)
    assert status == 0
    assert out.startswith("accepted  (pc-q35-10.0, x86_64, libvirt 11.3")
    assert "disk vda" in out


def test_a_refusal_shows_the_authors_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vm.xml"
    file.write_text(domain(DISK.replace("virtio'/>", "virtio'/>\n      <address type='pci' slot='0x28'/>")))
    status, out = run(capsys, "check", str(file))
    assert status == 1
    assert "libvirt does not define it" in out
    assert f"{file}:9:5: error: disk vda: " in out
    assert "  9 |     <disk type='file' device='disk'>" in out
    assert "libvirt XML error: Invalid PCI address slot='0x28', must be <= 0x1F" in out
    assert run(capsys, "check", str(file), "--exit-zero")[0] == 0


def test_what_cannot_be_read_is_one_diagnostic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vm.xml"
    file.write_text("<domain>\n  <name>\n</domain>\n")
    with pytest.raises(Unusable, match="3:1: </domain> closes nothing: <name> is open"):
        run(capsys, "check", str(file))
    file.write_text(NIC)
    with pytest.raises(Unusable, match="this is <interface>, not a domain"):
        run(capsys, "check", str(file))


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("check",), "check"),
        (("place",), "place"),
        (("argv",), "argv"),
        (("convert", "--to", "pc"), "convert"),
        (("slots",), "slots"),
        (("buses",), "buses"),
    ],
)
def test_json_is_of_the_shape_that_is_promised(
    vm: str, words: tuple[str, ...], verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import jsonschema

    status, out = run(capsys, *words, vm, "--json")
    assert status == 0
    jsonschema.validate(json.loads(out), schema(verb))


def test_json_of_a_refusal_has_stage_element_and_place(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    nic = str(Path(vm).with_name("nic.xml"))
    status, out = run(capsys, "hotplug", nic, nic, "--into", vm, "--json")
    made: dict[str, Any] = json.loads(out)
    jsonschema.validate(made, schema("hotplug"))
    (reason,) = made["reasons"]
    assert (status, made["verdict"], reason["stage"], reason["attach"], reason["element"]) == (
        1,
        "reject",
        "running",
        1,
        "/interface",
    )
    assert (reason["span"]["file"], reason["span"]["line"]) == (nic, 1)
    assert reason["emulator-message"] == "internal error: No more available PCI slots"


def test_hotplug(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    nic = str(Path(vm).with_name("nic.xml"))
    assert run(capsys, "hotplug", nic, "--into", vm)[0] == 0
    status, out = run(capsys, "hotplug", nic, nic, "--into", vm)
    assert status == 1
    assert "the running machine does not take it" in out


def test_place_prints_the_document_that_libvirt_stores(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "place", vm)
    assert status == 0
    assert out.startswith("<domain type='qemu'>\n")
    assert "<!-- what it has -->" in out
    Path(vm).write_text(out)
    assert run(capsys, "place", vm) == (0, out)
    assert run(capsys, "place", vm, "--diff")[1].strip() == ""


def test_argv_prints_a_command_line_that_check_takes(vm: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out = run(capsys, "argv", vm)
    assert status == 0
    (tmp_path / "vm.sh").write_text(out)
    assert main(["check", str(tmp_path / "vm.sh"), "--qemu", "10.0"]) == 0
    capsys.readouterr()
    (tmp_path / "bad.xml").write_text(domain("<controller type='pci' index='0' model='pci-root'/>"))
    assert run(capsys, "argv", str(tmp_path / "bad.xml"))[0] == 1
    (tmp_path / "x.sh").write_text("qemu-system-x86_64 -M q35")
    with pytest.raises(Unusable, match="this is no domain of libvirt"):
        run(capsys, "argv", str(tmp_path / "x.sh"))


def test_verbs_about_command_lines_take_the_one_that_libvirt_writes(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["buses", "--", "-M", "q35"])
    capsys.readouterr()
    assert status == 0
    assert run(capsys, "check", vm, "--profile", "qemu")[0] == 0


def test_a_folder_and_formats(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(vm).parent
    (folder / "x.sh").write_text("qemu-system-x86_64 -M q35 -nodefaults\n")
    (folder / "broken.xml").write_text("<domain>")
    status, out = run(capsys, "check", str(folder), "--format", "concise")
    assert status == 0
    assert f"{vm}:1:1: accepted" in out
    assert "passed over" in out
    (folder / "vm.xml").write_text(domain("<controller type='pci' index='0' model='pci-root'/>"))
    status, out = run(capsys, "check", vm, "--format", "github")
    assert status == 1
    assert out.startswith(f"::error file={vm},line=9,")


def test_a_stream_may_mix_both(vm: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [{"id": 1, "libvirt-xml": domain()}, {"id": 2, "argv": ["-M", "q35"]}, {"id": 3, "libvirt-xml": "<domain>"}]
    (tmp_path / "lines").write_text("".join(json.dumps(one) + "\n" for one in lines))
    status, out = run(capsys, "check", "--jsonl", str(tmp_path / "lines"), "--jobs", "1")
    assert status == 2
    assert [json.loads(one)["verdict"] for one in out.splitlines()] == ["accept", "accept", "unreadable"]


def test_explain_of_libvirts_messages(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "explain", "error: internal error: No more available PCI slots")
    assert status == 0
    assert "rules/rule-sets/libvirt/" in out


def test_convert_prints_a_domain_that_check_takes(vm: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, stored = run(capsys, "place", vm)
    status, made = run(capsys, "convert", "--to", "pc", vm)
    assert status == 0
    assert "machine='pc'" in made
    assert "<!-- what it has -->" in made
    (tmp_path / "pc.xml").write_text(stored)
    status, back = run(capsys, "convert", "--to", "pc", "--diff", str(tmp_path / "pc.xml"))
    assert status == 0
    assert "-    <controller type='pci' index='1' model='pcie-root-port'>" in back
    assert "what the guest finds at another place" in back


def test_convert_from_ide_to_sata_keeps_names_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    places = (("hda", "ide"), ("sda", "scsi"))
    disks = "".join(f"<disk type='file'><source file='/{d}.img'/><target dev='{d}' bus='{b}'/></disk>\n" for d, b in places)
    (tmp_path / "vm.xml").write_text(domain(disks, machine="pc"))
    status, made = run(capsys, "convert", "--to", "q35", str(tmp_path / "vm.xml"))
    assert status == 0
    assert "<target dev='sdb' bus='sata'/>" in made


def test_what_does_not_go_with_a_domain_is_told(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("--keep", "network"), ("--without", "1")):
        with pytest.raises(Unusable, match="of a domain all devices come along"):
            run(capsys, "convert", "--to", "pc", *words, vm)
    status, told = run(capsys, "convert", "--to", "nonesuch", vm)
    assert status == 1
    assert "has no machine 'nonesuch'" in " ".join(told.split())


def test_buses_slots_and_pictures_have_the_names_of_the_domain(vm: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "pcie.0 (PCIE), the pci controller 0: " in run(capsys, "slots", vm)[1]
    assert "the usb controller 0" in run(capsys, "buses", vm)[1]
    assert "'virtio-disk0 = disk vda'" in run(capsys, "slots", "--tree", vm)[1]
    assert "virtio-disk0 = disk vda" in run(capsys, "slots", "--dot", vm)[1]


def test_upgrade_changes_the_machine_in_the_xml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    file = tmp_path / "vm.xml"
    file.write_text(domain(machine="pc-i440fx-2.6"))
    assert main(["upgrade", "--from", "7.2", "--to", "11.1", str(file)]) == 1
    told = capsys.readouterr().out
    assert "+  <os><type arch='x86_64' machine='pc-i440fx-5.2'>hvm</type></os>" in told
    assert main(["upgrade", "--from", "7.2", "--to", "11.1", "--json", str(file)]) == 1
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, schema("upgrade"))
    assert "machine='pc-i440fx-5.2'" in answer["configs"][0]["xml"]
