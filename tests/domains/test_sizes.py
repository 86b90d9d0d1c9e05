"""Large domains: steps grow little faster than elements, and the question's budget holds. Counted, not timed."""

from __future__ import annotations

import json

import pytest

from qrules.configs.xml_domain import read_domain
from qrules.domains.stream import DomainStream
from qrules.domains.whole import Domains
from qrules.machine import budget
from qrules.machine.budget import Question, current
from qrules.report import domains_json
from qrules.rulesets.store import Store
from tests.domains.domains import NIC, domain


def spent(stream: DomainStream, devices: str, verdict: str = "accept") -> float:
    """The steps that a domain takes, which gets this verdict."""
    left: list[float] = []
    leaving = Question.__exit__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Question, "__exit__", lambda self, *rest: left.append(current().left) or leaving(self, *rest))
        found = stream.answer(json.dumps({"libvirt-xml": domain(devices)}).encode())
    assert found.verdict == verdict
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


def test_what_is_unset_is_equal_to_nothing_and_nobody_looks_for_it(stream: DomainStream) -> None:
    few, many = (spent(stream, "<disk/>" * count, "reject") for count in (200, 400))
    assert 1_000 < few < many < 2.2 * few


def test_behind_so_many_reasons_nothing_is_looked_at(stream: DomainStream) -> None:
    found = stream.answer(json.dumps({"libvirt-xml": domain("<disk/>" * 1_500)}).encode())
    told = domains_json.line(found)
    assert (found.verdict, len(told["reasons"])) == ("reject", budget.MOST_TOLD + 1)
    assert told["reasons"][-1]["message"].startswith("too large: an answer tells 2,000 reasons, and there are more")
    assert spent(stream, "<disk/>" * 3_000, "reject") < 1.5 * spent(stream, "<disk/>" * 1_500, "reject")


def test_a_repair_is_tried_to_the_first_thing_that_is_wrong(store: Store) -> None:
    domains = Domains("11.3", store)
    wrong, right = (read_domain(domain(devices), "vm.xml") for devices in ("<disk/>" * 2, NIC))
    whole, hasty = domains.answer(wrong), domains.answer(wrong, hasty=True)
    assert (whole.verdict, hasty.verdict) == ("reject", "reject")
    assert len(whole.reasons) > len(hasty.reasons) == 1
    assert hasty.reasons[0].reason.message in {told.reason.message for told in whole.reasons}
    assert domains.answer(right, hasty=True).words == domains.answer(right).words != ()
