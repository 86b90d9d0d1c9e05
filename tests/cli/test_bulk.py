"""``check --jsonl``: every line gets its answer, in order, whatever stands in the others."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from qrules.cli import bulk, common
from qrules.cli.main import main
from qrules.diagnostics import Unusable
from qrules.fleet import processes
from qrules.report.schema import schema as made
from tests.conftest import Run

Q35 = ["-M", "q35", "-nodefaults"]
PORT = ["-device", "pcie-root-port,id=port"]
HELD = ["-device", "e1000,addr=1f.0"]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return made("check")


def ask(qrules: Run, lines: list[object], *words: str) -> tuple[int, list[dict[str, Any]]]:
    """The status and the answers; a line is JSON text as it stands, or a value that becomes one."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = qrules("check", "--jsonl", "-", *words, stdin=text)
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_verdicts_and_places(qrules: Run, schema: dict[str, Any]) -> None:
    status, answers = ask(qrules, [{"id": "a", "argv": [*Q35, "-device", "e1000"]}, {"id": "b", "argv": [*Q35, *HELD]}])
    assert status == 1, "that of the worst answer"
    assert [a["verdict"] for a in answers] == ["accept", "reject"]
    assert answers[0]["placements"] == [{"device": 0, "type": "e1000", "id": None, "bus": "pcie.0", "address": {"addr": "01.0"}}]
    refused = answers[1]["reasons"][0]
    assert refused["emulator-message"] == "PCI: slot 31 function 0 not available for e1000, in use by ICH9-LPC,id=(null)"
    assert (refused["devices"], refused["span"]) == ([0], {"argument": 4, "start": 0, "end": 15})
    for answer in answers:
        jsonschema.validate(answer, schema)


def hot(*devices: dict[str, str]) -> dict[str, Any]:
    return {"id": len(devices), "argv": [*Q35, *PORT], "hotplug": list(devices)}


def test_hot_plug_in_turn(qrules: Run, schema: dict[str, Any]) -> None:
    fits, no_room, wrong_bus = {"driver": "e1000e", "bus": "port"}, {"driver": "igb", "bus": "port"}, {"driver": "e1000e"}
    _, answers = ask(qrules, [hot(), hot(fits), hot(fits, no_room), hot(wrong_bus, fits)])
    assert [a["verdict"] for a in answers] == ["accept", "accept", "reject", "accept"]
    assert answers[1]["placements"][-1]["hotplug"] == 0
    assert [(r["hotplug"], r["rule"]) for r in answers[2]["reasons"]] == [(1, "function-zero-comes-last")]
    assert answers[3]["reasons"][0]["hotplug"] == 0, "why an earlier one was passed over is told too"
    assert answers[3]["placements"][-1]["hotplug"] == 1
    for answer in answers:
        jsonschema.validate(answer, schema)


def test_a_start_that_fails_answers_the_hot_plug_too(qrules: Run) -> None:
    _, (answer,) = ask(qrules, [{"argv": [*Q35, *HELD], "hotplug": {"driver": "usb-kbd"}}])
    assert answer["verdict"] == "reject"
    assert [r["rule"] for r in answer["reasons"]] == ["addr"]


BAD = [
    ("nonsense", "not JSON"),
    ("[1]", "not an object"),
    ('{"id": 1}', "no list of texts"),
    ('{"argv": ["-M", 3]}', "no list of texts"),
    ('{"argv": [], "arch": 3}', '"arch" is no text'),
    ('{"argv": [], "hotplug": {"bus": "x"}}', "names no device"),
    ('{"argv": [], "profile": [1]}', "list of texts"),
    ('{"argv": [], "profile": "wish"}', "no rules stand under the profile"),
    ('{"argv": ["-device"]}', "needs an argument"),
    ('{"argv": [], "speed": 1}', "'speed' is not a member"),
    ("[" * 100_000, "nested more than 200 deep"),
    ('"' + "x" * 5_000_000 + '"', "more than 4 MiB"),
]


@pytest.mark.parametrize(("line", "said"), BAD, ids=[said for _, said in BAD])
def test_a_bad_line_stops_no_other(line: str, said: str, qrules: Run, schema: dict[str, Any]) -> None:
    good = {"id": 1, "argv": Q35}
    status, answers = ask(qrules, [good, line, "", good])
    assert status == 2
    assert [a["verdict"] for a in answers] == ["accept", "unreadable", "accept"]
    assert said in answers[1]["reasons"][0]["message"]
    jsonschema.validate(answers[1], schema)


def test_what_the_rules_know_nothing_of_is_unknown(qrules: Run, schema: dict[str, Any]) -> None:
    status, answers = ask(qrules, [{"argv": Q35, "arch": "vax"}, {"argv": Q35, "qemu": "3.1"}])
    assert status == 3
    for answer in answers:
        assert answer["verdict"] == "unknown"
        jsonschema.validate(answer, schema)


def test_several_processes_keep_the_order(qrules: Run) -> None:
    lines: list[object] = [{"id": n, "argv": [*Q35, "-device", f"e1000,addr={n % 40:x}"]} for n in range(300)]
    alone, together = ask(qrules, lines), ask(qrules, lines, "--jobs", "2")
    assert together == alone
    assert [a["id"] for a in together[1]] == list(range(300))


def test_the_defaults_of_all_lines(qrules: Run) -> None:
    lines: list[object] = [{"argv": ["-M", "pc-q35-7.2"]}, {"argv": ["-M", "pc-q35-10.0"], "qemu": "10.0"}]
    _, answers = ask(qrules, lines, "--qemu", "7.2", "--profile", "qemu")
    assert [a["verdict"] for a in answers] == ["accept", "accept"]


def test_misuse(qrules: Run, tmp_path: Path) -> None:
    for words in (("--jsonl", "-", "--", "-M", "q35"), ("--jsonl", "-", "--jobs", "0"), ("--jsonl", str(tmp_path / "none"))):
        done = qrules("check", *words)
        assert (done.returncode, done.stdout) == (2, ""), words


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    line = json.dumps({"argv": [*Q35, *(["-device", "e1000"] * 20)]}) + "\n"
    peaks = []
    for count in (50, 50, 1000):  # the first run loads the rules
        file = tmp_path / "lines"
        file.write_text(line * count)
        tracemalloc.start()
        with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
            assert main(["check", "--jsonl", str(file)]) == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] + 2_000_000, "the machines of 1,000 lines would take ten times that"


# ------------------------------------------------------------------------------------- processes
LINE = json.dumps({"id": 1, "argv": Q35}) + "\n"


def stream(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from qrules.cli.main import run; run()", "check", "--jsonl", "-", *words]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **pipes, preexec_fn=heed_the_keyboard)  # type: ignore[call-overload, no-any-return]


def heed_the_keyboard() -> None:
    """A shell has what it starts in the background ignore the keyboard, and so would what that starts: nobody could interrupt it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children(of: int) -> list[int]:
    return [int(pid) for task in Path(f"/proc/{of}/task").glob("*/children") for pid in task.read_text().split()]


def gone(pid: int) -> bool:
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(number: int) -> None:
    with stream("--jobs", "2") as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        assert asked.stderr is not None
        asked.stdin.write(LINE.encode() * 1000)
        asked.stdin.flush()
        assert asked.stdout.read(1) == b"{"
        workers = children(asked.pid)
        asked.send_signal(number)
        said = asked.stderr.read()
        assert asked.wait(30) == (130 if number == signal.SIGINT else -number)
        assert said == b""
        assert [pid for pid in workers if not gone(pid)] == []


def test_no_more_processes_than_lines_or_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(processes, "ProcessPoolExecutor", lambda count, *_, **__: started.append(count))
    args = argparse.Namespace()
    (answer,) = bulk._answers(FakeBulk(), args, iter([b"1"]), 2)
    assert json.loads(answer[0])["id"] == 1
    assert started == []
    with pytest.raises(AttributeError):
        list(bulk._answers(FakeBulk(), args, iter([b"1", b"2", b"3"]), 2))
    assert started == [2]
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2}, raising=False)
    assert [common.at_once(wanted) for wanted in (None, 1, 3, 100_000)] == [3, 1, 3, 3]
    with pytest.raises(Unusable):
        common.at_once(0)


class FakeBulk(bulk._Lines):
    def __init__(self) -> None:
        self.lines = 0

    def answer(self, line: bytes) -> tuple[str, tuple[str, ...]]:
        return json.dumps({"id": int(line)}), ("config", "accept")


def test_a_worker_that_is_killed_is_told() -> None:
    with stream("--jobs", "2") as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        assert asked.stderr is not None
        asked.stdin.write(LINE.encode() * 1000)
        asked.stdin.flush()
        for _ in range(500):
            if workers := children(asked.pid):
                break
            time.sleep(0.02)
        os.kill(workers[0], signal.SIGKILL)
        asked.stdin.close()
        asked.stdout.read()
        assert b"ended from outside" in asked.stderr.read()
        assert asked.wait(30) == 2
