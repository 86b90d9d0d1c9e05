"""What the compiler and the engine have to agree on, though neither imports the other."""

from __future__ import annotations

import re
from pathlib import Path

from qrules.knowledge import scopes
from qrules.knowledge.words import REFUSALS
from qrules.machine import frames
from qrules.paths import PACKAGE

CODES = re.compile(r'"(QR[123456]\d\d)"')


def test_slots_are_the_same() -> None:
    assert scopes.CONTEXT == frames.CONTEXT
    assert (scopes.STATE, scopes.SELF, scopes.SUBJECT) == (frames.STATE, frames.SELF, frames.SUBJECT)


def test_every_refusal_of_the_engine_can_be_worded() -> None:
    text = "\n".join(
        p.read_text()
        for p in sorted(Path(PACKAGE).rglob("*.py"))
        if p.parts[-2] in ("machine", "linked", "plugging", "plans", "explain", "configs")
    )
    refused = set(re.findall(r'refuse\(\s*"([a-z-]+)"', text)) | set(re.findall(r'refusal_note\(\s*"([a-z-]+)"', text))
    assert refused - set(REFUSALS) == set()
    assert [name for name in REFUSALS if f'"{name}"' not in text] == []


def test_every_code_of_rule_files_is_in_the_reference() -> None:
    folders = ("language", "knowledge", "rulesets")
    text = "\n".join(p.read_text() for f in folders for p in sorted((Path(PACKAGE) / f).glob("*.py")))
    page = (Path(PACKAGE).parent / "docs" / "language.md").read_text()
    spans = re.findall(r"(QR\d\d\d) - QR(\d\d\d)", page)
    listed = set(re.findall(r"QR\d\d\d", page)) | {f"QR{n}" for a, b in spans for n in range(int(a[2:]), int(b) + 1)}
    assert {c for c in CODES.findall(text) if not c.startswith("QR4")} - listed == set()
