"""Runs over fleets: any form in, any form out; what was ended goes on where it was, nothing twice, nothing lost."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qrules.diagnostics import Unusable
from qrules.fleet import kept, running, sources, tables
from qrules.fleet.asking import Asked
from qrules.fleet.kept import Kept
from qrules.fleet.running import run

WORDS = ["-M", "q35", "-name", "NAME", "-device", "e1000,id=card-NAME,addr=5"]


def config(number: int) -> list[str]:
    """Every tenth has two devices at one address."""
    words = [word.replace("NAME", f"vm{number}") for word in WORDS]
    return [*words, "-device", "e1000,addr=5"] if number % 10 == 3 else words


@pytest.fixture
def fleet(tmp_path: Path) -> str:
    path = tmp_path / "fleet.jsonl"
    path.write_text("".join(json.dumps({"id": f"vm{n}", "argv": config(n)}) + "\n" for n in range(60)))
    return str(path)


def rows(path: str | Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def test_every_config_has_its_row(fleet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_BYTES", 700)
    out = str(tmp_path / "out.jsonl")
    done = run(fleet, out, Asked())
    assert [(row["row"], row["id"]) for row in rows(out)] == [(n + 1, f"vm{n}") for n in range(60)]
    assert [row["verdict"] for row in rows(out)] == ["reject" if n % 10 == 3 else "accept" for n in range(60)]
    assert rows(out)[13]["emulator"] == "PCI: slot 5 function 0 not available for e1000, in use by e1000,id=card-vm13"
    assert done.counted["verdicts"] == {"accept": 54, "reject": 6}
    assert done.counted["rules"]["addr"][:2] == [6, ["vm3", "vm13", "vm23"]]
    assert sorted(os.listdir(tmp_path)) == ["fleet.jsonl", "out.jsonl"]
    plain = str(tmp_path / "plain.jsonl")
    run(fleet, plain, Asked(plainly=True))
    assert rows(plain) == rows(out)


def test_what_was_ended_goes_on(fleet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_BYTES", 700)
    whole, out = str(tmp_path / "whole.jsonl"), str(tmp_path / "out.jsonl")
    run(fleet, whole, Asked())
    answered: list[int] = []
    real = running.answer

    def some(found: object, piece: sources.Piece, *rest: object) -> dict[str, object]:
        if len(answered) == 5:
            raise KeyboardInterrupt
        answered.append(piece.number)
        return real(found, piece, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "answer", some)
    with pytest.raises(KeyboardInterrupt):
        run(fleet, out, Asked())
    assert not os.path.exists(out)
    Path(f"{out}.parts", "0000002.jsonl").write_bytes(b"half of it")  # as a disk leaves it whose machine has lost its power
    answered.clear()
    monkeypatch.setattr(running, "answer", lambda found, piece, *rest: answered.append(piece.number) or real(found, piece, *rest))
    done = run(fleet, out, Asked())
    assert Path(out).read_bytes() == Path(whole).read_bytes()
    assert answered[:2] == [2, 5]
    assert 0 < done.resumed < 60
    assert done.counted["configs"] == 60
    assert done.counted["rules"]["addr"][1] == ["vm3", "vm13", "vm23"]
    assert not os.path.exists(f"{out}.parts")


def test_killed_without_a_word(tmp_path: Path) -> None:
    vms = tmp_path / "vms"
    vms.mkdir()
    for number in range(400):
        (vms / f"vm{number:03}.sh").write_text("qemu-system-x86_64 " + " ".join(config(number)))
    whole, out = str(tmp_path / "whole.jsonl"), str(tmp_path / "out.jsonl")
    command = [sys.executable, "-m", "qrules", "fleet", str(vms), "--jobs", "2", "--plain", "--output"]
    with subprocess.Popen([*command, out], start_new_session=True, stdout=subprocess.DEVNULL) as asked:
        for _ in range(2_000):
            if os.path.isdir(f"{out}.parts") and any(name.endswith(".done") for name in os.listdir(f"{out}.parts")):
                break
            time.sleep(0.01)
        os.killpg(asked.pid, signal.SIGKILL)
    ended = os.path.isdir(f"{out}.parts")
    again = subprocess.run([*command, out, "--json"], capture_output=True, timeout=120, check=False)
    assert again.returncode == 1, again.stderr
    assert json.loads(again.stdout)["configs"] == 400
    assert json.loads(again.stdout)["resumed"] > 0 or not ended
    run(str(vms), whole, Asked())
    assert Path(out).read_bytes() == Path(whole).read_bytes()


def test_another_question_is_another_run(fleet: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    other = Kept(out)
    other.begin({"the options": 1}, out, False)
    other.release()
    with pytest.raises(Unusable, match="of another run: the version of qrules, the rules, the input, the options differ"):
        run(fleet, out, Asked())
    run(fleet, out, Asked(), restart=True)
    with pytest.raises(Unusable, match="there already"):
        run(fleet, out, Asked())
    before = Path(out).read_bytes()
    run(fleet, out, Asked(), restart=True)
    assert Path(out).read_bytes() == before


def test_what_is_not_ours_is_left_alone(fleet: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out.jsonl.parts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unusable, match="pieces are kept in a folder"):
        run(fleet, str(out), Asked(), restart=True)
    (tmp_path / "out.jsonl.parts").unlink()
    (tmp_path / "out.jsonl.parts").mkdir()
    (tmp_path / "out.jsonl.parts" / "mine.txt").write_text("mine")
    with pytest.raises(OSError, match="not empty"):
        run(fleet, str(out), Asked(), restart=True)
    assert (tmp_path / "out.jsonl.parts" / "mine.txt").read_text() == "mine"


def test_two_runs_keep_off_each_other(fleet: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    first = Kept(out)
    first.begin({}, out, False)
    with pytest.raises(Unusable, match="another run is at work"):
        run(fleet, out, Asked())
    first.remove()
    run(fleet, out, Asked())
    assert len(rows(out)) == 60


def test_csv_has_the_same_rows(fleet: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(fleet, str(out), Asked())
    with open(out, encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["id"] for row in found] == [f"vm{n}" for n in range(60)]
    assert found[3]["rules"] == "addr"
    assert found[4]["rule"] == ""


def test_parquet_has_the_same_rows(fleet: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra 'fleet' (pyarrow) is not installed")
    out, lines = str(tmp_path / "out.parquet"), str(tmp_path / "out.jsonl")
    run(fleet, out, Asked())
    run(fleet, lines, Asked())
    assert parquet.read_table(out).to_pylist() == rows(lines)


def test_without_the_extra_parquet_is_told(fleet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Unusable, match="need the package pyarrow"):
        run(fleet, str(tmp_path / "out.parquet"), Asked())
    assert sorted(os.listdir(tmp_path)) == ["fleet.jsonl"]


def test_a_table_has_one_of_three_forms(fleet: str) -> None:
    with pytest.raises(Unusable, match="does not tell its form"):
        run(fleet, "table.xlsx", Asked())
    assert tables.form("a.csv") == ".csv"


def test_an_upgrade_tells_what_changes(fleet: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    Path(fleet).write_text(
        json.dumps({"id": "gone", "argv": ["-M", "pc-i440fx-2.4"]})
        + "\n"
        + "".join(json.dumps({"id": f"vm{n}", "argv": ["-M", "q35", "-name", f"vm{n}"]}) + "\n" for n in range(6))
    )
    done = run(fleet, out, Asked(old="10.0", qemu="11.1"))
    first, *others = rows(out)
    assert first["verdict"] == "starts-changed"
    assert first["changes"]
    assert [row["verdict"] for row in others] == ["starts"] * 6
    assert done.counted["changed"] == sum(bool(row["guest"]) for row in rows(out)) > 0
    plain = str(tmp_path / "plain.jsonl")
    run(fleet, plain, Asked(old="10.0", qemu="11.1", plainly=True))
    assert rows(plain) == rows(out)


def test_examples_are_few() -> None:
    counted = kept.nothing()
    for row in range(9):
        kept.count(counted, row, None, {"verdict": "reject", "rules": ["a"], "rule": "a", "message": f"m{row}"})
    both = kept.nothing()
    kept.add(both, counted)
    kept.add(both, counted)
    assert both["rules"] == {"a": [18, ["0", "1", "2"], "m0"]}
