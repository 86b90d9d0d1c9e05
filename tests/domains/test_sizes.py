"""Large domains: steps grow little faster than elements, and the question's budget holds. Counted, not timed."""

from __future__ import annotations

import json

import pytest

from qrules.domains.stream import DomainStream
from qrules.machine import budget
from qrules.machine.budget import Question, current
from qrules.report import domains_json
from qrules.rulesets.store import Store
from tests.domains.domains import NIC, domain


def spent(stream: DomainStream, devices: str) -> float:
    """The steps that a domain takes, which libvirt accepts."""
    left: list[float] = []
    leaving = Question.__exit__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Question, "__exit__", lambda self, *rest: left.append(current().left) or leaving(self, *rest))
        found = stream.answer(json.dumps({"libvirt-xml": domain(devices)}).encode())
    assert found.verdict == "accept"
    return budget.MOST - left[-1]


@pytest.fixture(scope="module")
def stream(store: Store) -> DomainStream:
    return DomainStream(store, "11.3", None, ())


DISK = "<disk type='file' device='disk'><source file='/{name}.img'/><target dev='sd{name}' bus='scsi'/></disk>"


def scsi(many: int) -> str:
    """So many disks, for each seven of which there is a controller of its own."""
    return "".join(DISK.format(name=f"{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(many))


def test_steps_grow_with_the_number(stream: DomainStream) -> None:
    few, many = spent(stream, NIC * 15), spent(stream, NIC * 30)
    assert 1_000 < few < many < 2.6 * few
    few, many = spent(stream, scsi(70)), spent(stream, scsi(210))
    assert 1_000 < few < many < 3.6 * few


def test_beyond_the_budget_a_domain_is_unknown_and_the_step_is_named(
    stream: DomainStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MOST", 2_000)
    told = domains_json.line(stream.answer(json.dumps({"libvirt-xml": domain(NIC * 40)}).encode()))
    assert (told["verdict"], told["reasons"][0]["rule"]) == ("unknown", "QR460")
    assert "more than 2,000 steps, the last of them for the step 'pci-places'" in told["reasons"][0]["message"]
