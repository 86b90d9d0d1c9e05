"""Colours of rule texts: by Pygments over all shipped files, and the words of the extension for VS Code."""

from __future__ import annotations

import runpy
import tomllib
from pathlib import Path

from pygments.token import Comment, Error, Keyword, Name, String

from qrules.language.highlighting import RuleLexer
from qrules.paths import rules_folder

ROOT = Path(__file__).parents[2]
NEWEST = "qemu-11"


def test_every_shipped_file_is_coloured_whole() -> None:
    lexer = RuleLexer(stripnl=False, ensurenl=False)
    files = [p for p in rules_folder().rglob("*.qr") if "catalog" not in p.parts or p.parent.name.startswith(NEWEST)]
    assert len(files) > 100
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = list(lexer.get_tokens(text))
        assert "".join(value for _, value in found) == text, path
        assert [value for kind, value in found if kind is Error] == [], path


def test_words_have_the_colours_of_what_they_are() -> None:
    text = 'device a-b  # why\n  rule c\n    require d.count >= 4 and not on\n    because "{d} is"\n    see qemu:docs/x.rst "y"\n'
    found = {value: kind for kind, value in RuleLexer().get_tokens(text)}
    assert (found["device"], found["a-b"], found["c"], found["count"]) == (Keyword, Name, Name.Function, Name.Attribute)
    assert (found["# why"], found["{d}"], found["qemu:docs/x.rst"]) == (Comment.Single, String.Interpol, String.Other)


def test_the_lexer_is_found_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pygments.lexers"] == {"qrules": f"{RuleLexer.__module__}:{RuleLexer.__name__}"}


def test_the_grammar_of_the_extension_has_the_words_of_the_language() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "editor-grammar"))
    assert made["FILE"].read_text(encoding="utf-8") == made["text"](), "run scripts/editor-grammar"
