"""Which targets a store has, and that each is compiled once; what stands in the cache is in test_cache.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qrules import paths
from qrules.diagnostics import Unusable
from qrules.language import files
from qrules.rulesets import build, laid_out, packing
from qrules.rulesets import store as stores
from qrules.rulesets.cache import ARCHIVE
from qrules.rulesets.store import Store, open_store

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


# ------------------------------------------------------------------------------------- reading
def test_a_target_is_compiled_once_and_kept(cache: Path, rules: Path) -> None:
    said: list[str] = []
    store = Store(rules, said.append)
    assert store.knowledge(store.resolve("9.2", "toy")).shared["types"].keys() == {"card"}
    assert said == ["compiling the rules for toy 9.2 (once after each change of them)", ""]
    again = Store(rules, said.append)
    assert again.knowledge(again.resolve("9.2", "toy")).shared["types"].keys() == {"card"}
    assert len(said) == 2


def test_where_nothing_can_be_written_it_lives_for_the_process(cache: Path, rules: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    store = Store(rules)
    assert store.knowledge(store.resolve("10", "toy")).shared["types"].keys() == {"card", "disk"}
    assert cache.read_text() == "a file where the folder should be"


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


# ------------------------------------------------------------------------------------- in a wheel
@pytest.fixture
def packed(cache: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The compiled form of the rules as a wheel brings it; reading a rule text fails the test."""
    folder = tmp_path / "packed"
    build.write_rule_set(rules, folder)
    packing.pack(folder)
    shutil.rmtree(cache.parent)
    monkeypatch.setattr(paths, "compiled", lambda: str(folder))
    monkeypatch.setattr(paths, "data", lambda name: str(tmp_path / "nothing"))
    monkeypatch.setattr(laid_out, "_held", {})
    return folder


def types(version: str, arch: str) -> set[str]:
    store = Store()
    return set(store.knowledge(store.resolve(version, arch)).shared["types"])


TARGETS = {("9.2", "toy"): {"card"}, ("10.0.1", "toy"): {"card", "disk"}, ("1.0", "other"): {"card"}}


def test_a_wheel_brings_every_target_and_lays_out_those_that_are_asked_for(cache: Path, packed: Path) -> None:
    for number, (target, expected) in enumerate(TARGETS.items(), 1):
        assert types(*target) == expected
        [rule_set] = [path for path in (cache / "compiled-v2").iterdir() if path.is_dir()]
        assert len([path for path in rule_set.iterdir() if path.is_dir()]) == number
    assert Store().versions_with("toy", "disk") == ("10.0.1",)
    (packed / ARCHIVE).write_bytes(b"")  # nobody asks it again
    assert {target: types(*target) for target in TARGETS} == TARGETS


def test_what_was_laid_out_is_guarded_by_its_digest(cache: Path, packed: Path) -> None:
    assert types("9.2", "toy") == {"card"}
    [piece] = (cache / "compiled-v2").glob("*/*/shared.json")
    right = piece.read_bytes()
    piece.write_bytes(right.replace(b'"card"', b'"curd"'))
    assert types("9.2", "toy") == {"card"}
    assert piece.read_bytes() == right


def test_pieces_that_stand_as_files_are_read_where_they_are(
    cache: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the page of the site; what it has not compiled it compiles from text."""
    folder = tmp_path / "packed"
    build.write_rule_set(rules, folder, ["toy"])
    shutil.rmtree(cache.parent)
    monkeypatch.setattr(paths, "compiled", lambda: str(folder))
    monkeypatch.setattr(paths, "data", lambda name: str(rules))
    assert [str(target.arch) for target in Store().compiled_targets()] == ["toy", "toy"]
    assert types("9.2", "toy") == {"card"}
    assert not cache.exists()
    assert types("1.0", "other") == {"card"}


def test_a_wheel_answers_where_nothing_can_be_written(cache: Path, packed: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    assert {target: types(*target) for target in TARGETS} == TARGETS
    assert cache.read_text() == "a file where the folder should be"


@pytest.mark.parametrize("length", [0, 40, 200])
def test_a_damaged_package_is_told(cache: Path, packed: Path, length: int) -> None:
    archive = packed / ARCHIVE
    archive.write_bytes(archive.read_bytes()[:length])
    with pytest.raises(Unusable) as caught:
        types("1.0", "other")
    assert code_of(caught) == "QR506"


def test_a_rule_set_that_stands_apart_comes_compiled_too(
    cache: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shipped" / files.APART / "apart"
    folder.parent.mkdir(parents=True)
    rules.rename(folder)
    build.write_rule_set(folder, tmp_path / "packed-apart")
    packing.pack(tmp_path / "packed-apart")
    monkeypatch.setattr(paths, "compiled", lambda name="": str(tmp_path / f"packed-{name}"))
    monkeypatch.setattr(paths, "data", lambda name: str(tmp_path / "shipped"))
    said: list[str] = []
    monkeypatch.setattr(stores, "_stores", {})
    store = open_store("apart", said.append)
    for target, expected in TARGETS.items():
        assert store.knowledge(store.resolve(*target)).shared["types"].keys() == expected
    assert said == []
