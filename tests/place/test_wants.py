"""NUMA nodes and functions of one slot, as wishes of `place`."""

from __future__ import annotations

import json
import shlex

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.machine.request import DeviceRequest
from qrules.place.answer import Nowhere, Placed
from qrules.place.placing import place
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from tests.conftest import Run

NODES = "-m 256M -object memory-backend-ram,id=m0,size=128M -object memory-backend-ram,id=m1,size=128M -numa node,memdev=m0 -numa node,memdev=m1 "


def asked(board: Board, text: str, wants: Wants) -> Placed | Nowhere:
    answer = place(board, read(shlex.split(text), board.knowledge), wants)
    assert isinstance(answer, Placed | Nowhere)
    return answer


def by_id(answer: Placed) -> dict[str, DeviceRequest]:
    return {d.id: d for d in answer.request.devices if d.id}


def node_of(answer: Placed, identity: str) -> object:
    """The NUMA node of a placed device: followed from bus to bus up to an expander."""
    devices = by_id(answer)
    at = devices[identity]
    while at.bus in devices:
        at = devices[at.bus]
    return at.properties.get("numa_node")


def test_a_root_bus_of_the_node_is_added(board: Board) -> None:
    text = f"-M q35 -nodefaults {NODES} -device e1000e,id=a -device e1000e,id=b -device virtio-scsi-pci,id=s"
    answer = asked(board, text, Wants(nodes={0: 1, 2: 0}))
    assert isinstance(answer, Placed)
    assert (node_of(answer, "a"), node_of(answer, "b"), node_of(answer, "s")) == (1, None, 0)
    numbers = [d.properties["bus_nr"] for d in answer.request.devices if "bus_nr" in d.properties]
    assert numbers == [32, 64]
    assert judge(board, answer.request).verdict == "accept"


def test_a_root_bus_that_is_there_does(board: Board) -> None:
    text = (
        f"-M q35 -nodefaults {NODES} -device pxb-pcie,id=p,numa_node=1,bus_nr=9 -device pcie-root-port,bus=p,id=r "
        "-device nvme,serial=1,id=n"
    )
    answer = asked(board, text, Wants(nodes={2: 1}))
    assert isinstance(answer, Placed)
    assert (answer.added, by_id(answer)["n"].bus) == ((), "r")


def test_a_conventional_machine_has_conventional_root_buses(board: Board) -> None:
    answer = asked(board, f"-M pc -nodefaults {NODES} -device e1000,id=a", Wants(nodes={0: 1}))
    assert isinstance(answer, Placed)
    assert [answer.request.devices[at].driver for at in answer.added] == ["pxb"]
    assert by_id(answer)["a"].bus == "pxb1"


def test_a_node_that_the_machine_lacks(board: Board) -> None:
    answer = asked(board, f"-M q35 -nodefaults {NODES} -device e1000e,id=a", Wants(nodes={0: 2}))
    assert isinstance(answer, Nowhere)
    ((reason,),) = (s.reasons for s in answer.struck)
    assert reason.rule == "expander-numa-node"
    assert "node 2, and the machine has 2 NUMA nodes" in reason.message


def test_without_such_a_wish_no_root_bus_is_added(board: Board) -> None:
    answer = asked(board, "-M q35 -nodefaults " + NODES + "-device e1000e " * 40, Wants())
    assert isinstance(answer, Placed)
    assert {answer.request.devices[at].driver for at in answer.added} == {"pcie-root-port"}


def test_functions_of_one_slot(board: Board) -> None:
    text = "-M q35 -nodefaults -device e1000,id=a -device virtio-rng-pci,id=b -device e1000,id=c"
    answer = asked(board, text, Wants(functions=((0, 2),)))
    assert isinstance(answer, Placed)
    devices = by_id(answer)
    slots = {name: str(devices[name].properties["addr"]).split(".") for name in "abc"}
    assert devices["a"].bus == devices["c"].bus
    assert slots["a"][0] == slots["c"][0] != slots["b"][0]
    first = min("ac", key=lambda name: slots[name][1])
    assert (slots[first][1], devices[first].properties["multifunction"]) == ("0", True)
    assert judge(board, answer.request).verdict == "accept"


def test_more_functions_than_a_slot_has(board: Board) -> None:
    answer = asked(board, "-M pc -nodefaults " + "-device e1000 " * 9, Wants(functions=(tuple(range(9)),)))
    assert isinstance(answer, Nowhere)


@pytest.mark.parametrize(("wish", "code"), [("a", "QR449"), ("=1", "QR449"), ("a=x", "QR449"), ("b=1", "QR441")])
def test_a_wish_that_means_nothing(qrules: Run, wish: str, code: str) -> None:
    done = qrules("place", "--numa", wish, "--", "-M", "q35", "-device", "e1000,id=a")
    assert (done.returncode, code in done.stderr) == (2, True)


def test_the_verb(qrules: Run) -> None:
    done = qrules("place", "--json", "--numa", "e1000=1", "--on", "pc", "e1000", "--functions", "e1000")
    assert json.loads(done.stdout)["verdict"] == "nowhere"  # no -numa in such a list
