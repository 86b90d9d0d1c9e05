"""Compiled pieces on disk: whole or not at all, and what happens where nothing can be written or read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from qrules.diagnostics import Unusable
from qrules.rulesets import build
from qrules.rulesets.stamp import stamp
from qrules.rulesets.store import Store

PIECES: dict[str, Any] = {"machines": {"a": 1}, "shared": {"b": [2]}}
CATALOGUE = 'catalogue "{}" for {}\nbus-type wide is bus\ntype card is device on wide\n'


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "qrules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for version, arch in (("9.2", "toy"), ("10.0.1", "toy"), ("1.0", "other")):
        (folder / f"{arch}-{version}.qr").write_text(CATALOGUE.format(version, arch))
    with (folder / "toy-10.0.1.qr").open("a") as file:
        file.write("type disk is card\n")
    return folder


def code_of(error: pytest.ExceptionInfo[Unusable]) -> str:
    return error.value.diagnostics[0].code


# ------------------------------------------------------------------------------------- writing
def test_a_target_appears_whole(tmp_path: Path) -> None:
    build.write_pieces(PIECES, tmp_path / "stamp", "1.0", "toy")
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.json")) == [
        "stamp/toy-1.0/machines.json",
        "stamp/toy-1.0/shared.json",
    ]
    assert (tmp_path / "stamp/toy-1.0/shared.json").read_text() == '{"b":[2]}'
    assert (tmp_path / "stamp/toy-1.0").stat().st_mode & 0o777 == 0o755


def test_a_piece_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        build.write_pieces({**PIECES, "notes": {"x": object()}}, tmp_path / "stamp", "1.0", "toy")
    assert list((tmp_path / "stamp").iterdir()) == []


def test_somebody_else_was_quicker(tmp_path: Path) -> None:
    build.write_pieces({**PIECES, "shared": "theirs"}, tmp_path, "1.0", "toy")
    build.write_pieces(PIECES, tmp_path, "1.0", "toy")
    assert (tmp_path / "toy-1.0/shared.json").read_text() == '"theirs"'
    assert [p.name for p in tmp_path.iterdir()] == ["toy-1.0"]


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "toy-1.0").mkdir()
    (tmp_path / "toy-1.0" / "machines.json").write_text("{}")  # half of a target
    with pytest.raises(OSError, match=r"toy-1\.0"):
        build.write_pieces(PIECES, tmp_path, "1.0", "toy")
    assert [p.name for p in tmp_path.iterdir()] == ["toy-1.0"]


def test_the_oldest_forms_go(tmp_path: Path) -> None:
    for n in range(12):
        build.write_manifest({"n": n}, tmp_path / f"form{n:02}")
        os.utime(tmp_path / f"form{n:02}", (n, n))
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"form{n:02}" for n in range(4, 12)]


# ------------------------------------------------------------------------------------- reading
def test_a_target_is_compiled_once_and_kept(cache: Path, rules: Path) -> None:
    said: list[str] = []
    store = Store(rules, said.append)
    assert store.knowledge(store.resolve("9.2", "toy")).shared["types"].keys() == {"card"}
    assert said == ["compiling the rules for toy 9.2 (once after each change of them)", ""]
    kept = cache / stamp(str(rules))
    assert sorted(p.name for p in kept.iterdir()) == ["manifest.json", "toy-9.2"]
    again = Store(rules, said.append)
    assert again.knowledge(again.resolve("9.2", "toy")).shared["types"].keys() == {"card"}
    assert len(said) == 2


def test_a_change_of_a_rule_file_changes_the_stamp(rules: Path) -> None:
    first = stamp(str(rules))
    assert first == stamp(str(rules))
    (rules / "notes.txt").write_text("no rule file\n")
    assert stamp(str(rules)) == first
    (rules / "more.qr").write_text("# a comment\n")
    assert stamp(str(rules)) != first


def test_where_nothing_can_be_written_it_lives_for_the_process(cache: Path, rules: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    store = Store(rules)
    assert store.knowledge(store.resolve("10", "toy")).shared["types"].keys() == {"card", "disk"}
    assert cache.read_text() == "a file where the folder should be"


def test_a_broken_piece_is_told_with_what_to_delete(cache: Path, rules: Path) -> None:
    store = Store(rules)
    entry = store.resolve("9.2", "toy")
    assert store.knowledge(entry).machine_names() == []
    kept = cache / stamp(str(rules))
    (kept / "toy-9.2" / "shared.json").write_text("{")
    with pytest.raises(Unusable) as caught:
        _ = Store(rules).knowledge(entry).shared
    assert code_of(caught) == "QR506"
    assert caught.value.diagnostics[0].hint == f"delete {kept} and ask again"


def test_which_target_is_meant(cache: Path, rules: Path) -> None:
    store = Store(rules)
    assert [tuple(t) for t in store.targets()] == [("1.0", "other"), ("9.2", "toy"), ("10.0.1", "toy")]
    assert store.resolve(None, "toy") == ("10.0.1", "toy")
    assert store.resolve("10.0", "toy") == ("10.0.1", "toy")
    assert store.resolve(None, None) == ("1.0", "other")  # the first architecture where the usual one is not there
    for version, arch, code in (("1", "toy", "QR421"), (None, "vax", "QR420")):
        with pytest.raises(Unusable) as caught:
            store.resolve(version, arch)
        assert code_of(caught) == code
    assert store.versions_with("toy", "disk") == ("10.0.1",)
    assert store.versions_with("toy", "card") == ("9.2", "10.0.1")


def test_a_rule_set_without_a_catalogue(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "lone.qr").write_text("group a = b\n")
    with pytest.raises(Unusable) as caught:
        Store(tmp_path / "lone.qr").resolve(None, None)
    assert code_of(caught) == "QR422"
