"""The QEMU at hand: asked once, kept by content, and then its own types and machines are those that count."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qrules.qemu import at_hand
from qrules.qemu.facts import Facts, MachineType
from tests.conftest import Run
from tests.qemu.conftest import Binary
from tests.qemu.test_catalogue_text import FACTS

pytestmark = pytest.mark.usefixtures("own_cache")


def machine(name: str, **more: object) -> MachineType:
    made = MachineType(name, "machine", False, "", False, False, 1, False, ())
    return made._replace(**more)  # type: ignore[arg-type]


def facts(*machines: MachineType) -> Facts:
    return FACTS._replace(machine_types=tuple(sorted(machines)))


def test_a_vendors_machines_stand_under_the_names_that_they_stand_for() -> None:
    found = at_hand.as_upstream(facts(machine("pc-q35-rhel9.4.0", alias="q35", default=True), machine("none"))).machine_types
    assert [(m.name, m.alias, m.default) for m in found] == [("none", "", False), ("pc-q35-8.2", "q35", True)]


def test_of_two_of_one_name_the_emulators_own_is_kept() -> None:
    mine, own = machine("pc-i440fx-noble", default=True, cpu_max=2), machine("pc-i440fx-8.2", alias="pc", cpu_max=3)
    (found,) = at_hand.as_upstream(facts(mine, own)).machine_types
    assert (found.name, found.alias, found.default, found.cpu_max) == ("pc-i440fx-8.2", "pc", True, 3)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The binaries that are harvested; they are whatever file there is."""
    seen: list[str] = []

    def gather(binary: str, timeout: float) -> Facts:
        seen.append(binary)
        return facts(machine("box"))

    monkeypatch.setattr(at_hand, "version", lambda binary, timeout: "9.9.1")
    monkeypatch.setattr(at_hand, "gather", gather)
    return seen


def test_a_binary_is_harvested_once_by_its_content(asked: list[str], tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    for path, text in ((first, "a"), (second, "a"), (other, "b")):
        path.write_text(text)
        path.chmod(0o755)
    one = at_hand.at_hand(str(first))
    assert at_hand.at_hand(str(first)) == one
    assert at_hand.at_hand(str(second)) == one
    assert at_hand.at_hand(str(other)).folder != one.folder
    assert asked == [str(first), str(other)]
    assert sorted(p.name for p in one.folder.iterdir()) == ["all.qr", "own.qr"]
    assert one.folder.stat().st_mode & 0o077 == 0


def test_without_a_cache_it_lives_as_long_as_the_process(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    binary = tmp_path / "qemu"
    binary.write_text("a")
    binary.chmod(0o755)
    assert at_hand.at_hand(str(binary)) == at_hand.at_hand(str(binary))
    assert asked == [str(binary)]


def test_what_it_has_and_lacks(qemu: Binary, qrules: Run) -> None:
    other = {"7.2": "pc-q35-9.0", "10.0": "pc-i440fx-1.7", "11.1": "pc-i440fx-1.7"}[qemu.series]  # which the other one has
    answer = qrules("check", "--binary", qemu.path, "--", "-M", other)
    assert (answer.returncode, f"QEMU {qemu.series}." in answer.stdout) == (1, True)
    assert f"has no machine '{other}'" in answer.stdout
    named = qrules("check", "--binary", "auto", "--", qemu.path, "-M", "q35", "-device", "e1000")
    assert (named.returncode, f"QEMU {qemu.series}." in named.stdout) == (0, True)


def test_the_program_that_is_named_has_to_be_here(qrules: Run) -> None:
    for words in (["-M", "q35"], ["/nowhere/qemu-system-x86_64", "-M", "q35"]):
        answer = qrules("check", "--binary", "auto", "--", *words)
        assert (answer.returncode, "QR459" in answer.stderr) == (2, True)
    assert "QR452" in qrules("check", "--binary", "x", "--qemu", "10.0", "--", "-M", "q35").stderr
    true = shutil.which("true") or "/bin/true"
    assert "QR510" in qrules("why", "e1000", "--on", "q35", "--binary", true).stderr
