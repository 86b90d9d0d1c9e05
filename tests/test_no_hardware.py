"""Nothing about hardware stands in Python: no name of a type, bus kind, machine or bus of any catalogue.

String constants (docstrings apart) are split into words, and identifiers are taken as they are. What is a general word of
English or of the emulator's own language stands in ``no_hardware_exceptions.txt``, each with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from qrules.knowledge import sources
from qrules.paths import PACKAGE, rules_folder

EXCEPTIONS = Path(__file__).parent / "no_hardware_exceptions.txt"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,-]*[A-Za-z0-9]")
_BUS = re.compile(r'\b(?:called|on) (?:"([^"{}]+)"|([\w-]+\.\d+))')
_OTHERWISE = re.compile(r'\bcalled "[^"\n]*" else "([^"{}]+)"')  # conditions have an `else`, too, which names no bus
_MACHINE = re.compile(r'^machine "?([a-z0-9-]+?)-?[{"\d]', re.MULTILINE)


def hardware() -> frozenset[str]:
    """Every name of every catalogue, and every bus that the rules name, folded."""
    rule_set = sources.read(rules_folder())
    names = set(sources.mentioned(rule_set)[0])
    for path in rule_set.rules:
        text = path.read_text()
        names.update(a or b for a, b in _BUS.findall(text))
        names.update(_OTHERWISE.findall(text))
        names.update(_MACHINE.findall(text))
    return frozenset(n.casefold() for n in names if len(n) > 1)


def excepted() -> dict[str, str]:
    """The words that may stand in Python, with the reason of each."""
    lines = [line for line in EXCEPTIONS.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {word.strip(): reason.strip() for word, _, reason in (line.partition(":") for line in lines)}


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone as statements: they are read by people."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def words(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text())
    prose = _docstrings(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield from ((line, word) for word in _WORD.findall(node.value))
        elif isinstance(node, ast.Name):
            yield line, node.id
        elif isinstance(node, ast.Attribute):
            yield line, node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield line, node.name
        elif isinstance(node, ast.arg | ast.keyword):
            yield line, node.arg or ""


def _forms(word: str) -> set[str]:
    """A word as names of hardware are written: with dashes for underscores, without a version at its end."""
    folded = word.casefold()
    return {folded, folded.replace("_", "-"), re.sub(r"-\d+(\.\d+)*$", "", folded)}


ROOT = Path(PACKAGE)
NAMES = hardware()
FILES = sorted(p for p in ROOT.rglob("*.py") if "_data" not in p.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_hardware_in_python(path: Path) -> None:
    known = excepted()
    found = {(line, word) for line, word in words(path) if _forms(word) & NAMES and not _forms(word) & known.keys()}
    assert sorted(found) == []


def test_every_exception_is_needed_and_has_a_reason() -> None:
    used = {form for path in FILES for _, word in words(path) for form in _forms(word)}
    known = excepted()
    assert [word for word, reason in known.items() if not reason] == []
    assert [word for word in known if word not in used or word not in NAMES] == []


def test_the_names_are_many() -> None:
    assert len(NAMES) > 500
    assert {"e1000", "usb-hub", "pcie.0"} <= NAMES
