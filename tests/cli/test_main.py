"""The command line as a user meets it: answers, exit statuses, and what bad input gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run

FLOPPY = ("check", "--", "qemu-system-x86_64", "-M", "q35", "-device", "floppy")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("why", "floppy", "--on", "q35"), 0),  # a why that says no is an answer
        (("check", "--", "-M", "q35"), 0),
        (FLOPPY, 1),
        (("check", "--", "-M", "pc", "-device", "adlib"), 3),  # for the host to say: unknown
        (("check", "--", "-device"), 2),
        (("why", "flopy", "--on", "q35"), 2),
        (("why", "floppy", "--on", "q36"), 2),
        (("why",), 2),
        (("why", "usb-kbd", "--on", "xlnx-versal-virt", "--arch", "aarch64"), 3),
        (("buses", "xlnx-versal-virt", "--arch", "aarch64"), 2),
        (("nonsense",), 2),
        (("types", "q35", "usb=maybe"), 2),
        (("types", "q35", "--qemu", "3.1"), 2),
        (("types", "q35", "--arch", "vax"), 2),
        (("types", "q35", "--rules", "/nonexistent/rules"), 2),
        (("check", "/nonexistent/file"), 2),
        (("check",), 2),
        (("check", "--profile", "wish", "--", "-M", "q35"), 2),
        (("harvest", "/nonexistent/qemu"), 2),
        (("verify", "/nonexistent/qemu"), 2),
        (("learn", "/nonexistent/qemu", "q35"), 2),
        (("--help",), 0),
        (("why", "--help"), 0),
        (("--version",), 0),
    ],
)
def test_exit_status(qrules: Run, words: tuple[str, ...], status: int) -> None:
    done = qrules(*words)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (status != 2), "answers go to the output, complaints to the error stream"
    assert bool(done.stderr) == (status == 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("why", "flopy", "--on", "q35"), "did you mean 'floppy'"),
        (("types", "q53"), "did you mean 'q35'"),
        (("wy", "floppy"), "did you mean 'why'"),
        (("check", "--profile", "qmeu", "--", "-M", "q35"), "did you mean 'qemu'"),
    ],
)
def test_near_misses(qrules: Run, words: tuple[str, ...], said: str) -> None:
    assert said in qrules(*words).stderr


NEEDY = ("--rules", "tests/language/behaviours/start")


@pytest.mark.parametrize(
    "words", [("buses", "coldfire"), ("types", "coldfire"), ("slots", "coldfire"), ("why", "card", "--on", "coldfire")]
)
def test_a_machine_that_does_not_start_is_answered_for(qrules: Run, words: tuple[str, ...]) -> None:
    done = qrules(*words, *NEEDY)
    assert done.returncode == 0, done.stderr
    answer, _, lacks = done.stdout.partition("coldfire does not start like this")
    assert "slots" in answer
    assert "Kernel image must be specified" not in answer
    assert "Kernel image must be specified" in lacks
    assert "say -kernel FILE" in lacks


def test_what_a_machine_lacks_is_a_reason_to_reject_its_config(qrules: Run) -> None:
    line = ("qemu-system-toy", "-M", "coldfire", "-device", "card")
    without, given = (qrules("check", "--json", *NEEDY, "--", *line, *more) for more in ((), ("-kernel", "vmlinux")))
    assert (without.returncode, given.returncode) == (1, 0)
    reasons = json.loads(without.stdout)["reasons"]
    assert [(r["rule"], r["emulator-message"], r["instead"]) for r in reasons] == [
        ("kernel", "Kernel image must be specified", "say -kernel FILE")
    ]
    assert json.loads(given.stdout)["reasons"] == []


def test_what_a_machine_lacks_in_json(qrules: Run) -> None:
    without, whole = (json.loads(qrules("buses", name, "--json", *NEEDY).stdout) for name in ("coldfire", "versatile"))
    assert [r["rule"] for r in without["lacks"]] == ["kernel"]
    assert [b["id"] for b in without["buses"]] == ["root", "slots"]
    assert whole["lacks"] == []


def test_options_may_stand_anywhere(qrules: Run) -> None:
    one, other = qrules("buses", "q35", "--nodefaults", "usb=on"), qrules("buses", "--nodefaults", "q35", "usb=on")
    assert one.returncode == 0
    assert one.stdout == other.stdout


def test_a_file_with_a_shells_line(qrules: Run, tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text("# my machine\nqemu-system-x86_64 -M q35 \\\n  -device 'e1000,addr=1f.0'\n")
    done = qrules("check", str(script))
    assert done.returncode == 1
    assert "e1000,addr=1f.0" in done.stdout
    read = qrules("check", "-", stdin=script.read_text()).stdout
    named = done.stdout.replace(str(script), "standard input")
    answers = [" ".join(text.partition("`qrules check --repairs`")[0].split()) for text in (read, named)]
    assert answers[0] == answers[1], "but for the way on: what came from a pipe can't be mended where it stands"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'qemu "unclosed', b"\0" * 10, b"# only a comment\n"])
def test_files_that_are_no_command_lines(qrules: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config"
    file.write_bytes(content)
    done = qrules("check", str(file))
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2 or not content.strip(b"\0")


def test_json_says_what_text_says(qrules: Run) -> None:
    answer = json.loads(qrules("check", "--json", "--qemu", "10.0", *FLOPPY[1:]).stdout)
    assert (answer["schema"], answer["verdict"], answer["machine"]) == (1, "reject", "pc-q35-10.0")
    (reason,) = answer["reasons"]
    assert reason["emulator-message"] == "No 'floppy-bus' bus found for device 'floppy'"
    assert reason["devices"] == [0]
    assert reason["span"] == {"argument": 4, "start": 0, "end": 6}
    assert reason["where"]["file"] == "rules/common/qdev.qr"


def test_query_machines_has_the_rfcs_keys(qrules: Run) -> None:
    entries = {e["name"]: e for e in json.loads(qrules("query-machines", "--qemu", "10.0").stdout)["return"]}
    q35 = entries["pc-q35-10.0"]
    assert (q35["alias"], q35["cpu-max"], q35["hotpluggable-cpus"]) == ("q35", 4096, True)
    assert q35["default-bus"] == {"id": "pcie.0", "type": "PCIE"}
    assert "floppy" not in q35["supported-device-types"]
    assert "floppy" in entries["pc-i440fx-10.0"]["supported-device-types"]
    assert entries["pc-i440fx-10.0"]["is-default"] is True


def test_colour_only_when_wanted(qrules: Run) -> None:
    assert "\033[" not in qrules("why", "floppy", "--on", "q35").stdout
    assert "\033[" in qrules("why", "floppy", "--on", "q35", "--colour", "always").stdout


@pytest.mark.parametrize("words", [("why", "usb-kbd", "--on", "q35"), ("types", "pc", "--json"), ("query-machines",), FLOPPY])
def test_the_same_bytes_under_any_hash_seed(qrules: Run, words: tuple[str, ...]) -> None:
    assert len({qrules(*words, PYTHONHASHSEED=str(seed)).stdout for seed in (0, 1, 4242)}) == 1


def test_a_read_only_home_works(qrules: Run, tmp_path: Path) -> None:
    done = qrules("why", "floppy", "--on", "q35", HOME="/proc/nonexistent", XDG_CACHE_HOME="/proc/nonexistent")
    assert done.returncode == 0
    assert done.stdout.startswith("No: ")


def test_a_closed_pipe_is_told_by_the_status_alone(qrules: Run) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from qrules.cli.main import run; run()", "types", "q35"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")  # 128 + SIGPIPE, as other tools


@pytest.mark.parametrize(
    ("words", "closed", "status", "said"),
    [
        (("check", "-"), "<&-", 2, "standard input is closed"),
        (("check", "--jsonl", "-"), "<&-", 2, "standard input is closed"),
        (("explain", "-"), "<&-", 2, "standard input is closed"),
        (("types", "q35"), ">&-", 2, "standard output is closed"),
        (("check", "-"), "<&- >&-", 2, "standard output is closed"),
        (("types", "q35"), ">/dev/full", 2, "No space left on device"),
        (("--help",), ">/dev/full", 2, "No space left on device"),
        (("nonsense",), "2>&-", 2, ""),
        (("types", "q35"), "2>&-", 0, ""),
    ],
)
def test_descriptors_that_are_closed_or_full(words: tuple[str, ...], closed: str, status: int, said: str) -> None:
    command = f"{sys.executable} -c 'from qrules.cli.main import run; run()' {' '.join(words)} {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(("fault", "status", "said"), [
    ("MemoryError()", 2, "not enough memory"), ("RecursionError()", 2, "nested deeper"), ("KeyboardInterrupt()", 130, ""),
    ("AssertionError('x')", 70, "a bug of qrules itself"), ("OSError(5, 'Input/output error', 'disk')", 2, "disk: Input/output error"),
])  # fmt: skip
def test_what_goes_wrong_inside_is_no_answer(fault: str, status: int, said: str) -> None:
    program = (
        "import sys\nfrom qrules.cli import ask\nfrom qrules.cli.main import run\n"
        f"def wrong(args): raise {fault}\nask._types = wrong\nsys.argv = ['qrules', 'types', 'q35']\nrun()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
