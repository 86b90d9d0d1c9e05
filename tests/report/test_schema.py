"""What `qrules schema VERB` prints is what the verb prints: real answers are held against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from qrules.cli.main import VERBS
from qrules.cli.schema import VERBS as LISTED
from qrules.report.schema import schema
from qrules.report.shapes_verbs import TABLE
from tests.conftest import Run

WARNED = ("-M", "q35", "-nodefaults", "-device", "pcie-root-port,id=r,chassis=1", "-device", "e1000,bus=r")
REFUSED = ("-M", "q35", "-device", "floppy", "-qtest-log", "x", "-drive", "if=none,file=a,id=d")
NO_RULES = ("qemu-system-aarch64", "-M", "xlnx-versal-virt")
TOY = "tests/language/behaviours/start"

ANSWERS: list[tuple[str, ...]] = [
    ("why", "floppy", "--on", "q35"),
    ("why", "floppy", "--on", "pc"),
    ("why", "usb-kbd", "--on", "xlnx-versal-virt", "--arch", "aarch64"),
    ("check", "--", *WARNED),
    ("check", "--", *NO_RULES),
    ("check", "--repairs", "--", *REFUSED),
    ("place", "--on", "q35", "e1000e*2", "scsi-cd"),
    ("place", "--on", "microvm", "--nodefaults", "virtio-rng-device*25"),
    ("place", "--", *NO_RULES),
    ("place", "--on", "q35", "--why-not", "net0@pcie.0:1f.0", "e1000,id=net0"),
    ("place", "--on", "q35", "--all", "--limit", "2", "e1000"),
    ("place", "--on", "q35", "--tree", "e1000"),
    ("convert", "--to", "q35", "--", "-M", "pc", "-device", "e1000e"),
    ("convert", "--to", "pc", "--", "-M", "q35", "-device", "intel-iommu"),
    ("convert", "--to", "microvm", "--", "-M", "pc", "-nodefaults", "-device", "e1000"),
    ("upgrade", "--from", "7.2", "--", "-M", "pc-q35-2.4", "-device", "e1000", "-device", "floppy"),
    ("upgrade", "--from", "7.2", "--to", "10.0", "--", "-M", "q35", "-device", "e1000"),
    (
        "upgrade",
        "--from",
        "11.1",
        "--to",
        "11.1",
        "--machine",
        "pc-q35-11.1",
        "--",
        "-M",
        "pc-q35-9.0",
        "-device",
        "virtio-balloon-pci",
    ),
    ("spare", "e1000", "--on", "q35"),
    ("spare", "e1000e", "--on", "pc"),
    ("spare", "nvme", "--on", "pc"),
    ("spare", "loader,file=/dev/null", "--on", "q35"),
    ("spare", "e1000", "--", *REFUSED),
    ("spare", "usb-kbd", "--", *NO_RULES),
    ("spare", "e1000e", "--for", "2", "--on", "q35"),
    ("hotplug", "e1000", "virtio-net-pci", "--into", "--", "-M", "q35"),
    ("explain", "Bus 'pcie.0' does not support hotplugging"),
    ("explain", "nobody ever said this"),
    ("explain", "QR410"),
    ("show", "e1000"),
    ("show", "q35"),
    ("show", "chassis-slot"),
    ("machines",),
    ("types", "q35"),
    ("buses", "coldfire", "--rules", TOY),
    ("buses", "--", "-M", "q35", "-device", "floppy"),
    ("buses", "--tree", "q35"),
    ("slots", "pc"),
    ("slots", "--tree", "--", "-M", "q35", "-device", "qemu-xhci", "-device", "usb-kbd"),
    ("diff", "pc-q35-7.2", "pc-q35-10.0"),
    ("query-machines", "--rules", "rfc-2.8"),
    ("query-machines", "--rules", TOY),
    ("rules", "test", TOY),
    ("rules", "lint", TOY),
    ("rules", "stats", TOY),
    ("rules", "index", TOY),
]


def fits(verb: str, answer: Any) -> None:
    """Raises where an answer is not as its schema says; where none of several fits, the nearest is told."""
    errors = list(jsonschema.Draft202012Validator(schema(verb)).iter_errors(answer))
    best = [jsonschema.exceptions.best_match([e]).message for e in errors]
    assert best == []


@pytest.mark.parametrize("words", ANSWERS)
def test_answers_are_as_the_schema_says(qrules: Run, words: tuple[str, ...]) -> None:
    at = words.index("--") if "--" in words else len(words)
    done = qrules(*words[:at], "--json", *words[at:])
    answer = json.loads(done.stdout)
    fits(words[0], answer)
    assert answer.get("schema") == 1 or "rfc-2.8" in words


def test_answers_a_line_are_as_the_schema_says(qrules: Run, tmp_path: Path) -> None:
    texts = [f"qemu-system-x86_64 {' '.join(words)}\n" for words in (WARNED, REFUSED)]
    (tmp_path / "a.sh").write_text("".join(texts))
    (tmp_path / "b.sh").write_text("qemu-system-x86_64 'x\n")
    (tmp_path / "c.txt").write_text("\n")
    questions = [{"id": 1, "argv": list(WARNED)}, {"argv": list(REFUSED)}, {"argv": 3}, {"argv": [], "qemu": "1.0"}]
    stream = "".join(json.dumps(q) + "\n" for q in questions)
    for done in (
        qrules("check", "--jsonl", "-", stdin=stream),
        qrules("check", "--format", "jsonl", str(tmp_path)),
        qrules("rules", "test", "--format", "jsonl", TOY),
        qrules("rules", "lint", "--format", "jsonl", TOY),
    ):
        for line in done.stdout.splitlines():
            fits(done.args[0], json.loads(line))
    fits("check", json.loads(qrules("check", "--json", str(tmp_path)).stdout))
    fits("check", json.loads(qrules("check", "--json", str(tmp_path / "a.sh")).stdout))


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_schemas_are_schemas_and_print(qrules: Run, verb: str) -> None:
    made = schema(verb)
    jsonschema.Draft202012Validator.check_schema(made)
    fits(verb, {"schema": 1, "errors": []})
    assert list(jsonschema.Draft202012Validator(made).iter_errors({"schema": 1, "errors": [], "more": 1}))


def test_a_schema_is_printed(qrules: Run) -> None:
    assert json.loads(qrules("schema", "check").stdout) == schema("check")
    assert qrules("schema", "chek").returncode == 2


def test_every_verb_that_prints_json_has_one() -> None:
    assert set(LISTED) == set(TABLE) == set(VERBS) - {"harvest", "completion", "lsp", "open", "schema", "serve"}
