"""Room for more: the numbers against what happens when so many are really put there."""

from __future__ import annotations

import json
import shlex

import pytest

from qrules.configs.argv import devices, read
from qrules.explain.verdicts import judge
from qrules.machine.request import DeviceRequest
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.placing import place
from qrules.place.spare import Refused, Room, room, room_made
from qrules.plugging.board import Board
from tests.conftest import Run


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("-M q35", "e1000"),
        ("-M q35 -nodefaults -device e1000 -device e1000,addr=9", "rtl8139"),
        ("-M pc", "virtio-rng-pci"),
        ("-M pc -nodefaults -device qemu-xhci -device usb-kbd", "e1000"),
        ("-M pc -nodefaults", "ide-cd"),
        ("-M pc", "floppy"),
        ("-M q35 -device isa-fdc", "floppy"),
    ],
)
def test_so_many_and_no_more(board: Board, text: str, driver: str) -> None:
    request = read(shlex.split(text), board.knowledge)
    found = room(board, request, driver)
    assert isinstance(found, Room), found
    assert found.cold is not None
    for count in (found.cold, found.cold + 1):
        more = tuple(DeviceRequest(driver) for _ in range(count))
        answer = place(board, request._replace(devices=(*request.devices, *more)))
        assert (isinstance(answer, Placed) and not answer.added) == (count == found.cold), answer


def test_no_room_where_the_config_does_not_stand(board: Board) -> None:
    request = read(shlex.split("-M q35 -device floppy"), board.knowledge)
    assert judge(board, request).verdict == "reject"
    assert isinstance(room(board, request, "floppy"), Refused)


def test_room_made_is_there(board: Board) -> None:
    request = read(["-M", "q35", "-nodefaults"], board.knowledge)
    made = room_made(board, request, "e1000e", 3, hot=True)
    assert isinstance(made, Placed)
    found = room(board, made.request, "e1000e")
    assert isinstance(found, Room)
    assert found.hot == 3


def test_as_users_meet_it(qrules: Run) -> None:
    answer = json.loads(qrules("spare", "e1000", "--on", "q35", "--json").stdout)
    assert (answer["cold"], answer["with-controllers"], answer["hot"]) == (28, None, 0)
    assert qrules("spare", "e1000e", "--on", "q35", "--for", "2").stdout.count("+-device pcie-root-port") == 2
    for words in (("nosuch", "--on", "q35"), ("e1000", "--on", "q35", "--for", "0"), ("e1000",)):
        assert qrules("spare", *words).returncode == 2


DIMMS = "-M q35 -m 1G,slots=2,maxmem=4G -object memory-backend-ram,id=m,size=256M"
PROCESSOR = "qemu64-x86_64-cpu,socket-id=0,core-id=1,thread-id=0"


@pytest.mark.parametrize(
    ("text", "device", "cold", "hot"),
    [
        ("-M q35", "vmcoreinfo", 1, 0),
        ("-M q35 -device vmcoreinfo", "vmcoreinfo", 0, 0),
        ("-M q35", "vmgenid", 1, 0),
        ("-M q35", "ipmi-bmc-sim", 1, 0),
        ("-M q35", "nvme-subsys", None, 0),
        ("-M q35", "loader,file=/dev/null", None, 0),
        (DIMMS, "pc-dimm,memdev=m", 1, 1),
        ("-M q35 -smp 1,maxcpus=2", PROCESSOR, 1, 1),
        ("-M q35 -smp 1,maxcpus=1", PROCESSOR, 0, 0),
    ],
)
def test_types_on_no_bus_are_counted(board: Board, text: str, device: str, cold: int | None, hot: int) -> None:
    request = read(shlex.split(text), board.knowledge)
    (more,) = devices([device])
    found = room(board, request, more)
    assert isinstance(found, Room)
    assert (found.cold, found.added, found.hot) == (cold, cold, hot)
    assert found.least == (256 if cold is None else None)
    assert bool(found.reasons) == (cold == 0)
    for count in (cold, cold + 1) if cold is not None else (256,):
        stands = judge(board, request._replace(devices=(*request.devices, *((more,) * count)))).verdict != "reject"
        assert stands == (count == (256 if cold is None else cold))


def test_rows_of_ports_without_a_free_slot_beside_them(board: Board) -> None:
    ports = " ".join(f"-device pcie-root-port,id=r{n},chassis={n}" for n in range(1, 29))
    request = read(shlex.split(f"-M q35 {ports}"), board.knowledge)
    more = DeviceRequest("e1000e")
    for device, verdict in ((more, "reject"), (more._replace(bus="r1"), "accept")):
        one_more = request._replace(devices=(*request.devices, device))
        assert judge(board, one_more, ("qemu",)).verdict == verdict
    found, whole = room(board, request, more), room(board, request, more, ("qemu",))
    assert isinstance(found, Room)
    assert isinstance(whole, Room)
    assert (found.cold, found.hot, found.in_all, found.reasons) == (28, 28, None, ())
    assert whole.cold is None or whole.cold >= 28  # a port has 32 slots, and a device that lands unasked none


@pytest.mark.parametrize(("device", "rule"), [("tpm-tis", "tpm-needs-backend"), ("tpm-tis,tpmdev=t", "tpm-backend")])
def test_no_end_is_told_of_devices_of_which_one_starts(board: Board, device: str, rule: str) -> None:
    request = read(["-M", "q35"], board.knowledge)
    (more,) = devices([device])
    assert judge(board, request._replace(devices=(more,))).verdict == "reject"
    found = room(board, request, more)
    assert isinstance(found, Room)
    assert (found.cold, found.added, found.hot) == (0, 0, 0)
    assert [r.rule for r in found.reasons] == [rule]
    made = room_made(board, request, more, 1, hot=False)
    assert isinstance(made, Nowhere)
    assert [r.rule for r in made.reasons] == [rule]


def test_room_for_what_stands_on_no_bus(board: Board) -> None:
    request = read(["-M", "q35"], board.knowledge)
    assert isinstance(room_made(board, request, "vmcoreinfo", 1, hot=False), Placed)
    for count, hot, rule in ((2, False, "vmcoreinfo"), (1, True, "device-takes-hotplug")):
        made = room_made(board, request, "vmcoreinfo", count, hot)
        assert isinstance(made, Nowhere)
        assert made.reasons[0].rule == rule


@pytest.mark.parametrize("device", ["e1000e", "nvme,serial=a", "igb"])
def test_what_guidelines_alone_take_away_is_told(board: Board, device: str) -> None:
    request = read(["-M", "pc"], board.knowledge)
    (more,) = devices([device])
    found, whole = room(board, request, more), room(board, request, more, ("qemu",))
    assert isinstance(found, Room)
    assert isinstance(whole, Room)
    assert (found.cold, found.hot) == (0, 0)
    assert whole.cold
    assert whole.in_all is None
    assert found.in_all is not None
    assert (found.in_all.cold, found.in_all.added, found.in_all.hot) == (whole.cold, whole.added, whole.hot)
    assert "express-device-on-conventional-bus" in {r.rule for r in found.reasons}
    assert not any("more" in r.message for r in found.reasons)  # an id that nobody wrote


def test_what_a_device_lacks_is_told_with_its_places(board: Board) -> None:
    found = room(board, read(["-M", "pc"], board.knowledge), "nvme")
    assert isinstance(found, Room)
    assert found.cold
    assert [r.rule for r in found.lacking] == ["nvme-serial"]
    made = room_made(board, read(["-M", "pc"], board.knowledge), "scsi-hd", 1, hot=False)
    assert isinstance(made, Undecided)
    assert [r.rule for r in made.reasons] == ["scsi-disk-needs-drive"]


def test_reasons_as_users_meet_them(qrules: Run) -> None:
    told = qrules("spare", "e1000e", "--on", "pc").stdout
    assert "0  that no guideline speaks against, 28 in all" in told
    assert "express-device-on-conventional-bus (guideline)" in told
    answer = json.loads(qrules("spare", "e1000e", "--on", "pc", "--json").stdout)
    assert answer["in-all"] == {"cold": 28, "with-controllers": None, "hot": 28}
    assert answer["reasons"][0]["rule"] == "express-device-on-conventional-bus"
    assert "at least 256" in qrules("spare", "nvme-subsys", "--on", "q35").stdout
    assert json.loads(qrules("spare", "nvme-subsys", "--on", "q35", "--json").stdout)["at-least"] == 256
    told = qrules("spare", "nvme", "--on", "pc").stdout
    assert "serial= is missing" in told
    assert "not one starts as it is written" in told
    assert "there is no -tpmdev 't'" in qrules("spare", "tpm-tis,tpmdev=t", "--on", "q35").stdout
