"""Where the project's data stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules import paths


def test_the_top_of_a_checkout_and_what_a_wheel_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "qrules"
    monkeypatch.setattr(paths, "PACKAGE", str(package))
    assert paths.rules_folder() == tmp_path / "rules"
    assert paths.grammar_file() == tmp_path / "grammar" / "qrules.lark"
    (package / "_data" / "rules").mkdir(parents=True)
    assert paths.rules_folder() == package / "_data" / "rules"
    assert paths.grammar_file() == tmp_path / "grammar" / "qrules.lark"  # each for itself
    assert paths.compiled() == str(package / "_data" / "compiled")


@pytest.mark.parametrize(
    ("base", "home", "folder"),
    [
        ("/var/mine", "/home/me", "/var/mine/qrules"),
        ("", "/home/me", "/home/me/.cache/qrules"),
        ("relative/cache", "/home/me", "/home/me/.cache/qrules"),
        (None, "", "/nonexistent/.cache/qrules"),
        (None, None, "/nonexistent/.cache/qrules"),
    ],
)
def test_the_cache(monkeypatch: pytest.MonkeyPatch, base: str | None, home: str | None, folder: str) -> None:
    for variable, value in (("XDG_CACHE_HOME", base), ("HOME", home)):
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)
    assert paths.cache() == folder
