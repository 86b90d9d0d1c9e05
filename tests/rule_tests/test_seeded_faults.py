"""Faults put into copies of the rules: reading the rules, or their own tests, find each of them without an emulator."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "seed-faults"


def load() -> ModuleType:
    """The script as a module."""
    loader = SourceFileLoader("seed_faults", str(SCRIPT))
    spec = importlib.util.spec_from_loader("seed_faults", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # no cache file beside the scripts
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writes
    return module


faults = load()


def test_there_are_thirty_of_them() -> None:
    assert len({fault.name for fault in faults.FAULTS}) == len(faults.FAULTS) == 30


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all faults: what is the same without a fault and with it is read once."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("fault", [None, *faults.FAULTS], ids=lambda fault: fault.name if fault else "no fault")
def test_it_is_found(fault: object, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert len(faults.found_by(fault, tmp_path)) == (1 if fault else 0)
