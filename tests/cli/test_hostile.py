"""Every verb with hostile ids, types, values, paths and messages: each byte that is printed is looked at."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from qrules.cli.main import VERBS, main
from qrules.diagnostics import Unusable
from qrules.report import diagnostics
from qrules.visible import Shown, seen
from tests.conftest import Run

ODD = {
    "newline": "a\n::error::forged\naccepted  (q35)",
    "controls": "a\x1b[2J\x07\b\r\v\f\x7f\x9b1mb",
    "unseen": "a\x85\u2028\u2029\u202e\u2066\u200b\u200f\u061c\ufeff\u3164b",
    "halves": "a\udcff\udc80b",
    "commands": "::error::x ##[error]y ##vso[x]",
    "verdict": "accepted  (pc-q35-10.0, x86_64, QEMU 10.0.2)",
    "long": "x\n\x1b" * 300,
}
Q35 = ("--", "-M", "q35")
# What stands for the odd text; {J} is the same in JSON, {F} a file of that name, {C} one with it in a command line, {X} one with it
# in a domain of libvirt, {D} one with it in a device of such.
ASKED: dict[str, list[tuple[str, ...]]] = {
    "why": [("{}", "--on", "q35"), ("e1000,bus={}", "--on", "q35"), ("e1000", "--on", "{}"), ("e1000", "--on", "q35,{}=on"),
            ("e1000,{}=1,id={}", "--on", "q35"), ("e1000", "--on", "q35", "--with", "usb-kbd,id={}")],
    "check": [(*Q35, "-device", "{}"), (*Q35, "-device", "usb-tablet,id={}"), (*Q35, "-device", "pcie-root-port,chassis={}"),
              (*Q35, "-device", "e1000,{}=1"), ("--", "-M", "{}"), (*Q35, "-{}", "x"), (*Q35, "-readconfig", "{}"), ("{}",), ("{F}",), ("{C}",),
              ("--repairs", *Q35, "-device", "e1000,bus={}"), ("--repairs", *Q35, "-device", "e1000,addr=1f,romfile={}"), ("--profile", "{}", *Q35),
              (*Q35, "-device", '{{"driver":{J},"id":{J}}}'), ("--jsonl", "{}"), ("--jsonl", "{L}"), ("--jsonl", "-", "--jobs", "{}"), ("--{}",),
              *(("--format", form, "{C}", "{F}") for form in ("concise", "gitlab", "sarif", "junit", "jsonl")), ("--diff", "{C}"), ("--settings", "{F}", *Q35),
              ("--baseline", "{F}", "{C}"), ("--write-baseline", "/nowhere/{}", "--reason", "{}", "{C}"), ("--format", "{}", "{C}"),
              ("{X}",), ("--repairs", "{X}"), ("--format", "github", "{X}"), ("--libvirt", "{}", "{X}")],
    "place": [("--on", "q35", "e1000,id={}"), ("--explain", "--on", "q35", "virtio-net-pci,romfile={}"), ("--on", "q35", "e1000,romfile={}"),
              ("--diff", "--on", "q35", "virtio-rng-pci,id=a,rng={}"), ("--all", "--on", "q35", "e1000,romfile={}"), ("--on", "{}", "e1000"),
              ("--on", "q35", "e1000", "--why-not", "{}"), ("--on", "q35", "e1000", "--hotplug", "{}"), ("--on", "q35", "e1000", "--numa", "{}"),
              ("--on", "q35", "e1000", "--spare", "{}"), ("--on", "q35", "isa-fdc,driveA={}", "isa-fdc,driveA={}"),
              ("{X}",)],
    "upgrade": [("--from", "7.2", "--to", "10.0", "--", "-M", "pc", "-name", "{}", "-device", "e1000,romfile={}"), ("--from", "7.2", "{C}"), ("--from", "{}", *Q35),
                ("--from", "7.2", "--to", "10.0", "--", "-M", "{}", "-device", "{}"), ("--from", "7.2", "--to", "10.0", *Q35, "-device", "e1000,{}=1")],
    "convert": [("--to", "q35", "--diff", "--", "-M", "pc", "-name", "{}", "-device", "e1000,romfile={}"), ("--to", "q35", "{C}"), ("--to", "{}", *Q35),
                ("--to", "q35", "--keep", "{}", "--", "-M", "pc"), ("--to", "pc", "--without", "{}", *Q35), ("--to", "pc", *Q35, "-device", "{}")],
    "spare": [("{}", "--on", "q35"), ("e1000", "--on", "{}"), ("e1000", "{C}")],
    "hotplug": [("e1000,bus={}", "--into", *Q35), ("{}", "--into", *Q35), ("e1000,id={}", "--into", "{C}"), ("{D}", "--into", "{X}")],
    "explain": [("Bus '{}' does not support hotplugging",), ("{}",), ("qemu-system-x86_64: -device {}: Bus '{}' not found",)],
    "argv": [("{X}",), ("{}",), ("--libvirt", "{}", "{X}"), ("{C}",)],
    "show": [("{}",), ("e1000", "--arch", "{}"), ("e1000", "--rules", "{}")],
    "fleet": [("{L}",), ("{}",), ("{C}", "{X}"), ("{L}", "--output", "/nowhere/{}"), ("{L}", "--output", "{}/x.jsonl"), ("{L}", "--from", "{}"),
              ("{L}", "--jobs", "1", "--restart", "--output", "t.jsonl"), (".", "--jobs", "1", "--restart", "--output", "t.csv"), ("{F}", "--output", "t.csv"),
              ("{}", "--output", "t.csv"), ("{L}", "--jobs", "1", "--restart", "--output", "{}.csv"), ("{L}", "--output", "{}"),
              ("{L}", "--jobs", "1", "--from", "{}", "--output", "t.jsonl"), ("{L}", "--profile", "{}", "--output", "u.csv")],
    "serve": [("--qmp", "/nowhere/{}"), ("--http", "{}"), ("--http", "1", "--qmp", "{}"), ("--mcp", "--arch", "{}"), ("{}",)],
    "machines": [("--arch", "{}"), ("--rules", "{}")],
    "types": [("{}",), ("q35", "{}=on"), ("q35", "usb={}"), ("q35", "--qemu", "{}")],
    "buses": [("{}",), ("--tree", *Q35, "-device", '{{"driver":"pcie-root-port","id":{J}}}'), ("{C}",)],
    "slots": [(form, *Q35, "-device", '{{"driver":"pcie-root-port","id":{J}}}', "-device", "{}") for form in ("--tree", "--dot", "--json")]
             + [("--svg", "/nowhere/{}", "q35"), ("--svg", "-", *Q35, "-device", "pcie-root-port,id={}")],
    "diff": [("{}", "q35"), ("q35", "--qemu", "{}", "--qemu", "7.2")],
    "query-machines": [("--arch", "{}")],
    "harvest": [("{}",), ("./{}",)],
    "learn": [("{}", "q35"), ("./{}", "{}")],
    "verify": [("{}",), ("./{}", "--machine", "{}")],
    "release": [("{}", "{}"), ("./{}", "./{}", "--machine", "{}")],
    "rules": [("{}",), ("test", "{}"), ("lint", "{}"), ("fmt", "{}"), ("test", "--binary", "{}")],
    "schema": [("{}",)],
    "lsp": [("{}",)],
    "open": [("/nowhere/{}",), ("--qemu", "{}"), ("--rules", "{}"), ("{C}", "--libvirt", "{}", "--port", "70000"), ("{C}", "--", "{}")],
    "completion": [("{}",)],
}  # fmt: skip
COLOURS = re.compile(r"\x1b\[(?:|\d+(?:;\d+)*)m")


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[io.StringIO]:
    """What goes to both outputs."""
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        yield out


def look(text: str) -> None:
    """Fails where anything is printed that does not show, or a line that is none of ours."""
    plain = COLOURS.sub("", text)
    assert [c for c in plain if not seen(c) and c != "\n"] == []
    assert "##[" not in plain
    assert "##vso[" not in plain
    for line in plain.split("\n"):
        assert not line.lstrip().startswith("::"), line
        assert not line.startswith("accepted  (q35)"), line


def filled(words: tuple[str, ...], odd: str, folder: Path) -> list[str]:
    made = {"J": json.dumps(odd), "F": str(folder / "file"), "C": str(folder / "line"), "L": str(folder / "lines")}
    made |= {"X": str(folder / "vm.xml"), "D": str(folder / "disk.xml")}
    raw = odd.encode("utf-8", "surrogateescape")
    (folder / "file").write_bytes(raw)
    (folder / "line").write_text(f"qemu-system-x86_64 -M q35 -device 'e1000,bus={odd}' -device '{odd}'", errors="replace")
    text = escape(odd, {"'": "&apos;"})
    disk = f"<disk type='file'><source file='{text}'/><target dev='{text}' bus='scsi'/></disk>"
    system = f"<os><type arch='x86_64' machine='q35'>hvm</type><loader>{text}</loader></os>"
    (folder / "disk.xml").write_text(disk, errors="replace")
    domain = f"<domain type='kvm'><name>{text}</name>{system}<devices>{disk}<input type='{text}'/></devices></domain>"
    (folder / "vm.xml").write_text(domain, errors="replace")
    rows = [{"id": odd, "argv": ["-M", "q35", "-device", odd]}, {"id": 1, "argv": ["-M", odd]}, {odd: 1, "argv": []}]
    (folder / "lines").write_text("".join(json.dumps(row) + "\n" for row in rows) + odd.replace("\n", " "), errors="replace")
    return [word.format(odd, odd, **made) for word in words]


def test_every_verb_is_asked() -> None:
    assert sorted(ASKED) == sorted(VERBS)


FORMS: tuple[tuple[str, ...], ...] = ((), ("--json",), ("--colour", "always"))


@pytest.mark.parametrize("verb", VERBS)
def test_each_byte_that_is_printed(verb: str, printed: io.StringIO, tmp_path: Path) -> None:
    """Each form of a question with two of the texts, each text and each form of an answer in turn."""
    texts, forms = (
        itertools.cycle(ODD),
        itertools.cycle(FORMS if verb not in ("completion", "harvest", "lsp", "rules") else FORMS[:1]),
    )
    for words in [words for words in ASKED[verb] for _ in range(2)]:
        line = filled((verb, *next(forms), *words), ODD[next(texts)], tmp_path)
        printed.seek(0)
        printed.truncate()
        status = answered(line, printed)
        assert status in (0, 1, 2, 3), line
        look(printed.getvalue())
        if "--jsonl" in words and printed.getvalue().startswith("{"):
            assert all(json.loads(row) for row in printed.getvalue().split("\n") if row)


def answered(line: list[str], printed: io.StringIO) -> int | str | None:
    """The status of a command line, with its diagnostics printed; what else is wrong instead."""
    try:
        return main(line)
    except Unusable as error:
        Shown.of(printed).write(diagnostics.render(error.diagnostics))
        return 2 if str(error).isprintable() else str(error)
    except SystemExit as ended:
        return ended.code
    except OSError as error:
        return 2 if error.strerror else repr(error)


def test_a_rule_folder_with_odd_texts(qrules: Run, tmp_path: Path) -> None:
    for words, name in ((("lint",), "newline"), (("fmt", "--diff"), "unseen"), (("index",), "commands")):
        odd = ODD[name].replace("\n", " ")
        folder = tmp_path / ODD[name]
        folder.mkdir(parents=True)
        text = f'# {odd}\ncatalogue "1.0" for toy\nmachine-type shelf is machine\ngroup   g = "{odd}"\nzork {odd}\n'
        (folder / "a.qr").write_text(text)
        done = qrules("rules", *words, str(folder))
        assert done.returncode in (0, 1, 2), done.stderr
        look(done.stdout + done.stderr)


def test_an_internal_fault_is_told_safely(qrules: Run) -> None:
    fault = (
        "import qrules.cli.reading as c, sys\nfrom qrules.cli.main import run\n"
        "def broken(*a): raise AssertionError('x\\x1b[2J\\n::error::y')\nc.words_of = c._pasted = broken\n"
        "sys.argv = ['qrules', 'check', '-']\nrun()"
    )
    done = subprocess.run([sys.executable, "-c", fault], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (70, "")
    assert "a bug of qrules itself" in done.stderr
    assert "report it" in done.stderr
    look(done.stderr)
