"""What is printed as a config was run as it is printed, a guideline alone is no No, and switches make more room."""

from __future__ import annotations

import shlex

import pytest

from qrules.configs.argv import read
from qrules.configs.rewriting import lines
from qrules.explain.verdicts import judge
from qrules.place.answer import Nowhere, Placed
from qrules.place.elsewhere import elsewhere
from qrules.place.placing import place
from qrules.place.spare import Room, room
from qrules.place.wants import Wants
from qrules.place.ways import ways
from qrules.plugging.board import Board
from qrules.report import placing as report
from qrules.report.style import Style
from qrules.rulesets.store import Store

QEMU = Wants(profiles=("qemu",))


def placed(board: Board, text: str, wants: Wants = QEMU) -> Placed:
    words = shlex.split(text)
    answer = place(board, read(words, board.knowledge), wants, words=words)
    assert isinstance(answer, Placed), answer
    return answer


def test_every_listed_placement_is_run_as_it_is_printed(board: Board) -> None:
    words = shlex.split("-M pc -nodefaults -device ide-cd -device usb-kbd -device qemu-xhci,id=pci")
    answer = placed(board, shlex.join(words), Wants())
    found = ways(answer, 12, words)
    assert len(found.listed) == 12
    for one in found.listed:
        printed = shlex.split(" ".join(lines(one.argv(words))))
        verdict = judge(board, read(printed, board.knowledge))
        assert verdict.verdict == "accept"
        written = zip(verdict.placements, one.request.devices, strict=True)
        assert all(placement.bus == device.bus for placement, device in written if device.bus is not None)


def test_what_the_solver_does_not_see_is_one_way_at_least(board: Board) -> None:
    answer = placed(board, "-M pc,usb=on -nodefaults -device usb-tablet -device usb-hub -device usb-kbd", Wants())
    found = ways(answer, 12)
    assert (found.number.alike, found.number.exact, len(found.listed)) == (1, False, 1)


def test_a_device_elsewhere_is_proven_in_the_words_of_its_config(board: Board) -> None:
    words = shlex.split("-M q35 -nodefaults -device e1000,id=a -device e1000,id=b")
    request = read(words, board.knowledge)
    answer = place(board, request, QEMU, words=words)
    found = elsewhere(board, request, QEMU, answer, "a@pcie.0:02.0", words)
    assert isinstance(found.instead, Placed)
    printed = read(found.instead.argv(words), board.knowledge)
    assert judge(board, printed, ("qemu",)).verdict == "accept"


def test_where_only_a_guideline_is_in_the_way_it_is_placed_with_a_warning(board: Board) -> None:
    words = shlex.split("-M pc -nodefaults -device e1000e,id=n")
    answer = placed(board, shlex.join(words), Wants())
    assert [r.severity for r in answer.advice] == ["warn"]
    told = report.text(answer, read(words, board.knowledge), words, Style(False), "command")
    assert "a guideline speaks against it: e1000e 'n'" in " ".join(told.split())
    assert report.as_json(answer, answer.request, words)["advice"][0]["rule"] == answer.advice[0].rule


def test_advice_is_gone_against_for_nobody_else(board: Board) -> None:
    answer = placed(board, "-M q35 -nodefaults -device e1000e -device pcie-root-port,id=r,chassis=9 -device e1000,bus=r", Wants())
    assert {r.devices[0] for r in answer.advice} == {answer.origin.index(2)}


def test_a_no_speaks_of_what_no_guideline_decides(board: Board) -> None:
    words = shlex.split("-M pc -nodefaults -device nvme-ns,drive=d -blockdev null-co,node-name=d -device virtio-net-device")
    answer = place(board, read(words, board.knowledge), words=words)
    assert isinstance(answer, Nowhere)
    assert [s.device for s in answer.struck] == [1]


def test_an_address_without_a_bus_may_be_had_on_another_bus(board: Board) -> None:
    answer = placed(board, "-M q35 -nodefaults -device e1000,addr=4.0 -device e1000,addr=4.0")
    assert len({d.bus for d, origin in zip(answer.request.devices, answer.origin, strict=True) if origin is not None}) == 2


def test_a_switch_where_the_root_bus_has_no_room_for_more_ports(board: Board) -> None:
    ports = " ".join(f"-device pcie-root-port,hotplug=off,chassis={n},bus=pcie.0,addr={n:x}" for n in range(1, 30))
    answer = placed(board, f"-M q35 -nodefaults {ports}" + " -device e1000e" * 38, Wants())
    assert not answer.advice
    assert [answer.request.devices[n].driver for n in answer.added].count("x3130-upstream") == 1


@pytest.mark.parametrize("reg", ["0x6000", "0x30000000"])
def test_a_number_that_counts_on_has_places_and_one_below_them_is_kept(store: Store, reg: str) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "ppc64")))
    text = (
        f"-M pseries -nodefaults -chardev null,id=c -chardev null,id=d -device spapr-vscsi,reg={reg} -device spapr-vty,chardev=c "
        "-device spapr-vty,chardev=d -device virtserialport"
    )
    answer = placed(board, text, QEMU._replace(together=((1, 2),)))
    at = answer.origin.index(0)
    assert int(str(answer.request.devices[at].properties["reg"]), 0) == int(reg, 0)


def test_buses_of_one_name_are_told_apart_by_the_order(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "ppc64")))
    disks = " ".join(f"-blockdev null-co,node-name=d{n} -device sd-card-spi,drive=d{n}" for n in (0, 1))
    answer = placed(board, f"-M pseries -nodefaults {disks}", QEMU._replace(apart=((0, 1),)))
    assert answer.origin == (None, 0, None, 1)


def test_together_means_one_bus_and_not_one_controller(board: Board) -> None:
    words = shlex.split("-M pc -nodefaults" + " -device ide-cd" * 3)
    wants = Wants(together=((0, 1, 2),), profiles=("qemu",))
    assert isinstance(place(board, read(words, board.knowledge), wants, words=words), Nowhere)
    pair = placed(board, "-M pc -nodefaults -device ide-cd -device ide-cd", wants._replace(together=((0, 1),)))
    assert len({d.bus for d in pair.request.devices}) == 1


def test_a_controller_never_hangs_on_itself(board: Board) -> None:
    text = (
        "-M q35 -device x3130-upstream,id=a -device xio3130-downstream,chassis=10,bus=a,id=b -device xio3130-downstream,chassis=11,id=c "
        "-device x3130-upstream,id=d -device xio3130-downstream,chassis=20,bus=d"
    )
    assert placed(board, text, QEMU._replace(functions=((1, 2),))).cost == 0


def test_only_what_has_a_part_in_a_conflict_is_named(board: Board) -> None:
    words = shlex.split("-M q35 -device pcie-root-port,chassis=1" + " -device pcie-root-port,chassis=44" * 3)
    answer = place(board, read(words, board.knowledge), QEMU, words=words)
    assert isinstance(answer, Nowhere)
    assert answer.found is not None
    assert [(p.names, p.number) for c in answer.found.conflicts for p in c.parts] == [(("1", "2", "3"), 2)]


def test_full_buses_are_counted_as_full(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "riscv64")))
    found = room(board, read(["-M", "virt", "-nodefaults"], board.knowledge), "virtio-rng-device", ("qemu",))
    assert isinstance(found, Room)
    assert found.cold == 8
