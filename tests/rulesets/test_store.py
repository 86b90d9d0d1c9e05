"""Which targets a store has, and that each is compiled once; what stands in the cache is in test_cache.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules import paths
from qrules.diagnostics import Unusable
from qrules.language import files
from qrules.rulesets import build
from qrules.rulesets import store as stores
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
def test_a_wheel_leaves_architectures_of_one_version_to_the_first_question(
    cache: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "packed"
    build.write_rule_set(rules, packed)
    monkeypatch.setattr(paths, "compiled", lambda: str(packed))
    monkeypatch.setattr(paths, "data", lambda name: str(rules))
    said: list[str] = []
    store = Store(progress=said.append)
    assert store.knowledge(store.resolve("9.2", "toy")).shared["types"].keys() == {"card"}
    assert said == []
    assert store.knowledge(store.resolve("1.0", "other")).shared["types"].keys() == {"card"}
    assert [text.partition(" (")[0] for text in said if text] == ["compiling the rules for other 1.0"]
    again = Store()
    assert again.knowledge(again.resolve("1.0", "other")).shared["types"].keys() == {"card"}
    assert len([text for text in said if text]) == 1


def test_a_rule_set_that_stands_apart_comes_compiled_too(
    cache: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shipped" / files.APART / "apart"
    folder.parent.mkdir(parents=True)
    rules.rename(folder)
    build.write_rule_set(folder, tmp_path / "packed-apart")
    monkeypatch.setattr(paths, "compiled", lambda name="": str(tmp_path / f"packed-{name}"))
    monkeypatch.setattr(paths, "data", lambda name: str(tmp_path / "shipped"))
    said: list[str] = []
    monkeypatch.setattr(stores, "_stores", {})
    store = open_store("apart", said.append)
    assert {target.arch for target in store.compiled_targets()} == {"toy"}
    assert store.knowledge(store.resolve("9.2", "toy")).shared["types"].keys() == {"card"}
    assert said == []
    assert store.knowledge(store.resolve("1.0", "other")).shared["types"].keys() == {"card"}
    assert [text.partition(" (")[0] for text in said if text] == ["compiling the rules for other 1.0"]
