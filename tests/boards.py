"""Boards made of rule text, without any cache: a fixture for the tests of the engine's rooms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from qrules.knowledge.model import Knowledge
from qrules.plugging.board import Board
from qrules.rulesets import build

MakeBoard: TypeAlias = Callable[[str], Board]


@pytest.fixture(scope="module")
def make_board(tmp_path_factory: pytest.TempPathFactory) -> MakeBoard:
    """Compiles rule text, without any cache, to a board."""

    def make(text: str) -> Board:
        folder: Path = tmp_path_factory.mktemp("rules")
        (folder / "board.qr").write_text(text)
        compiled = build.compile_rule_set(folder)
        (version, arch), pieces = next(iter(compiled.targets.items()))
        return Board(Knowledge(version, arch, {"schema": [], **pieces}.__getitem__))  # a text has no schema beside it

    return make
