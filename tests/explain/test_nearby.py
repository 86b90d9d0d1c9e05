"""Wrong names get the right one in the answer, and those of other emulators tell whose they are."""

from __future__ import annotations

import pytest

from qrules.configs.argv import read
from qrules.explain import nearby, reasons
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.rulesets.store import Store


def advice(board: Board, text: str) -> str:
    found = judge(board, read(text.split(), board.knowledge)).reasons
    return found[0].instead


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-M q53", "did you mean 'q35'?"),
        ("-M Q35", "did you mean 'q35'?"),
        ("-M virt", "it is a machine of aarch64, arm, loongarch64, m68k, or1k, riscv32, riscv64, xtensa and xtensaeb"),
        ("-M nothing-like-it", "qrules machines lists those that there are"),
        ("-M q35 -device flopy", "did you mean 'floppy'?"),
        ("-M q35 -device Floppy", "did you mean 'floppy'?"),
        ("-M q35 -device ide-drive", "did you mean 'ide-hd' or 'ide-cd'?"),
        ("-M q35 -device virtio-net-device", "its twin for another bus is 'virtio-net-pci'"),
        ("-M q35 -device e1000,adr=5", "did you mean 'addr'?"),
        ("-M q35,ubs=on", "did you mean 'usb'?"),
        ("-M q35 -devise e1000", "did you mean '-device'?"),
        ("-M q35 -device e1000,bus=pcie0", "did you mean 'pcie.0'? What makes it has to stand before this one"),
        (
            "-M q35 -device pcie-root-port,id=rp1 -device e1000e,bus=rp",
            "did you mean 'rp1'? What makes it has to stand before this one",
        ),
        ("-M q35 -device e1000,id=nic0 -set device.nic.addr=5", "did you mean 'nic0'?"),
        ("-M q35 -netdev usr,id=n0", "did you mean 'user'?"),
        ("-M q35 -object rng-radnom,id=r0", "did you mean 'rng-random'?"),
        ("-M q35 -device virtio-vsock-pci,guest-cid=7", "did you mean 'vhost-vsock-pci'?"),
        ("-M q35 -device virtio_input_multi_touch_pci_5", "did you mean 'virtio-multitouch-pci'?"),
        (
            "-M q35 -device e1000e,bus=rp1 -device pcie-root-port,id=rp1",
            "the device 'rp1' stands further on: put it before this one",
        ),
        (
            """-M q35 -device {"driver":"e1000","id":"n0"} -set device.n0.addr=5""",
            "say it in the JSON itself, or write that -device as KEY=VALUE",
        ),
        ("-M q35 -usbdevice host:1.3", "say -device usb-host,hostbus=BUS,hostaddr=DEVICE, or vendorid= and productid=, for 1.3"),
    ],
)
def test_near_names(board: Board, text: str, told: str) -> None:
    assert advice(board, text) == told


def test_a_type_of_another_architecture_and_its_twin_here(board: Board) -> None:
    assert advice(board, "-M q35 -device virtio-net-ccw").startswith(
        "it is a device type of s390x, and here it may be 'virtio-net-pci'"
    )


def test_what_cannot_be_read_is_told_beside_a_machine_that_there_is_not(board: Board) -> None:
    found = judge(board, read(["-M", "virt,usb=on,nvdimm"], board.knowledge)).reasons
    assert [r.rule for r in found] == ["pair-without-value", "no-such-machine"]


def test_what_a_file_may_make_that_cannot_be_read_is_not_missed(board: Board) -> None:
    def missing(path: str) -> str:
        raise FileNotFoundError(2, "No such file or directory")

    words = ["-readconfig", "x", "-device", "e1000,bus=pci.0", "-device", "virtio-net-pci,netdev=n", "-device", "e1000,adr=5"]
    found = judge(board, read(["-M", "q35", *words], board.knowledge, missing)).reasons
    assert [r.rule for r in found] == ["unreadable-config", "no-such-property"]


def test_a_drive_that_the_board_takes_is_told_as_such(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "riscv64")))
    words = ["-M", "virt", "-drive", "file=d,format=raw,id=d0", "-device", "virtio-blk-device,drive=d0"]
    told = judge(board, read(words, board.knowledge)).reasons[0]
    assert told.message.startswith("the board makes a disk of each -drive by itself")
    assert told.instead.startswith("say -drive if=none,id=d0")


def test_a_machine_that_another_version_has(store: Store) -> None:
    knowledge = store.knowledge(store.resolve("10.0", "x86_64"))
    names = knowledge.piece("homes")["machines"]
    gone = sorted(name for name in names if {arch for _, arch in knowledge.homes("machines", name)} == {"x86_64", "i386"})
    assert gone
    board = Board(knowledge)
    for name in gone:
        if knowledge.machine(name) is None:
            assert advice(board, f"-M {name}").startswith("it is a machine of QEMU ")


def test_every_refusal_with_near_names_is_known() -> None:
    assert set(nearby._FINDERS) == reasons._NAMING
