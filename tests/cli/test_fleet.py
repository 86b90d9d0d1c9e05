"""``qrules fleet``: what is printed, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from qrules.cli.main import main
from qrules.diagnostics import Unusable
from qrules.report.schema import schema

ARGV = ["-M", "q35", "-device", "floppy"]


@pytest.fixture
def fleet(tmp_path: Path) -> str:
    path = tmp_path / "fleet.jsonl"
    lines = [{"id": f"vm{n}", "argv": ARGV[: 2 + 2 * (n % 3 == 0)]} for n in range(6)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_the_summary_tells_which_rule_and_how_many(fleet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", fleet, "--jobs", "1", "--output", str(tmp_path / "out.csv")]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "6 configs: 4 accepted, 2 rejected"
    assert told[3].split()[0] == "2"
    assert told[3].endswith("(such as vm0, vm3)")


def test_json_is_as_its_schema(fleet: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    checker = jsonschema.Draft202012Validator(schema("fleet"))
    for more in ([], ["--from", "10.0"]):
        status = main(["fleet", fleet, "--jobs", "1", "--restart", "--json", "--output", str(out), *more])
        assert status == 1
        summary = json.loads(capsys.readouterr().out)
        checker.validate(summary)
        assert summary["configs"] == 6
        assert ("changed" in summary) is bool(more)
        for line in out.read_text().splitlines():
            checker.validate(json.loads(line))


def test_an_accepted_fleet_is_0(tmp_path: Path) -> None:
    (tmp_path / "fleet.jsonl").write_text(json.dumps({"argv": ["-M", "q35"]}))
    assert main(["fleet", str(tmp_path / "fleet.jsonl"), "--output", str(tmp_path / "out.jsonl")]) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--output", "x.txt"], "QR466"),
        (["--output", "x.csv", "--qemu", "1.0"], "QR421"),
        (["--output", "x.csv", "--jobs", "0"], "QR438"),
    ],
)
def test_what_can_not_be_is_told(
    fleet: str, words: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unusable) as told:
        main(["fleet", fleet, *words])
    assert told.value.diagnostics[0].code == code
    assert [path.name for path in tmp_path.iterdir()] == ["fleet.jsonl"]
