"""A real libvirt, asked: a program that takes questions as JSON lines and answers each with a line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

PROGRAM = os.environ.get("QRULES_ASK_LIBVIRT", "")
FOLDER = os.environ.get("QRULES_LIBVIRT_DIR", "")
VERSIONS = ("9.0", "11.3", "12.9")


class Question(NamedTuple):
    """A domain, and devices that are attached to it in turn while it runs."""

    id: str
    xml: str
    attach: tuple[str, ...] = ()


class Told(NamedTuple):
    """What libvirt said. `stage` is the one that refused (define, start, running), empty where none did."""

    question: Question
    version: str
    stage: str
    message: str
    machine: str
    addresses: dict[str, str | None]
    hotplug: tuple[str, ...] = ()
    after: Mapping[str, str | None] = {}

    @property
    def verdict(self) -> str:
        return "reject" if self.stage else "accept"


def missing() -> str:
    """Why no libvirt can be asked; empty where one can."""
    if not PROGRAM or not FOLDER:
        return "no libvirt to ask: set QRULES_ASK_LIBVIRT to the program and QRULES_LIBVIRT_DIR to its folder"
    if not Path(PROGRAM).is_file() or not Path(FOLDER).is_dir():
        return f"there is no {PROGRAM}, or no folder {FOLDER}"
    return ""


def ask(questions: Iterable[Question], version: str) -> Iterator[Told]:
    """Libvirt's answers, in order; those that it gave none to (it crashed, or hung) are left out."""
    asked = list(questions)
    lines = "".join(json.dumps({"id": n, "xml": q.xml, "attach": list(q.attach)}) + "\n" for n, q in enumerate(asked))
    command = [PROGRAM, "--dir", FOLDER, "--version", version, "--jsonl", "-"]
    ran = subprocess.run(command, input=lines, text=True, capture_output=True, timeout=120 + 30 * len(asked))
    if ran.returncode == 2:
        raise RuntimeError(ran.stderr.strip())
    for line in ran.stdout.splitlines():
        answer = json.loads(line)
        if "error" not in answer:
            yield told(asked[answer["id"]], version, answer)


def told(question: Question, version: str, answer: dict[str, Any]) -> Told:
    """An answer as a value."""
    hotplug = tuple(answer.get("hotplug", ()))
    stages = [("define", answer["define"]), ("start", answer.get("start", "ok")), *(("running", one) for one in hotplug)]
    stage, message = next(((s, m) for s, m in stages if m != "ok"), ("", ""))
    return Told(
        question,
        version,
        stage,
        message,
        answer.get("machine") or "",
        answer.get("addresses", {}),
        hotplug,
        answer.get("addresses_after_hotplug", {}),
    )
