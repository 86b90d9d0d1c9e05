"""The cache of compiled rules: only what we made is read or deleted, and what is damaged or stale never answers."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qrules.rulesets import cache, keeping
from qrules.rulesets.build import Build
from qrules.rulesets.stamp import stamp
from qrules.rulesets.store import Store

BOARD = 'catalogue "1.0" for toy\nbus-type wide is bus\ntype card is device on wide\n'


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "qrules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule folder whose files are old enough for their times to be believed."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "board.qr").write_text(BOARD)
    return folder


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one for each target that is compiled."""
    told: list[str] = []
    original = Build.pieces
    monkeypatch.setattr(Build, "pieces", lambda self, *target: (told.append(target[1]), original(self, *target))[1])
    return told


def types(rules: Path) -> list[str]:
    """The types that a new store of a folder knows."""
    opened = Store(rules)
    return list(opened.knowledge(opened.resolve(None, None)).shared["types"])


def pieces(base: Path) -> list[Path]:
    """Those of rule sets; the trees of files stand beside them."""
    sets = (folder.parent for folder in base.glob("*/*/*") if folder.is_dir())
    return sorted({piece for one in sets for piece in one.rglob("*.json")})


def test_a_second_store_compiles_nothing(base: Path, rules: Path, parsed: list[str]) -> None:
    assert types(rules) == types(rules) == ["card"]
    assert parsed == ["toy"]


def test_names_are_digests_and_nobody_else_may_look(base: Path, rules: Path) -> None:
    types(rules)
    folders = [p for p in (base / f"compiled-v{cache.FORMAT}").iterdir() if p.is_dir()]
    assert len(folders) == 2, "the rule set, and the trees of its files"
    assert all(cache.is_digest(p.name) for p in folders)
    assert all(cache.is_digest(p.name) for folder in folders for p in folder.iterdir() if p.is_dir())
    assert {p.stat().st_mode & 0o777 for p in base.rglob("*") if p.is_dir()} == {0o700}
    assert {p.stat().st_mode & 0o777 for p in pieces(base)} == {0o600}


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda p: p.write_bytes(p.read_bytes()[:-3]),
    "empty": lambda p: p.write_bytes(b""),
    "one byte": lambda p: p.write_bytes(p.read_bytes().replace(b'"card"', b'"bard"').replace(b"1.0", b"1.1")),
    "deep": lambda p: p.write_text("[" * 100_000),
    "gone": lambda p: p.unlink(),
    "a folder": lambda p: (p.unlink(), p.mkdir()),
    "a link": lambda p: (p.rename(p.with_suffix(".real")), p.symlink_to(p.with_suffix(".real"))),
    "a FIFO": lambda p: (p.unlink(), os.mkfifo(p)),
    "writable by all": lambda p: p.chmod(0o666),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_is_made_again(base: Path, rules: Path, parsed: list[str], name: str) -> None:
    types(rules)
    for piece in pieces(base):
        DAMAGE[name](piece)
    assert types(rules) == ["card"]
    assert parsed == ["toy", "toy"]
    assert types(rules) == ["card"]
    assert parsed == ["toy", "toy"], "it was repaired"


def test_a_piece_of_something_else_is_not_read(base: Path, rules: Path, tmp_path: Path) -> None:
    """A piece that is sound in itself, at the place of another."""
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "board.qr").write_text(BOARD.replace("card", "lamp"))
    types(rules)
    mine = pieces(base)
    types(tmp_path / "others")
    for piece in mine:
        (other,) = (p for p in pieces(base) if p.name == piece.name and p not in mine)
        piece.write_bytes(other.read_bytes())
    assert types(rules) == ["card"]


@pytest.mark.parametrize("mode", [0o777, 0o722, 0o770])
def test_a_cache_that_others_can_write_is_left_alone(base: Path, rules: Path, parsed: list[str], mode: int) -> None:
    types(rules)
    before = {p: p.read_bytes() for p in base.rglob("*") if p.is_file()}
    (base / f"compiled-v{cache.FORMAT}").chmod(mode)
    (rules / "board.qr").write_text(BOARD + "type lamp is card\n")
    assert types(rules) == ["card", "lamp"]
    assert {p: p.read_bytes() for p in base.rglob("*") if p.is_file()} == before


def test_a_folder_of_another_user_is_left_alone(base: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    types(rules)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert cache.usable() is None
    assert keeping.made_home() is None


@pytest.mark.parametrize("place", ["qrules", "compiled-v2"])
def test_a_link_is_not_followed(base: Path, rules: Path, tmp_path: Path, place: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / cache.MARK).write_text("")
    base.parent.mkdir()
    if place != "qrules":
        base.mkdir(mode=0o700)
    (base if place == "qrules" else base / place).symlink_to(mine)
    assert types(rules) == ["card"]
    assert [p.name for p in mine.iterdir()] == [cache.MARK]


def test_what_is_not_ours_is_never_deleted(base: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone at the place of the cache, and strange things in the cache itself, while old rule sets go."""
    home = base / f"compiled-v{cache.FORMAT}"
    (base / ".git").mkdir(parents=True)
    base.chmod(0o700)
    (base / ".git" / "config").write_text("x")
    types(rules)
    for place in (home / ".git", home / "src", home / ("0" * 39), home / ("a" * 40) / "sub", tmp_path / "afar"):
        place.mkdir(parents=True)
        (place / "precious").write_text("x")
    (home / ("b" * 40)).symlink_to(tmp_path / "afar")
    (home / f"{cache.SEEN}{'c' * 40}").symlink_to(tmp_path / "afar" / "precious")
    (home / ("d" * 40)).mkdir()
    (home / ("d" * 40) / "manifest.json").write_text("{}")
    for path in home.iterdir():
        os.utime(path, (1, 1), follow_symlinks=False)
    keeping.tidy(str(home))
    assert not (home / ("d" * 40)).exists()
    kept = (
        base / ".git" / "config",
        home / ".git",
        home / "src",
        home / ("0" * 39),
        home / ("a" * 40) / "sub",
        tmp_path / "afar",
    )
    assert all((p / "precious").exists() if p.is_dir() else p.exists() for p in kept)


def test_many_rule_sets_do_not_push_each_other_out(base: Path, tmp_path: Path, parsed: list[str]) -> None:
    folders = [tmp_path / f"checkout{n}" for n in range(20)]
    for n, folder in enumerate(folders):
        folder.mkdir()
        (folder / "board.qr").write_text(BOARD + f"type card{n} is card\n")
    for _ in range(2):
        for n, folder in enumerate(folders):
            assert types(folder) == ["card", f"card{n}"]
    assert len(parsed) == len(folders)


# ------------------------------------------------------------------------------------- what is stale
def test_the_same_size_and_time_is_not_the_same_content(base: Path, rules: Path) -> None:
    types(rules)
    path = rules / "board.qr"
    before = path.stat()
    path.write_text(BOARD.replace("card", "lamp"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert types(rules) == ["lamp"]


def test_what_was_just_changed_is_looked_at(base: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the coarseness of a file system's clock nothing of a file tells that it is another."""
    frozen = os.stat(rules / "board.qr")
    real = os.DirEntry.stat

    monkeypatch.setattr("qrules.rulesets.stamp._Walk._note", lambda self, path, status: _frozen(self, path, frozen))
    assert real is os.DirEntry.stat
    assert types(rules) == ["card"]
    (rules / "board.qr").write_text(BOARD.replace("card", "lamp"))
    assert types(rules) == ["lamp"]


def _frozen(walk: object, path: str, status: os.stat_result) -> None:
    walk.found.append(path)  # type: ignore[attr-defined]
    walk.changed = max(walk.changed, status.st_ctime_ns)  # type: ignore[attr-defined]


def test_old_files_are_not_read_again(base: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the times tell enough, a question opens no rule file."""
    types(rules)
    late = time.time_ns() + 10_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: late)
    types(rules)
    monkeypatch.setattr("qrules.language.files.content", lambda *_: pytest.fail("it was read again"))
    assert types(rules) == ["card"]


@pytest.mark.parametrize("folder", ["__x", "__pycache__", "sub/__y", "a.qr"])
def test_whatever_is_read_is_watched(base: Path, rules: Path, folder: str) -> None:
    (rules / folder).mkdir(parents=True)
    (rules / folder / "more.qr").write_text("type lamp is card\n")
    assert types(rules) == ["card", "lamp"]
    before = stamp(str(rules))
    (rules / folder / "more.qr").write_text("type bulb is card\n")
    assert stamp(str(rules)) != before
    assert types(rules) == ["bulb", "card"]


def test_a_link_that_comes_to_lead_out_is_seen(base: Path, rules: Path, tmp_path: Path) -> None:
    (rules / "sub").mkdir()
    (rules / "loop").symlink_to(rules / "sub")
    before = stamp(str(rules))
    (rules / "loop").unlink()
    (rules / "loop").symlink_to(tmp_path)
    assert stamp(str(rules)) != before


# ------------------------------------------------------------------------------------- threads
@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of some threads comes to that begin at once; an exception is one of the answers."""
    gate = threading.Barrier(count)
    came: list[object] = [None] * count

    def one(number: int) -> None:
        gate.wait()
        try:
            came[number] = act(number)
        except BaseException as error:
            came[number] = error

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_threads_and_stores_on_an_empty_cache(base: Path, tmp_path: Path, hasty: None) -> None:
    """Six threads, three rule sets, each round with rules that nobody has seen."""
    for turn in range(12):
        folders = [tmp_path / f"{turn}-{n}" for n in range(3)]
        for n, folder in enumerate(folders):
            folder.mkdir()
            (folder / "board.qr").write_text(BOARD + "".join(f"type c{turn}x{n}x{i} is card\n" for i in range(30)))
        came = together(6, lambda n, folders=folders: len(types(folders[n % 3])))  # type: ignore[misc]
        assert came == [31] * 6


def test_the_mark_says_whose_it_is(base: Path, rules: Path) -> None:
    types(rules)
    assert (base / f"compiled-v{cache.FORMAT}" / cache.MARK).is_file()
    (base / f"compiled-v{cache.FORMAT}" / cache.MARK).unlink()
    assert cache.usable() is None
    assert types(rules) == ["card"]


def test_what_a_piece_says_of_itself() -> None:
    raw = cache.written({"a": 1}, "d" * 40, "e" * 40, "shared")
    line, _, body = raw.partition(b"\n")
    assert line.split()[:5] == [b"qrules-piece", b"2", b"d" * 40, b"e" * 40, b"shared"]
    assert json.loads(body) == [{"a": 1}, {}]
