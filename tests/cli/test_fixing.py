"""``check --fix`` and ``--diff``: what is written is what was judged, and nothing else of the file changes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from qrules.configs.pasted import pasted
from qrules.configs.patching import in_place, patched
from tests.conftest import Run

SCRIPT = """#!/bin/sh
# my machine
MEM=1G
exec qemu-system-x86_64 \\
  -M q35 -m "$MEM" \\
  -device 'e1000,addr=1f.0' \\
  -serial none \\
  -device floppy   # a comment
"""
MENDED = """#!/bin/sh
# my machine
MEM=1G
exec qemu-system-x86_64 \\
  -M q35 -m "$MEM" \\
  -device e1000 \\
  -serial none \\
  -device isa-fdc,id=fdc1,bus=isa.0 \\
  -device floppy   # a comment
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "vm.sh"
    path.write_text(SCRIPT)
    path.chmod(0o750)
    return path


def test_the_first_repair_is_written(qrules: Run, script: Path) -> None:
    done = qrules("check", "--fix", str(script))
    assert done.returncode == 0, done.stdout + done.stderr
    text = script.read_text()
    assert [line for line in text.splitlines() if line not in MENDED.splitlines()] in ([], ["  -device isa-fdc,id=fdc1 \\"])
    assert "# my machine" in text
    assert "# a comment" in text
    assert qrules("check", str(script)).returncode == 0
    assert stat.S_IMODE(script.stat().st_mode) == 0o750
    backup = script.with_name("vm.sh.bak")
    assert (backup.read_text(), stat.S_IMODE(backup.stat().st_mode)) == (SCRIPT, 0o750)
    assert f"what it was stands in {backup}" in done.stdout
    assert sorted(os.listdir(script.parent)) == ["vm.sh", "vm.sh.bak"]


def test_a_copy_is_never_written_over(qrules: Run, script: Path) -> None:
    script.with_name("vm.sh.bak").write_text("mine")
    assert "vm.sh.bak1" in qrules("check", "--fix", str(script)).stdout
    assert script.with_name("vm.sh.bak").read_text() == "mine"
    assert script.with_name("vm.sh.bak1").read_text() == SCRIPT


def test_a_difference_writes_nothing(qrules: Run, script: Path) -> None:
    done = qrules("check", "--diff", str(script))
    assert done.returncode == 1, "the config as it stands is rejected"
    assert script.read_text() == SCRIPT
    assert os.listdir(script.parent) == ["vm.sh"]
    assert {"-  -device 'e1000,addr=1f.0' \\", "+  -device e1000 \\"} <= set(done.stdout.splitlines())
    assert "what would mend it:" in done.stdout


def test_what_is_accepted_or_unknown_stays(qrules: Run, tmp_path: Path) -> None:
    for text, status, said in (
        ("qemu-system-x86_64 -M q35\n", 0, "accepted as it stands"),
        ("qemu-system-x86_64 -M q35 $MORE\n", 3, "unknown, so nothing is changed"),
    ):
        (tmp_path / "vm.sh").write_text(text)
        done = qrules("check", "--fix", str(tmp_path))
        assert (done.returncode, said in done.stdout) == (status, True)
        assert (tmp_path / "vm.sh").read_text() == text
        assert os.listdir(tmp_path) == ["vm.sh"]


def test_what_can_not_be_written_is_said(qrules: Run, tmp_path: Path) -> None:
    options = tmp_path / "vm.cfg"
    options.write_text('[machine]\n  type = "q35"\n[device "a"]\n  driver = "e1000"\n  addr = "1f.0"\n')
    done = qrules("check", "--fix", str(options))
    assert (done.returncode, "nothing is written" in done.stdout) == (1, True)
    link = tmp_path / "link.sh"
    link.symlink_to("vm.cfg")
    for words in ((str(link),), ("-",), ("--", "-M", "q35"), ("--format", "json", str(options))):
        done = qrules("check", "--fix", *words, stdin=SCRIPT)
        assert (done.returncode, "QR45" in done.stdout + done.stderr) == (2, True)
    assert sorted(os.listdir(tmp_path)) == ["link.sh", "vm.cfg"]


def test_each_of_several_command_lines(qrules: Run, tmp_path: Path) -> None:
    script = tmp_path / "vm.sh"
    script.write_text(f"{SCRIPT}\nqemu-system-x86_64 -M pc\nqemu-system-x86_64 -M q35 -device e1000,addr=1f.0\n")
    assert qrules("check", "--fix", str(script)).returncode == 0
    assert script.read_text().splitlines()[-2:] == ["qemu-system-x86_64 -M pc", "qemu-system-x86_64 -M q35 -device e1000"]


def test_a_refusal_ends_with_the_way_on(qrules: Run, script: Path) -> None:
    told = " ".join(qrules("check", str(script)).stdout.split())
    assert told.endswith("`--diff` the first of it in this file; `--fix` writes it")
    line = qrules("check", "--", "-M", "q35", "-device", "floppy").stdout.rstrip()
    assert line.endswith("`qrules check --repairs` shows what would make it start")
    assert "--repairs` shows" not in qrules("check", "--repairs", str(script)).stdout
    assert "--repairs` shows" not in qrules("check", "--", "-M", "q35").stdout


# ------------------------------------------------------------------------------------- words in a text
PATCHES = [
    ("qemu-kvm -M q35", ["qemu-kvm", "-M", "pc"], "qemu-kvm -M pc"),
    ("qemu-kvm -M q35 -nodefaults", ["qemu-kvm", "-M", "q35"], "qemu-kvm -M q35"),
    ("qemu-kvm -M q35", ["qemu-kvm", "-M", "q35", "-device", "e1000"], "qemu-kvm -M q35 -device e1000"),
    ("qemu-kvm \\\n  -M q35 # x", ["qemu-kvm", "-M", "q35", "-device", "a b"], "qemu-kvm \\\n  -M q35 \\\n  -device 'a b' # x"),
    ('A="-M q35"\nqemu-kvm $A -S', ["qemu-kvm", "-M", "q35"], 'A="-M q35"\nqemu-kvm $A'),
    ('A="-M q35"\nqemu-kvm $A -S', ["qemu-kvm", "-M", "pc", "-S"], 'A="-M q35"\nqemu-kvm -M pc -S'),
    ('M=q35\nqemu-kvm -M "$M,usb=on"', ["qemu-kvm", "-M", "q35"], "M=q35\nqemu-kvm -M q35"),
]


@pytest.mark.parametrize(("text", "argv", "after"), PATCHES)
def test_words_change_where_they_stand(text: str, argv: list[str], after: str) -> None:
    (command,) = pasted(text, "a").commands
    assert patched(command, argv) == after
    assert pasted(after, "a").commands[0].argv == argv


def test_options_stay_where_they_were() -> None:
    old = ["qemu-kvm", "-device", "a", "-drive", "x", "-device", "b,addr=1", "-S"]
    new = ["qemu-kvm", "-device", "c", "-device", "a", "-device", "b", "-drive", "x", "-S", "-m", "1G"]
    assert in_place(old, new) == ["qemu-kvm", "-device", "c", "-device", "a", "-drive", "x", "-device", "b", "-S", "-m", "1G"]
    assert in_place(["-M", "q35"], ["-M", "q35", "-device", "a"]) == ["-M", "q35", "-device", "a"]
