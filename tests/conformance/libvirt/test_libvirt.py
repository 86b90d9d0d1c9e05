"""Domains as a real libvirt takes them: its own tests, reported domains, random ones and mutants. See the package for what is asked.

``python -m tests.conformance.libvirt.run`` tells every difference; here the shares have to hold.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import islice

import pytest

from tests.conformance.libvirt import corpus, oracle, run
from tests.conformance.libvirt.comparing import Compared, compare, summary
from tests.conformance.libvirt.draws import random_domains
from tests.conformance.libvirt.mutants import mutants, mutated, whole
from tests.conformance.libvirt.oracle import Question, Told
from tests.conformance.libvirt.places import Names, stored

FULL = os.environ.get("QRULES_FULL") == "1"
VERDICTS, PLACED = 0.95, 0.93


def holds(told: Iterable[Told], judged: Callable[[Told], Compared] = run.compared) -> None:
    """Prints what differs, and asks for the shares of verdicts and devices."""
    found: list[Compared] = [judged(one) for one in told]
    assert found
    differences = [str(d) for one in found for d in one.differences]
    print("\n".join([*differences, *summary(found)]))
    assert sum(c.verdict for c in found) >= VERDICTS * len(found), differences
    devices = sum(c.devices for c in found)
    assert sum(c.right for c in found) >= PLACED * devices, differences


@pytest.mark.skipif(not corpus.ARCHIVE, reason=corpus.NO_ARCHIVE)
def test_libvirts_own_tests() -> None:
    every = 1 if FULL else 9
    holds(islice(run.of_corpus(), 0, None, every), run.in_corpus)


@pytest.mark.skipif(not corpus.CASES, reason=corpus.NO_CASES)
@pytest.mark.parametrize("version", oracle.VERSIONS if FULL else oracle.VERSIONS[1:2])
def test_reported_domains(version: str) -> None:
    holds(run.of_cases(version))


@pytest.mark.skipif(bool(oracle.missing()), reason=oracle.missing())
@pytest.mark.parametrize("version", oracle.VERSIONS if FULL else oracle.VERSIONS[1:2])
def test_random_domains_and_mutants(version: str) -> None:
    count = 100 if FULL else 12
    told = list(run.of_random(version, 1, count, None))
    holds(told)
    holds(oracle.ask(mutants(told, 1, count), version))


# ------------------------------------------------------------------------------------- the harness itself
ACCEPTED = Told(Question("t", ""), "11.3", "", "", "pc", {"disk:vda": "pci 0000:00:05.0", "hub:0": None})


def test_a_comparison_tells_each_kind_of_difference() -> None:
    from tests.conformance.libvirt.comparing import Ours

    same = compare(ACCEPTED, Ours("accept", (), "pc", dict(ACCEPTED.addresses)))
    assert same.verdict
    assert same.placed
    assert same.differences == ()
    moved = compare(ACCEPTED, Ours("accept", (), "q35", {"disk:vda": "pci 0000:00:06.0", "x": None}))
    assert sorted(d.kind for d in moved.differences) == ["address", "extra", "machine", "missing"]
    assert compare(ACCEPTED, Ours("unknown", (), "pc", {})).differences[0].kind == "unknown"
    refused = ACCEPTED._replace(stage="start", message="internal error: slot 0x05 is 'busy'", addresses={})
    assert compare(refused, Ours("accept", (), "pc", {})).differences[0].kind == "verdict"
    assert compare(refused, Ours("reject", (("define", "x"),), "pc", {})).differences[0].kind == "stage"
    assert compare(refused, Ours("reject", (("start", "x"),), "pc", {})).differences[0].kind == "words"
    assert compare(refused, Ours("reject", (("start", "slot 0x06 is 'full'"),), "pc", {})).differences == ()


def test_draws_follow_from_their_numbers_and_are_xml() -> None:
    from random import Random

    some = random_domains(3, 30)
    assert some == random_domains(3, 30)
    assert len({question.xml for question in some}) > 25
    for question in some:
        names = Names()
        stored(question.xml, names)
        text, _ = mutated(question.xml, Random(1))
        stored(text)


def test_what_was_answered_is_written_into_the_question() -> None:
    xml = "<domain><os><type machine='pc'/></os><devices><disk><target dev='vda'/></disk></devices></domain>"
    told = Told(
        Question("t", xml),
        "11.3",
        "",
        "",
        "pc",
        {"disk:vda": "pci 0000:00:05.0", "controller:usb:0:-": "pci 0000:00:01.2 multifunction"},
    )
    assert stored(whole(told))[1] == told.addresses
