"""Programs that are no emulators and mean no good: what they say is read up to a limit, and nothing of them is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qrules.qemu import keeper
from qrules.qemu.errors import NotQemu, Overflow, QemuError, TimedOut
from qrules.qemu.harvesting import harvest
from qrules.qemu.process import ask, attempt, version
from qrules.qemu.program import Program
from qrules.qemu.qmp import Session
from qrules.qemu.several import Heard, in_turn

FLOOD = "head -c 400000000 /dev/zero | tr '\\0' x"
NAMED = "[ \"$1\" = --version ] && { echo 'QEMU emulator version 10.0.2'; exit; }"


def program(folder: Path, text: str) -> str:
    path = folder / "qemu-system-x86_64"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def monitor(folder: Path, python: str) -> str:
    """A program that has QEMU's monitor, and says there what `python` writes to `out`."""
    words = "fd = int([w for w in sys.argv if 'fd=' in w][0].rpartition('fd=')[2]); out = socket.socket(fileno=fd)"
    script = folder / "monitor.py"
    script.write_text(f"import socket, sys, time\n{words}\n{python}\n")
    return program(folder, f'{NAMED}\nexec {sys.executable} -I -S {script} "$@"')


def ended(pid: int) -> bool:
    for _ in range(150):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("text", [FLOOD, f"{FLOOD} >&2", "yes", "yes >&2"])
def test_a_version_without_end(tmp_path: Path, text: str) -> None:
    began = time.monotonic()
    with pytest.raises(NotQemu) as caught:
        version(program(tmp_path, text))
    assert len(caught.value.output) <= 100
    assert time.monotonic() - began < 10, "it is not waited for until its time is over"


def test_messages_without_end(tmp_path: Path) -> None:
    binary = program(tmp_path, f"{NAMED}\n{FLOOD} >&2; sleep 60")
    for ask_it in (lambda: attempt(binary, []), lambda: Session(binary, []).__enter__(), lambda: harvest(binary)):
        with pytest.raises(Overflow, match=r"says more than any QEMU does \(over 1 MiB\)"):
            ask_it()


GREETING = 'out.sendall(b\'{"QMP": {"version": {}, "capabilities": []}}\\n\')'


@pytest.mark.parametrize(
    "python",
    [
        "while True: out.sendall(b'x' * 65536)",
        "out.sendall(b'{\"return\": ' + b'[' * 100_000 + b'\\n')",
        f"{GREETING}\nout.sendall(b'{{\"return\": ' + b'[' * 100_000 + b']' * 100_000 + b'}}\\n')",
        f"{GREETING}\nout.sendall(b'{{\"return\": 1}}\\n' * 3); time.sleep(0.5)",
        f"{GREETING}\nout.sendall(b'{{\"return\": ' + b'1' * 50_000 + b'}}\\n' * 3)",
        "out.sendall(b'\\xff\\xfe\\0\\n{}\\n[]\\nnull\\n')",
        "out.close()",
    ],
)
def test_a_monitor_that_means_no_good(tmp_path: Path, python: str) -> None:
    binary = monitor(tmp_path, python)
    try:
        outcome, answers = ask(binary, [], ("info qtree",), timeout=5)
    except QemuError as error:
        outcome, answers = None, ()
        told = str(error)
    else:
        told = outcome.message
    assert (outcome is None or not outcome.accepted, answers, told.isprintable()) == (True, (), True)
    with pytest.raises(QemuError), Session(binary, [], timeout=2) as session:
        session.execute("query-version")


def test_answers_of_another_shape(tmp_path: Path) -> None:
    python = (
        f"{GREETING}\nimport json\nwhile text := out.recv(65536).decode():\n    number = json.loads(text).get('id')\n"
        "    out.sendall((json.dumps({'return': {'x': []}, **({'id': number} if number else {})}) + '\\n').encode())"
    )
    with pytest.raises(NotQemu, match="another shape"):
        harvest(monitor(tmp_path, python), timeout=5)


def test_what_forks_is_gone_with_it(tmp_path: Path) -> None:
    binary = program(tmp_path, f"sleep 300 & echo $! >{tmp_path}/child; {NAMED}")
    assert version(binary) == "10.0.2"
    assert ended(int((tmp_path / "child").read_text())), "its child, too, though it ended by itself"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT])
def test_programs_end_with_us(tmp_path: Path, number: int) -> None:
    binary = program(
        tmp_path, f"echo $$ >{tmp_path}/pid.new; mv {tmp_path}/pid.new {tmp_path}/pid; trap '' TERM INT HUP; sleep 300; sleep 300"
    )
    heeded = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); signal.signal(signal.SIGINT, signal.default_int_handler)"
    )
    run = f"{heeded}\nfrom qrules.qemu.process import attempt\nattempt({binary!r}, [], 60)"
    us = subprocess.Popen([sys.executable, "-c", run], stderr=subprocess.DEVNULL)
    for _ in range(500):
        if (tmp_path / "pid").exists():
            break
        time.sleep(0.02)
    us.send_signal(number)
    us.wait(20)
    assert ended(int((tmp_path / "pid").read_text()))


def test_what_leaves_its_group_is_swept(tmp_path: Path) -> None:
    binary = program(tmp_path, f"setsid sleep 300 & echo $! >{tmp_path}/child; {NAMED}")
    run = (
        "from qrules.qemu import keeper\nfrom qrules.qemu.process import version\nkeeper.adopt()\n"
        f"version({binary!r})\nkeeper.sweep()"
    )
    subprocess.run([sys.executable, "-c", run], check=True, timeout=60)
    assert ended(int((tmp_path / "child").read_text()))


def test_nothing_is_left_in_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    binary = program(tmp_path, f"{NAMED}\nexec sleep 300")
    with pytest.raises(TimedOut):
        harvest(binary, timeout=0.3)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_answers_that_are_no_longer_wanted(tmp_path: Path) -> None:
    binary = program(tmp_path, "exec sleep 300")
    began = time.monotonic()
    for answer in in_turn(lambda late: attempt(binary, [], 60 if late else 0.1).timed_out, [False, True, True, True], 2):
        assert answer
        break
    assert time.monotonic() - began < 30


def test_a_binary_that_never_answers_is_not_asked_a_thousand_times() -> None:
    heard = Heard("qemu", 1)
    for _ in range(3):
        heard.heed(True)
        heard.heed(None)
    with pytest.raises(TimedOut, match="answer any of the first starts"):
        heard.heed(True)
    slow = Heard("qemu", 1)
    for late in (True, False, *[True] * 9):
        slow.heed(late)


def test_a_keeper_of_its_own_for_each_process() -> None:
    with Program("sleep", ["5"]) as one:
        keepers = [k.pid for k in keeper._kept]
        assert len(keepers) == 1
        assert json.dumps(keepers) != json.dumps([one._process.pid])
    os.kill(keepers[0], signal.SIGKILL)
    with Program("true", []) as other:
        assert other.wait(time.monotonic() + 10) == 0, "a keeper that was killed is no trouble"
