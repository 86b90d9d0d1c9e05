"""The guides are followed as a reader does, literally and in a fresh folder: what they show is what comes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


def _follower() -> ModuleType:
    spec = importlib.util.spec_from_file_location("guides", ROOT / "scripts" / "guides.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_is_followed(guide: Path, tmp_path: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert _follower().followed(text, tmp_path) == text, f"docs/guides/{guide.name} is out of date: run scripts/refresh-docs"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_asks_something(guide: Path) -> None:
    assert len(_follower().shown(guide.read_text(encoding="utf-8"))) > 1


def test_every_guide_is_in_the_menu_of_the_site() -> None:
    menu = (ROOT / "scripts" / "site_pages" / "__init__.py").read_text(encoding="utf-8")
    first = (ROOT / "scripts" / "site_pages" / "documents.py").read_text(encoding="utf-8")
    assert [g.name for g in GUIDES if f"docs/guides/{g.name}" not in menu or f"docs/guides/{g.name}" not in first] == []
