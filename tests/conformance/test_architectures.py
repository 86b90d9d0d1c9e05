"""Machines of other architectures than the PC's: buses with each option, single devices, and what a running one takes."""

from __future__ import annotations

import random

import pytest

from qrules.plugging.board import Board
from qrules.qemu.trials import Scope, Trial, machines, trials
from qrules.qemu.verify import Checked
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling, start, told
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

# Each architecture with its machines that rules describe, and words that every start of them needs.
BOARDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aarch64": (("virt",), ()),
    "arm": (("virt",), ()),
    "ppc64": (("pseries",), ()),
    "riscv64": (("virt",), ()),
    "riscv32": (("virt",), ("-bios", "none")),
    "s390x": (("s390-ccw-virtio", "s390-ccw-virtio-2.9", "none"), ()),
}
HOSTS_AFFAIR = {"u2f-passthru"}  # whether these start is for the host to say
SAMPLE = 40  # of the starts with a device, or with an option


@pytest.fixture(params=BOARDS)
def arch(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def tried(qemu: Binary, store: Store, arch: str, scope: Scope, sample: int = 0) -> list[Checked]:
    """Starts all trials of a scope, or those without option and device and a sample of the others, on the own binary."""
    patterns, needed = BOARDS[arch]
    knowledge = store.knowledge(store.resolve(qemu.series, arch))
    scope = scope._replace(machines=patterns)
    planned = [t for facts in machines(knowledge, scope) for t in trials(knowledge, facts, scope)]
    if sample and not full:
        always = [t for t in planned if not t.device and (not t.options or t.options[0][0] == "usb")]
        others = [t for t in planned if t not in always]
        planned = always + random.Random(1).sample(others, min(sample, len(others)))
    return start(sibling(qemu, arch), Board(knowledge), [_with(t, needed) for t in planned])


def _with(trial: Trial, needed: tuple[str, ...]) -> Trial:
    return trial._replace(backends=(*needed, *trial.backends))


def test_buses_with_each_option(qemu: Binary, store: Store, arch: str) -> None:
    results = tried(qemu, store, arch, Scope(), SAMPLE)
    assert told(results) == []
    assert {c.verdict for c in results} == {"same"}
    assert {("usb", "on"), ("usb", "off")} <= {option for c in results for option in c.trial.options}
    assert {c.rules for c in results if not c.trial.options} == {"accept"}


def test_devices_one_by_one(qemu: Binary, store: Store, arch: str) -> None:
    results = tried(qemu, store, arch, Scope(options=False, types=("*",)), SAMPLE)
    assert told(c for c in results if c.verdict != "unknown") == []
    assert {c.trial.device for c in results if c.verdict == "unknown"} <= HOSTS_AFFAIR
    assert {c.binary for c in results} == {"accept", "reject"}
