"""Repairs of refused configs: each accepted by the rules, the cheapest first, no more changed than has to be."""

from __future__ import annotations

import json
import shlex

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.place.repairs import repairs
from qrules.plugging.board import Board
from tests.conftest import Run

DISKS = "".join(f"-blockdev null-co,node-name=n{n} " for n in range(3))
IDE = "-device ide-hd,drive=n0,bus=ide.0 -device ide-hd,drive=n1,bus=ide.1 -device ide-cd,drive=n2,bus=ide.2"
REFUSED = {
    "-M q35 -nodefaults -device floppy": ("add", "isa-fdc,id=fdc1,bus=isa.0"),
    "-M microvm -nodefaults -device qemu-xhci,id=x": ("option", "pcie=on"),
    "-M q35 -nodefaults -device virtio-net-pci,bus=pci.0,addr=0x5": ("move", "virtio-net-pci,bus=pcie.0,addr=05.0"),
    "-M pc -nodefaults " + DISKS + IDE: ("move", "ide-cd,bus=ide.0,drive=n2,unit=1"),
    "-M q35 -device e1000,addr=1f.0": ("move", "e1000,bus=pcie.0,addr=03.0"),
    "-M q35 -nodefaults -device scsi-cd -device virtio-scsi-pci": ("reorder", "scsi-cd"),
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


def test_what_starts_needs_none(board: Board) -> None:
    assert repairs(board, read(["-M", "q35", "-device", "e1000"], board.knowledge)) == []


def test_another_model_is_not_held_to_the_place_of_the_first(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """What says an address is known by the scheme of the bus, whatever it is called there."""
    monkeypatch.setattr("qrules.place.repairs.serving_as", lambda board, driver: ["usb-tablet"])
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
