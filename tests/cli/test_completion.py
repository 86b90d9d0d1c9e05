"""What a shell completes comes from the rule set that is meant, and from no list in Python."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qrules.cli import check, common, completing, helping, next_words, parser
from qrules.plugging.board import Board
from tests.conftest import Run

RULES = {
    "lamp.qr": 'catalogue "1.0" for lamp\nabstract machine-type machine\nmachine-type desk-2 is machine\n  alias desk\n'
    "type bulb is device on nothing\ninternal type wire is device on nothing\n",
    "rules.qr": "profile burns\n  decides = on\nprofile saves\n  advice = on\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    for name, text in RULES.items():
        (tmp_path / name).write_text(text)
    return str(tmp_path)


@pytest.mark.parametrize(
    ("what", "prefix", "expected"),
    [
        ("machines", "", ["desk", "desk-2"]),
        ("machines", "desk-", ["desk-2"]),
        ("devices", "", ["bulb"]),
        ("profiles", "", ["burns", "saves"]),
        ("profiles", "s", ["saves"]),
    ],
)
def test_names_come_from_the_rule_set(folder: str, what: str, prefix: str, expected: list[str]) -> None:
    asked = argparse.ArgumentParser()
    action = asked.add_argument("word")
    common.complete(action, what)
    args = argparse.Namespace(rules=folder, qemu=None, arch=None)
    assert action.completer(prefix=prefix, parsed_args=args) == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", ["check", "place", "convert", "spare", "hotplug"])
def test_the_help_names_no_profile(verb: str) -> None:
    asked = parser.verb_parser(verb)
    (option,) = [action for action in asked._actions if "--profile" in action.option_strings]
    assert option.help == "heed only this profile's rules (repeatable; all)"
    assert hasattr(option, "completer")


def test_a_profile_that_the_rule_set_lacks_is_told_with_those_that_it_has(folder: str) -> None:
    from qrules.diagnostics import Unusable

    asked = argparse.ArgumentParser()
    check.configure("check", asked)
    args = asked.parse_args(["--rules", folder, "--profile", "save"])
    args.raw = ["-M", "desk"]
    with pytest.raises(Unusable) as caught:
        args.run(args)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.expected, problem.hint) == ("QR437", "burns, saves", "did you mean 'saves'?")


NET = ["-M", "q35", "-netdev", "user,id=n0", "-netdev", "user,id=n1"]
PORT = ["-M", "q35", "-nodefaults", "-device", "pcie-root-port,id=rp1"]


@pytest.mark.parametrize(
    ("before", "prefix", "expected"),
    [
        ([], "-smb", ["-smb", "-smbios"]),
        (["-M"], "q3", ["q35"]),
        (["-M"], "q35,usb", ["q35,usb="]),
        (["-M"], "q35,usb=", ["q35,usb=on", "q35,usb=off"]),
        (["-cpu"], "Penryn", ["Penryn", "Penryn-v1"]),
        (["-netdev"], "us", ["user"]),
        (["-netdev"], "user,restrict=", ["user,restrict=on", "user,restrict=off"]),
        (["-object"], "rng-r", ["rng-random"]),
        ([*NET, "-device"], "e1000,netdev=", ["e1000,netdev=n0", "e1000,netdev=n1"]),
        ([*NET, "-device", "rtl8139,netdev=n0", "-device"], "e1000,netdev=", ["e1000,netdev=n1"]),
        ([*PORT, "-device"], "e1000e,bus=", ["e1000e,bus=pcie.0", "e1000e,bus=rp1"]),
        ([*PORT, "-device", "nvme,serial=x,bus=rp1", "-device"], "e1000e,bus=", ["e1000e,bus=pcie.0"]),
        ([*PORT, "-device"], "e1000e,multifunction=", ["e1000e,multifunction=on", "e1000e,multifunction=off"]),
        ([*PORT, "-device"], "e1000e,mac=1,ma", []),
        ([*PORT, "-device"], "no-such-type,bus=", []),
    ],
)
def test_what_may_stand_next(board: Board, before: list[str], prefix: str, expected: list[str]) -> None:
    found = next_words.following(board, before, prefix)
    assert found == expected or (prefix == "-smb" and "-smbios" in found)


WORDS = st.sampled_from(
    [
        *PORT,
        "-drive",
        "file=x,if=none,id=d",
        "-M",
        "q35,",
        ",",
        "=",
        "bus=",
        "e1000,bus=",
        "-device",
        "{",
        "-readconfig",
        "x",
        "",
        "--",
        "-",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, max_size=8), WORDS | st.text(max_size=6))
def test_whatever_stands_there_something_is_answered(board: Board, before: list[str], prefix: str) -> None:
    assert all(isinstance(word, str) for word in next_words.following(board, before, prefix))


def test_a_shell_sees_nothing_of_what_is_wrong() -> None:
    assert completing.emulators(["check", "--rules", "no-such-folder"], ["-M"], "q") == []
    assert completing.emulators(["check", "--qemu=10.0"], ["qemu-system-aarch64", "-M"], "virt-10.") == ["virt-10.0"]


@pytest.mark.parametrize(
    ("option", "argument", "begins"),
    [
        ("-cpu", "help", "Available CPUs:"),
        ("-netdev", "help", "Available netdev backend types:"),
        ("-object", "rng-random,help", "rng-random options:"),
        ("-vga", "help", "none"),
    ],
)
def test_help_of_options(board: Board, option: str, argument: str, begins: str) -> None:
    assert (helping.answer(board, option, argument) or "").startswith(begins)


def test_an_argument_that_is_called_help_is_no_question(qrules: Run) -> None:
    assert qrules("check", "--qemu", "10.0", "--", "-M", "q35", "-name", "help").stdout.startswith("accepted")
