"""Folders of rule files: what makes up a rule set, and what is wrong with one."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.knowledge import sources
from qrules.knowledge.model import Knowledge
from qrules.rulesets import build
from qrules.rulesets.store import Store

CATALOGUE = 'catalogue "1.0" for toy\n'


def code_of(root: Path) -> str:
    with pytest.raises(Unusable) as caught:
        build.compile_rule_set(root)
    return caught.value.diagnostics[0].code


def test_no_folder_and_no_rules(tmp_path: Path) -> None:
    assert code_of(tmp_path / "nowhere") == "QR502"
    assert code_of(tmp_path) == "QR503"


def test_what_is_said_for_one_architecture_is_compiled_for_no_other(tmp_path: Path) -> None:
    for arch in ("toy", "other"):
        (tmp_path / f"{arch}.qr").write_text(f'catalogue "1.0" for {arch}\ntype card is device\ntype disk is card\n')
    (tmp_path / "rules.qr").write_text(
        'profile run\ndevice card for toy\n  width = 3\n  rule wide\n    require width > 3\n    because "it is"\n'
        'device disk\n  rule disks\n    require width > 2\n    because "it is"\n'
    )
    targets = build.compile_rule_set(tmp_path).targets
    kinds = {arch: pieces["shared"]["kinds"] for (_, arch), pieces in targets.items()}
    assert "width" in kinds["toy"]["card"]["attributes"]
    assert not kinds["other"].get("card", {}).get("attributes")
    assert len(kinds["toy"]["card"]["rules"]) == 1
    assert all(kinds[arch]["disk"]["rules"] for arch in ("toy", "other"))


def test_two_catalogues_of_one_version(tmp_path: Path) -> None:
    (tmp_path / "a.qr").write_text(CATALOGUE)
    (tmp_path / "b.qr").write_text(CATALOGUE)
    assert code_of(tmp_path) == "QR507"


def test_a_shipped_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.qr").write_text(CATALOGUE + 'uses "common/nothing.qr"\n')
    assert code_of(tmp_path) == "QR504"
    (tmp_path / "a.qr").write_text(CATALOGUE + 'uses "../pyproject.toml"\n')
    assert code_of(tmp_path) == "QR504"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.qr").write_bytes(CATALOGUE.encode() + b"group a = \xff\n")
    assert code_of(tmp_path) == "QR102"


def test_a_pipe_is_no_rule_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.qr")
    assert code_of(tmp_path) == "QR508"


def test_kinds_nested_without_end(tmp_path: Path) -> None:
    chain = "".join(f"type t{n + 1} is t{n}\n" for n in reversed(range(3000)))
    (tmp_path / "a.qr").write_text(CATALOGUE + "type t0 is device\n" + chain)
    assert code_of(tmp_path) == "QR105"


def test_all_files_are_told_of_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "a.qr").write_text(CATALOGUE)
    (tmp_path / "b.qr").write_text("device\n")
    (tmp_path / "c.qr").write_text("bus\n\nmachine\n")
    with pytest.raises(Unusable) as caught:
        build.compile_rule_set(tmp_path)
    assert [(Path(d.span.file).name, d.span.line) for d in caught.value.diagnostics] == [("b.qr", 1), ("c.qr", 1), ("c.qr", 3)]


def test_versions_are_in_order_and_serve_every_architecture(tmp_path: Path) -> None:
    for version in ("10.0", "9.2", "9.2.1"):
        (tmp_path / f"{version}.qr").write_text(f'catalogue "{version}" for toy, "toy-64"\n')
    targets = list(sources.read(tmp_path).catalogues)
    assert [t.version for t in targets if t.arch == "toy-64"] == ["9.2", "9.2.1", "10.0"]
    assert {t.arch for t in targets} == {"toy", "toy-64"}


def test_what_only_another_version_has_is_left_out(tmp_path: Path) -> None:
    board = "bus-type wide is bus\nmachine-type shelf is machine\ntype card is device on wide\n"
    (tmp_path / "old.qr").write_text('catalogue "1.0" for toy\n' + board)
    (tmp_path / "new.qr").write_text('catalogue "2.0" for toy\n' + board + "type disk is card\n")
    rules = 'profile run\ndevice disk\n  size = 2\nmachine shelf\n  provides wide called "w"\n  has disk on w\n'
    (tmp_path / "rules.qr").write_text(rules.replace("on w\n", 'on "w"\n'))
    targets = build.compile_rule_set(tmp_path).targets
    assert "disk" in targets[("2.0", "toy")]["shared"]["types"]
    assert "disk" not in targets[("1.0", "toy")]["shared"]["types"]


def test_threads_that_ask_at_once(own_cache: None, tmp_path: Path) -> None:
    """Nothing is compiled yet: the first piece of a target is asked for by several threads."""
    (tmp_path / "board.qr").write_text('catalogue "1.0" for toy\nbus-type wide is bus\n' + "type t is device on wide\n")
    opened = Store(tmp_path)
    entry = opened.resolve(None, None)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Knowledge(*entry, lambda name: opened._piece(entry, name)).shared["types"], range(8)))
    assert [list(types) for types in found] == [["t"]] * 8
