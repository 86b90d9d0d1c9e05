"""The example of CONTRIBUTING.md, done as it says: the rule and its test, each at the end of the file that is named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from qrules.paths import rules_folder
from qrules.rule_tests import run_tests

pytestmark = pytest.mark.usefixtures("own_cache")
PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"


def test_the_example_rule(tmp_path: Path) -> None:
    rule, test = re.findall(r"^```qr\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    rules = shutil.copytree(rules_folder(), tmp_path / "rules", ignore=shutil.ignore_patterns("rule-sets"))
    for name, text in (("common/pci.qr", rule), ("tests/devices.qr", test)):
        with (rules / name).open("a", encoding="utf-8") as file:
            file.write(text)
    found = run_tests(rules, "edu without a name")
    assert found
    assert all(tested.passed for tested in found), [tested.failures for tested in found]


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"`((?:rules|qrules|tests|scripts)/[\w./-]+)`|\]\(([\w./-]+)\)", PAGE.read_text(encoding="utf-8"))
    paths = {a or b for a, b in named} - {"tests/"}
    assert {p for p in paths if not (PAGE.parent / p).exists()} == set()
    assert len(paths) > 8
