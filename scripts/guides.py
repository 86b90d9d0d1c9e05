"""Follows a guide as a reader does: writes the files that it shows, and runs its commands, in order, in one folder.

A file stands behind a line that ends with its name and a colon, such as "Save it as `vm.xml`:", and so does what replaces it. A
``console`` block is a command, of a shell, and what it prints.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = "/home/somebody"  # where the reader is; as long as the folder that stands for it, since lines are wrapped
ROOT = Path(__file__).resolve().parents[1]
_STEP = re.compile(
    r"^(?P<before>[^\n]*`(?P<file>[\w./-]+)`:\n\n```\w*\n)(?P<text>.*?)^```$"
    r"|^```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_TIME = re.compile(r"\bin \d+ s;")  # what a run took, which the guide does not promise
_PROGRAM = f'#!/bin/sh\nexec "{sys.executable}" -c "from qrules.cli.main import run; run()" "$@"\n'


def followed(guide: str, folder: Path) -> str:
    """The guide with the real output of each of its commands; `folder` is where the program of this checkout is put for it."""
    home = folder / "home"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "qrules").write_text(_PROGRAM, encoding="utf-8")
    (home / "bin" / "qrules").chmod(0o755)
    work = Path(tempfile.mkdtemp(prefix="g", dir="/tmp"))
    assert len(str(work)) == len(HOME), "lines would be wrapped otherwise"

    def step(match: re.Match[str]) -> str:
        if match["command"] is None:
            path = work / match["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(match["text"], encoding="utf-8")
            return match[0]
        return f"```console\n$ {match['command']}\n{_output(match['command'], home, work)}```"

    try:
        return _STEP.sub(step, guide)
    finally:
        shutil.rmtree(work)


def _output(command: str, home: Path, work: Path) -> str:
    """What a command of a guide prints, both streams, as in a pipe of 88 columns."""
    environment = {
        **os.environ,
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "NO_COLOR": "1",
        "COLUMNS": "88",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        ["sh", "-c", command], cwd=work, env=environment, timeout=300, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    return _TIME.sub("in 1 s;", done.stdout.replace(str(work), HOME))


def shown(guide: str) -> list[str]:
    """The commands of a guide, in order."""
    return [match["command"] for match in _STEP.finditer(guide) if match["command"] is not None]
