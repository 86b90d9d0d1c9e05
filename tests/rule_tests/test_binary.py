"""The tests beside the rules, asked of real binaries; and what is told where a binary says otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qrules.knowledge.model import Knowledge
from qrules.language import tree
from qrules.language.reader import read_text
from qrules.paths import rules_folder
from qrules.rule_tests.binary import Asked, ask_tests, concerns
from qrules.rule_tests.command_line import CannotBeAsked, command_line
from qrules.rule_tests.run import collect
from qrules.rulesets.store import Store
from tests.conformance.conftest import full, sibling
from tests.conftest import Run
from tests.qemu.conftest import Binary, qemu

__all__ = ["qemu"]


# ---------------------------------------------------------------- the words of a test
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("on q35 nodefaults usb = on", "-M q35,usb=on -nodefaults"),
        ("on q35\n  without vga, network", "-M q35 -vga none -nic none"),
        ('on pc\n  option "-vga" "cirrus"', "-M pc -vga cirrus"),
        ("on pc clock-base = utc clock-source = host", "-M pc -rtc base=utc,clock=host"),
        ('on pc\n  backend character "c0", "c1"', "-M pc -chardev null,id=c0 -chardev null,id=c1"),
    ],
)
def test_settings_are_the_options_that_say_so(settings: str, words: str, knowledge: Knowledge) -> None:
    assert command_line(knowledge, read(settings)) == words.split()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("on q35\n  without cdrom", "no option says 'without cdrom'"),
        ("on q35 display-gl = on", "no option says 'display-gl=on'"),
        ('on q35\n  backend tpm "t"', "the rules have no sample of a tpm"),
    ],
)
def test_what_no_option_says(settings: str, why: str, knowledge: Knowledge) -> None:
    with pytest.raises(CannotBeAsked, match=why):
        command_line(knowledge, read(settings))


def read(settings: str) -> tree.Test:
    [test] = read_text(f'test "t"\n  {settings}\n  accepted\n', "t.qr")
    assert isinstance(test, tree.Test)
    return test


# ---------------------------------------------------------------- real binaries
# The emulators of i386, arm and riscv32 have next to no machine that their 64-bit brothers have not.
ARCHES = ("x86_64", "aarch64", "ppc64", "riscv64", "s390x", *(("i386", "arm", "riscv32") if full else ()))
# Emulators are started without an accelerator, and a test of what comes with KVM is for the rules alone.
NEVER_ASKED = {"no option says 'accelerator=kvm'"}


@pytest.mark.qemu
@pytest.mark.parametrize("arch", ARCHES)
def test_every_shipped_test_holds(qemu: Binary, arch: str) -> None:
    """Each architecture's own emulator is asked what stands about it."""
    asked = [a for a in ask_tests(sibling(qemu, arch)) if not a.elsewhere]
    assert [(a.title, f.span.line, f.expected, f.came) for a in asked for f in a.failures] == []
    assert {a.reason for a in asked if a.reason} <= NEVER_ASKED
    assert sum(a.lines for a in asked) > 3 * sum(a.passed_over for a in asked)


def test_some_emulator_can_be_asked_each_test(store: Store) -> None:
    tests = list(collect(rules_folder()))
    found: dict[tuple[str, int], set[str]] = {(t.span.file, t.span.line): set() for t in tests}
    for entry in store.targets():
        knowledge = store.knowledge(entry)
        for test in (t for t in tests if concerns(t, entry, knowledge)):
            found[test.span.file, test.span.line].add(obstacle(knowledge, test))
    assert {at: why for at, why in found.items() if "" not in why and not (why and why <= NEVER_ASKED)} == {}


def obstacle(knowledge: Knowledge, test: tree.Test) -> str:
    """Why a test can't be put into options; empty where it can."""
    try:
        command_line(knowledge, test)
    except CannotBeAsked as error:
        return str(error)
    return ""


FALSE = """
test "words"
  on q35 nodefaults
  device e1000, addr = "20"
  refused by addr
    says "no such place"
test "verdicts"
  on q35 nodefaults
  device floppy
  accepted
  device e1000
  refused
test "places"
  on q35 nodefaults
  device e1000, addr = "3"
  accepted on pcie.0 at "04.0"
    multifunction = on
test "what stands"
  on q35 nodefaults
  bus isa.0 is PCI
  no bus pcie.0
  has 2 ICH9-LPC
  plug e1000
  accepted
test "none of its business"
  on q35 in "6.0"
  accepted
test "all well"
  on q35 nodefaults
  device e1000, addr = "3"
  accepted on pcie.0 at "03.0"
    multifunction = off
  device pcie-root-port, id = p
  plug e1000, bus = p
  accepted on p at "00.0"
  plug e1000, bus = p, addr = "0"
  refused
  has 2 e1000
"""


@pytest.mark.qemu
def test_what_is_not_so_is_told(qemu: Binary, own_cache: None, tmp_path: Path) -> None:
    asked = {a.title: a for a in ask_tests(qemu.path, folder_with(FALSE, tmp_path))}
    assert came(asked["words"]) == ["Property 'e1000.addr' doesn't take value '20'"]
    assert came(asked["verdicts"]) == ["refused: No 'floppy-bus' bus found for device 'floppy'", "accepted"]
    assert came(asked["places"]) == ["accepted on pcie.0 at 03.0"]
    assert came(asked["what stands"]) == [
        "it is ISA",
        "there is one",
        "1",
        "refused: Bus 'pcie.0' does not support hotplugging",
    ]
    assert asked["none of its business"].reason.startswith("not about x86_64 ")
    assert (came(asked["all well"]), asked["all well"].lines) == ([], 4)


def folder_with(tests: str, scratch: Path) -> Path:
    """The shipped rules with other tests beside them."""
    folder = scratch / "rules"
    shutil.copytree(rules_folder(), folder, ignore=shutil.ignore_patterns("tests", "rule-sets"))
    (folder / "own.qr").write_text(tests)
    return folder


def came(asked: Asked) -> list[str]:
    return [f.came for f in asked.failures]


@pytest.mark.qemu
def test_the_verb(qemu: Binary, qrules: Run) -> None:
    done = qrules("rules", "test", "--binary", qemu.path, "--only", "a q35 as it comes has one of each")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 tests the same, 0 different, 0 not asked\n5 lines compared, 0 passed over" in done.stdout


def test_a_binary_that_is_none(qrules: Run) -> None:
    done = qrules("rules", "test", "--binary", "/nowhere/emulator")
    assert (done.returncode, done.stdout) == (2, "")
    assert "QR510: There is no program '/nowhere/emulator'" in done.stderr
