"""The files of `place` and `conversion` stand on each other one way, as the lists in their packages say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import qrules

HOME = Path(qrules.__file__).parent
QUESTIONS = ("spare", "ways", "elsewhere", "repairs")  # they stand on the stages, and not on one another


def used(path: Path, room: str) -> set[str]:
    """The files of a room that a file imports, late imports and those for types included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == f"qrules.{room}":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"qrules.{room}."):
            found.add((node.module or "").rpartition(".")[2])
    return found


@pytest.mark.parametrize(("room", "others"), [("place", ("answer", *QUESTIONS)), ("conversion", ())])
def test_each_file_stands_on_earlier_ones(room: str, others: tuple[str, ...]) -> None:
    text = (HOME / room / "__init__.py").read_text()
    listed = re.findall(r"^(\w+)  +\w", text, re.MULTILINE)
    files = {path.stem for path in (HOME / room).glob("*.py")} - {"__init__"}
    beside = set(re.findall(r"`(\w+)`", text)) & files - set(listed)
    assert files == {*listed, *beside}
    assert set(others) <= beside
    earlier: set[str] = set()
    for stage in listed:
        assert used(HOME / room / f"{stage}.py", room) <= earlier | beside - set(QUESTIONS), stage
        earlier.add(stage)
    for question in set(QUESTIONS) & files:
        assert not used(HOME / room / f"{question}.py", room) & {*QUESTIONS}, question


def test_placing_knows_nothing_of_conversion() -> None:
    for path in (HOME / "place").glob("*.py"):
        assert not used(path, "conversion"), path.name
        assert "qrules.conversion" not in path.read_text(), path.name
