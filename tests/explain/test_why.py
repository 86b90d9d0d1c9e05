"""Why, why not, and what would help."""

from __future__ import annotations

from qrules.explain.why import Why, why
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board
from qrules.rulesets.store import Store


def ask(board: Board, driver: str, machine: str, **more: object) -> Why:
    facts = board.knowledge.machine(machine)
    assert facts is not None
    return why(board, Request(machine=facts.name, devices=(DeviceRequest(driver),), **more))  # type: ignore[arg-type]


def test_yes_names_every_link_from_the_device_to_the_root(board: Board) -> None:
    answer = ask(board, "floppy", "pc")
    assert answer.placement is not None
    assert (answer.placement.bus, answer.placement.address) == ("floppy-bus.0", {"unit": 0}), (
        "an explicit floppy silences the default one"
    )
    assert [link.name or link.type for link in answer.chain] == [
        "floppy-bus.0", "isa-fdc", "isa.0", "PIIX3", "pci.0", "i440FX-pcihost", "main-system-bus",
    ]  # fmt: skip
    assert all(link.line is not None for link in answer.chain)
    assert answer.since == "pc-i440fx-2.4"


def test_the_oldest_machine_is_looked_for_in_all_versions(board: Board, store: Store) -> None:
    older = list(store.older(store.resolve("10.0", "x86_64")))
    assert [k.version for k in older] == ["7.2.22"]
    for device, machine, since in (("floppy", "pc", "pc-i440fx-1.4"), ("e1000", "q35", "pc-q35-2.4"), ("floppy", "isapc", "")):
        facts = board.knowledge.machine(machine)
        assert facts is not None
        assert why(board, Request(machine=facts.name, devices=(DeviceRequest(device),)), (), older).since == since


def test_a_machine_that_no_rules_describe_is_unknown(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "aarch64")))
    answer = ask(board, "usb-kbd", "xlnx-versal-virt")
    assert (answer.verdict.verdict, answer.placement, answer.remedies) == ("unknown", None, ())
    assert [r.message for r in answer.verdict.reasons] == ["no rules describe the machine xlnx-versal-virt yet"]


def test_no_finds_a_device_that_makes_the_bus(board: Board) -> None:
    answer = ask(board, "floppy", "q35")
    assert answer.placement is None
    assert [(r.kind, r.text) for r in answer.remedies] == [("device", "-device isa-fdc")]


def test_no_finds_an_option_that_makes_the_bus(board: Board) -> None:
    assert ("option", "-machine q35,usb=on") in [(r.kind, r.text) for r in ask(board, "usb-kbd", "q35").remedies]


def test_an_option_of_more_words_than_on_and_off_can_be_turned_on_too(board: Board) -> None:
    assert [(r.kind, r.text) for r in ask(board, "qemu-xhci", "microvm").remedies] == [("option", "-machine microvm,pcie=on")]


def test_every_remedy_works_when_it_is_followed(board: Board) -> None:
    for driver in ("floppy", "usb-tablet", "scsi-cd", "hda-duplex", "virtconsole"):
        answer = ask(board, driver, "q35")
        for remedy in answer.remedies:
            if remedy.kind != "device":
                continue
            maker = DeviceRequest(remedy.text.removeprefix("-device "))
            facts = board.knowledge.machine("q35")
            assert facts is not None
            outcome = board.run(facts, Request(machine=facts.name, devices=(maker, DeviceRequest(driver))))
            assert outcome.devices[0] is not None
            assert not any(r.rule == "no-bus" for r in outcome.refusals), remedy


def test_a_refusal_for_another_cause_has_no_remedy_of_buses(board: Board) -> None:
    answer = ask(board, "ide-hd", "q35")
    assert answer.remedies == ()
    assert answer.verdict.reasons[0].instead
