"""Points 1a, 1b and 1d: rule folders that write elsewhere, caches that are something else, and files that are no files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.corpus.rule_texts import ASK, BOARD, MACHINE, board
from tests.fuzz.entry import SHOWN, Entry, Make

SECRET = "rather private"


def entries() -> Iterator[Entry]:
    """All of them."""
    yield from _names()
    yield from _caches()
    yield from _files()


def _named(version: str, arch: str) -> Make:
    """A board whose catalogue has these names."""

    def make(folder: Path) -> None:
        (folder / "rules").mkdir()
        text = BOARD.replace('"1.0" for toy', f'"{version}" for {arch.replace("HERE", str(folder))}')
        (folder / "rules" / "board.qr").write_text(text + MACHINE)

    return make


def _only_rules(folder: Path) -> str:
    """Nothing may stand beside the rules, nor beside the folder."""
    strange = sorted(p.name for p in folder.rglob("*") if p.name not in ("rules", "board.qr"))
    strange += sorted(p.name for p in folder.parent.iterdir() if p.name not in ("here", "beside"))
    strange += sorted(p.name for p in (folder.parent / "beside").iterdir() if p.name not in ("stdin", "spec", "cache"))
    cache = folder.parent / "beside" / "cache"
    strange += sorted(p.name for p in cache.iterdir() if p.name != "qrules") if cache.exists() else []
    return f"written elsewhere: {', '.join(strange[:5])}" if strange else ""


def _names() -> Iterator[Entry]:
    for name, version, arch in (
        ("catalogue-absolute", "1.0", '"HERE/written"'), ("catalogue-upwards", "1.0/../../../../escaped", "toy"),
        ("catalogue-arch-upwards", "1.0", '"../../../escaped"'), ("catalogue-dots", "..", '"."'), ("catalogue-slash", "1.0/x", "toy"),
        ("catalogue-nul", "1.0\\0", "toy"), ("catalogue-control", "1.0\x1b[31m", "toy"), ("catalogue-long", "1." + "0" * 300, "toy"),
        ("catalogue-blank", " ", "toy"), ("catalogue-bidi", "1.0\u202e", "toy"),
    ):  # fmt: skip
        yield Entry(
            name, "1a", f'catalogue "{version[:30]}" for {arch}', (*ASK, "card"), make=_named(version, arch),
            cache="own", statuses=(2,), look=_only_rules, never=SHOWN,
        )  # fmt: skip
    many = ", ".join(f"toy{i}" for i in range(2_000))
    yield Entry(
        "catalogue-of-many", "1a", "a catalogue for 2,000 architectures", (*ASK, "card"), make=_named("1.0", many), cache="own"
    )


def _cache_program(prepare: str, after: str) -> str:
    """Asks once, changes the cache, asks again (each a process of its own), and looks."""
    return f"""
import json, os, shutil, subprocess, sys, time
from pathlib import Path
base = Path(os.environ["XDG_CACHE_HOME"]); base.mkdir(parents=True, exist_ok=True); cache = base / "qrules"
def ask(*more, words=("-M", "shelf", "-device", "card")):
    command = [sys.executable, "-c", "from qrules.cli.main import run; run()", "check", "--rules", "rules", *more, "--", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, (done.stdout + done.stderr).strip()
def wrong(message):
    print("WRONG:", message)
{prepare}
{after}
"""


def _cached(name: str, what: str, prepare: str, after: str) -> Entry:
    return Entry(name, "1b", what, program=_cache_program(prepare, after), make=board("  width-max = 1\n"), cache="own", statuses=(0,), never="^WRONG", seconds=8)  # fmt: skip


_CLONE = """
cache.mkdir(parents=True)
for name in (".git", "src", "docs", *(f"folder{i}" for i in range(12))):
    (cache / name).mkdir(); (cache / name / "precious").write_text("x")
"""
_KEPT = """
lost = [n for n in (".git", "src", "docs", *(f"folder{i}" for i in range(12))) if not (cache / n / "precious").exists()]
if lost: wrong("deleted " + ", ".join(lost))
"""
_ASKED = "first = ask()\nif first[0] != 0: wrong(f'first: {first}')\n"
_SAME = "again = ask()\nif again != first: wrong(f'{again} after {first}')\n"
_PIECES = "pieces = sorted(p for p in cache.rglob('*') if p.is_file())\n"


def _caches() -> Iterator[Entry]:
    yield _cached("cache-is-a-clone", "XDG_CACHE_HOME/qrules is a clone with .git: nothing of it may go", _CLONE, _ASKED + _KEPT)
    link = _CLONE.replace("cache.mkdir(parents=True)", "mine = base / 'mine'; mine.mkdir(); cache.symlink_to(mine)")
    yield _cached("cache-is-a-link", "it is a link to a folder of somebody's", link, _ASKED + _KEPT)
    yield _cached("cache-is-a-file", "it is a file", "cache.write_text('x')", _ASKED)
    yield _cached("cache-is-a-device", "it is a link to /dev/null", "cache.symlink_to('/dev/null')", _ASKED)
    yield _cached("cache-in-a-ring", "it is a link to itself", "cache.symlink_to(cache)", _ASKED)
    for name, act in (
        ("truncated", "p.write_bytes(p.read_bytes()[:40])"), ("empty", "p.write_bytes(b'')"), ("garbage", "p.write_bytes(b'\\0' * 999)"),
        ("of-another-shape", "p.write_text('[1, 2]')"), ("missing", "p.unlink()"), ("a-folder", "p.unlink(); p.mkdir()"), ("nested-deeply", "p.write_text('[' * 100000)"),
    ):  # fmt: skip
        body = _ASKED + _PIECES + f"for p in pieces:\n    {act}\n" + _SAME
        yield _cached(f"cache-entry-{name}", "every file of the cache is damaged so: rebuilt in silence", "", body)
    one = _ASKED + _PIECES + "for p in pieces[1:2]:\n    p.unlink()\n" + _SAME
    yield _cached("cache-entry-incomplete", "one piece is missing", "", one)
    yield _cached("cache-of-all-the-world", "folders that the world may write, with other content: not read", "", _ASKED + """
for p in [cache, *cache.rglob('*')]:
    if p.is_dir(): p.chmod(0o777)
for p in cache.rglob('*.json'): p.write_text(p.read_text().replace('"card"', '"bard"'))
""" + _SAME)  # fmt: skip
    yield from _stale()


def _stale() -> Iterator[Entry]:
    """Entries that no longer are, or never were, what the rules say."""
    stale = """
text = Path("rules/board.qr"); before = text.stat(); old = text.read_text()
text.write_text(old.replace("slot : 0 .. 3", "slot : 0 .. 0")); os.utime(text, ns=(before.st_atime_ns, before.st_mtime_ns))
assert text.stat().st_size == before.st_size
two = ask(words=("-M", "shelf", "-device", "card", "-device", "card"))
if two[0] != 1: wrong(f"a stale entry answered: {two}")
"""
    yield _cached("cache-stale", "another content of the same size and time", "", _ASKED + stale)
    hidden = 'Path("rules/__x").mkdir(); (Path("rules/__x") / "a.qr").write_text("group a = card\\n"); ask()\n'
    hidden += (
        '(Path("rules/__x") / "a.qr").write_text("group a = zork\\n")\n'
        + "again = ask()\nif again[0] == 0: wrong('a change in __x was not seen')\n"
    )
    yield _cached("cache-hidden-folder", "a file below __x changes", "", hidden)
    aimed = """
shipped = [sys.executable, "-c", "from qrules.cli.main import run; run()", "check", "--", "-M", "q35", "-device", "e1000"]
one = subprocess.run(shipped, capture_output=True, text=True).stdout
entries = [p.parent.parent for p in cache.rglob("shared.json")]
entry = max(entries, key=entries.count)  # the shipped rules have the most targets
held = {p: p.stat().st_mtime_ns for p in entry.rglob("*")}
for arch in (f"../{entry.name}/x86_64", str(entry / "x86_64")):
    text = Path("rules/board.qr"); text.write_text(text.read_text().split("\\n", 1)[1]); text.write_text(f'catalogue "10.0.2" for "{arch}"\\n' + text.read_text()); shutil.rmtree(entry / "x86_64-10.0.2", ignore_errors=True)
    ask()
two = subprocess.run(shipped, capture_output=True, text=True)
if two.stdout != one: wrong("the shipped rules answer otherwise: " + (two.stdout + two.stderr)[:100])
"""
    yield _cached("cache-of-another", "a catalogue that is aimed at the entry of the shipped rules", "", aimed)._replace(
        cache="copy"
    )


def _folder(act: str) -> Make:
    """A sound board with something odd beside it; `act` is Python text."""

    def make(folder: Path) -> None:
        board("  room = 1\n")(folder)
        (folder / "secret").write_text(f"{SECRET}\n" * 3)
        exec(act, {"rules": folder / "rules", "folder": folder, "os": os, "Path": Path})

    return make


_FILES = (
    ("link-out", "(rules / 'a.qr').symlink_to(folder / 'secret')", "a link to a file outside"),
    ("link-to-passwd", "(rules / 'a.qr').symlink_to('/etc/passwd')", "a link to /etc/passwd"),
    ("link-folder-out", "(folder / 'out').mkdir(); (folder / 'out' / 'a.qr').write_text('rather private'); (rules / 'sub').symlink_to(folder / 'out')", "a link to a folder outside"),
    ("link-loop", "(rules / 'a.qr').symlink_to(rules / 'b.qr'); (rules / 'b.qr').symlink_to(rules / 'a.qr')", "links in a ring"),
    ("link-loop-folder", "(rules / 'sub').symlink_to(rules)", "a folder that has itself in it"),
    ("link-dangling", "(rules / 'a.qr').symlink_to(rules / 'nowhere')", "a link to nothing"),
    ("fifo", "os.mkfifo(rules / 'a.qr')", "a FIFO"),
    ("link-to-fifo", "os.mkfifo(folder / 'f'); (rules / 'a.qr').symlink_to(folder / 'f')", "a link to a FIFO"),
    ("device-zero", "(rules / 'a.qr').symlink_to('/dev/zero')", "a link to /dev/zero"),
    ("device-tty", "(rules / 'a.qr').symlink_to('/dev/tty')", "a link to /dev/tty"),
    ("sparse", "f = open(rules / 'a.qr', 'w'); f.truncate(20 << 30); f.close()", "a sparse file of 20 GB"),
    ("sparse-small", "f = open(rules / 'a.qr', 'w'); f.truncate(400 << 20); f.close()", "a sparse file of 400 MB"),
    ("unreadable", "(rules / 'a.qr').mkdir()", "a folder with the name of a rule file"),
    ("deep", "os.makedirs(os.path.join(rules, *['d'] * 900))", "900 folders in one another"),
    ("wide", "[(rules / f'{i}.qr').write_text('') for i in range(2100)]", "2,100 files"),
    ("odd-names", "[(rules / n).write_text('zork') for n in ('a\\n::error::x.qr', 'b\\x1b[31m.qr', 'c\\u202e.qr')]", "names with control characters"),
    ("not-text", "(rules / 'a.qr').write_bytes(bytes(range(256)) * 40)", "bytes that are no text"),
)  # fmt: skip


def _files() -> Iterator[Entry]:
    for name, act, what in _FILES:
        for verb, words in (("check", (*ASK, "card")), ("lint", ("rules", "lint", "rules")), ("fmt", ("rules", "fmt", "--check", "rules")), ("test", ("rules", "test", "rules"))):  # fmt: skip
            yield Entry(
                f"{name}-{verb}", "1d", f"{what}, and {' '.join(words[:2])}", words, make=_folder(act), cache="own", wall=20, heavy=verb in ("lint", "test"),
                never=f"{SECRET}|root:x|{SHOWN}|^::error",
            )  # fmt: skip
    yield Entry("fmt-keeps", "1d", "rules fmt keeps mode and link", ("rules", "fmt", "rules"), make=_folder(
        "(folder / 'real.qr').write_text('group   a=card\\n'); os.chmod(folder / 'real.qr', 0o640); (rules / 'a.qr').symlink_to(folder / 'real.qr');"
        "os.chmod(rules / 'board.qr', 0o600); (rules / 'board.qr').write_text((rules / 'board.qr').read_text() + 'group   b=card\\n')"
    ), cache="own", statuses=(0, 1, 2, 3), look=_modes)  # fmt: skip
    yield Entry(
        "rules-is-a-fifo",
        "1d",
        "--rules names a FIFO",
        (*ASK, "card"),
        make=lambda f: os.mkfifo(f / "rules"),
        cache="own",
        statuses=(2,),
        wall=20,
    )
    yield Entry(
        "rules-is-a-device",
        "1d",
        "--rules /dev/zero",
        ("check", "--rules", "/dev/zero", "--", "-M", "shelf"),
        cache="own",
        statuses=(2,),
    )
    yield Entry(
        "rules-is-the-root",
        "1d",
        "--rules /proc: files without end",
        ("check", "--rules", "/proc", "--", "-M", "shelf"),
        cache="own",
        statuses=(2,),
        heavy=True,
    )


def _modes(folder: Path) -> str:
    rules = folder / "rules"
    told = []
    if not (rules / "a.qr").is_symlink():
        told.append("the link became a file")
    if (rules / "board.qr").stat().st_mode & 0o777 != 0o600:
        told.append("the mode changed")
    return ", ".join(told)
