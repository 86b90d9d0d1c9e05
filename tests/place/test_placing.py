"""Placements of whole configs: what is kept, what is added, what is said where there is none."""

from __future__ import annotations

import json
import shlex
import time
from typing import Any

import pytest

from qrules.configs.argv import read
from qrules.configs.pasted import pasted
from qrules.explain.verdicts import judge
from qrules.machine.request import DeviceRequest, Request
from qrules.place.answer import Nowhere, Placed
from qrules.place.placing import place
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board
from qrules.report import placing as report
from qrules.report.style import Style
from tests.conftest import Run


def request_of(board: Board, text: str) -> Request:
    return read(shlex.split(text), board.knowledge)


def placed(board: Board, text: str, wants: Wants | None = None) -> Placed:
    """A placement, which the rules take as a whole."""
    answer = place(board, request_of(board, text), wants)
    assert isinstance(answer, Placed), answer
    assert judge(board, answer.request, wants.profiles if wants else ()).verdict in ("accept", "warn")
    return answer


def added(answer: Placed) -> list[str]:
    return [answer.request.devices[at].driver for at in answer.added]


def nowhere(board: Board, text: str, wants: Wants | None = None) -> Nowhere:
    answer = place(board, request_of(board, text), wants)
    assert isinstance(answer, Nowhere), answer
    return answer


@pytest.mark.parametrize(
    ("text", "controllers"),
    [
        ("-M q35 -device e1000", []),
        ("-M q35 -device floppy", ["isa-fdc"]),
        ("-M q35 -nodefaults -device e1000e -device e1000e", ["pcie-root-port"] * 2),
        ("-M pc -nodefaults -device usb-tablet -device scsi-cd", ["qemu-xhci", "virtio-scsi-pci"]),
        ("-M q35 -nodefaults -device scsi-cd -device virtio-scsi-pci", []),
        ("-M pc -nodefaults " + "-device e1000 " * 31, ["pci-bridge"]),
        ("-M q35 -nodefaults " + "-device e1000 " * 31, ["pcie-pci-bridge"]),
    ],
)
def test_the_fewest_controllers(board: Board, text: str, controllers: list[str]) -> None:
    assert added(placed(board, text)) == controllers


def test_written_places_are_kept(board: Board) -> None:
    answer = placed(
        board, "-M q35 -nodefaults -device pcie-root-port,id=r,addr=5 -device e1000e,bus=r -device e1000e -device e1000,addr=7.0"
    )
    where = {d.id or d.driver + str(at): (d.bus, d.properties.get("addr")) for at, d in enumerate(answer.request.devices)}
    assert where["r"] == ("pcie.0", "05.0")
    assert ("r", "00.0") in where.values()
    assert ("pcie.0", "07.0") in where.values()
    assert added(answer) == ["pcie-root-port"]


def test_a_placement_placed_again_is_itself(board: Board) -> None:
    first = placed(board, "-M q35 -nodefaults -device e1000e -device scsi-cd -device usb-tablet -device e1000")
    again = place(board, first.request)
    assert isinstance(again, Placed)
    assert again.request.devices == first.request.devices


def test_one_more_device_moves_none(board: Board) -> None:
    first = placed(board, "-M q35 -nodefaults -device e1000e -device scsi-cd -device usb-tablet")
    more = request_of(board, "-M q35 -nodefaults -device e1000e,id=new").devices
    later = place(board, first.request._replace(devices=(*first.request.devices, *more)))
    assert isinstance(later, Placed)
    kept = {d.id: d for d in later.request.devices if d.id != "new"}
    assert all(kept.get(d.id) == d for d in first.request.devices if d.id)


def test_hot_plug_wants_a_port(board: Board) -> None:
    answer = placed(board, "-M q35 -nodefaults -device virtio-net-pci,id=n", Wants(hotplug=frozenset([0])))
    assert added(answer) == ["pcie-root-port"]


def test_room_to_spare(board: Board) -> None:
    answer = placed(board, "-M q35 -nodefaults -device e1000e", Wants(spare=(Spare("e1000e", 3, hot=True),)))
    assert added(answer) == ["pcie-root-port"] * 4


def test_apart(board: Board) -> None:
    text = "-M q35 -nodefaults -blockdev null-co,node-name=a -blockdev null-co,node-name=b "
    disks = "-device scsi-hd,drive=a,id=da -device scsi-hd,drive=b,id=db"
    assert added(placed(board, text + disks)) == ["virtio-scsi-pci"]
    assert added(placed(board, text + disks, Wants(apart=((0, 1),)))) == ["virtio-scsi-pci"] * 2


def test_ports_share_a_slot(board: Board) -> None:
    answer = placed(board, "-M q35 -nodefaults " + "-device e1000e " * 9)
    slots = [str(answer.request.devices[at].properties["addr"]) for at in answer.added]
    assert [s.split(".")[0] for s in slots].count("01") == 8
    assert len(set(slots)) == 9


def test_a_place_that_is_held(board: Board) -> None:
    answer = nowhere(board, "-M q35 -device e1000,bus=pcie.0,addr=1f.0")
    assert answer.found is not None
    assert {(p.what, p.names) for p in answer.found.conflicts[0].parts} == {("item", ("0",)), ("pin", ("0",))}
    assert answer.found.conflicts[0].minimal


def test_what_no_bus_takes(board: Board) -> None:
    answer = nowhere(board, "-M pc -nodefaults -device virtio-net-device")
    assert [s.device for s in answer.struck] == [0]
    assert answer.struck[0].reasons[0].rule == "no-bus"
    assert added(placed(board, "-M pc -nodefaults -device e1000e", Wants(profiles=("qemu",)))) == []


# ------------------------------------------------------------------------------------- as users meet it
def test_the_command_line_can_be_pasted(qrules: Run) -> None:
    done = qrules("place", "--on", "q35", "--nodefaults", "e1000e*3", "scsi-cd")
    assert done.returncode == 0
    words = pasted(done.stdout, "output").commands[0].argv
    assert words[:3] == ["qemu-system-x86_64", "-M", "q35"]
    assert qrules("check", "--", *words).returncode == 0
    assert qrules("check", "-", stdin=done.stdout).returncode == 0


def test_the_diff_and_the_json_tell_the_same(qrules: Run) -> None:
    words = ("--", "qemu-system-x86_64", "-M", "q35", "-nodefaults", "-device", "floppy")
    diff = qrules("place", "--diff", *words).stdout
    answer: dict[str, Any] = json.loads(qrules("place", "--json", *words).stdout)
    new = [f"-device {d['text']}" for d in answer["devices"]]
    assert [line[1:] for line in diff.splitlines() if line.startswith("+-device")] == new


def test_no_is_an_answer_with_reasons(qrules: Run) -> None:
    done = qrules("place", "--on", "pc", "e1000,bus=pci.0,addr=1.0")
    assert done.returncode == 1
    assert "PIIX3 sits at 01.0 of pci.0" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--on", "q35"),
        ("--on", "q35", "e1000*x"),
        ("--on", "q35", "e1000", "--hotplug", "nobody"),
        ("--on", "q35", "e1000", "--spare", "e1000"),
    ],
)
def test_misuse(qrules: Run, words: tuple[str, ...]) -> None:
    done = qrules("place", *words)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_same_bytes_whatever_the_hash(qrules: Run) -> None:
    words = ("place", "--on", "q35", "e1000e*5", "scsi-cd*3", "usb-tablet*7", "virtio-net-pci*40")
    assert len({qrules(*words, PYTHONHASHSEED=str(seed)).stdout for seed in range(5)}) == 1


@pytest.mark.parametrize(
    "wish", [{"scsi-cd": 2000}, {"e1000": 900}, {"e1000": 50, "scsi-cd": 100, "usb-tablet": 50, "e1000e": 100}]
)
def test_many_devices_take_no_long(board: Board, wish: dict[str, int]) -> None:
    """A bound on processor time that anything quadratic breaks; on a quiet machine each takes a second or less."""
    devices = tuple(DeviceRequest(driver) for driver, count in wish.items() for _ in range(count))
    begun = time.process_time()
    assert isinstance(place(board, Request("q35", nodefaults=True, devices=devices)), Placed)
    assert time.process_time() - begun < 10


NODES = " -object memory-backend-ram,id=m{0},size=64M -numa node,memdev=m{0}"
TWO_NODES = f"-M pc -nodefaults -smp 2 -m 128{NODES.format(0)}{NODES.format(1)} -device "


def test_no_controller_is_added_for_nothing(board: Board) -> None:
    """Where the search for the fewest ends early, what is not needed goes, and all that costs less is tried."""
    answer = placed(board, TWO_NODES + "ide-cd", Wants(nodes={0: 0}, profiles=("qemu",)))
    assert added(answer) == ["pxb", "ich9-ahci"]
    assert answer.optimal


def test_a_bus_without_places_has_the_node_that_it_has(board: Board) -> None:
    answer = nowhere(board, TWO_NODES + "ne2k_isa", Wants(nodes={0: 0}, profiles=("qemu",)))
    assert answer.found is not None
    assert [[part.what for part in conflict.parts] for conflict in answer.found.conflicts] == [["item", "node"]]
    assert [part.what for part in answer.found.corrections[0].parts] == ["node"]


@pytest.mark.parametrize(
    ("text", "wants", "parts"),
    [
        ("-device ib700 -device ne2k_isa", Wants(apart=((0, 1),)), ["item", "item", "apart"]),
        ("-device usb-tablet -device usb-kbd", Wants(functions=((0, 1),)), ["item", "item", "together"]),
        ("-device ib700 -device e1000", Wants(functions=((0, 1),)), ["item", "item", "together"]),
        ("-device e1000 " * 9, Wants(functions=(tuple(range(9)),)), ["item"] * 9 + ["together"]),
    ],
)
def test_a_wish_that_no_machine_serves_is_the_reason(board: Board, text: str, wants: Wants, parts: list[str]) -> None:
    """The devices have places; the wish is what is given up, and said in words."""
    words = shlex.split("-M q35 -nodefaults " + text)
    request = read(words, board.knowledge)
    answer = place(board, request, wants)
    assert isinstance(answer, Nowhere)
    assert answer.found is not None
    assert [[part.what for part in conflict.parts] for conflict in answer.found.conflicts] == [parts]
    said = report.text(answer, request, words, Style(False), "command")
    assert "have buses of their own" in said or "have one slot" in said


def test_what_stands_beside_another_device_has_its_place(board: Board) -> None:
    """Alone it is refused; as the config is written the device that it needs is there, and it brings its bus."""
    namespaces = "-blockdev null-co,node-name=n -device nvme,id=c,serial=s,subsys=y -device nvme-ns,drive=n,bus=c"
    spare = Wants(spare=(Spare("usb-tablet", 2),), profiles=("qemu",))
    answer = placed(board, f"-M q35 -nodefaults -device nvme-subsys,id=y {namespaces}", spare)
    assert added(answer) == ["qemu-xhci"]


def test_a_no_is_said_in_the_words_of_the_config_as_it_stands(board: Board) -> None:
    two = "-device nvme,id=a,serial=x,subsys=s -device nvme,id=b,serial=y,subsys=s"
    answer = nowhere(board, f"-M q35 -device nvme-subsys,id=s,nqn=n {two}")
    assert [reason.rule for struck in answer.struck for reason in struck.reasons] == ["subsystem-has-one-serial"]
    assert [reason.rule for reason in nowhere(board, "-M q35 -functions -device e1000").reasons] == ["no-such-command-option"]


def test_a_thousand_devices_are_within_the_budget_of_a_question(qrules: Run) -> None:
    """Nothing that an emulator starts within a minute is too large to be placed."""
    for wish in (["virtio-rng-pci*1000"], ["virtio-rng-pci*500", "scsi-cd*250", "usb-tablet*250"]):
        answer = qrules("place", "--on", "q35", "--nodefaults", *wish)
        assert (answer.returncode, answer.stdout.count("-device ") >= 1000) == (0, True), answer.stdout[:400]
