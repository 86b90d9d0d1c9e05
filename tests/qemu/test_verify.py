"""Verify: what is tried, what counts as a difference, and what is told of it."""

from __future__ import annotations

import pytest

from qrules.knowledge.model import Knowledge
from qrules.plugging.board import Board
from qrules.qemu import process
from qrules.qemu.compare import Derived, Difference, Observed, derive, differences
from qrules.qemu.errors import BinaryNotFound
from qrules.qemu.qtree import Bus, Device, parse
from qrules.qemu.trials import Scope, Trial, bearing_options, machines, trials
from qrules.qemu.verify import Causes, Checked, summary, verify, with_needs
from qrules.rulesets.store import Store
from tests.qemu.conftest import Binary

UP = process.Outcome(True, "", 0, False, False)
BARE = Trial("pc", nodefaults=True)


def refused(message: str) -> Observed:
    return Observed(process.Outcome(False, message, 1, False, False), "reject", ())


def seen(derived: Derived) -> tuple[Bus, ...]:
    """The tree that a binary would show if the rules were right."""
    state = derived.outcome.state

    def shown(number: int) -> Bus:
        bus = state.buses[number]
        devices = []
        for device in state.children[number]:
            scheme = bus.kind.scheme
            address = {k: str(v) for k, v in scheme.public(device.address).items()} if scheme else {}
            below = tuple(shown(b.number) for b in state.owned.get(device.number, ()))
            devices.append(Device(device.kind.name, device.id or "", address, (), below))
        return Bus(bus.id, bus.kind.name, tuple(devices))

    return (shown(0),)


def changed(buses: tuple[Bus, ...], name: str, new: Bus) -> tuple[Bus, ...]:
    """The tree with one bus replaced."""
    return tuple(
        new if b.id == name else b._replace(devices=tuple(d._replace(buses=changed(d.buses, name, new)) for d in b.devices))
        for b in buses
    )


def found(buses: tuple[Bus, ...], name: str) -> Bus:
    stack = list(buses)
    while stack:
        bus = stack.pop()
        if bus.id == name:
            return bus
        stack.extend(b for d in bus.devices for b in d.buses)
    raise KeyError(name)


@pytest.fixture
def derived(board: Board) -> Derived:
    return derive(board, BARE)


def compared(board: Board, derived: Derived, buses: tuple[Bus, ...]) -> list[Difference]:
    return list(differences(board.knowledge, derived, Observed(UP, "accept", buses)))


# ------------------------------------------------------------------------------ what is tried
def test_a_trial_is_a_command_line() -> None:
    trial = Trial("pc", True, (("usb", "on"), ("hpet", "off")), ("-netdev", "user,id=n"), "e1000,netdev=n")
    assert str(trial) == "-M pc,usb=on,hpet=off -nodefaults -netdev user,id=n -device e1000,netdev=n"


def test_options_come_from_rules_and_catalogue(knowledge: Knowledge) -> None:
    facts = knowledge.machine("pc")
    assert facts is not None
    options = bearing_options(knowledge, facts)
    assert options["usb"] == ("on", "off")
    assert options["x-south-bridge"] == ("PIIX3", "piix4-isa")  # a condition of a part asks for it
    assert options["vmport"] == ("on", "off", "auto")
    assert "kernel" not in options


def test_machines_are_found_by_alias_and_pattern(knowledge: Knowledge) -> None:
    assert [m.name for m in machines(knowledge, Scope(machines=("q35",)))] == ["pc-q35-10.0"]
    assert len(machines(knowledge, Scope(machines=("pc-q35-*", "pc-i440fx-*")))) > 50


def test_combinations_follow_the_seed(knowledge: Knowledge) -> None:
    facts = knowledge.machine("q35")
    assert facts is not None
    plans = [list(trials(knowledge, facts, Scope(options=False, combinations=9, seed=seed))) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]
    assert {len(t.options) for t in plans[0]} == {0, 2, 3}


def test_types_are_tried_bare_and_with_what_they_need(knowledge: Knowledge) -> None:
    facts = knowledge.machine("q35")
    assert facts is not None
    planned = [t for t in trials(knowledge, facts, Scope(options=False, modes=(True,), types=("nvme", "VGA"))) if t.device]
    assert [t.device for t in planned] == ["VGA", "nvme", "nvme,drive=for-drive,pmrdev=for-pmrdev"]
    assert planned[2].backends[0] == "-blockdev"


# ------------------------------------------------------------------------------ what differs
def test_no_difference(board: Board, derived: Derived) -> None:
    assert compared(board, derived, seen(derived)) == []


def test_a_bus_that_only_the_rules_know(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "pci.0")
    bare = root._replace(devices=tuple(d._replace(buses=()) if d.type == "piix3-ide" else d for d in root.devices))
    first, second = (d for d in compared(board, derived, changed(tree, "pci.0", bare)) if d.what == "bus")
    assert first[:4] == ("bus", "ide.1", "IDE of piix3-ide on pci.0", "")
    assert second.subject == "ide.0"
    assert first.where is not None
    assert first.where.file.endswith("ide.qr")


def test_a_bus_that_only_the_binary_knows(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "pci.0")
    extra = tuple(d._replace(buses=(*d.buses, Bus("new.0", "IDE", ()))) if d.type == "piix3-ide" else d for d in root.devices)
    (difference,) = compared(board, derived, changed(tree, "pci.0", root._replace(devices=extra)))
    assert difference[:4] == ("bus", "new.0", "", "IDE of piix3-ide on pci.0")
    assert difference.where is not None  # the line that brings the device


def test_the_order_of_buses(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "pci.0")
    turned = tuple(d._replace(buses=d.buses[::-1]) for d in root.devices)
    (difference,) = compared(board, derived, changed(tree, "pci.0", root._replace(devices=turned)))
    assert (difference.what, difference.subject) == ("bus-order", "ide.1")
    assert "ide.0 ide.1" in difference.binary


def test_an_address(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "pci.0")
    moved = tuple(d._replace(properties={"addr": "1f.0"}) if d.type == "PIIX4_PM" else d for d in root.devices)
    (difference,) = compared(board, derived, changed(tree, "pci.0", root._replace(devices=moved)))
    assert difference[:4] == ("address", "PIIX4_PM", "pci.0 addr=01.3", "pci.0 addr=1f.0")


def test_a_part_without_an_address(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "main-system-bus")
    lacking = root._replace(devices=tuple(d for d in root.devices if d.type != "ioapic"))
    (difference,) = compared(board, derived, changed(tree, "main-system-bus", lacking))
    assert difference[:4] == ("part", "ioapic", "main-system-bus", "")
    assert difference.where is not None
    more = root._replace(devices=(*root.devices, Device("hpet", "", {}, (), ())))
    (difference,) = compared(board, derived, changed(tree, "main-system-bus", more))
    assert difference[:4] == ("part", "hpet", "", "main-system-bus")


def test_the_id_of_a_part(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "main-system-bus")
    named = root._replace(devices=tuple(d._replace(id="x") if d.type == "ioapic" else d for d in root.devices))
    (difference,) = compared(board, derived, changed(tree, "main-system-bus", named))
    assert difference[:4] == ("address", "ioapic", "main-system-bus", "main-system-bus id=x")


def test_what_hangs_on_a_missing_part_is_no_difference_of_its_own(board: Board, derived: Derived) -> None:
    tree = seen(derived)
    root = found(tree, "pci.0")
    bare = root._replace(devices=tuple(d for d in root.devices if d.type != "PIIX3"))  # with the ISA bus and all on it
    (difference,) = compared(board, derived, changed(tree, "pci.0", bare))
    assert difference[:2] == ("part", "PIIX3")


def test_differences_of_one_cause_are_told_once() -> None:
    part = Difference("part", "ioapic", "main-system-bus", "", None)
    causes = Causes()
    assert causes.add(Checked(Trial("pc-1"), "different", differences=(part,))) == [part]
    assert causes.add(Checked(Trial("pc-1", True), "different", differences=(part,))) == []
    words = [Difference("message", "", "", f"{name} is full", None) for name in ("pc-1", "pc-2")]
    assert causes.add(Checked(Trial("pc-1"), "different", differences=(words[0],))) == [words[0]]
    assert causes.add(Checked(Trial("pc-2"), "different", differences=(words[1],))) == []
    assert [(c.difference, str(c.trial), c.starts, c.machines) for c in causes.found()] == [
        (part, "-M pc-1", 2, 1), (words[0], "-M pc-1", 2, 2),
    ]  # fmt: skip


def test_a_signal_is_named(board: Board) -> None:
    crashed = process.Outcome(False, "", -11, True, False)
    (difference,) = differences(board.knowledge, derive(board, BARE), Observed(crashed, "reject", ()))
    assert difference.binary == "reject (ended by SIGSEGV)"
    assert process.Outcome(False, "", None, False, True).ended == "(no answer in time)"
    assert process.Outcome(False, "", -99, True, False).ended == "(ended by signal 99)"


def test_every_start_has_the_words_that_are_asked_for(knowledge: Knowledge) -> None:
    facts = knowledge.machine("isapc")
    assert facts is not None
    scope = Scope(options=False, probes=True)
    listed = list(trials(knowledge, facts, scope))
    assert {t.words for t in listed} >= {(), ("-vga", "std"), ("-net", "nic", "-net", "nic")}
    older, newest = (knowledge.machine(f"pc-q35-{version}") for version in ("9.2", "10.0"))
    assert older is not None
    assert newest is not None
    asked, all_of_them = ({t.words for t in trials(knowledge, m, scope) if t.words} for m in (older, newest))
    assert asked < all_of_them
    assert 6 * len(asked) < len(all_of_them) < 10 * len(asked)


def test_verdicts_and_messages(board: Board) -> None:
    accepted, rejected = derive(board, BARE), derive(board, BARE._replace(device="usb-kbd"))
    assert rejected.verdict == "reject"
    (difference,) = differences(board.knowledge, accepted, refused("no room"))
    assert difference[:4] == ("verdict", "", "accept", "reject no room")
    (difference,) = differences(board.knowledge, rejected, refused("something else"))
    assert difference[:4] == ("message", "", "No 'usb-bus' bus found for device 'usb-kbd'", "something else")
    assert difference.where is not None
    assert not list(differences(board.knowledge, rejected, refused(rejected.message)))


# ------------------------------------------------------------------------------ the whole
def test_counting() -> None:
    difference = Difference("bus", "a", "b", "", None)
    results = [
        Checked(BARE, "same", "accept", "accept"),
        Checked(BARE, "different", "accept", "accept", (difference,)),
        Checked(Trial("none"), "no-rules"),
    ]
    counted = summary("x86_64", results)
    assert (counted.trials, counted.same, counted.different, counted.no_rules, counted.by_kind) == (
        3,
        1,
        1,
        ("none",),
        {"bus": 1},
    )
    assert counted.failed
    assert not summary("m68k", results).failed


def test_a_machine_that_lacks_something_is_tried_with_it_too(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "riscv32")))
    bare, fed = Trial("spike"), Trial("spike", backends=("-bios", "none"))
    assert list(with_needs(board, bare)) == [bare, fed]
    assert list(with_needs(board, Trial("virt", True))) == [Trial("virt", True), fed._replace(machine="virt", nodefaults=True)]
    assert list(with_needs(board, fed)) == [fed]
    assert list(with_needs(board, bare._replace(device="loader"))) == [fed._replace(device="loader")]


@pytest.mark.parametrize(("given", "starts"), [(("-kernel", "k"), 2), (("-kernel", "k", "-dtb", "d"), 1), (("-bios", "b"), 1)])
def test_what_stands_in_for_firmware(store: Store, given: tuple[str, ...], starts: int) -> None:
    board = Board(store.knowledge(store.resolve("10.0", "riscv64")))
    assert len(list(with_needs(board, Trial("microchip-icicle-kit", backends=given)))) == starts


def test_a_missing_binary(knowledge: Knowledge) -> None:
    with pytest.raises(BinaryNotFound):
        next(verify("/no/such/qemu", knowledge))


@pytest.mark.qemu
def test_a_real_binary(qemu: Binary, board: Board) -> None:
    if not qemu.series.startswith("10."):
        pytest.skip("the rules of one version are enough here")
    steps: list[tuple[int, int]] = []
    scope = Scope(machines=("pc",), options=False, types=("usb-*",))
    results = list(verify(qemu.path, board.knowledge, scope, lambda done, total: steps.append((done, total)), jobs=4))
    assert [c.verdict for c in results] == ["same"] * len(results)
    assert steps == [(n, len(results)) for n in range(1, len(results) + 1)]


def test_reading_a_tree_needs_no_binary() -> None:
    assert parse("bus: b\n  type K\n")[0].kind == "K"
