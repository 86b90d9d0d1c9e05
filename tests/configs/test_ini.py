"""The files of -readconfig, and options that change other options."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.argv import read
from qrules.configs.files import Files
from qrules.configs.ini import Misshapen, argument, sections
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board

FILE = '# a card\n[device "nic0"]\n  driver = "e1000"\n  addr = "5"\n\n[machine]\n  usb = "on"\n'


def test_groups_and_members() -> None:
    device, machine = sections(FILE)
    assert (device.group, device.id, device.line) == ("device", "nic0", 2)
    assert argument(device) == "id=nic0,driver=e1000,addr=5"
    assert (machine.id, machine.members) == (None, (("usb", "on"),))


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [("a = 5", "no group defined", 1), ('a = "5"', "no group defined", 1), ("[device]\n  \n", "parse error", 2)],
)
def test_lines_that_are_neither(text: str, said: str, line: int) -> None:
    with pytest.raises(Misshapen, match=said) as caught:
        sections(text)
    assert caught.value.line == line


def test_brackets_and_quotes_may_stay_open() -> None:
    """As the emulator reads: what stands behind the group's name or the value does not matter, and a key needs no value."""
    group, other = sections('[device "a"\n  addr = "5\naddr="6"\nalone # x\n[machine')
    assert (group.group, group.id, group.members) == ("device", "a", (("addr", "5\n"), ('addr="6"', ""), ("alone", "")))
    assert other.group == "machine"


@given(st.text(alphabet='[]"= \n#abc.-,5', max_size=60))
def test_any_text_is_read_or_told_of(text: str) -> None:
    with contextlib.suppress(Misshapen):
        for section in sections(text):
            assert argument(section).count(",") >= len(section.members) - 1


@pytest.mark.parametrize("blank", ["\f", "\v", "\x1c", "\x85", "\u2028", "\r"])
def test_nothing_but_a_newline_ends_a_line(blank: str) -> None:
    """Seen with QEMU 10.0.2, which reads with fgets."""
    (device,) = sections(f'# a{blank}[zork\n[device "a"]{blank}  driver = "b"\n  addr = "5"{blank}\n')
    assert (device.group, device.members) == ("device", (("addr", "5"),))


def test_lines_are_as_long_as_the_emulators_buffer() -> None:
    """What stands behind 1,023 bytes of a comment is a line of its own to fgets; a NUL ends what is looked at."""
    (device,) = sections("#" * 1023 + '[device "a"]\n  driver = "b\0"\n')
    assert (device.id, device.members) == ("a", (("driver", "b"),))
    (device,) = sections("#" + "\u00e9" * 511 + '[device "a"]\n')
    assert device.id == "a"


def verdict(board: Board, *argv: str) -> tuple[str, list[str]]:
    answer = judge(board, read(["-M", "q35", "-nodefaults", *argv], board.knowledge, Files()), ("qemu",))
    return answer.verdict, [r.emulator_message for r in answer.reasons]


def test_a_file_stands_for_its_options(board: Board, tmp_path: Path) -> None:
    file = tmp_path / "vm.cfg"
    file.write_text(FILE)
    assert verdict(board, "-readconfig", str(file)) == ("accept", [])
    said = "PCI: slot 5 function 0 not available for e1000, in use by e1000,id=nic0"
    assert verdict(board, "-readconfig", str(file), "-device", "e1000,addr=5") == ("reject", [said])


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("-global", "e1000.bogus=1"), ["can't apply global e1000.bogus=1: Property 'e1000.bogus' not found"]),
        (("-global", "nosuch.bogus=1"), []),
        (("-global", "ICH9-LPC.disable_s3=1"), []),
        (("-global", "driver=e1000,property=addr"), ["options 'driver', 'property', and 'value' are required"]),
        (("-global", "e1000.x-pcie-lnksta-dllla=off", "-device", "e1000"), []),
        (("-global", "pcie-root-port.chassis=3", *(["-device", "pcie-root-port"] * 2)), ["Can't add chassis slot, error -16"]),
        (("-set", "device.a.addr=5", "-device", "e1000,id=a"), ['there is no device "a" defined']),
        (("-device", "e1000,id=a", "-set", "device.a.addr=5"), []),
        (("-set", "device.a"), ['can\'t parse: "device.a"']),
        (("-set", "nosuch.a.b=c"), ["There is no option group 'nosuch'"]),
        (("-netdev", "user,id=n", "-set", "netdev.n.net=10.0.0.0/8"), []),
    ],
)
def test_options_about_options(board: Board, argv: tuple[str, ...], said: list[str]) -> None:
    assert verdict(board, *argv) == ("reject" if said else "accept", said)


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ('{"driver": "e1000", "multifunction": "on"}', "Invalid parameter type for 'multifunction', expected: boolean"),
        ('{"driver": "e1000", "multifunction": true}', ""),
        ('{"driver": "pcie-root-port", "chassis": "3"}', "Parameter 'chassis' expects uint64"),
        ('{"driver": "pcie-root-port", "chassis": 3}', ""),
        ('{"driver": "e1000", "mac": 5}', "Invalid parameter type for 'mac', expected: string"),
        ('{"driver": "e1000", "bootindex": "1"}', "Invalid parameter type for 'bootindex', expected: integer"),
    ],
)
def test_json_has_types(board: Board, device: str, said: str) -> None:
    assert verdict(board, "-device", device) == ("reject" if said else "accept", [said] if said else [])
