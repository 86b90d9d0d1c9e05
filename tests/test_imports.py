"""A question stays light: neither the parser nor the solver nor anything heavy is on the way to an answer."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

HEAVY = (
    "lark",
    "constraint",
    "rich",
    "asyncio",
    "qemu",
    "dataclasses",
    "inspect",
    "pathlib",
    "qrules.language",
    "qrules.knowledge.compile",
    "qrules.solve",
    "qrules.place",
    "qrules.plans",
    "qrules.conversion",
    "qrules.rule_tests",
    "qrules.qemu",
    "qrules.formats",
    "qrules.report.schema",
    "qrules.report.shapes",
    "qrules.explain.ignoring",
    "qrules.cli.settings",
    "qrules.cli.checking",
    "qrules.cli.fixing",
    "tomllib",
)

OPTIONAL = ("rich", "qemu")  # of no use to qrules, or an extra

PROGRAM = """
import sys
from qrules.cli.main import main
status = main(sys.argv[1:])
print(*(name for name in {heavy!r} if any(m == name or m.startswith(name + ".") for m in sys.modules)), file=sys.stderr)
"""


QUESTIONS = (
    ("why", "floppy", "--on", "q35"),
    ("why", "e1000", "--on", "pc", "--json"),
    ("types", "q35"),
    ("buses", "q35"),
    ("slots", "q35"),
    ("check", "--", "-M", "q35", "-device", "floppy"),
    ("explain", "Bus 'pcie.0' does not support hotplugging"),
)


@pytest.fixture(scope="module")
def compiled() -> None:
    """The rules of the questions, compiled: the first question after a change of a rule file does that."""
    for words in QUESTIONS:
        subprocess.run([sys.executable, "-c", PROGRAM.format(heavy=()), *words], capture_output=True, check=True)


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_question_loads_nothing_heavy(compiled: None, words: tuple[str, ...]) -> None:
    program = PROGRAM.format(heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.strip() == ""


def test_what_is_heavy_is_there() -> None:
    """A name that nobody can import any more is looked for in vain."""
    assert [name for name in HEAVY if name not in OPTIONAL and importlib.util.find_spec(name) is None] == []


def test_importing_the_package_loads_nothing_of_it() -> None:
    program = "import sys, qrules; print(*(m for m in sys.modules if m.startswith('qrules')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert set(done.stdout.split()) == {"qrules", "qrules.version"}
