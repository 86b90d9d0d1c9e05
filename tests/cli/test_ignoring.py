"""Rules that are not to count, each with its reason: comments, `qrules.toml`, baselines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from qrules.report.schema import schema
from tests.conftest import Run

HELD = "qemu-system-x86_64 -M q35 -device e1000,addr=1f.0\n"
FLOPPY = "qemu-system-x86_64 -M q35 -device floppy\n"
CONSEQUENCE = "qemu-system-x86_64 -M q35 -device qemu-xhci,id=x,addr=1f.0 -device usb-kbd,bus=x.0\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_comment_is_for_the_command_line_below_it(qrules: Run, here: Path) -> None:
    (here / "vm.sh").write_text(f"# qrules: ignore addr, no-bus because the old tool moves it\n# more\n\n{HELD}{HELD}")
    answer = json.loads(qrules("check", "--json", "vm.sh").stdout)
    first, second = answer["commands"]
    jsonschema.validate(answer, schema("check"))
    assert (first["verdict"], first["counted"]) == ("reject", "accept"), "the verdict stays what the rules say"
    assert first["reasons"][0]["ignored"] == "the old tool moves it (vm.sh:1)"
    assert (second["verdict"], second["counted"], "ignored" in second["reasons"][0]) == ("reject", "reject", False)
    assert qrules("check", "vm.sh").returncode == 1


def test_a_comment_in_the_line(qrules: Run, here: Path) -> None:
    (here / "vm.sh").write_text(HELD.rstrip() + "  # qrules: ignore addr because so\n")
    done = qrules("check", "vm.sh")
    assert (done.returncode, done.stdout.startswith("rejected")) == (0, True)
    assert (
        "ignored: it does not count for the exit status\n  addr: so (vm.sh:1)\n  what is left counts as accepted" in done.stdout
    )
    assert "--repairs" not in done.stdout


def test_a_whole_file_and_what_ignores_nothing(qrules: Run, here: Path) -> None:
    (here / "vm.sh").write_text(f"{HELD}echo\n{HELD}# qrules: ignore-file addr, chassis-slot because so\n")
    done = qrules("check", "vm.sh")
    assert done.returncode == 0
    assert "vm.sh:4: there is nothing of the rule 'chassis-slot' to ignore here" in done.stdout


def test_consequences_do_not_count_either(qrules: Run, here: Path) -> None:
    (here / "vm.sh").write_text("# qrules: ignore addr because so\n" + CONSEQUENCE)
    assert qrules("check", "vm.sh").returncode == 0


@pytest.mark.parametrize("said", ["ignore addr", "ignore because so", "ignre addr because so", "", "ignore addr because "])
def test_a_comment_without_reason_is_unreadable(qrules: Run, here: Path, said: str) -> None:
    (here / "vm.sh").write_text(f"# qrules: {said}\n{HELD}")
    for words in ((), ("--format", "concise")):
        done = qrules("check", *words, "vm.sh")
        assert done.returncode == 2
        assert "QR457" in done.stdout + done.stderr


def test_formats_leave_out_what_is_ignored_or_say_so(qrules: Run, here: Path) -> None:
    (here / "vm.sh").write_text("# qrules: ignore addr because so\n" + HELD)
    assert qrules("check", "--format", "concise", "vm.sh").stdout == "vm.sh:2:1: accepted (1 ignored)\n"
    assert qrules("check", "--format", "github", "vm.sh").stdout == ""
    assert json.loads(qrules("check", "--format", "gitlab", "vm.sh").stdout) == []
    assert 'failures="0" errors="0"' in qrules("check", "--format", "junit", "vm.sh").stdout
    (result,) = json.loads(qrules("check", "--format", "sarif", "vm.sh").stdout)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "so (vm.sh:1)"}]


# ------------------------------------------------------------------------------------- qrules.toml
def test_settings_of_a_project(qrules: Run, here: Path) -> None:
    (here / "old").mkdir()
    (here / "old" / "a.sh").write_text(FLOPPY)
    (here / "b.sh").write_text(FLOPPY)
    (here / "qrules.toml").write_text(
        'qemu = "7.2"\nprofiles = ["qemu"]\n[[ignore]]\nrule = "no-bus"\nfiles = ["old/*.sh"]\nreason = "scrapped soon"\n'
    )
    answer = json.loads(qrules("check", "--json", "old/a.sh").stdout)
    assert (answer["qemu"], answer["counted"]) == ("7.2.22", "accept")
    assert "scrapped soon" in answer["reasons"][0]["ignored"]
    assert qrules("check", "b.sh").returncode == 1
    assert json.loads(qrules("check", "--json", "--qemu", "10.0", "b.sh").stdout)["qemu"] == "10.0.2"
    assert json.loads(qrules("check", "--json", "--settings", "none", "old/a.sh").stdout)["qemu"] != "7.2.22"
    assert json.loads(qrules("types", "q35", "--json").stdout)["qemu"] == "7.2.22", "for all verbs"


def test_settings_are_found_above_up_to_the_checkout(qrules: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "qrules.toml").write_text('format = "concise"\nstrict = true\n')
    (here / "a" / "b").mkdir(parents=True)
    (here / "a" / "b" / "vm.sh").write_text(HELD)
    monkeypatch.chdir(here / "a" / "b")
    assert qrules("check", "vm.sh").stdout.startswith("vm.sh:1:35: error: ")
    (here / "a" / ".git").mkdir()
    assert qrules("check", "vm.sh").stdout.startswith("rejected")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("qemu = 10", "qemu is int"),
        ('qmeu = "10.0"', "did you mean 'qemu'"),
        ('format = "githb"', "did you mean 'github'"),
        ("profiles = [1]", "profiles is no list of texts"),
        ("[[ignore]]\nrule = 'a'", "it has no reason"),
        ("[[ignore]]\nreason = 'a'", "it has no rule"),
        ("ignore = [1]", "this is no table"),
        ("qemu = ", "this is no TOML"),
        ("a = " + "[" * 5000, "this is no TOML"),
        ('profiles = ["quemu"]', "did you mean 'qemu'"),
        ('baseline = "none.json"', "can't read it"),
    ],
)
def test_wrong_settings_are_told(qrules: Run, here: Path, text: str, said: str) -> None:
    (here / "qrules.toml").write_text(text + "\n")
    done = qrules("check", "--", "-M", "q35")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_others_may_write_are_not_heeded(qrules: Run, here: Path) -> None:
    (here / "qrules.toml").write_text('qemu = "7.2"\n')
    (here / "qrules.toml").chmod(0o666)
    done = qrules("check", "--", "-M", "q35")
    assert "QEMU 7.2" not in done.stdout
    assert "is not heeded" in done.stderr


# ------------------------------------------------------------------------------------- baselines
def test_a_baseline_of_old_configs(qrules: Run, here: Path) -> None:
    (here / "a.sh").write_text(HELD + HELD)
    done = qrules("check", "--write-baseline", "known.json", "--reason", "they are gone in May", "a.sh")
    assert (done.returncode, done.stderr) == (0, "known.json: 2 findings of 2 command lines\n")
    assert qrules("check", "--baseline", "known.json", "a.sh").returncode == 0
    (here / "a.sh").write_text(HELD + HELD + HELD)
    done = qrules("check", "--baseline", "known.json", "--format", "concise", "a.sh")
    assert (done.returncode, done.stdout.count("ignored"), done.stdout.count("error")) == (1, 2, 1)
    (here / "qrules.toml").write_text('baseline = "known.json"\n')
    (here / "a.sh").write_text(HELD)
    done = qrules("check", "a.sh")
    assert done.returncode == 0
    assert "they are gone in May" in done.stdout
    assert os.listdir(here).count("known.json") == 1


def test_a_baseline_wants_a_reason_and_its_form(qrules: Run, here: Path) -> None:
    (here / "a.sh").write_text(HELD)
    assert "wants its reason" in qrules("check", "--write-baseline", "b.json", "a.sh").stderr
    for text in ("", "[]", '{"reason": 1, "findings": []}', '{"reason": "a", "findings": [{"file": 1}]}', "[" * 100_000):
        (here / "b.json").write_text(text)
        done = qrules("check", "--baseline", "b.json", "a.sh")
        assert (done.returncode, "QR458" in done.stderr) == (2, True), text[:40]


@pytest.mark.parametrize(
    "said", ["strict = " + "9" * 5_000, "a." * 50_000 + "b = 1", '"a".' * 65 + "b = 1", "[" + "a." * 65 + "b]", "#" * 300_000]
)
def test_settings_that_would_cost_too_much(qrules: Run, here: Path, said: str) -> None:
    (here / "qrules.toml").write_text(said)
    (here / "a.sh").write_text(HELD)
    done = qrules("check", "a.sh")
    assert (done.returncode, "QR458" in done.stderr) == (2, True), said[:40]


def test_settings_with_many_dots_are_read(qrules: Run, here: Path) -> None:
    files = ",".join(f'"old/{n}.sh"' for n in range(100))
    (here / "qrules.toml").write_text(f'# {"." * 80}\n[[ignore]]\nrule = "addr"\nreason = "so{"." * 80}"\nfiles = [{files}]\n')
    (here / "a.sh").write_text(HELD)
    assert qrules("check", "a.sh").returncode == 1
