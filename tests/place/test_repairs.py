"""Repairs of refused configs: each accepted by the rules, the cheapest first, no more changed than has to be."""

from __future__ import annotations

import importlib
import json
import shlex

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.machine.request import Request
from qrules.place.repairs import repairs
from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conftest import Run

DISKS = "".join(f"-blockdev null-co,node-name=n{n} " for n in range(3))
IDE = "-device ide-hd,drive=n0,bus=ide.0 -device ide-hd,drive=n1,bus=ide.1 -device ide-cd,drive=n2,bus=ide.2"
REFUSED = {
    "-M q35 -nodefaults -device floppy": ("add", "isa-fdc,id=fdc1,bus=isa.0"),
    "-M microvm -nodefaults -device qemu-xhci,id=x": ("option", "pcie=on"),
    "-M q35 -nodefaults -device virtio-net-pci,bus=pci.0,addr=0x5": ("move", "virtio-net-pci,bus=pcie.0,addr=0x5"),
    "-M pc -nodefaults " + DISKS + IDE: ("move", "ide-cd,bus=ide.0,drive=n2,unit=1"),
    "-M q35 -device e1000,addr=1f.0": ("property", "e1000"),
    "-M q35 -nodefaults -device scsi-cd -device virtio-scsi-pci": ("earlier", "scsi-cd"),
    "-M pc -nodefaults " + "-device e1000 " * 31: ("add", "pci-bridge,id=bridge1,bus=pci.0,chassis_nr=1,addr=02.0"),
}


@pytest.mark.parametrize("text", REFUSED, ids=[text[:40] for text in REFUSED])
def test_the_cheapest_repair(board: Board, text: str) -> None:
    request = read(shlex.split(text), board.knowledge)
    found = repairs(board, request)
    assert [r.cost for r in found] == sorted(r.cost for r in found)
    assert REFUSED[text] in {(e.kind, e.after) for e in found[0].edits}
    for repair in found:
        assert judge(board, repair.request).verdict in ("accept", "warn")
        assert sum(e.kind == "drop" for e in repair.edits) <= 1


def test_a_change_is_shown_with_all_that_it_keeps(board: Board) -> None:
    """A type that is named otherwise behind another change of the same device."""
    text = "-M q35 -nodefaults -device pci-root-port,bus=pcie.0,port=1,chassis=1,id=port.1 -device e1000,bus=port.1"
    for repair in repairs(board, read(text.split(), board.knowledge)):
        for edit in repair.edits:
            if edit.kind in ("move", "property"):
                assert edit.after in repair.argv


def test_the_nearest_version_of_a_machine_is_tried_first(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("7.2", "x86_64")))
    assert repairs(board, read(["-M", "pc-q35-8.0"], board.knowledge))[0].request.machine == "pc-q35-7.2"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("-M q35 -nodefaults -device VGA -device qxl-vga", "qxl"),
        ("-M q35 -nodefaults -device virtio-gpu-gl-pci", "virtio-gpu-pci"),
        ("-M q35 -nodefaults -device virtio-vga-gl", "virtio-vga"),
    ],
)
def test_a_screen_that_cannot_be_had_has_its_like(board: Board, text: str, instead: str) -> None:
    assert repairs(board, read(text.split(), board.knowledge))[0].request.devices[-1].driver == instead


def test_a_value_with_another_sign_of_punctuation(board: Board) -> None:
    found = repairs(board, read(["-M", "q35", "-device", "vfio-pci,host=00:14:0"], board.knowledge))
    assert found[0].request.devices[0].properties["host"] == "00:14.0"


def test_what_starts_needs_none(board: Board) -> None:
    assert repairs(board, read(["-M", "q35", "-device", "e1000"], board.knowledge)) == []


def test_another_model_is_not_held_to_the_place_of_the_first(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """What says an address is known by the scheme of the bus, whatever it is called there."""
    monkeypatch.setattr(importlib.import_module("qrules.place.mending"), "serving_as", lambda board, driver: ["usb-tablet"])
    request = read(shlex.split("-M pc -nodefaults -device qemu-xhci -device usb-kbd,port=9,serial=x"), board.knowledge)
    models = [r for r in repairs(board, request, limit=9) if "model" in {e.kind for e in r.edits}]
    assert [r.request.devices[1].driver for r in models] == ["usb-tablet"]
    assert [dict(r.request.devices[1].properties) for r in models] == [{"serial": "x"}]


@pytest.mark.parametrize("text", REFUSED, ids=[text[:40] for text in REFUSED])
def test_every_repair_can_be_pasted(qrules: Run, text: str) -> None:
    done = qrules("check", "--repairs", "--json", "--", "qemu-system-x86_64", *shlex.split(text))
    found = json.loads(done.stdout)["repairs"]
    assert found
    for repair in found:
        checked = qrules("check", "--", *repair["argv"])
        assert checked.returncode == 0, (repair["argv"], checked.stdout)


def test_repairs_in_words(qrules: Run) -> None:
    done = qrules("check", "--repairs", "--", "-M", "q35", "-nodefaults", "-device", "floppy")
    assert "  1. add  -device isa-fdc,id=fdc1,bus=isa.0" in done.stdout


WORDS = {
    "-M q35 -device virtio-net-device": [("model", "virtio-net-pci")],
    "-M q35 -device pci-root-port": [("model", "pcie-root-port")],
    "-M q35 -device virtio-blk-ccw,drive=n -blockdev null-co,node-name=n": [("model", "virtio-blk-pci")],
    "-M q35 -device ide-drive,drive=n -blockdev null-co,node-name=n": [("model", "ide-hd")],
    "-M q35 -device nvme": [("property", "nvme,serial=serial1")],
    "-M q35 -device pci-bridge,chassis_nr=0": [("property", "pci-bridge,chassis_nr=1")],
    "-M q35 -device pcie-root-port -device pcie-root-port,id=b": [("property", "pcie-root-port,id=b,chassis=1")],
    "-M q35 -device virtio-rng-pci,colour=2": [("property", "virtio-rng-pci")],
    "-M q35 -device e1000,id=a -device e1000,id=a": [("property", "e1000,id=a2")],
    "-M pc -drive format=raw,file=x,id=d -device ide-hd,drive=d": [("words", "-drive format=raw,file=x,id=d,if=none")],
    "-M q35 -watchdog i6300esb": [("words", "-device i6300esb")],
    "-M q35,vpmort=off": [("words", "-machine vmport=off")],
    "-M q53": [("machine", "q35")],
    "-M pc -device pc-dimm,memdev=m -object memory-backend-ram,id=m,size=64M": [("words", "-m slots=4,maxmem=16G")],
    "-M q35 -device scsi-hd,drive=n,bus=s.0 -blockdev null-co,node-name=n -device virtio-scsi-pci,id=s": [
        ("earlier", "scsi-hd,drive=n,bus=s.0")
    ],
    "-M q35 -device virtserialport,bus=vs0.0": [("add", "virtio-serial-pci,id=vs0")],
    "-M q35 -device virtio-rng-pci,rng=r": [("words", "-object rng-builtin,id=r")],
    # names that differ in a number alone are several things of a kind
    "-M q35 -device pcie-root-port,id=rp1,chassis=1 -device e1000e,bus=rp0": [("add", "pcie-root-port,id=rp0")],
    # a twin whose bus is the one that is written
    "-M microvm,pcie=on -device virtio-scsi-device,id=s,bus=pcie.0": [("model", "virtio-scsi-pci")],
    # of two with one id the one that nothing names
    "-M q35 -device virtio-scsi-pci,id=u -device usb-ehci,id=u -device usb-tablet,bus=u.0": [
        ("property", "virtio-scsi-pci,id=u2")
    ],
    "-M q35 -audiodev none,id=a -device intel-hda -device hda-duplex,audiodev=a -device hda-output": [
        ("property", "hda-output,audiodev=a")
    ],
    '-M q35 -device \'{"driver":"e1000","id":"n"}\' -set device.n.mac=52:54:00:00:00:01': [
        ("property", '{"driver": "e1000", "id": "n", "mac": "52:54:00:00:00:01"}'),
        ("words", ""),
    ],
    "-M q35 -smp 1,sockets=1,cores=1,threads=1,maxcpus=8": [("words", "-smp 1,sockets=8,cores=1,threads=1,maxcpus=8")],
    "-M q35 -smp 2,cores=3": [("words", "-smp 2")],
    "-M q35 -m 1G,slots=2,maxmem=1G": [("words", "-m 1G,slots=2,maxmem=2048M")],
    "-M q35 -device virtio-net-pci,tx_queue_size=100": [("property", "virtio-net-pci,tx_queue_size=256")],
    "-M q35 -device e1000,bootindex=1 -device e1000,bootindex=1": [("property", "e1000,bootindex=2")],
    "-M q35,max-ram-below-4g=8G": [("option", "max-ram-below-4g=4G")],
    "-M virt-of-nowhere": [("machine", "pc")],
    "-M q35 -device nvme -device nvme -device nvme": [("property", f"nvme,serial=serial{n}") for n in (1, 2, 3)],
}


@pytest.mark.parametrize("text", WORDS, ids=[text[3:40] for text in WORDS])
def test_the_first_repair_is_the_one_that_a_person_would_make(board: Board, text: str) -> None:
    words = shlex.split(text)
    found = repairs(board, read(words, board.knowledge), ("qemu",), argv=words)
    assert sorted((e.kind, e.after) for e in found[0].edits) == sorted(WORDS[text])


@pytest.mark.parametrize("text", [*REFUSED, *WORDS], ids=[text[3:40] for text in (*REFUSED, *WORDS)])
def test_what_is_shown_is_accepted_as_it_is_shown(board: Board, text: str) -> None:
    words = shlex.split(text)
    found = repairs(board, read(words, board.knowledge), argv=words)
    assert found
    for repair in found:
        assert judge(board, read(list(repair.argv), board.knowledge)).verdict in ("accept", "warn")


def test_what_is_added_says_where(board: Board, qrules: Run) -> None:
    """A controller has to come before what goes on it."""
    done = qrules("check", "--repairs", "--", "-M", "q35", "-device", "e1000", "-device", "virtserialport,bus=vs0.0")
    assert "add  -device virtio-serial-pci,id=vs0  (before device 2)" in done.stdout


def test_of_many_alike_only_those_go_that_must(board: Board) -> None:
    words = shlex.split("-M q35 -nodefaults -device isa-fdc,id=f" + " -device floppy" * 4)
    found = repairs(board, read(words, board.knowledge), ("qemu",), argv=words)
    assert [sum(e.kind == "drop" for e in r.edits) for r in found if any(e.kind == "drop" for e in r.edits)] == [2]


def test_a_long_line_is_bounded(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """In devices that are run through the rules, not in seconds."""
    ran: list[int] = []
    whole = importlib.import_module("qrules.place.repairs")
    judge_all = whole.judge_outcome

    def counted(board: Board, request: Request, profiles: tuple[str, ...]) -> object:
        ran.append(len(request.devices))
        return judge_all(board, request, profiles)

    monkeypatch.setattr(whole, "judge_outcome", counted)
    words = ["-M", "q35", *["-device", "e1000"] * 250]
    assert repairs(board, read(words, board.knowledge), ("qemu",), argv=words)
    assert sum(ran) <= 2 * whole._STEPS
