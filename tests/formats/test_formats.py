"""Formats for programs: what each looks like, and that nothing from outside can say what only we say."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from qrules.cli import common
from qrules.formats import choice
from qrules.formats.findings import Finding, Place, Result
from qrules.visible import shown
from tests.conftest import Run

SARIF = jsonschema.Draft4Validator(json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text()))
CONFIGS = {
    "good.sh": "qemu-system-x86_64 -M q35\n",
    "bad.sh": "# one\nqemu-system-x86_64 -M q35 -device e1000,addr=1f.0 \\\n  -device floppy -qtest-log x\nqemu-system-x86_64 -M pc\n",
    "warned.sh": "qemu-system-x86_64 -M q35 -nodefaults -device pcie-root-port,id=r,chassis=1 -device e1000,bus=r\n",
    "unknown.sh": "qemu-system-x86_64 -M pc -device adlib\n",
    "broken.sh": 'qemu-system-x86_64 -M q35 -device "e1000\n',
    "notes.txt": "nothing here\n",
    ".hidden.sh": "qemu-system-x86_64 -M q36\n",
    "deeper/vm.cfg": '[device "a"]\n  driver = "e1000"\n  addr = "1.0"\n',
    "deeper/vm.xml": "<network/>\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in CONFIGS.items():
        (tmp_path / "vms" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "vms" / name).write_text(text)
    (tmp_path / "vms" / "link.sh").symlink_to("bad.sh")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_formats_are_known() -> None:
    assert set(common.FORMATS) == {*choice.OWN, *choice.SHARED}


def test_a_folder_in_text(qrules: Run, folder: Path) -> None:
    done = qrules("check", "vms")
    assert done.returncode == 2
    heads = re.findall(r"^(vms/\S+):\d+:\d+$", done.stdout, re.MULTILINE)
    assert heads == ["vms/bad.sh", "vms/bad.sh", "vms/good.sh", "vms/unknown.sh", "vms/warned.sh", "vms/deeper/vm.cfg"]
    assert "vms/broken.sh:1:35: error QR435" in done.stderr
    assert done.stderr.splitlines()[-2:] == [
        "6 files, 6 command lines: 2 accepted, 1 accepted with a warning, 2 rejected, 1 unknown, 1 unreadable",
        "2 files passed over, without a command line of QEMU: vms/notes.txt, vms/deeper/vm.xml",
    ]


def test_several_files_in_json(qrules: Run, folder: Path) -> None:
    done = qrules("check", "--json", "vms/bad.sh", "vms/notes.txt")
    assert done.returncode == 2, "a file that is named has to be a config"
    answer = json.loads(done.stdout)
    assert [(c["file"], c["verdict"]) for c in answer["commands"]] == [
        ("vms/bad.sh", "reject"),
        ("vms/bad.sh", "accept"),
        ("vms/notes.txt", "unreadable"),
    ]
    assert answer["commands"][2]["errors"][0]["code"] == "QR436"
    assert answer["commands"][0]["reasons"][1]["span"] == {"argument": 6, "start": 0, "end": 6, "line": 3, "column": 11}


def test_what_is_passed_over_is_listed_in_json(qrules: Run, folder: Path) -> None:
    listed = json.loads(qrules("check", "--json", "vms").stdout)["passed-over"]
    assert [one["file"] for one in listed] == ["vms/notes.txt", "vms/deeper/vm.xml"]
    assert listed[1]["why"] == "this is <network>, not a domain"


def test_jsonl_has_a_line_a_command_line(qrules: Run, folder: Path) -> None:
    lines = [json.loads(line) for line in qrules("check", "--format", "jsonl", "vms").stdout.splitlines()]
    assert [(line["file"], line["verdict"]) for line in lines][:3] == [
        ("vms/bad.sh", "reject"),
        ("vms/bad.sh", "accept"),
        ("vms/broken.sh", "unreadable"),
    ]


def test_a_folder_without_configs_is_unusable(qrules: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello\n")
    done = qrules("check", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "QR436" in done.stderr


def test_concise(qrules: Run, folder: Path) -> None:
    done = qrules("check", "--format", "concise", "vms/bad.sh", "vms/warned.sh")
    assert done.returncode == 1
    assert [re.sub(r": [^:\[]*.* \[", ": ... [", line) for line in done.stdout.splitlines()] == [
        "vms/bad.sh:2:35: ... [addr]",
        "vms/bad.sh:3:11: ... [no-bus]",
        "vms/bad.sh:4:1: accepted",
        "vms/warned.sh:1:85: ... [conventional-device-in-express-port]",
    ]


def test_github(qrules: Run, folder: Path) -> None:
    done = qrules("check", "--format", "github", str(folder / "vms"))
    commands = [line.partition(" ")[0] for line in done.stdout.splitlines()]
    assert commands == ["::error", "::error", "::notice", "::error", "::warning", "::warning", "::error"]
    assert done.stdout.startswith("::error file=vms/bad.sh,line=2,endLine=2,col=35,endColumn=50,title=addr::device 1, e1000: ")


def test_strict_makes_errors_of_warnings(qrules: Run, folder: Path) -> None:
    done = qrules("check", "--format", "github", "--strict", "vms/warned.sh")
    assert done.returncode == 1
    assert done.stdout.startswith("::error ")


def test_gitlab(qrules: Run, folder: Path) -> None:
    entries = json.loads(qrules("check", "--format", "gitlab", "vms").stdout)
    assert {frozenset(e) for e in entries} == {frozenset(("description", "check_name", "fingerprint", "severity", "location"))}
    assert len({e["fingerprint"] for e in entries}) == len(entries)
    assert {e["severity"] for e in entries} <= {"info", "minor", "major", "critical", "blocker"}
    assert entries[0]["location"] == {"path": "vms/bad.sh", "lines": {"begin": 2}}


def test_fingerprints_stay_when_lines_move(qrules: Run, folder: Path) -> None:
    before = json.loads(qrules("check", "--format", "gitlab", "vms/bad.sh").stdout)
    (folder / "vms" / "bad.sh").write_text("# more\n\n" + CONFIGS["bad.sh"])
    after = json.loads(qrules("check", "--format", "gitlab", "vms/bad.sh").stdout)
    assert [e["fingerprint"] for e in before] == [e["fingerprint"] for e in after]
    assert before[0]["location"] != after[0]["location"]


def test_sarif_is_as_its_schema_says(qrules: Run, folder: Path) -> None:
    done = qrules("check", "--format", "sarif", "vms")
    log = json.loads(done.stdout)
    assert [e.message for e in SARIF.iter_errors(log)] == []
    (run,) = log["runs"]
    kinds = {(r["ruleId"], r["kind"], r["level"]) for r in run["results"]}
    assert ("addr", "fail", "error") in kinds
    assert ("not-looked-at", "review", "none") in kinds
    assert any(kind == ("open", "none") for _, *rest in kinds for kind in [tuple(rest)])
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"] == "QR435"


def test_sarif_without_a_file_and_without_findings(qrules: Run) -> None:
    for words in (("-M", "q35", "-device", "floppy"), ("-M", "q35")):
        log = json.loads(qrules("check", "--format", "sarif", "--", *words).stdout)
        assert [e.message for e in SARIF.iter_errors(log)] == []
    assert log["runs"][0]["results"] == []


def test_standard_input_is_no_file(qrules: Run, folder: Path) -> None:
    text = CONFIGS["bad.sh"]
    for words in (("-",), ("-", "vms/good.sh")):
        done = qrules("check", "--format", "concise", *words, stdin=text)
        assert done.stdout.startswith("standard input:2:1: error: device 1, e1000: "), done.stdout
        assert json.loads(qrules("check", "--json", *words, stdin=text).stdout)["commands"][0]["file"] is None
        log = json.loads(qrules("check", "--format", "sarif", *words, stdin=text).stdout)
        assert "physicalLocation" not in log["runs"][0]["results"][0]["locations"][0]


def test_junit(qrules: Run, folder: Path) -> None:
    root = ET.fromstring(qrules("check", "--format", "junit", "vms").stdout)
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "7", "2", "2")
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases["vms/good.sh:1:1"].find("failure") is None
    failure = cases["vms/bad.sh:2:1"].find("failure")
    assert failure is not None
    assert failure.get("type") == "addr"
    assert "error: vms/bad.sh:3:11: device 2, floppy" in (failure.text or "")


HOSTILE = "x\n::error file=a::forged\r\n##[error]y %0A::stop-commands::z <![CDATA[ ]]> & \" ' \x1b[2J \u202e \ud800"


@pytest.mark.parametrize("form", choice.SHARED)
def test_nothing_from_outside_makes_a_command(form: str) -> None:
    place = Place(HOSTILE, 3, 4, 3, 9)
    found = [Finding(HOSTILE, level, HOSTILE, place, HOSTILE, HOSTILE) for level in ("error", "warning", "unknown", "note")]  # type: ignore[arg-type]
    unread = Finding("QR435", "unreadable", HOSTILE, Place(""))
    results = [Result(HOSTILE, place, "reject", tuple(found)), Result(HOSTILE, Place(""), "unreadable", (unread,))]
    text = "".join(shown(line) + "\n" for line in _composed(results, form))
    ours = ("::error ", "::warning ", "::notice ")
    for line in text.splitlines():
        assert not line.lstrip().startswith("::") or (form == "github" and line.startswith(ours)), line
        assert "##[" not in line
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", line)
    if form == "github":
        assert len(text.splitlines()) == 5
        assert all(line.count("::") == 2 or "::" not in line.split("::", 2)[1] for line in text.splitlines())
        assert "%0A::stop" not in text
    elif form == "junit":
        ET.fromstring(text)
    elif form in ("sarif", "gitlab"):
        json.loads(text)


def _composed(results: list[Result], form: str) -> list[str]:
    from qrules.formats.findings import said

    clean = [
        r._replace(
            name=said(r.name),
            findings=tuple(
                f._replace(message=said(f.message), advice=said(f.advice), emulator=said(f.emulator)) for f in r.findings
            ),
        )
        for r in results
    ]
    return list(choice.lines(clean, form))


def test_hostile_names_of_files(qrules: Run, tmp_path: Path) -> None:
    (tmp_path / "a\n::error::b,c:d.sh").write_text("qemu-system-x86_64 -M q35 -device 'x\n::error::y'\n")
    for form in common.FORMATS:
        done = qrules("check", "--format", form, str(tmp_path))
        assert done.returncode == 1, form
        for line in (done.stdout + done.stderr).splitlines():
            assert not line.startswith("::") or (form == "github" and line.startswith("::error file=")), (form, line)


def test_formats_of_rule_files(qrules: Run, tmp_path: Path) -> None:
    (tmp_path / "a.qr").write_text("")
    for words in (("rules", "lint", "tests/language/behaviours/start"), ("rules", "test", "tests/language/behaviours/start")):
        for form in common.FORMATS:
            done = qrules(*words, "--format", form)
            assert done.returncode in (0, 1), done.stderr
            if form == "sarif":
                assert [e.message for e in SARIF.iter_errors(json.loads(done.stdout))] == []
            elif form == "junit":
                assert ET.fromstring(done.stdout).tag == "testsuites"
            elif form == "json":
                assert json.loads(done.stdout)["schema"] == 1
            elif form == "gitlab":
                assert isinstance(json.loads(done.stdout), list)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "--json", "--", "-device"), "QR40"),
        (("check", "--format", "json", "/nonexistent/file"), "QR432"),
        (("check", "--format=jsonl", "/nonexistent/file"), "QR432"),
        (("why", "flopy", "--on", "q35", "--json"), "QR413"),
        (("why", "--json"), "QR400"),
        (("wy", "--json"), "QR400"),
        (("check", "--json", "--format", "github", "--", "-M", "q35"), "QR453"),
    ],
)
def test_errors_are_json_where_json_is_asked(qrules: Run, words: tuple[str, ...], code: str) -> None:
    done = qrules(*words)
    assert done.returncode == 2
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert told["errors"][0]["code"].startswith(code)


def test_repairs_go_with_text_and_json_alone(qrules: Run) -> None:
    done = qrules("check", "--repairs", "--format", "sarif", "--", "-M", "q35")
    assert (done.returncode, done.stdout) == (2, "")
    assert "QR454" in done.stderr
