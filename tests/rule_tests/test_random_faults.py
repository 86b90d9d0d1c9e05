"""A share of `scripts/seed-random-faults`: random slips in the shipped rules are found by reading, by lint or by the rules' own tests."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from qrules.paths import rules_folder

ROOT = Path(__file__).resolve().parents[2]
BOUNDED = {  # rules with a test on both sides of what they bound, with a slip that only such tests can find
    "firmware-fits": "compared_otherwise",
    "network-mask-fits": "off_by_one",
    "shared-folder-has-security": "and_for_or",
    "host-nodes-with-policy": "wrong_words",
    "cpu-core-exists": "compared_otherwise",
}


@pytest.fixture(scope="module")
def faults() -> ModuleType:
    path = str(ROOT / "scripts" / "seed-random-faults")
    loader = importlib.machinery.SourceFileLoader("seed_random_faults", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("seed_random_faults", loader))  # type: ignore[arg-type]
    sys.modules[module.__name__] = module
    loader.exec_module(module)
    return module


def test_slips_are_found(faults: ModuleType) -> None:
    house = faults.House(rules_folder(), "10.0", "x86_64")
    found: dict[str, list[str]] = {}
    for make in (faults.misspelt, faults.never_so, faults.said_twice):
        slip = next(s for at in sorted(house.places) if (s := house.slip(make, at)) is not None)
        found[slip.kind] = house.found_by(slip)
    by = {"misspelt": "reading", "never so": "lint", "said twice": "lint"}
    assert {kind: check in found[kind] for kind, check in by.items()} == dict.fromkeys(by, True)
    at_rule = {name: at for at, name in house.places.items()}
    for rule, kind in BOUNDED.items():
        slip = house.slip(getattr(faults, kind), at_rule[rule])
        assert slip is not None, rule
        assert "rules test" in house.found_by(slip), rule
