"""Whether so many more devices fit as `spare` says, and not one more: put onto a real binary, started with them and while it runs."""

from __future__ import annotations

import random
import shlex
from collections.abc import Callable, Iterator
from typing import NamedTuple

from qrules.configs.argv import devices, read
from qrules.configs.rewriting import device_text
from qrules.explain.verdicts import judge, judge_outcome
from qrules.machine.entities import Device
from qrules.machine.request import DeviceRequest, Request
from qrules.place.serving import Put
from qrules.place.spare import Refused, counted_room
from qrules.plugging.board import Board
from qrules.qemu.process import ask
from tests.conformance import device_configs

TYPES = {
    "x86_64": (
        "e1000",
        "e1000e",
        "virtio-net-pci",
        "usb-tablet",
        "scsi-cd",
        "ide-cd",
        "isa-serial",
        "floppy",
        "virtserialport",
        "igb",
    ),
    "aarch64": ("e1000", "virtio-net-pci", "usb-kbd", "scsi-cd", "virtio-rng-device", "pcie-root-port,chassis=200"),
    "riscv64": ("e1000", "virtio-net-pci", "usb-kbd", "scsi-cd", "virtio-rng-device", "nvme,serial=s"),
    "ppc64": (
        "e1000",
        "virtio-net-pci",
        "usb-tablet",
        "scsi-cd",
        "spapr-vlan",
        "spapr-vscsi",
        "igb",
        "pci-bridge,chassis_nr=200",
    ),
    "s390x": ("virtio-net-ccw", "scsi-cd", "virtserialport", "virtio-rng-pci"),
}
MANY = 130  # that are really put there, where there is room for more than one wants to wait for
PATIENCE = 120.0  # seconds that a start with so many may take on a busy machine


class Question(NamedTuple):
    """A config that starts, and the device that more are wanted of, as -device takes it."""

    arch: str
    words: tuple[str, ...]
    device: str

    def __str__(self) -> str:
        return f"[{self.arch}] {shlex.join(self.words)} + {self.device}"


def questions(seed: str, count: int, series: str, boards: Callable[[str], Board]) -> Iterator[Question]:
    """So many for a version of QEMU; the same ones for the same seed."""
    rng = random.Random(f"{seed} {series}")
    while count:
        arch = rng.choice(("x86_64", "x86_64", "aarch64", "riscv64", "ppc64", "s390x"))
        config = next(iter(device_configs.configs(rng.randrange(1 << 30), 1, arch, series)))
        text = rng.choice(TYPES[arch])
        rules = boards(arch)
        request = read(list(config.words), rules.knowledge)
        if rules.kinds.type(text.split(",")[0]) is not None and judge(rules, request, ("qemu",)).verdict == "accept":
            count -= 1
            yield Question(arch, config.words, text)


def wrong(board: Board, binary: str, asked: Question) -> list[str]:
    """What is wrong with the numbers that are told."""
    request = read(list(asked.words), board.knowledge)
    later = any(d.json for d in request.devices)  # what is written as JSON comes last
    device = devices([asked.device])[0]._replace(json=later)
    if later:  # where numbers are no texts
        numbers = {name: int(str(value)) if str(value).isdecimal() else value for name, value in device.properties.items()}
        device = device._replace(properties=numbers)
    found = counted_room(board, request, device, ("qemu",))
    if isinstance(found, Refused):
        return [f"refused: {found.messages[:1]}"]
    told, cold, hot = found
    issues = (
        [] if told.cold is None or told.cold == len(cold) or told.cold > MANY else [f"{told.cold} told, {len(cold)} put down"]
    )
    issues += (
        []
        if told.hot is None or told.hot == len(hot) or told.hot > MANY
        else [f"{told.hot} told while it runs, {len(hot)} put down"]
    )
    names = _names(board, request, device)
    issues += _cold(binary, asked, device, cold[:MANY], names if told.cold is not None and told.cold <= MANY else ())
    return issues + _hot(binary, asked, device, hot[:MANY], names if told.hot is not None and told.hot <= MANY else ())


def _names(board: Board, request: Request, device: DeviceRequest) -> tuple[str | None, ...]:
    """Where one more is tried: unasked, and on each bus of its kind."""
    kind = board.kinds.named(device.driver)
    _, outcome = judge_outcome(board, request, ("qemu",))
    assert outcome is not None
    assert kind is not None
    buses = outcome.state.buses
    return (
        None,
        *dict.fromkeys(b.id for b in buses if kind.bus_kind in b.kinds and len(outcome.state.by_name.get(b.id, ())) == 1),
    )


def _texts(device: DeviceRequest, stand: list[Put]) -> list[str]:
    found = []
    for number, (one, name, placed) in enumerate(stand):
        bus = one.bus
        assert bus is not None
        if name is None:
            found.append(device_text(device._replace(id=_id(one, number))))
            continue
        given = dict(device.properties)
        dimension = bus.kind.scheme.main if bus.kind.scheme is not None else None
        scheme = bus.kind.scheme
        if not placed:
            pass
        elif scheme is not None and scheme.written:
            given[scheme.property] = scheme.text(one.address)
        elif dimension is not None:
            given[dimension.name] = one.address.get(dimension.name)
        found.append(device_text(device._replace(id=_id(one, number), bus=name, properties=given)))
    return found


def _id(one: Device, number: int) -> str:
    """Its own where it brings buses, since others may stand on these."""
    return one.id if one.id is not None and one.id.startswith("more") else f"guest.{number}"


def _cold(binary: str, asked: Question, device: DeviceRequest, stand: list[Put], names: tuple[str | None, ...]) -> list[str]:
    words = [*asked.words, *(w for text in _texts(device, stand) for w in ("-device", text))]
    outcome, _ = ask(binary, words, ("info version",), PATIENCE)
    if outcome.crashed:
        return []  # a mistake of the binary's own
    if not outcome.accepted:
        return [f"{len(stand)} do not start: {outcome.message}"]
    issues = []
    for name in names:
        one = device_text(device._replace(bus=name, id="onemore"))
        outcome, _ = ask(binary, [*words, "-device", one], ("info version",), PATIENCE)
        if outcome.accepted:
            issues.append(f"more than {len(stand)}: {one}")
    return issues


def _hot(binary: str, asked: Question, device: DeviceRequest, stand: list[Put], names: tuple[str | None, ...]) -> list[str]:
    device = device._replace(json=False)
    texts = _texts(device, stand)
    more = [device_text(device._replace(bus=name, id=f"onemore{n}")) for n, name in enumerate(names)]
    outcome, said = ask(binary, list(asked.words), [f"device_add {text}" for text in (*texts, *more)], PATIENCE)
    if outcome.crashed:
        return []
    if not outcome.accepted:
        return [f"does not start: {outcome.message}"]
    issues = [f"not while it runs: {t}: {s.strip()}" for t, s in zip(texts, said, strict=False) if s.strip()][:2]
    return issues + [
        f"more than {len(stand)} while it runs: {t}" for t, s in zip(more, said[len(texts) :], strict=False) if not s.strip()
    ]
