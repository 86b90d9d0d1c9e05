"""Trees and tables that were kept are those that reading makes; what is damaged or somebody else's is read anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from qrules.knowledge import sources
from qrules.language import kept, reader
from qrules.language.kept import NotPlain
from qrules.paths import rules_folder
from qrules.rulesets import cache, keeping, trees

RULES = Path(str(rules_folder()))
FILES = sorted(path for path in RULES.rglob("*.qr") if "catalog" not in path.parts and path.stat().st_size > trees._SMALL)
NAME = "some.qr"
TEXT = (RULES / "common" / "pci.qr").read_bytes()


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    home = keeping.made_home()
    assert home is not None
    return Path(home)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    real = reader.read_bytes
    monkeypatch.setattr(trees, "read_bytes", lambda raw, name: read.append(name) or real(raw, name))
    return read


@pytest.mark.parametrize("path", FILES[::7], ids=lambda path: path.name)
def test_a_tree_comes_back_as_it_was(path: Path) -> None:
    read = reader.read_bytes(path.read_bytes(), path.name)
    assert kept.trees(kept.plain_trees(read, path.name), path.name) == read


def test_a_file_is_read_once_until_it_changes(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = counted(monkeypatch)
    first = trees.Trees(str(kept_in)).read(TEXT, NAME)
    assert trees.Trees(str(kept_in)).read(TEXT, NAME) == first
    assert read == [NAME]
    trees.Trees(str(kept_in)).read(TEXT + b"\n# more\n", NAME)
    assert read == [NAME, NAME]


def test_of_two_files_that_say_the_same_each_has_its_own_places(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trees.Trees(str(kept_in)).read(TEXT, NAME)
    expected = reader.read_bytes(TEXT, "other.qr")
    read = counted(monkeypatch)
    assert trees.Trees(str(kept_in)).read(TEXT, "other.qr") == expected
    assert read == []


@pytest.mark.parametrize("damage", ["cut", "changed", "link", "writable", "number"])
def test_what_is_not_as_it_was_written_is_read_anew(kept_in: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    made = trees.Trees(str(kept_in))
    first = made.read(TEXT, NAME)
    (path,) = [p for p in Path(str(made._folder)).glob("*.json") if p.stem != cache.MANIFEST]
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[:-9])
    elif damage == "changed":
        path.write_bytes(content.replace(b"pci", b"isa"))
    elif damage == "link":
        path.rename(kept_in / "elsewhere")
        path.symlink_to(kept_in / "elsewhere")
    elif damage == "writable":
        os.chmod(path, 0o666)
    else:  # as whoever may write there could: it is no tree
        path.write_bytes(cache.written([-1, [9_999]], made._digest, "", path.stem))
    read = counted(monkeypatch)
    assert trees.Trees(str(kept_in)).read(TEXT, NAME) == first
    assert read == [NAME]


@pytest.mark.parametrize(
    "value", [[9_999], [-7], [0], [], [-1, [10_000, 1]], [3, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]]
)
def test_what_is_no_tree_makes_none(value: Any) -> None:
    with pytest.raises(NotPlain):
        kept.trees(value, NAME)


def test_only_so_many_trees_are_kept(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_MOST", 6)
    for number in range(9):
        made = trees.Trees(str(kept_in))
        made.read(TEXT + b"\n# %d\n" % number, NAME)
        assert len(list(Path(str(made._folder)).iterdir())) <= 8


def test_tables_are_those_that_lark_builds(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = reader.parser().parse(TEXT.decode(), start="start")
    monkeypatch.setattr(kept, "_keepers", [])
    trees.Trees(str(kept_in))
    reader.parser.cache_clear()
    reader.parser()  # builds and keeps
    assert kept.kept_tables() is not None
    reader.parser.cache_clear()
    monkeypatch.setattr(reader, "tables_made", lambda data: pytest.fail("the tables were built again"))
    assert reader.parser().parse(TEXT.decode(), start="start") == plain
    monkeypatch.undo()
    reader.parser.cache_clear()


@pytest.mark.parametrize(
    "tables", [7, [], [0], [-1, 1], [-1, [-3], [-3]], [-1, [-3], [-3, "0", 1]], [-1, [-3, "options", 1], [-3, 0, [-3]]]]
)
def test_tables_that_are_none_are_built(monkeypatch: pytest.MonkeyPatch, tables: Any) -> None:
    monkeypatch.setattr(kept, "_keepers", [(lambda: tables, lambda data: None)])
    reader.parser.cache_clear()
    assert reader.parser().parse("profile p\n", start="start")
    reader.parser.cache_clear()


def test_what_a_scan_of_catalogues_found_is_kept(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_set = sources.shipped()
    first = trees.Trees(str(kept_in)).names(rule_set)
    assert first == sources.scanned(rule_set)
    monkeypatch.setattr(trees, "scanned", lambda _: pytest.fail("the catalogues were looked at again"))
    assert trees.Trees(str(kept_in)).names(rule_set) == first


@pytest.mark.parametrize("value", [[["a"]], [["a"], [1]], {"a": 1}, [], "a", [[], [], []]])
def test_what_is_no_scan_is_made_anew(kept_in: Path, value: Any) -> None:
    rule_set = sources.shipped()
    made = trees.Trees(str(kept_in))
    first = made.names(rule_set)
    (path,) = [p for p in Path(str(made._folder)).glob("*.json") if p.stem != cache.MANIFEST]
    path.write_bytes(cache.written(value, made._digest, "", path.stem))
    assert trees.Trees(str(kept_in)).names(rule_set) == first


def test_small_files_are_kept_too(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty of them take longer to read than the largest."""
    small = min(FILES, key=lambda path: path.stat().st_size)
    assert small.stat().st_size < 1_000
    first = trees.Trees(str(kept_in)).read(small.read_bytes(), NAME)
    read = counted(monkeypatch)
    assert trees.Trees(str(kept_in)).read(small.read_bytes(), NAME) == first
    assert read == []
