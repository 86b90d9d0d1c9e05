"""Whole configs: every problem told, consequences told as such, and the rest placed."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.explain.verdicts import Verdict, judge, judge_running
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board
from qrules.rulesets.store import open_store


def check(board: Board, *devices: DeviceRequest, machine: str = "q35", **more: object) -> Verdict:
    return judge(board, Request(machine=machine, devices=devices, **more))  # type: ignore[arg-type]


def device(driver: str, **properties: object) -> DeviceRequest:
    identity, bus = properties.pop("id", None), properties.pop("bus", None)
    return DeviceRequest(driver, str(identity) if identity else None, str(bus) if bus else None, properties)


def test_an_accepted_config_says_where_everything_lands(board: Board) -> None:
    answer = check(board, device("pcie-root-port", id="rp"), device("virtio-rng-pci", bus="rp"), nodefaults=True)
    assert answer.verdict == "accept"
    assert [(p.type, p.bus, p.address) for p in answer.placements] == [
        ("pcie-root-port", "pcie.0", {"addr": "01.0"}),
        ("virtio-rng-pci", "rp", {"addr": "00.0"}),
    ]


def test_all_errors_at_once_and_no_cascade(board: Board) -> None:
    answer = check(
        board,
        device("pcie-root-port", id="a"),
        device("pcie-root-port", id="b"),  # the same chassis and slot
        device("virtio-rng-pci", bus="b"),  # only a consequence
        device("e1000", addr="1f.0"),
        device("floppy"),
    )
    assert answer.verdict == "reject"
    assert [(r.rule, r.devices[0], r.consequence_of) for r in answer.reasons] == [
        ("chassis-slot", 1, None), ("bus-not-found", 2, 1), ("addr", 3, None), ("no-bus", 4, None),
    ]  # fmt: skip
    assert [p.device for p in answer.placements] == [0]


def test_a_reason_carries_its_rule_its_source_and_the_emulators_words(board: Board) -> None:
    (reason,) = check(board, device("e1000", addr="1f.0")).reasons
    assert reason.emulator_message == "PCI: slot 31 function 0 not available for e1000, in use by ICH9-LPC,id=(null)"
    assert reason.where is not None
    assert reason.where.file == "rules/common/pci.qr"
    assert any(s.document == "qemu:hw/pci/pci.c" for s in reason.see)


def test_a_machine_that_this_version_does_not_have(board: Board) -> None:
    answer = check(board, machine="q36")
    assert (answer.verdict, answer.reasons[0].rule) == ("reject", "no-such-machine")


def test_a_machine_without_rules_is_unknown_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text('catalogue "1.0" for lamp\nabstract machine-type machine\nmachine-type bare is machine\n')
    store = open_store(str(tmp_path))
    answer = check(Board(store.knowledge(store.resolve(None, None))), machine="bare")
    assert (answer.verdict, answer.reasons[0].rule) == ("unknown", "no-rules")


def test_profiles_limit_the_verdict(board: Board) -> None:
    request = Request(machine="q35", devices=(device("floppy"),))
    assert judge(board, request, ("guideline",)).verdict == "accept"
    assert judge(board, request, ("qemu",)).verdict == "reject"


@pytest.mark.parametrize("profiles", [(), ("run",), ("advise",), ("run", "advise")])
def test_what_nobody_knows_is_unknown_for_every_profile(tmp_path: Path, profiles: tuple[str, ...]) -> None:
    (tmp_path / "lamp.qr").write_text(
        'catalogue "1.0" for lamp\nabstract machine-type machine\nmachine-type bare is machine\nmachine-type full is machine\n'
        "type odd is device on nothing\n"
    )
    (tmp_path / "rules.qr").write_text(
        "profile run\n  decides = on\nprofile advise\n  advice = on\n"
        'machine full\n  nickname = "lamp"\ndevice odd\n  unknown "what it does is not modelled"\n'
    )
    store = open_store(str(tmp_path))
    board = Board(store.knowledge(store.resolve(None, None)))
    for request, rule in (
        (Request(machine="bare"), "no-rules"),
        (Request(machine="full", unmodelled=("what -x brings is not modelled",)), "not-modelled"),
        (Request(machine="full", devices=(DeviceRequest("odd"),)), "not-modelled"),
    ):
        answer = judge(board, request, profiles)
        assert (answer.verdict, [(r.rule, r.profile) for r in answer.reasons]) == ("unknown", [(rule, "run")])
        later = judge_running(board, Request(machine="full"), (DeviceRequest("odd"),), profiles)
        assert later.verdict == "unknown"


@pytest.mark.parametrize("profiles", [(), ("qemu",), ("guideline",)])
def test_a_machine_that_does_not_exist_is_refused_whichever_profile_is_asked(board: Board, profiles: tuple[str, ...]) -> None:
    answer = judge(board, Request(machine="q36"), profiles)
    assert (answer.verdict, [r.rule for r in answer.reasons]) == ("reject", ["no-such-machine"])


def test_a_refused_device_leaves_its_place_free(board: Board) -> None:
    answer = check(board, device("virtio-blk-pci", addr="5"), device("virtio-rng-pci", addr="5"))
    assert [p.type for p in answer.placements] == ["virtio-rng-pci"], "the disk has no drive, so slot 5 is free again"


@pytest.mark.parametrize("count", [2, 5])
def test_asking_again_gives_the_same_answer(board: Board, count: int) -> None:
    answers = {repr(check(board, device("qemu-xhci"), device("usb-kbd"), device("floppy"))) for _ in range(count)}
    assert len(answers) == 1


# ------------------------------------------------------------------------------ one mistake hides no other
def rules_told(answer: Verdict) -> list[tuple[int, str, int | None]]:
    return [(r.devices[0], r.rule, r.consequence_of) for r in answer.reasons]


def test_what_hangs_on_a_refused_device_has_its_own_mistakes_told(board: Board) -> None:
    answer = check(
        board,
        device("pcie-root-port", id="a"),
        device("pcie-root-port", id="b"),
        device("x3130-upstream", id="u", bus="b"),
        device("xio3130-downstream", id="d", bus="u", foo="1"),
        device("nvme", bus="d"),
        device("virtio-rng-pci", bus="u"),
    )
    assert rules_told(answer) == [
        (1, "chassis-slot", None), (2, "bus-not-found", 1), (3, "bus-not-found", 2), (4, "bus-not-found", 3),
        (5, "bus-not-found", 2), (3, "no-such-property", None), (4, "nvme-serial", None),
    ]  # fmt: skip


def test_a_property_that_names_a_refused_device(board: Board) -> None:
    answer = check(board, device("nvme-subsys", id="s", nope="1"), device("nvme", subsys="s", serial="x"))
    assert rules_told(answer) == [(0, "no-such-property", None), (1, "nvme-subsystem-exists", 0)]
    answer = check(
        board,
        device("ich9-usb-ehci1", id="e", addr="1f.0"),
        device("ich9-usb-uhci1", masterbus="e.0", addr="1f.0"),
    )
    assert rules_told(answer) == [(0, "addr", None), (1, "addr", None)], "its own mistake is no consequence"


def test_a_name_that_nobody_has_is_no_consequence(board: Board) -> None:
    answer = check(
        board, device("e1000", id="net", addr="1f.0"), device("e1000", bus="nets"), device("nvme", subsys="s", serial="x")
    )
    assert rules_told(answer) == [(0, "addr", None), (1, "bus-not-found", None), (2, "nvme-subsystem-exists", None)]


def test_a_supposed_device_takes_nobodys_place(board: Board) -> None:
    """The port stands at a taken address only in supposition; what is right behind it is not blamed."""
    answer = check(
        board, device("pcie-root-port", id="p", addr="1f.0"), device("e1000e", bus="p"), device("e1000e", bus="p", addr="20")
    )
    assert rules_told(answer) == [(0, "addr", None), (1, "bus-not-found", 0), (2, "bus-not-found", 0), (2, "addr", None)]
