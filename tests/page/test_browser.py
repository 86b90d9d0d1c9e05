"""The page in a browser: what new users do on it, in Chromium driven by playwright-core, on the playground and behind `qrules open`.

The playground is built with the rules of one architecture, which takes a quarter of what all take. `QRULES_PAGE_SHOTS` names a folder
for pictures of the page; `python -m pytest -s` shows how long each task took and what was loaded.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

MODULES = ROOT / "scripts" / "playground" / "node_modules"
CHROMIUM = os.environ.get("QRULES_CHROMIUM") or shutil.which("chromium") or ""
ARCH = "x86_64"
BEHIND_OPEN = ("load", "picture", "mend it", "no complaints")
TASKS = (
    "load",
    "picture",
    "mend it",
    "why can't this plug here",
    "pick from lists",
    "which slot is free",
    "which version",
    "XML of virt-manager",
    "why where one points and where the cursor is",
    "what others wrote is text",
    "what can't be answered is told",
    "nothing is sent elsewhere",
    "keys and names",
    "light and dark, wide and narrow",
    "load again",
    "no complaints",
)
_LIMIT = 540  # seconds for all tasks of a page on a machine that does other things, too
_MOST_LOADED = 17_000_000  # bytes of the first visit, not compressed


def lacking() -> str:
    """What is missing for a browser to be driven; nothing where all is there."""
    if not CHROMIUM:
        return "no chromium here (Debian: apt-get install chromium)"
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no node and npm here"
    return "" if (MODULES / "playwright-core").is_dir() else "no playwright-core here (npm ci in scripts/playground)"


pytestmark = pytest.mark.skipif(bool(lacking()) and "QRULES_REQUIRE_BROWSER" not in os.environ, reason=lacking() or "-")


class Files(SimpleHTTPRequestHandler):
    """A server of files that says nothing, and keeps what it was asked for."""

    asked: list[str]

    def __init__(self, *given: Any, asked: list[str], **named: Any) -> None:
        self.asked = asked
        super().__init__(*given, **named)

    def log_message(self, format: str, *words: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """A file."""
        self.asked.append(self.path)
        super().do_GET()


@contextlib.contextmanager
def served(folder: Path, asked: list[str]) -> Iterator[int]:
    """The port at which the files of a folder are served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder), asked=asked)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def done(address: str, elsewhere: int, way: str, folder: Path) -> dict[str, dict[str, Any]]:
    """What the browser says of each task."""
    shots = Path(os.environ.get("QRULES_PAGE_SHOTS") or folder)
    command = [
        "node",
        str(Path(__file__).with_name("browser.mjs")),
        address,
        f"http://127.0.0.1:{elsewhere}/",
        way,
        str(shots),
        str(MODULES),
    ]
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=_LIMIT, env={**os.environ, "QRULES_CHROMIUM": CHROMIUM}, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    print(run.stdout)
    return {told["name"]: told for told in map(json.loads, run.stdout.splitlines())}


class Visit:
    """The playground as it was visited: what became of each task, and what was loaded."""

    def __init__(self, tasks: dict[str, dict[str, Any]], loaded: dict[str, int], strange: list[str]) -> None:
        self.tasks, self.loaded, self.strange = tasks, loaded, strange


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    from site_pages import playground

    site = tmp_path_factory.mktemp("site")
    playground.write(ROOT, site, (ARCH,))
    asked: list[str] = []
    strange: list[str] = []
    with served(site, asked) as port, served(site, strange) as elsewhere:
        tasks = done(f"http://127.0.0.1:{port}/", elsewhere, "pyodide", tmp_path_factory.mktemp("shots"))
    files = {path: site / (path.strip("/") or "index.html") for path in asked}
    loaded = {path: file.stat().st_size for path, file in files.items() if file.is_file()}
    print(f"{len(loaded)} files, {sum(loaded.values()):,} bytes; not there: {sorted(set(files) - set(loaded))}")
    return Visit(tasks, loaded, strange)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("open")
    (folder / "vm.sh").write_text("qemu-system-x86_64 -M q35 \\\n  -device floppy \\\n  -device e1000,addr=1f.0\n")
    command = [sys.executable, "-m", "qrules", "open", "--no-browser", "vm.sh"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment) as running,
        served(folder, []) as elsewhere,
    ):
        try:
            assert running.stderr is not None
            address = running.stderr.readline().partition(" at ")[2].partition(";")[0]
            return done(address, elsewhere, "here", folder)
        finally:
            running.send_signal(signal.SIGTERM)


# One test for a page: what the tasks share, building and starting, takes longer than they do, and is done once a process.
def test_tasks_on_the_playground(visit: Visit) -> None:
    assert list(visit.tasks) == list(TASKS)
    assert wrong(visit.tasks) == {}
    assert sum(visit.loaded.values()) < _MOST_LOADED
    assert {"/engine/engine.tar.xz", "/engine/pyodide.asm.wasm", "/graphviz/index.js", "/page.js"} <= set(visit.loaded)
    assert visit.strange == []


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_tasks_behind_open(opened: dict[str, dict[str, Any]]) -> None:
    assert list(opened) == list(BEHIND_OPEN)
    assert wrong(opened) == {}


@pytest.mark.parametrize(
    ("files", "world"), [(["page.js"], "dom,dom.iterable"), (["engine-worker.js", "graphviz-worker.js"], "webworker")]
)
def test_the_types_of_the_page_hold(files: list[str], world: str) -> None:
    program = MODULES / "typescript" / "bin" / "tsc"
    strict = [
        "--noEmit",
        "--allowJs",
        "--checkJs",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
    ]
    command = ["node", str(program), *strict, "--lib", f"es2023,{world}", *files]
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=300, cwd=ROOT / "qrules" / "page" / "assets", check=False
    )
    assert run.stdout + run.stderr == ""
    assert run.returncode == 0


def wrong(tasks: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The tasks that could not be done, with why."""
    return {name: told["error"] for name, told in tasks.items() if "error" in told}
