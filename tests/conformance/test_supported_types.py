"""The types that a machine is said to support, asked of the binary: each name is good for something, and none is missing.

QRULES_FULL=1 tries all types that no name speaks of, otherwise a sample.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import pytest

from qrules.explain.inventory import machine_request, supported
from qrules.plugging.board import Board
from qrules.qemu.process import attempt
from qrules.qemu.qmp import Session
from qrules.qemu.trials import Scope, Trial, machines, trials
from tests.conformance.conftest import full
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

Options: TypeAlias = tuple[tuple[str, str], ...]
SAMPLE = 12
BOARDS: tuple[tuple[str, Options], ...] = (
    ("q35", ()),
    ("q35", (("usb", "on"),)),
    ("q35", (("sata", "off"), ("smbus", "off"))),
    ("pc", ()),
    ("pc", (("acpi", "off"), ("usb", "on"))),
    ("isapc", ()),
    ("microvm", ()),
    ("microvm", (("pcie", "on"),)),
    ("microvm", (("pcie", "on"), ("usb", "on"))),
    ("none", ()),
    ("x-remote", ()),
)


def names_of(board: Board, machine: str, options: Options, nodefaults: bool) -> list[str]:
    """What the rules say that the machine supports."""
    facts = board.knowledge.machine(machine)
    assert facts is not None
    state, refusals = board.build_machine(facts, machine_request(facts.name, dict(options), nodefaults))
    assert refusals == []
    return supported(board, state)


def subtypes(qemu: Binary, names: Iterable[str]) -> dict[str, set[str]]:
    """What the binary knows below each name: the RFC wants names that qom-list-types takes."""
    with Session(qemu.path, ["-machine", "none"]) as session:
        return {n: {t["name"] for t in session.execute("qom-list-types", implements=n, abstract=False)} for n in names}


def tries(board: Board, machine: str, options: Options, nodefaults: bool) -> dict[str, list[Trial]]:
    """Every user-creatable type with the starts that try it alone: bare, and with what it can use of the host's."""
    scope = Scope(machines=(machine,), modes=(nodefaults,), options=False, types=("*",))
    [facts] = machines(board.knowledge, scope)
    found: dict[str, list[Trial]] = {}
    for trial in trials(board.knowledge, facts, scope):
        if trial.device:
            found.setdefault(trial.device.partition(",")[0], []).append(trial._replace(options=options))
    return found


def taken(qemu: Binary, starts: Iterable[Trial]) -> bool:
    return any(attempt(qemu.path, trial.argv()).accepted for trial in starts)


@pytest.mark.parametrize("nodefaults", [False, True], ids=["defaults", "nodefaults"])
@pytest.mark.parametrize(("machine", "options"), BOARDS, ids=lambda x: x if isinstance(x, str) else ",".join(map("=".join, x)))
def test_names_and_types(machine: str, options: Options, nodefaults: bool, qemu: Binary, board_of: Board) -> None:
    names = names_of(board_of, machine, options, nodefaults)
    below = subtypes(qemu, names)
    assert [n for n in names if not below[n]] == []
    possible = tries(board_of, machine, options, nodefaults)
    good_for_nothing = [n for n in names if not any(taken(qemu, possible[t]) for t in sorted(below[n] & possible.keys()))]
    assert good_for_nothing == []
    spoken_of = set().union(*below.values())
    unspoken = [t for t in possible if t not in spoken_of and board_of.knowledge.shared["types"][t][1] is not None]
    assert possible.keys() - set(unspoken)
    chosen = unspoken if full else random.Random(1).sample(unspoken, min(SAMPLE, len(unspoken)))
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        verdicts = pool.map(lambda t: taken(qemu, possible[t]), chosen)
        assert [t for t, accepted in zip(chosen, verdicts, strict=True) if accepted] == []
