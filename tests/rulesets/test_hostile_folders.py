"""Rule folders of strangers: names that are paths, and files that are no files. One diagnostic, nothing shown, nothing waited for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qrules.cli.main import main
from qrules.diagnostics import Unusable
from qrules.knowledge import sources
from qrules.language import files
from qrules.linting.judging import lint
from qrules.report.diagnostics import render
from qrules.rulesets.build import Build, compile_rule_set
from qrules.rulesets.index import entries

SECRET = "rather private"
BOARD = 'catalogue "1.0" for toy\nbus-type wide is bus\ntype card is device on wide\n'


@pytest.mark.parametrize(
    ("version", "arch", "code"),
    [
        ("/tmp/x", "toy", "QR115"), ("1.0/../../x", "toy", "QR115"), ("..", "toy", "QR115"), ("1.0\\\\0", "toy", "QR115"), (" ", "toy", "QR115"),
        ("1.0\x1b[31m", "toy", "QR115"), ("1." + "0" * 300, "toy", "QR115"), ("1.0\u202e", "toy", "QR115"), ("\u0661.0", "toy", "QR115"),
        ("1.0", '"/abs"', "QR116"), ("1.0", '"../x"', "QR116"), ("1.0", '"."', "QR116"), ("1.0", '"a' + "b" * 40 + '"', "QR116"),
        ("1.0", "toy, t\u00f6y", "QR116"), ("1.0", "toy, toy-64", ""), ("10.0.2", "x86_64, toy-64", ""),
    ],
)  # fmt: skip
def test_names_of_a_catalogue_are_no_paths(tmp_path: Path, version: str, arch: str, code: str) -> None:
    (tmp_path / "a.qr").write_text(BOARD.replace('"1.0" for toy', f'"{version}" for {arch}'), encoding="utf-8")
    if not code:
        assert compile_rule_set(tmp_path).targets
        return
    with pytest.raises(Unusable) as caught:
        compile_rule_set(tmp_path)
    assert {(d.code, d.span.line) for d in caught.value.diagnostics} == {(code, 1)}


def hole(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def outside(folder: Path) -> Path:
    (folder.parent / "out").mkdir()
    (folder.parent / "out" / "a.qr").write_text(SECRET)
    return folder.parent / "out"


ODD: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a link out": ("QR508", lambda f: (f / "a.qr").symlink_to(outside(f) / "a.qr")),
    "a link to /etc/passwd": ("QR508", lambda f: (f / "a.qr").symlink_to("/etc/passwd")),
    "a link to a folder outside": ("QR508", lambda f: (f / "sub").symlink_to(outside(f))),
    "links in a ring": ("QR508", lambda f: ((f / "a.qr").symlink_to(f / "c.qr"), (f / "c.qr").symlink_to(f / "a.qr"))),
    "a link to nothing": ("QR508", lambda f: (f / "a.qr").symlink_to(f / "nowhere")),
    "a FIFO": ("QR508", lambda f: os.mkfifo(f / "a.qr")),
    "a device": ("QR508", lambda f: (f / "a.qr").symlink_to("/dev/zero")),
    "20 GB of nothing": ("QR101", lambda f: hole(f / "a.qr", 20 << 30)),
    "a little too much": ("QR101", lambda f: hole(f / "a.qr", files.MAX_BYTES + 1)),
    "folders in one another": ("QR505", lambda f: os.makedirs(os.path.join(f, *["d"] * 200))),
    "many files": ("QR505", lambda f: [(f / f"{n}.qr").write_text("") for n in range(files.MAX_FILES)]),
    "much in all": ("QR505", lambda f: [(f / f"{n}.qr").write_text("#" * 2_000_000) for n in range(9)]),
    "bytes that are no text": ("QR102", lambda f: (f / "a.qr").write_bytes(bytes(range(256)))),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("ask", [compile_rule_set, lint, entries])
def test_what_is_no_rule_file(tmp_path: Path, odd: str, ask: Callable[[Path], object]) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "b.qr").write_text(BOARD)
    code, make = ODD[odd]
    make(folder)
    if ask is entries and odd == "much in all":
        return  # an index reads one file after the other
    with pytest.raises(Unusable) as caught:
        ask(folder)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert len(render([found]).split("\n")) < 5
    assert SECRET not in render([found])
    assert SECRET not in str(found)


def test_a_link_inside_the_folder_is_as_good_as_its_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(BOARD)
    (tmp_path / "a.qr").symlink_to("real")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert list(compile_rule_set(tmp_path).targets) == [("1.0", "toy")]


def test_formatting_keeps_mode_and_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "real").write_text("group   a=card\n")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "a.qr").symlink_to("real")
    (tmp_path / "b.qr").write_text("group   b=card\n")
    (tmp_path / "b.qr").chmod(0o600)
    assert main(["rules", "fmt", str(tmp_path)]) == 0
    assert (tmp_path / "a.qr").is_symlink()
    assert (tmp_path / "a.qr").read_text() == "group a = card\n"
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("real", "b.qr")] == [0o640, 0o600]
    assert capsys.readouterr().out.count("changed") == 2


@pytest.mark.parametrize("odd", ["a FIFO", "a device", "20 GB of nothing", "a link to /etc/passwd", "bytes that are no text"])
def test_formatting_opens_nothing_strange(tmp_path: Path, odd: str) -> None:
    code, make = ODD[odd]
    make(tmp_path)
    with pytest.raises(Unusable) as caught:
        main(["rules", "fmt", "--check", str(tmp_path)])
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_many_targets_of_one_catalogue(tmp_path: Path) -> None:
    names = "".join(f"type card-{n} is device on wide\n" for n in range(20_000))
    arches = [f"toy-{n}" for n in range(sources.MAX_TARGETS + 1)]
    (tmp_path / "a.qr").write_text(BOARD.replace("for toy", f"for {', '.join(arches[:-1])}") + names)
    began = time.process_time()
    build = Build(tmp_path)
    assert len(build.manifest()["targets"]) == sources.MAX_TARGETS
    assert not any(
        found for name, pieces in build.homes().items() for found in (pieces.values() if name == "homes" else [pieces])
    )
    assert time.process_time() - began < 20
    (tmp_path / "a.qr").write_text(BOARD.replace("for toy", f"for {', '.join(arches)}"))
    with pytest.raises(Unusable) as caught:
        Build(tmp_path)
    assert [d.code for d in caught.value.diagnostics] == ["QR505"]
