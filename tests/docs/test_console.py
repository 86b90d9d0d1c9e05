"""What the documents show is what qrules prints. `scripts/refresh-docs` puts a block right."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _refresh() -> ModuleType:
    path = str(ROOT / "scripts" / "refresh-docs")
    loader = importlib.machinery.SourceFileLoader("refresh_docs", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("refresh_docs", loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    return module


def blocks() -> list[tuple[str, str, str]]:
    """File, command and shown output of every console block."""
    pattern = _refresh().BLOCK
    return [
        (path.name, match["command"], match["output"])
        for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
        if path.parent.name != "guides"  # these are followed, in a folder of their own (test_guides)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("file", "command", "shown"), blocks())
def test_shown_output_is_real(file: str, command: str, shown: str) -> None:
    assert _refresh().output_of(command) == shown, f"{file} is out of date: run scripts/refresh-docs"


@pytest.mark.parametrize("name", sorted(_refresh().reference_pages()))
def test_reference_pages_are_made_from_the_code(name: str) -> None:
    if name == "docs/command-line.md" and sys.version_info[:2] != (3, 11):
        pytest.skip("argparse words its help otherwise in each version of Python; the page is that of 3.11")
    page = _refresh().reference_pages()[name]()
    assert (ROOT / name).read_text(encoding="utf-8") == page, f"{name} is out of date: run scripts/refresh-docs"


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's dot is not on the PATH")
def test_the_picture_shows_what_is_drawn_now() -> None:
    """Words only: where Graphviz puts them depends on its version and the fonts."""
    shown, now = (
        ET.fromstring(text) for text in ((ROOT / _refresh().PICTURE).read_text(), _refresh().output_of(_refresh().DRAWN))
    )
    words = [[t.strip() for t in picture.itertext() if t.strip()] for picture in (shown, now)]
    assert sorted(words[0]) == sorted(words[1]), "the picture is out of date: run scripts/refresh-docs"


def test_the_readme_is_a_page() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200


def test_every_link_leads_somewhere() -> None:
    """From each page to a file of ours."""
    lost = []
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in link and not (path.parent / link).exists():
                lost.append(f"{path.name}: {link}")
    assert lost == []


def test_the_pages_show_the_questions_that_matter() -> None:
    commands = [command for file, command, _ in blocks() if file in ("README.md", "guide.md")]
    for wanted in (
        "why floppy --on q35",
        "why floppy --on pc",
        "why nvme --on pc",
        "why e1000 --on q35",
        "types q35 --nodefaults usb=on",
    ):
        assert f"qrules {wanted}" in commands
