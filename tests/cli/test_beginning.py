"""A site's own rules: the start that `rules new` makes, and how verbs speak of what such rules say."""

from __future__ import annotations

from pathlib import Path

import pytest

import qrules as api
from tests.conftest import Run

SPARE = ("-M", "q35", "-nodefaults", "-device", "e1000e")


@pytest.fixture(scope="module")
def site(qrules: Run, own_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "rules"
    done = qrules("rules", "new", str(folder))
    assert done.returncode == 0, done.stderr
    assert f"qrules rules test {folder}" in done.stdout
    return folder


def test_the_start_passes_lint_test_and_fmt(qrules: Run, site: Path) -> None:
    assert qrules("rules", "lint", str(site)).stdout == "0 findings\n"
    done = qrules("rules", "test", str(site))
    assert (done.returncode, done.stdout) == (0, "2 passed, 0 failed\n"), "its own tests, not those of the shipped rules"
    assert qrules("rules", "fmt", "--check", str(site)).returncode == 0


def test_nothing_is_written_over(qrules: Run, site: Path) -> None:
    done = qrules("rules", "new", str(site))
    assert (done.returncode, done.stdout) == (2, "")
    assert "QR509" in done.stderr


def test_a_broken_policy_is_found_by_its_test(qrules: Run, site: Path, tmp_path: Path) -> None:
    for name in ("site.qr", "tests.qr"):
        (tmp_path / name).write_text((site / name).read_text().replace(">= 2", ">= 1"))
    done = qrules("rules", "test", str(tmp_path))
    assert done.returncode == 1
    assert "refused by spare-root-ports" in done.stdout


def test_lint_asks_no_source_of_a_policy_but_a_reason(qrules: Run, site: Path, tmp_path: Path) -> None:
    text = (site / "site.qr").read_text()
    because = next(line for line in text.splitlines() if "floppies are not backed up" in line)
    (tmp_path / "site.qr").write_text(text.replace(because + "\n", ""))
    done = qrules("rules", "lint", str(tmp_path))
    assert done.returncode == 1
    assert "QR601" in done.stdout
    assert "QR602" not in done.stdout


def test_check_rejects_by_it(qrules: Run, site: Path) -> None:
    done = qrules("check", "--rules", str(site), "--", *SPARE)
    assert done.returncode == 1
    assert "two root ports are to stay free" in done.stdout
    assert qrules("check", "--rules", str(site), "--profile", "qemu", "--", *SPARE).returncode == 0


def test_place_adds_ports_for_it(qrules: Run, site: Path) -> None:
    done = qrules("place", "--rules", str(site), "--", *SPARE)
    assert done.returncode == 0, done.stdout
    words = api.place(argv=list(SPARE), rules=str(site))
    assert isinstance(words, api.Placed)
    argv = words.argv(list(SPARE))
    assert api.check(argv=argv, rules=str(site)).verdict == "accept"
    assert sum(word.startswith("pcie-root-port") for word in argv) == 3
    assert [origin for origin in words.origin if origin is not None] == [0]
    assert done.stdout.count("# added") == 3


def test_place_says_what_it_tried_where_nothing_helps(qrules: Run, site: Path, tmp_path: Path) -> None:
    (tmp_path / "site.qr").write_text((site / "site.qr").read_text().replace(">= 2", ">= 200"))
    done = qrules("place", "--rules", str(tmp_path), "--", *SPARE)
    assert done.returncode == 3
    assert "is refused by 'spare-root-ports'" in " ".join(done.stdout.split())


def test_a_refusal_is_no_guideline(qrules: Run, site: Path) -> None:
    for words in (("why", "floppy", "--on", "pc"), ("hotplug", "floppy", "--into", "--", "-M", "pc")):
        at = words.index("--") if "--" in words else len(words)
        done = qrules(*words[:at], "--rules", str(site), *words[at:])
        assert done.stdout.startswith("No: "), done.stdout
        assert "guideline" not in done.stdout
    assert "the rule 'no-floppies' forbids it" in qrules("why", "floppy", "--on", "pc", "--rules", str(site)).stdout
