"""Plans change no answer: configs asked again and again, when plans have been made, get what they got step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from qrules.explain.bulk import Bulk
from qrules.machine.request import DeviceRequest, Request
from qrules.plans import plan
from qrules.plans.fast_path import FastPath
from qrules.plans.planner import MachinePlans
from qrules.plugging.board import Board
from qrules.report import json as shapes
from qrules.rulesets.store import Store
from tests.conformance.generate import configs

HANDMADE = (
    "-M q35 -device pcie-root-port,id=r,chassis=1 -device virtio-scsi-pci,id=s,bus=r -device scsi-cd,bus=s.0 -device scsi-cd",
    "-M q35 -device pcie-root-port,id=r,chassis=2 -device pcie-root-port,id=p,chassis=2 -device e1000,bus=p",
    "-M q35 -device pcie-root-port,id=r,addr=5.1 -device virtio-rng-pci,addr=5.0 -device e1000,addr=5.0",
    "-M pc -device pci-bridge,id=b,chassis_nr=1 -device e1000,bus=b,addr=1f -device e1000,bus=b,addr=1f.0 -device VGA,bus=b",
    "-M pc -device qemu-xhci,id=x -device usb-tablet,bus=x.0 -device usb-hub,bus=x.0,port=2 -device usb-kbd,bus=x.0,port=2.1",
    "-M pc -device piix3-usb-uhci,id=u" + " -device usb-tablet,bus=u.0" * 4,
    "-M pc" + " -device isa-serial" * 5,
    "-M pc" + " -device rtl8139" * 33,
)
HOT = ({"driver": "e1000", "id": "h"}, {"driver": "virtio-net-pci", "bus": "r"}, {"driver": "e1000", "bus": "b"})


def _answer(bulk: Bulk, line: bytes) -> str:
    return shapes.line(shapes.answer(bulk.answer(line)))


def lines() -> Iterator[bytes]:
    for text in HANDMADE:
        yield json.dumps({"argv": text.split()}).encode()
        yield json.dumps({"argv": text.split(), "hotplug": HOT}).encode()
    for arch in ("x86_64", "aarch64", "s390x", "ppc64", "riscv64"):
        for config in configs(11, 16 if arch == "x86_64" else 4, arch):
            yield json.dumps({"argv": config.words, "arch": arch}).encode()


def test_answers_are_the_same_with_plans(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list(lines())
    with monkeypatch.context() as patched:
        patched.setattr(Board, "_planning", lambda board, base: None)
        plain = Bulk(store)
        expected = [_answer(plain, line) for line in asked]
    bulk, planned = Bulk(store), 0
    by_plan = FastPath.plug

    def counted(path: FastPath, order: object, plugger: object) -> object:
        nonlocal planned
        device = by_plan(path, order, plugger)  # type: ignore[arg-type]
        planned += device is not None
        return device

    monkeypatch.setattr(FastPath, "plug", counted)
    for round in range(2):
        planned = 0
        for line, answer in zip(asked, expected, strict=True):
            assert _answer(bulk, line) == answer, (round, line)
    assert planned > len(asked) / 2, "most devices that stand are plugged by plans by now"


@pytest.mark.parametrize(("arch", "machine"), [("x86_64", "q35"), ("aarch64", "virt"), ("s390x", "s390-ccw-virtio")])
def test_every_type_can_be_planned(store: Store, monkeypatch: pytest.MonkeyPatch, arch: str, machine: str) -> None:
    facts = store.knowledge(store.resolve(None, arch)).shared["types"]
    types = [name for name, (status, *_) in facts.items() if status == "user"]
    asked = [json.dumps({"argv": ["-M", machine, "-device", name], "arch": arch}).encode() for name in types]
    with monkeypatch.context() as patched:
        patched.setattr(Board, "_planning", lambda board, base: None)
        plain = Bulk(store)
        expected = [_answer(plain, line) for line in asked]
    bulk = Bulk(store)
    for line, answer in zip(asked, expected, strict=True):
        for _ in range(3):
            assert _answer(bulk, line) == answer, line


def test_plans_are_for_boards_that_many_configs_come_to(board: Board) -> None:
    request = Request(machine="q35", devices=(DeviceRequest("e1000"),))
    for many in (False, True):
        own = Board(board.knowledge, MachinePlans if many else None)
        facts = own.knowledge.machine("q35")
        assert facts is not None
        device = [own.run(facts, request).devices[0] for _ in range(3)][-1]
        assert device is not None
        assert (device.plan is not None) is many


def test_memory_does_not_grow_with_what_comes_once(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_MOST", 8)
    own = Board(board.knowledge, MachinePlans)
    facts = own.knowledge.machine("q35")
    assert facts is not None
    names = [name for name in own.knowledge.property_names(tuple(own.knowledge.line_of("e1000"))) if name.startswith("x-")]
    assert len(names) > 2
    state = own.run(facts, Request(machine="q35")).state
    for n in range(1, 2 ** len(names[:5])):  # ways of writing that come once each
        properties = {name: "on" for bit, name in enumerate(names[:5]) if n >> bit & 1}
        state = own.run(facts, Request(machine="q35", devices=(DeviceRequest("e1000", properties=properties),))).state
    plans = state.machine.plans
    assert isinstance(plans, MachinePlans)
    assert 0 < len(plans._met) <= 8


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("virtio-net-pci,mac=52:54:00:12:34:56", "virtio-net-pci,mac=52:54"),  # a pattern
        ("nvme,serial=s,min_io_size=4K", "nvme,serial=s,min_io_size=much"),  # bytes
        ("pcie-root-port,x-speed=8", "pcie-root-port,x-speed=quick"),  # words that the schema alone knows
        ("virtio-net-pci,romfile=,rombar=1", "virtio-net-pci,romfile=,rombar=some"),  # a number
        ("e1000,multifunction=on", "e1000,multifunction=perhaps"),  # a switch
        ("virtio-rng-pci,disable-legacy=off", "virtio-rng-pci,disable-legacy=never"),  # words
    ],
)
def test_a_wrong_value_is_told_however_often_right_ones_came(store: Store, right: str, wrong: str) -> None:
    bulk = Bulk(store)
    told = [bulk.answer(json.dumps({"argv": ["-M", "q35", "-device", text]}).encode()) for text in (*[right] * 4, wrong)]
    assert [answer.verdict == "reject" for answer in told] == [False] * 4 + [True], told[-1]
