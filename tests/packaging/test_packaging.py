"""What stands beside the program, run as those run it who find it there: Git hooks, a workflow, libvirt, systemd, man."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qrules.cli.verbs import VERBS
from tests.conftest import Run

HOME = Path(__file__).resolve().parents[2]
SOUND = "qemu-system-x86_64 -M q35 -device e1000\n"
WRONG = "qemu-system-x86_64 -M q35 -device floppy\n"
DOMAIN = """<domain type='qemu'><name>vm</name><memory>65536</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>{}</devices></domain>"""
REFUSED = "<controller type='pci' index='1' model='pcie-root-port'><address type='pci' slot='0x1f' function='0x0'/></controller>"


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """An environment with `qrules` of this checkout on its PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "qrules"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(HOME))} exec {shlex.quote(sys.executable)} -m qrules "$@"\n')
    script.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def run(command: list[str], env: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=stdin, capture_output=True, text=True, env=env, timeout=120, check=False)


def hooks() -> dict[str, dict[str, str]]:
    """The Git hooks, by id; each is a list of plain keys and values."""
    found: dict[str, dict[str, str]] = {}
    for block in (HOME / ".pre-commit-hooks.yaml").read_text().split("- id: ")[1:]:
        name, *rest = block.splitlines()
        found[name] = dict(line.strip().split(": ", 1) for line in rest if line.strip())
    return found


@pytest.mark.parametrize(("hook", "name"), [("qrules-check", "vm.sh"), ("qrules-check", "vm.xml"), ("qrules-fmt", "site.qr")])
def test_git_hooks_take_the_files_that_they_say(hook: str, name: str, program: dict[str, str], tmp_path: Path) -> None:
    """The hook fails for a wrong file alone; a formatter does so by changing it."""
    text = {"vm.sh": (SOUND, WRONG), "vm.xml": (DOMAIN.format(""), DOMAIN.format(REFUSED))}
    sound, wrong = text.get(name, ("bus PCI\n  hotplug = off\n", "bus  PCI\n  hotplug=off\n"))
    own = hooks()[hook]
    assert re.search(own["files"], name)
    path = tmp_path / name
    for content, passes in ((sound, True), (wrong, False)):
        path.write_text(content)
        done = run([*shlex.split(own["entry"]), str(path)], program)
        assert (done.returncode == 0 and path.read_text() == content) is passes, done.stdout + done.stderr


def test_the_workflow_shows_findings_where_they_stand(program: dict[str, str], tmp_path: Path) -> None:
    told = (HOME / "action.yml").read_text()
    [script] = re.findall(r"\$GITHUB_ACTION_PATH/(packaging/\S+?)\"", told)
    (tmp_path / "vm.sh").write_text(WRONG)
    env = {**program, "PATHS": str(tmp_path / "vm.sh"), "QEMU_VERSION": "10.0", "STRICT": "true"}
    assert set(re.findall(r"^        ([A-Z_]+): ", told, re.MULTILINE)) == {"PATHS", "QEMU_VERSION", "STRICT"}
    done = run(["bash", str(HOME / script)], env)
    assert done.returncode == 1
    assert "::error file=" in done.stdout
    (tmp_path / "vm.sh").write_text(SOUND)
    assert run(["bash", str(HOME / script)], env).returncode == 0


def test_the_hook_of_libvirt_refuses_what_would_not_start(program: dict[str, str]) -> None:
    hook = str(HOME / "packaging" / "libvirt" / "qemu")
    refused = run([hook, "vm", "prepare", "begin", "-"], program, DOMAIN.format(REFUSED))
    assert refused.returncode == 1
    assert "vm would not start, says qrules:" in refused.stderr
    for stdin in (DOMAIN.format(""), "no domain at all"):
        done = run([hook, "vm", "prepare", "begin", "-"], program, stdin)
        assert (done.returncode, done.stdout) == (0, "")
    assert run([hook, "vm", "stopped", "end", "-"], program, DOMAIN.format(REFUSED)).returncode == 0
    missing = run([hook, "vm", "prepare", "begin", "-"], {**program, "QRULES": "/nowhere/qrules"}, DOMAIN.format(REFUSED))
    assert (missing.returncode, "starts unchecked" in missing.stderr) == (0, True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_knows_each_line_of_the_unit() -> None:
    done = run(["systemd-analyze", "verify", str(HOME / "packaging" / "systemd" / "qrules.service")], dict(os.environ))
    left = [line for line in done.stderr.splitlines() if "qrules.service" in line and "man qrules" not in line]
    assert left == []


def test_the_service_is_called_as_it_can_be(qrules: Run) -> None:
    unit = (HOME / "packaging" / "systemd" / "qrules.service").read_text()
    [words] = re.findall(r"^ExecStart=/usr/bin/env qrules (.*)$", unit, re.MULTILINE)
    assert qrules(*words.split(), "--max-bytes", "0").stderr.startswith("--max-bytes")  # all before it was understood


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff")
def test_the_page_of_the_manual(program: dict[str, str]) -> None:
    page = run([sys.executable, str(HOME / "scripts" / "man_page.py")], {**program, "PYTHONPATH": str(HOME)}).stdout
    shown = run(["groff", "-man", "-ww", "-Tutf8", "-P-cbou"], dict(os.environ), page)
    assert [line for line in shown.stderr.splitlines() if "warning" in line] == []
    headings = re.findall(r"^([A-Z][A-Z -]+)$", shown.stdout, re.MULTILINE)
    assert [name for name in VERBS if name.upper() not in headings] == []
    assert "--nodefaults" in shown.stdout.replace("‐", "-").replace("−", "-")


def test_the_container_serves_as_its_first_lines_say() -> None:
    lines = (HOME / "Containerfile").read_text().splitlines()
    assert 'ENTRYPOINT ["qrules"]' in lines
    assert [line for line in lines if line.startswith("#") and "qrules serve --http 0.0.0.0:8480" in line]
