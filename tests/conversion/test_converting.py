"""Conversions to another machine: what stays, what becomes of the rest and why, what can't come along."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from qrules.configs.argv import read
from qrules.configs.rewriting import lines
from qrules.conversion.answer import Converted
from qrules.conversion.converting import convert
from qrules.conversion.target import target
from qrules.plugging.board import Board
from tests.conformance.test_converting import configs
from tests.conversion.asking import answer_of, converted, devices, impossible


# ------------------------------------------------------------------------------------- names, and what the guest sees
def test_a_bus_that_is_called_like_one_of_the_new_machine(board: Board) -> None:
    """What stood behind the user's bridge stands behind it still, and not on the machine's own bus of the name."""
    line = "-M q35 -nodefaults -device pcie-pci-bridge,id=pci.0,addr=3 -device virtio-rng-pci,bus=pci.0,addr=3"
    assert devices(converted(board, "pc", line)) == [
        "pci-bridge,id=pci.0-1,addr=3,chassis_nr=1",
        "virtio-rng-pci,bus=pci.0-1,addr=3",
    ]


def test_so_do_devices_that_another_property_ties_to_it(board: Board) -> None:
    line = (
        "-M microvm,pcie=on -nodefaults -device usb-ehci,id=usb-bus -device ich9-usb-uhci1,masterbus=usb-bus.0,firstport=0 "
        "-device usb-tablet,bus=usb-bus.0"
    )
    answer = converted(board, "pc,usb=on", line)
    assert devices(answer)[0].startswith("usb-ehci,id=usb-bus-1")
    assert "masterbus=usb-bus-1.0" in devices(answer)[1]
    assert "bus=usb-bus-1.0" in devices(answer)[2]


def test_what_boards_bring_is_told(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device e1000,addr=5")
    brought = {b.what: b for b in answer.brought}["the board"]
    assert "PIIX3 on pci.0, addr=01.0" in brought.before
    assert "ICH9-LPC on pcie.0, addr=1f.0" in brought.after
    assert not any("isa-pit" in text for text in brought.before)  # both have it


def test_what_the_guest_sees_otherwise_is_told(board: Board) -> None:
    line = "-M pc -nodefaults -smp 8 -device virtio-net-pci,id=n"
    notes = [n.message for n in converted(board, "pc-i440fx-2.6", line).notes]
    assert "devices with the defaults of QEMU 2.6 now, devices with the defaults of QEMU 10.0 before" in notes
    assert any(n.startswith("8 sockets, 1 cores in each") for n in notes)
    assert any(n.startswith("virtio-net-pci 'n': the old half of virtio alone now") for n in notes)


@pytest.mark.parametrize("machine", ["pc", "q35", "pc,usb=on", "microvm", "isapc"])
def test_to_the_same_machine_nothing_changes(board: Board, machine: str) -> None:
    for words in configs(board, machine, "same", 6):
        answer = answer_of(board, machine.partition(",")[0], shlex.join(words))
        assert isinstance(answer, Converted)
        assert (answer.changes, list(answer.argv)) == ((), words)


@pytest.mark.parametrize(("old", "new"), [("pc-i440fx-9.2", "pc-i440fx-10.0"), ("pc-q35-10.0", "pc-q35-8.0")])
def test_another_version_changes_the_machine_alone(board: Board, old: str, new: str) -> None:
    for words in configs(board, old, "version", 6):
        answer = answer_of(board, new, shlex.join(words))
        assert isinstance(answer, Converted)
        assert [c.kind for c in answer.changes] == ["machine"]
        assert answer.seen == ()


def test_addresses_stay_where_they_can(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device e1000,bus=pci.0,addr=0x5,id=n -device rtl8139,addr=9")
    assert devices(answer) == ["e1000,id=n,bus=pcie.0,addr=0x5", "rtl8139,addr=9"]
    assert answer.seen == ()


def test_what_is_not_written_is_written_where_it_would_land_elsewhere(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device e1000")
    assert devices(answer) == ["e1000,addr=02.0"]
    assert "written out" in answer.changes[1].why[0].message


def test_a_held_address_moves_and_the_guest_is_thought_of(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device e1000,addr=1f")
    (seen,) = answer.seen
    assert (seen.before.address, seen.after.address) == ({"addr": "1f.0"}, {"addr": "01.0"})
    why = answer.changes[1].why
    assert (why[0].rule, str(why[0].see[0])) == ("addr", "qemu:hw/pci/pci.c do_pci_register_device")
    assert "instead of pci.0, addr=1f.0" in why[-1].message


def test_functions_of_one_slot_move_together(board: Board) -> None:
    answer = converted(
        board, "q35", "-M pc -nodefaults -device e1000,addr=1f.0,multifunction=on -device rtl8139,addr=1f.1 -device edu,addr=1f.5"
    )
    assert [d.split("addr=")[1].split(",")[0] for d in devices(answer)] == ["01.0", "01.1", "01.5"]


def test_a_function_beside_the_old_board_stands_alone(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device edu,addr=1.5")
    assert devices(answer) == ["edu,addr=01.0"]


def test_units_of_one_disk_controller(board: Board) -> None:
    both = "-M pc -nodefaults " + " ".join(
        f"-drive if=none,id={n},file=null-co:// -device ide-hd,bus=ide.0,unit={u},drive={n}" for u, n in enumerate("ab")
    )
    answer = converted(board, "q35", both)
    assert devices(answer) == ["ide-hd,bus=ide.0,unit=0,drive=a", "ide-hd,bus=ide.1,unit=0,drive=b"]
    assert any("ich9-ahci instead of piix3-ide" in w.message for w in answer.notes)


def test_two_luns_of_a_target_stay(board: Board) -> None:
    text = "-M pc -nodefaults -device virtio-scsi-pci,id=s " + " ".join(
        f"-drive if=none,id={n},file=null-co:// -device scsi-hd,bus=s.0,scsi-id=0,lun={u},drive={n}" for u, n in enumerate("ab")
    )
    answer = converted(board, "q35", text + " -device floppy")
    assert devices(answer)[1:3] == ["scsi-hd,bus=s.0,scsi-id=0,lun=0,drive=a", "scsi-hd,bus=s.0,scsi-id=0,lun=1,drive=b"]


def test_a_bus_that_is_named_by_counting(board: Board) -> None:
    """The old board has two disk buses and the new one six, so the first of a controller's own is called otherwise."""
    answer = converted(board, "q35", "-M pc -nodefaults -device ich9-ahci,addr=7 -device ide-cd,bus=ide.4")
    assert devices(answer) == ["ich9-ahci,addr=7", "ide-cd,bus=ide.8"]
    assert answer.seen == ()


# ------------------------------------------------------------------------------------- what devices become
@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("q35", "pc", "-device pcie-root-port,id=r,chassis=1 -device virtio-net-pci,bus=r", ["virtio-net-pci,bus=pci.0"]),
        ("pc", "q35", "-device pci-bridge,id=b,chassis_nr=1 -device e1000,bus=b,addr=3",
         ["pcie-pci-bridge,id=b,addr=02.0", "e1000,bus=b,addr=3"]),
        ("q35", "pc", "-device pcie-pci-bridge,id=b -device e1000,bus=b,addr=3",
         ["pci-bridge,id=b,chassis_nr=1", "e1000,bus=b,addr=3"]),
        ("pc", "q35", "-device piix3-usb-uhci,id=u,addr=5 -device usb-kbd,bus=u.0", ["ich9-usb-uhci1,id=u,addr=5", "usb-kbd,bus=u.0"]),
        ("pc", "microvm", "-device virtio-rng-pci,id=r,addr=7", ["virtio-rng-device,id=r"]),
        ("microvm", "pc", "-device virtio-rng-device,id=r", ["virtio-rng-pci,id=r"]),
        ("pc", "microvm,pcie=on", "-device virtio-rng-pci,addr=7", ["virtio-rng-pci,addr=7"]),
    ],
)  # fmt: skip
def test_counterparts(board: Board, old: str, new: str, before: str, after: list[str]) -> None:
    answer = converted(board, new, f"-M {old} -nodefaults {before}")
    came = [sorted(d.split(",")) for d in devices(answer)]
    assert [set(wanted.split(",")) <= set(d) for wanted, d in zip(after, came, strict=True)] == [True] * len(after), came
    assert all(w.where is not None for c in answer.changes for w in c.why if w.rule == "becomes")


def test_advice_only_advises(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device e1000,addr=3")
    assert devices(answer) == ["e1000,addr=3"]
    assert "could become e1000e" in answer.advice[0].message


def test_root_ports_where_the_guideline_wants_them(board: Board) -> None:
    text = "-M pc -nodefaults -device e1000e"
    answer = converted(board, "q35", text)
    assert [c.kind for c in answer.changes] == ["machine", "added", "device"]
    assert answer.changes[2].why[0].rule == "express-device-on-root-bus"
    assert [c.kind for c in converted(board, "q35", text, profiles=("qemu",)).changes] == ["machine", "device"]


def test_what_was_advised_against_before_stays(board: Board) -> None:
    answer = converted(board, "pc-q35-9.0", "-M q35 -nodefaults -device e1000e")
    assert [c.kind for c in answer.changes] == ["machine"]


def test_a_warning_where_nothing_else_is_possible(board: Board) -> None:
    answer = converted(board, "pc", "-M q35 -nodefaults -device pcie-root-port,id=r -device e1000e,bus=r")
    assert answer.verdict.verdict == "warn"
    assert [r.rule for r in answer.reasons] == ["express-device-on-conventional-bus"]


def test_globals_follow_their_type(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -global PIIX4_PM.disable_s3=1 -global e1000.mac=52:54:00:12:34:56")
    assert "-global ICH9-LPC.disable_s3=1" in lines(answer.argv)
    assert "-global e1000.mac=52:54:00:12:34:56" in lines(answer.argv)


# ------------------------------------------------------------------------------------- controllers, options, default devices
def test_a_floppy_gets_its_controller(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device floppy")
    assert [c.kind for c in answer.changes] == ["machine", "added"]
    assert [w.rule for w in answer.changes[1].why] == ["", "no-bus"]


def test_usb_by_the_option(board: Board) -> None:
    answer = converted(board, "q35", "-M pc,usb=on -nodefaults -device usb-tablet,bus=usb-bus.0,port=1")
    assert devices(answer) == ["usb-tablet,bus=usb-bus.0,port=1"]


def test_an_option_that_the_new_machine_lacks(board: Board) -> None:
    answer = converted(board, "q35", "-machine pc,x-south-bridge=piix4-isa,usb=off,accel=tcg")
    assert lines(answer.argv) == ["-machine q35,usb=off,accel=tcg"]
    assert [w.rule for w in answer.changes[0].why] == ["", "no-such-option"]


def test_an_option_of_the_new_machine_is_switched_on_where_nothing_else_helps(board: Board) -> None:
    answer = converted(board, "microvm", "-M pc -nodefaults -device e1000")
    assert answer.argv[1] == "microvm,pcie=on"
    assert answer.changes[0].why[1].rule == "no-bus"


def test_default_devices_are_told_and_kept_where_asked_for(board: Board) -> None:
    told = {b.role: (b.before, b.after) for b in converted(board, "q35", "-M pc").brought}
    assert told["floppy"] == (("floppy on floppy-bus.0, unit=0",), ())
    assert told["network"] == (("e1000 on pci.0, addr=03.0",), ("e1000e on pcie.0, addr=02.0",))
    answer = converted(board, "q35", "-M pc", "floppy", "network")
    assert answer.argv[-2:] == ("-nic", "user,model=e1000")
    assert [d.split(",")[0] for d in devices(answer)] == ["isa-fdc", "floppy"]


def test_a_file_of_options_is_written_out(board: Board, tmp_path: Path) -> None:
    file = tmp_path / "vm.cfg"
    file.write_text('[machine]\n  type = "pc"\n[device "n"]\n  driver = "e1000"\n  addr = "1f"\n')
    answer = converted(board, "q35", f"-nodefaults -readconfig {file}")
    assert "-readconfig" not in answer.argv
    assert devices(answer) == ["e1000,id=n,addr=01.0"]


def test_what_set_says_is_not_said_twice(board: Board) -> None:
    answer = converted(board, "q35", "-M pc -nodefaults -device e1000,id=n -set device.n.addr=1f")
    assert ("-set" in answer.argv, devices(answer)) == (False, ["e1000,id=n,addr=01.0"])
    kept = converted(board, "q35", "-M pc -nodefaults -device e1000,id=n -set device.n.addr=7")
    assert ("-set" in kept.argv, devices(kept)) == (True, ["e1000,id=n"])


# ------------------------------------------------------------------------------------- what can't be converted
@pytest.mark.parametrize(
    ("old", "new", "text", "rule"),
    [
        ("q35", "pc", "-device intel-iommu", "sysbus-allowed"),
        ("q35", "pc", "-drive if=ide,index=5,file=null-co://", "board-takes-drive"),
        ("pc", "microvm", "-hda null-co://", ""),
        ("pc", "isapc", "-device e1000", "no-bus"),
    ],
)
def test_what_cannot_come_along(board: Board, old: str, new: str, text: str, rule: str) -> None:
    answer = impossible(board, new, f"-M {old} -nodefaults {text}")
    (blocked,) = answer.blocked
    assert blocked.line == text
    told = [(r.rule, r.where, r.see) for r in blocked.reasons] + [(w.rule, w.where, ("",)) for w in blocked.why]
    assert told[0][0] == rule
    assert told[0][1] is not None
    assert told[0][2]


def test_the_rest_converts_without_it(board: Board) -> None:
    text = "-M q35 -nodefaults -device e1000,addr=5 -device intel-iommu"
    answer = impossible(board, "pc", text)
    assert answer.without == (1,)
    words = shlex.split(text)
    rest = convert(board, words, target(board, read(words, board.knowledge), "pc", (), answer.without))
    assert isinstance(rest, Converted)
    assert devices(rest) == ["e1000,addr=5"]


def test_what_does_not_start_is_not_converted(board: Board) -> None:
    answer = impossible(board, "q35", "-M pc -device e1000,addr=1.0")
    assert [r.rule for r in answer.before] == ["addr"]


def test_too_many_for_the_places(board: Board) -> None:
    """A q35 has six ports for disks, a pc takes four: a controller is added for the rest."""
    answer = converted(board, "pc", "-M q35 -nodefaults " + " ".join(f"-device ide-cd,bus=ide.{n}" for n in range(6)))
    assert [c.after for c in answer.changes if c.kind == "added"] == ["-device ich9-ahci,id=sata1,bus=pci.0,addr=02.0"]


def test_an_expander_moves_from_a_place_that_is_taken(board: Board) -> None:
    """Trying the first place leaves nothing behind: not its host bridge, and not the bus of that."""
    answer = converted(board, "pc", "-M q35 -device pxb-pcie,id=x,bus_nr=160", profiles=("qemu",))
    assert devices(answer) == ["pxb,id=x,bus_nr=160"]
