"""Machines are built once for all configs that differ in nothing that the rules look at, and leave nothing to collect."""

from __future__ import annotations

import gc
import json

import pytest

from qrules.explain.bulk import Bulk
from qrules.plugging import building
from qrules.rulesets.store import Store

UUID = "8a8e4a5c-1f3b-4b52-9d8e-00000000{:04}"


def _line(*words: str) -> bytes:
    return json.dumps(
        {"argv": ["-M", "q35", *words, "-device", "pcie-root-port,id=r", "-device", "virtio-rng-pci,bus=r"]}
    ).encode()


def _built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    built: list[str] = []
    plain = building.build

    def counted(*args: object) -> object:
        built.append("")
        return plain(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "build", counted)
    return built


def test_names_build_no_machine_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk, built = Bulk(store), _built(monkeypatch)
    for number in range(6):
        answer = bulk.answer(_line("-name", f"guest=web-{number},process=p{number}", "-uuid", UUID.format(number)))
        assert answer.verdict == "accept"
    assert len(built) == 1


def test_what_is_looked_at_does(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A UUID that is none is refused, whichever came before, and so is one that comes after it."""
    bulk, built = Bulk(store), _built(monkeypatch)
    verdicts = [bulk.answer(_line("-uuid", uuid)).verdict for uuid in (UUID.format(1), "x", UUID.format(2), "y", "x")]
    assert verdicts == ["accept", "reject", "accept", "reject", "reject"]
    assert len(built) == 3
    reasons = bulk.answer(_line("-uuid", "y")).found
    assert reasons is not None
    assert "y" in reasons.reasons[0].message + reasons.reasons[0].emulator_message
    bulk.answer(_line("-m", "2G")), bulk.answer(_line("-m", "3G"))
    assert len(built) == 5


def test_nothing_is_left_to_collect(store: Store) -> None:
    """No objects that lead to one another: the collector has nothing to do, however many configs are accepted."""
    bulk = Bulk(store)
    for _ in range(3):
        bulk.answer(_line())
    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            assert bulk.answer(_line()).verdict == "accept"
        assert gc.collect() < 20
    finally:
        gc.enable()
