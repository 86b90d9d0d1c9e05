"""Topologies as values: everything that stands is in them once, and what is free is what the slots count."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from qrules.configs.argv import read
from qrules.explain.picture import BusNode, DeviceNode, Topology, bus_runs, device_runs, split, topology
from qrules.explain.verdicts import judge_outcome
from qrules.machine.entities import Device
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.rulesets.store import Store

CONFIGS = {
    "x86_64": (
        "-M q35",
        "-M pc",
        "-M microvm",
        "-M isapc",
        "-M q35,usb=on -nodefaults -device pcie-root-port,id=r -device virtio-scsi-pci,bus=r,id=s -device scsi-cd -device scsi-cd "
        "-device usb-hub,port=2 -device usb-kbd,port=2.3 -device usb-kbd -device e1000,addr=9 -device e1000,addr=1f.0",
        "-M pc -drive if=virtio,file=x -device vmcoreinfo -device floppy " + "-device virtio-serial-pci " * 12,
    ),
    "aarch64": ("-M virt",),
    "s390x": ("-M s390-ccw-virtio",),
    "ppc64": ("-M pseries",),
    "riscv64": ("-M virt",),
}


def asked(store: Store, arch: str, text: str) -> tuple[Board, State, Topology]:
    board = Board(store.knowledge(store.resolve("10.0", arch)))
    _, outcome = judge_outcome(board, read(shlex.split(text), board.knowledge))
    assert outcome is not None
    refused = tuple(i for i, d in enumerate(outcome.devices) if d is None)
    return board, outcome.state, topology(board, outcome.state, refused)


def nodes(buses: tuple[BusNode, ...]) -> Iterator[BusNode | DeviceNode]:
    for bus in buses:
        yield bus
        for device in bus.devices:
            yield device
            yield from nodes(device.buses)


def halves(state: State) -> set[int]:
    """Devices that are the other half of one that is drawn: created by it, and alone on its bus."""
    return {
        d.number
        for bus in state.buses
        if isinstance(bus.owner, Device) and state.is_full(bus)
        for d in state.children[bus.number]
        if all(c.creator is bus.owner for c in state.children[bus.number])
    }


@pytest.mark.parametrize(("arch", "text"), [(arch, text) for arch, texts in CONFIGS.items() for text in texts])
def test_everything_that_stands_is_drawn_once(store: Store, arch: str, text: str) -> None:
    _, state, drawn = asked(store, arch, text)
    hidden = halves(state)
    standing = sorted((d.kind.name, d.id or "") for d in state.devices if d.bus is not None and d.number not in hidden)
    found = list(nodes(drawn.roots))
    assert sorted((n.type, n.id or "") for n in found if isinstance(n, DeviceNode)) == standing
    inner = {d.bus.number for d in state.devices if d.number in hidden and d.bus is not None}
    assert sorted(n.id for n in found if isinstance(n, BusNode)) == sorted(b.id for b in state.buses if b.number not in inner)
    assert {d.type for d in drawn.busless} == {d.kind.name for d in state.devices if d.bus is None and d.request is not None}


@pytest.mark.parametrize(("arch", "text"), [(arch, text) for arch, texts in CONFIGS.items() for text in texts])
def test_free_places_are_as_many_as_are_counted(store: Store, arch: str, text: str) -> None:
    _, _, drawn = asked(store, arch, text)
    for bus in nodes(drawn.roots):
        if isinstance(bus, BusNode) and bus.free:
            assert bus.slots is not None
            assert sum(count(r, bus.type) for r in bus.free) == bus.slots.free, bus


def count(span: str, kind: str) -> int:
    first, _, last = span.partition(" to ")
    radix = 16 if kind.startswith("PCI") else 10
    prefix = first.rpartition(".")[0]
    assert not last or last.rpartition(".")[0] == prefix
    return int(last, radix) - int(first, radix) + 1 if last else 1


def test_who_put_it_there(store: Store) -> None:
    board, state, _ = asked(store, "x86_64", "-M pc -drive if=virtio,file=x -device e1000 -device e1000")
    by = {(n.type, n.by) for n in nodes(topology(board, state, added=(1,)).roots) if isinstance(n, DeviceNode)}
    assert {("VGA", "machine"), ("virtio-blk-pci", "config"), ("e1000", "config"), ("e1000", "added")} <= by


def test_refused_devices_are_named(store: Store) -> None:
    _, _, drawn = asked(store, "x86_64", CONFIGS["x86_64"][4])
    assert drawn.refused == (8,)


def test_neighbours_that_are_alike_are_one_run(store: Store) -> None:
    _, _, drawn = asked(store, "x86_64", "-M pc -nodefaults -device virtio-scsi-pci " + "-device scsi-cd " * 20)
    found = list(nodes(drawn.roots))
    scsi = next(n for n in found if isinstance(n, BusNode) and n.type == "SCSI")
    assert [len(run) for run in device_runs(scsi.devices)] == [20]
    isa = next(n for n in found if isinstance(n, BusNode) and n.type == "ISA")
    small, runs = split(isa)
    assert sum(n for _, n in small) + sum(len(r) for r in runs) == len(isa.devices)
    ahci = tuple(BusNode(f"ide.{n}", "IDE", False, None, (), (), None) for n in range(6))
    assert [len(run) for run in bus_runs(ahci)] == [6]
    assert [len(run) for run in bus_runs(ahci[:2])] == [1, 1]
