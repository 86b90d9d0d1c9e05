"""Whatever a reader is given, it answers or says why it can't: no traceback, no long wait, no flood of output.

Some thousand inputs here; ``make fuzz`` gives as many as are asked for (`tests.fuzz.many`). Edits of real input, and random texts.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import guard
from tests.fuzz.edits import TOP, Edit, edited
from tests.fuzz.guard import guarded
from tests.fuzz.readers import READERS, Reader, compiled

_PHASES = (Phase.generate, Phase.shrink) if os.environ.get("QRULES_FULL") == "1" else (Phase.generate,)  # shrinking takes minutes
_SETTINGS = settings(deadline=None, derandomize=True, database=None, phases=_PHASES, suppress_health_check=list(HealthCheck))
_NUMBERS = st.integers(0, TOP - 1)
_EDITS = st.lists(st.builds(Edit, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS), max_size=4)
_TEXTS = st.text(st.characters(exclude_categories=()), max_size=200)  # halves of characters, too


@pytest.fixture(scope="module", autouse=True)
def _somewhere_else(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What should write a file against all care does it in a folder that goes away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "PATIENCE", 4.5)  # a wish took 6.4 CPU s once, and was quick when asked again
        compiled()
        patch.chdir(tmp_path_factory.mktemp("here"))
        yield


@pytest.mark.parametrize("reader", READERS, ids=[r.name for r in READERS])
def test_edited_input(reader: Reader) -> None:
    seeds = reader.seeds()
    assert seeds
    for seed in seeds[:3]:
        reader.ask(seed)  # what is kept is made before anything is measured

    @settings(_SETTINGS, max_examples=reader.count)
    @given(number=st.integers(0, len(seeds) - 1), edits=_EDITS)
    def try_one(number: int, edits: list[Edit]) -> None:
        guarded(reader, edited(seeds[number], edits, seeds))

    try_one()


@pytest.mark.parametrize("reader", READERS, ids=[r.name for r in READERS])
def test_random_input(reader: Reader) -> None:
    @settings(_SETTINGS, max_examples=reader.count // 5)
    @given(text=_TEXTS)
    def try_one(text: str) -> None:
        guarded(reader, text)

    try_one()
