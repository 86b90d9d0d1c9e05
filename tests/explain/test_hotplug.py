"""Hot plug: who refuses, which places would take the device, and what was lacking at the start."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from qrules.configs.argv import devices, read
from qrules.explain import verdicts
from qrules.explain.hotplug import HotPlug, hotplug
from qrules.machine.request import DeviceRequest
from qrules.plugging.board import Board
from tests.conftest import Run

PORT = "-M q35 -nodefaults -device pcie-root-port,id=rp,chassis=1"


def asked(board: Board, words: str, *added: str) -> HotPlug:
    return hotplug(board, read(shlex.split(words), board.knowledge), devices(list(added)))


@pytest.mark.parametrize(
    ("words", "device", "layer"),
    [
        ("-M q35 -nodefaults", "virtio-net-pci", "bus"),
        (PORT, "VGA,bus=rp", "device"),
        (PORT, "virtio-mem-pci,bus=rp", ""),
        ("-M pc -nodefaults", "e1000,addr=1", "place"),
        ("-M pc -nodefaults", "usb-tablet", "place"),
    ],
)
def test_who_refuses(board: Board, words: str, device: str, layer: str) -> None:
    (added,) = asked(board, words, device).added
    if layer:
        assert (added.verdict, added.layer) == ("reject", layer)


def test_what_should_have_been_there(board: Board) -> None:
    (added,) = asked(board, "-M q35 -nodefaults", "virtio-net-pci").added
    assert added.places == ()
    assert [(s.text, s.bus) for s in added.starts][:2] == [
        ("-device pcie-pci-bridge,id=hp1", "hp1"), ("-device pcie-root-port,id=hp1,chassis=1", "hp1"),
    ]  # fmt: skip
    assert [s.text for s in added.starts if s.kind == "machine"] == ["-machine pc"]
    (added,) = asked(board, "-M q35 -nodefaults", "VGA").added
    assert [(s.kind, s.text) for s in added.starts] == [("cold", "-device VGA")]


def test_a_conventional_card_is_not_sent_into_a_port(board: Board) -> None:
    (added,) = asked(board, "-M q35 -nodefaults", "e1000").added
    assert [s.text for s in added.starts] == ["-device pcie-pci-bridge,id=hp1", "-machine pc"]


def test_a_new_port_gets_numbers_of_its_own(board: Board) -> None:
    full = PORT + " -device pcie-root-port,id=hp1,chassis=2 -device nvme,bus=rp,serial=a -device nvme,bus=hp1,serial=b"
    (added,) = asked(board, full, "e1000e").added
    assert added.places == ()
    assert "-device pcie-root-port,id=hp2,chassis=3" in [s.text for s in added.starts]


def test_free_places(board: Board) -> None:
    (added,) = asked(board, PORT + " -device pcie-pci-bridge,id=b", "e1000").added
    assert [(p.placement.bus, p.placement.address, bool(p.advice)) for p in added.places] == [
        ("b", {"addr": "00.0"}, False), ("rp", {"addr": "00.0"}, True),
    ]  # fmt: skip
    assert added.starts == ()


def test_one_after_the_other(board: Board) -> None:
    answer = asked(board, PORT, "e1000e,bus=rp", "nvme,serial=a", "nvme,serial=a,bus=rp")
    assert [a.verdict for a in answer.added] == ["accept", "reject", "reject"]
    assert answer.added[1].places == (), "the first one has the only port"
    assert answer.verdict == "reject"


def test_a_machine_that_does_not_start(board: Board) -> None:
    answer = asked(board, "-M q35 -device floppy", "e1000")
    assert (answer.verdict, answer.added) == ("reject", ())


def test_the_verb(qrules: Run, tmp_path: Path) -> None:
    done = qrules("hotplug", "--qemu", "10.0", "e1000e,bus=rp", "--into", "--", *shlex.split(PORT))
    assert (done.returncode, done.stdout) == (0, "Yes: the running pc-q35-10.0 takes e1000e, and lands on rp, addr=00.0.\n")
    config = tmp_path / "vm.args"
    config.write_text("qemu-system-x86_64 -M q35 -nodefaults\n")
    done = qrules("hotplug", "virtio-net-pci", "--into", str(config), "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["verdict"], answer["hotplug"][0]["refused-by"]) == (1, "reject", "bus")
    assert answer["reasons"][0]["emulator-message"] == "Bus 'pcie.0' does not support hotplugging"
    assert answer["hotplug"][0]["at-start"][0]["kind"] == "device"


def test_so_many_reasons_as_any_answer_tells(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "MOST_TOLD", 20)
    later = tuple(DeviceRequest("e1000", None, f"zork{i}") for i in range(60))
    answer = hotplug(board, read(["-M", "q35"], board.knowledge), later)
    assert len(answer.added) == 22
    assert [(r.rule, r.hotplug) for r in answer.added[-1].reasons] == [("too-large", 21)]
    assert (answer.added[-2].verdict, answer.verdict) == ("reject", "unknown")
