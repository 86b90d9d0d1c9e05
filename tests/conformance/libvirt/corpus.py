"""Libvirt's own config tests, read out of their archive where it lies."""

from __future__ import annotations

import json
import os
import tarfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ARCHIVE = os.environ.get("QRULES_ARGS_CORPUS", "")
CASES = os.environ.get("QRULES_LIBVIRT_CASES", "")
NO_ARCHIVE = "no config tests of libvirt: set QRULES_ARGS_CORPUS to their archive"
NO_CASES = "no reported domains: set QRULES_LIBVIRT_CASES to a file of them"


class Case(NamedTuple):
    """A test: the domain, libvirt's error or else what it stores and the command line that it writes."""

    name: str
    arch: str
    machine: str
    xml: str
    error: str
    stage: str
    stored: str
    args: str
    kind: str
    without: tuple[str, ...]  # what the emulator of this test lacks
    series: str
    updated: bool  # whether the domain is taken as one that is newly defined

    @property
    def refused(self) -> bool:
        return bool(self.error)


@cache
def cases() -> tuple[Case, ...]:
    """All tests of the archive, in its order."""
    with tarfile.open(ARCHIVE) as archive:
        texts = {
            Path(m.name).name: content.read().decode()
            for m in archive.getmembers()
            if m.isfile() and (content := archive.extractfile(m)) is not None
        }
    return tuple(_case(row, texts) for row in json.loads(texts["index.json"]))


def _case(row: dict[str, Any], texts: dict[str, str]) -> Case:
    return Case(
        row["test"],
        row["arch"],
        row["machine"],
        texts[row["xml_in"]],
        row.get("message", ""),
        row.get("stage", ""),
        texts.get(row.get("xml_out", ""), ""),
        texts.get(row.get("args", ""), ""),
        row.get("kind", ""),
        tuple(row.get("caps_removed", ())),
        row["qemu"],
        bool(row.get("abi_update")),
    )


def reported() -> list[dict[str, Any]]:
    """Domains that people reported, with the answers of three versions."""
    found: list[dict[str, Any]] = json.loads(Path(CASES).read_text(encoding="utf-8"))["cases"]
    return found
