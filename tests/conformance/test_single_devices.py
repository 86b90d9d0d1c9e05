"""Each device type alone on a PC: taken or refused as the binary does, in its words, with the buses that it brings."""

from __future__ import annotations

import random

import pytest

from qrules.plugging.board import Board
from qrules.qemu.trials import Scope, Trial, machines, trials
from tests.conformance.conftest import Try, full, told

pytestmark = pytest.mark.qemu

SCOPE = Scope(machines=("pc", "q35"), options=False, types=("*",))
SAMPLE = 500

# What depends on the host, or on the clock: type, and why.
HOSTS_AFFAIR = {
    "adlib": "gives up where the host has no sound",
    "gus": "gives up where the host has no sound",
    "ivshmem-doorbell": "with a character device it waits for a greeting, for ever",
}


def test_devices_one_by_one(tried: Try, board_of: Board) -> None:
    knowledge = board_of.knowledge
    planned = [t for facts in machines(knowledge, SCOPE) for t in trials(knowledge, facts, SCOPE) if decided_here(t)]
    assert len(planned) > 1900
    results = tried(planned if full else random.Random(1).sample(planned, SAMPLE))
    assert told(results) == []
    assert not [str(c.trial) for c in results if c.rules == "unknown"]
    assert {c.binary for c in results} == {"accept", "reject"}


def decided_here(trial: Trial) -> bool:
    return bool(trial.device) and trial.device.partition(",")[0] not in HOSTS_AFFAIR
