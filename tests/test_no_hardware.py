"""Nothing about hardware stands in Python: no name of a type, property, bus kind, machine or bus of any catalogue.

String constants (docstrings apart) are split into words, and identifiers into their parts, so that neither "a floppy" nor ``is_q35``
passes. Names of properties are looked for where they are used as names: a string that is one, or one before an equals sign; as
identifiers half of them are words of English. What is a general word of English or of the emulator's own language stands in
``no_hardware_exceptions.txt``, each with the files in which it may stand and its reason.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from qrules.knowledge import sources
from qrules.paths import PACKAGE, rules_folder

EXCEPTIONS = Path(__file__).parent / "no_hardware_exceptions.txt"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,-]*[A-Za-z0-9]")
_BUS = re.compile(r'\b(?:called|on) (?:"([^"{}]+)"|([\w-]+\.\d+))')
_OTHERWISE = re.compile(r'\bcalled "[^"\n]*" else "([^"{}]+)"')  # conditions have an `else`, too, which names no bus
_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_KEY = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]*)=")
_ALIAS = re.compile(r"^ +alias(?:es)? +([^\n#]+)", re.MULTILINE)  # of a machine
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
    for path in rule_set.catalogues.values():
        names.update(name.strip(' "') for listed in _ALIAS.findall(path.read_text()) for name in listed.split(","))
    names.update(re.sub(r"-\d+(\.\d+)+$", "", name) for name in tuple(names))  # machines of one board, without their version
    return frozenset(n.casefold() for n in names if len(n) > 1)


def properties() -> frozenset[str]:
    """Every property of every catalogue, as it is written."""
    return frozenset(name for name in sources.mentioned(sources.read(rules_folder()))[1] if len(name) > 1)


class Exempt(NamedTuple):
    """A word that may stand in some files (none named: in all of them), and why."""

    word: str
    files: frozenset[str]
    reason: str


def excepted() -> list[Exempt]:
    """The lines of the file: ``WORD: why`` or ``WORD in FILE, FILE: why``."""
    lines = [line for line in EXCEPTIONS.read_text().splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for line in lines:
        head, _, reason = line.partition(": ")
        word, _, files = head.partition(" in ")
        found.append(Exempt(word.strip(), frozenset(f.strip() for f in files.split(",") if f.strip()), reason.strip()))
    return found


def _docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone as statements: they are read by people."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def mentions(text: str) -> Iterator[tuple[int, str]]:
    """The names of hardware in a module's text, each with its line, as catalogues write them."""
    tree = ast.parse(text)
    prose = _docstrings(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield from ((line, name) for word in _WORD.findall(node.value) for name in _forms(word) & NAMES)
            yield from ((line, name) for name in {node.value, *_KEY.findall(node.value)} & PROPERTIES)
        for identifier in _identifiers(node):
            yield from ((line, name) for name in _runs(identifier) & NAMES)


def _identifiers(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg | ast.keyword):
        yield node.arg or ""
    elif isinstance(node, ast.alias):
        yield from node.name.split(".")
        yield node.asname or ""


def _forms(word: str) -> set[str]:
    """A word as names of hardware are written: with dashes for underscores, without a version at its end."""
    folded = word.casefold()
    return {folded, folded.replace("_", "-"), re.sub(r"-\d+(\.\d+)*$", "", folded)}


def _runs(identifier: str) -> set[str]:
    """All runs of an identifier's parts, joined as names of hardware are: ``is_usb_hub`` and ``IsUsbHub`` have usb-hub."""
    parts = [part.casefold() for part in _PART.findall(identifier)]
    runs = [parts[a:b] for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)]
    return {sign.join(run) for run in runs for sign in ("-", "_", "")} | _forms(identifier)


ROOT = Path(PACKAGE)
NAMES = hardware()
PROPERTIES = properties()
FILES = sorted(p for p in ROOT.rglob("*.py") if "_data" not in p.parts)
KNOWN = excepted()
WIDE = 5  # a word that fewer files use is excepted for these files alone


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def allowed(word: str, file: str) -> bool:
    return any(e.word == word and (not e.files or file in e.files) for e in KNOWN)


@pytest.mark.parametrize("path", FILES, ids=short)
def test_no_hardware_in_python(path: Path) -> None:
    found = {(line, word) for line, word in mentions(path.read_text()) if not allowed(word, short(path))}
    assert sorted(found) == [], (
        "names of hardware: say it in rules/, or in no_hardware_exceptions.txt why the word is another one"
    )


def test_every_exception_is_needed_and_has_a_reason() -> None:
    used: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for _, word in mentions(path.read_text()):
            used[word].add(short(path))
    assert [e.word for e in KNOWN if not e.reason] == []
    assert [(e.word, sorted(e.files - used[e.word])) for e in KNOWN if e.files - used[e.word]] == [], "no longer needed there"
    assert [e.word for e in KNOWN if not e.files and len(used[e.word]) < WIDE] == [], "name the few files that need it"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("def is_q35(): ...", "q35"),
        ("class UsbHub: ...", "usb-hub"),
        ("kept.pop('addr')", "addr"),
        ("f'chassis={n}'", "chassis"),
        ("x = 'a floppy, say'", "floppy"),
        ("from a import e1000 as b", "e1000"),
        ("call(virtio_net_pci=1)", "virtio-net-pci"),
    ],
)
def test_what_is_found(text: str, word: str) -> None:
    assert word in {name for _, name in mentions(text)}


def test_the_names_are_many() -> None:
    assert len(NAMES) > 500
    assert {"e1000", "usb-hub", "pcie.0", "q35", "pc-q35", "virt"} <= NAMES
    assert len(PROPERTIES) > 500
    assert {"addr", "chassis", "scsi-id"} <= PROPERTIES
