"""Two hundred hostile rule folders in a sandbox: nothing is written outside the cache, and the shipped rules answer as before."""

from __future__ import annotations

import itertools
import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rulesets.test_budgets import COMPILED, EVALUATED, board
from tests.rulesets.test_hostile_folders import ODD

COUNT = 200
NAMES = (
    "/{top}/written", "../escaped", "1.0/../../../../escaped", "..", ".", "~/escaped", "$HOME/x", "1.0\\\\0", "{cache}/x", "{entry}/x86_64",
    "../{digest}/x86_64", "%2e%2e/x", "a/b", "\u202e1.0", "-rf", "con", "1.0 ", "{top}/cache/qrules/compiled-v2/made-by-qrules",
)  # fmt: skip
PROGRAM = """
import os, sys
from qrules.cli.main import main
from qrules.diagnostics import Unusable
for number, folder in enumerate(sys.argv[1:]):
    words = ["check", "--rules", folder, "--", "-M", "shelf", "-device", "card"]
    more = (["rules", "lint", folder], ["rules", "fmt", "--check", folder])
    for each in (words, *more[number % 8 : number % 8 + 1]):
        try:
            main(each)
        except Unusable:
            pass
"""
SHIPPED = ("-M", "q35", "-device", "e1000", "-device", "floppy")


def listed(top: Path) -> dict[str, tuple[int, int, int, int]]:
    """Everything below a folder but the insides of the cache: sort and mode, size, and when it was changed."""
    found = {}
    for folder, folders, names in os.walk(top):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            is_folder = stat.S_ISDIR(status.st_mode)
            found[path] = (
                status.st_mode,
                0 if is_folder else status.st_size,
                status.st_ino,
                0 if is_folder else status.st_ctime_ns,
            )
        if folder.endswith("/cache/qrules/compiled-v2"):
            folders[:] = []
    return {path: told for path, told in found.items() if "/compiled-v2/" not in path}


def texts(top: Path, entry: Path) -> Iterator[tuple[str, str]]:
    """Rule texts without end: catalogues that aim at something, and rules that ask for too much, drawn with a fixed seed."""
    drawn = random.Random(200)
    costly = [text for text, *_ in (*COMPILED.values(), *EVALUATED.values()) if len(text) < 6_000]
    for number in itertools.count():
        name = drawn.choice(NAMES).format(top=top, cache=top / "cache", entry=entry, digest=entry.name)
        other = drawn.choice(NAMES).format(top=top, cache=top / "cache", entry=entry, digest=entry.name)
        base = board() if number % 8 else drawn.choice(costly)
        head = f'catalogue "{name if number % 3 else "10.0.2"}" for {f"{chr(34)}{other}{chr(34)}" if number % 2 else "x86_64"}\n'
        yield f"folder{number}", base if number % 16 == 0 else base.replace('catalogue "1.0" for toy\n', head)


def hostile(top: Path, entry: Path) -> Iterator[Path]:
    """The folders, each with something odd beside its rules now and then."""
    odd = [make for name, (_, make) in ODD.items() if name not in ("many files", "much in all", "folders in one another")]
    for number, (name, text) in enumerate(itertools.islice(texts(top, entry), COUNT)):
        folder = top / "work" / name / "rules"
        folder.mkdir(parents=True)
        (folder / "b.qr").write_text(text, encoding="utf-8")
        if number % 5 == 0:
            odd[number // 5 % len(odd)](folder)
        yield folder


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, a place for temporary files and a cache that are this test's alone."""
    for variable, name in (("HOME", "home"), ("TMPDIR", "tmp"), ("XDG_CACHE_HOME", "cache")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    return tmp_path


def run(top: Path, *words: str, program: str = "from qrules.cli.main import run; run()") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *words]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command,
        cwd=top / "home",
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=900,
        check=False,
    )


def test_two_hundred_folders(sandbox: Path) -> None:
    before = run(sandbox, "check", "--", *SHIPPED)
    assert before.returncode == 1
    (entry,) = (
        p for p in (sandbox / "cache" / "qrules" / "compiled-v2").iterdir() if p.is_dir() and any(q.is_dir() for q in p.iterdir())
    )
    kept = {p: p.read_bytes() for p in entry.rglob("*") if p.is_file()}
    folders = [str(folder) for folder in hostile(sandbox, entry)]
    assert len(folders) == COUNT
    there = listed(sandbox)
    done = run(sandbox, *folders, program=PROGRAM)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert listed(sandbox) == there
    assert "rather private" not in done.stdout + done.stderr
    assert {p: p.read_bytes() for p in entry.rglob("*") if p.is_file()} == kept
    after = run(sandbox, "check", "--", *SHIPPED)
    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
