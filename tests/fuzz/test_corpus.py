"""Every input of the corpus, each as a process of its own: what must hold, holds. ``QRULES_FULL=1`` runs the large ones, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.corpus import entries
from tests.fuzz.entry import Checkout, Entry, measure, warmed, wrong
from tests.fuzz.falls_short import FALLS_SHORT

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("QRULES_FULL") == "1"
PATIENCE = 2.5  # all processors are busy with other tests; scripts/measure-corpus is strict


@pytest.fixture(scope="session")
def checkout(store: object) -> Checkout:
    """This checkout, with the cache that the other tests use: `store` has compiled what is asked most."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return warmed(Checkout.at(ROOT, Path(base)))


def test_names_are_unique() -> None:
    names = [entry.name for entry in entries()]
    assert len(names) == len(set(names)) > 500


def test_what_falls_short_is_in_the_corpus() -> None:
    assert set(FALLS_SHORT) <= {entry.name for entry in entries()}


@pytest.mark.parametrize(
    "entry", [pytest.param(e, id=e.name) for e in entries() if (FULL or not e.heavy) and e.name not in FALLS_SHORT]
)
def test_input(entry: Entry, checkout: Checkout) -> None:
    found = measure(entry, checkout)
    assert not wrong(entry, found, PATIENCE), f"{entry.what}: {found.first_line}"
