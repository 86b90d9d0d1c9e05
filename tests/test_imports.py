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
    "qrules.fleet",
    "pyarrow",
    "qrules.report.schema",
    "qrules.report.shapes",
    "qrules.explain.ignoring",
    "qrules.cli.settings",
    "qrules.cli.checking",
    "qrules.cli.fixing",
    "tomllib",
)

# Python's own that take longer to load than a plain question to answer; what they import comes with them.
SLOW = (
    "argparse",
    "collections",
    "contextlib",
    "contextvars",
    "enum",
    "functools",
    "json",
    "operator",
    "re",
    "threading",
    "typing",
)

OPTIONAL = ("rich", "qemu", "pyarrow")  # of no use to qrules, or an extra

PROGRAM = """
import sys
before = set(sys.modules)  # what the environment's own start loads
from qrules.cli.main import main
status = main(sys.argv[1:])
loaded = set(sys.modules) - before
print(*(name for name in {heavy!r} if any(m == name or m.startswith(name + ".") for m in loaded)), file=sys.stderr)
"""


def loaded(words: list[str], names: tuple[str, ...]) -> list[str]:
    """Those of the names that a question loads. What compiles, as the first after a change of a rule file, is asked again."""
    program = PROGRAM.format(heavy=names)
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=300, check=False)
        found = done.stderr.split()
        if "qrules.knowledge.compile" not in found:
            break
    return found


@pytest.mark.parametrize(
    "words",
    [
        ("why", "floppy", "--on", "q35"),
        ("why", "e1000", "--on", "pc", "--json"),
        ("types", "q35"),
        ("buses", "q35"),
        ("slots", "q35"),
        ("check", "--", "-M", "q35", "-device", "floppy"),
        ("explain", "Bus 'pcie.0' does not support hotplugging"),
    ],
)
def test_a_question_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded(list(words), HEAVY) == []


@pytest.mark.parametrize(
    "words",
    [
        "why floppy --on q35",
        "why floppy --on=q35,usb=on --nodefaults --with isa-fdc",
        "why e1000,addr=1f.0,id=a.b --on q35 --qemu 7.2",
        "check -- -M q35 -device e1000,addr=1f.0",
        "check --strict -- qemu-system-x86_64 -M pc -m 1.5G -smp 2 -netdev user,id=n -device e1000,netdev=n,mac=52:54:00:12:34:56",
        "check -- -M q35 -drive if=none,id=d,file=x -device virtio-blk-pci,drive=d -global virtio-blk-pci.num-queues=2",
        "hotplug virtio-net-pci --into -- -M q35 -nodefaults",
        "hotplug e1000,bus=r --into -- -M q35 -device pcie-root-port,id=r",
        "slots q35",
        "buses q35",
    ],
)
def test_a_plain_question_loads_next_to_nothing(words: str) -> None:
    assert loaded(words.split(), (*HEAVY, *SLOW)) == []


def test_what_is_heavy_is_there() -> None:
    """A name that nobody can import any more is looked for in vain."""
    assert [name for name in (*HEAVY, *SLOW) if name not in OPTIONAL and importlib.util.find_spec(name) is None] == []


def test_importing_the_package_loads_nothing_of_it() -> None:
    program = "import sys, qrules; print(*(m for m in sys.modules if m.startswith('qrules')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert set(done.stdout.split()) == {"qrules", "qrules.version"}
