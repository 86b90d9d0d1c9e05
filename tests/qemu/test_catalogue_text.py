"""The writer of catalogues, on made-up facts."""

from __future__ import annotations

from qrules.qemu.catalogue_text import name, text, write
from qrules.qemu.facts import BusType, DeviceType, Facts, MachineType, Property

FACTS = Facts(
    version="9.9.1",
    arch="toy",
    bus_types=(BusType("PIPE", "bus", False), BusType("odd,bus", "bus", True)),
    interfaces=("plug-thing", "qemu:thing"),
    types=(
        DeviceType(
            "pipe-device",
            ("device",),
            "abstract",
            "PIPE",
            "",
            (
                Property("width", "uint8", 4),
                Property("slot", "str", -1),
                Property("wet", "bool", False),
                Property("cold", "bool", False),
                Property("level", "uint8", 0),
                Property("motd", "str", 'say "hi" \\'),
                Property("zone.size", "size", None),
                Property("peer", "guest statistics", None),
            ),
        ),
        DeviceType("tap", ("pipe-device", "plug-thing"), "user", "", 'A "tap"\nfor tests', ()),
        DeviceType("valve.1", ("pipe-device",), "internal", "nothing", "", (Property("mode", "OnOffAuto", "auto"),)),
    ),
    aliases=(("faucet", "tap"),),
    machine_types=(
        MachineType("machine", "", True, "", False, False, None, None, (Property("usb", "bool", None),)),
        MachineType("toy-9.9", "machine", False, "toy", True, True, 8, False, (Property("lid", "bool", True),)),
    ),
)

TEXT = """\
# Harvested from qemu-system-toy 9.9.1 by `qrules harvest`: type facts, no behaviour. Do not edit; harvest again.
catalogue "9.9.1" for toy

bus-type PIPE is bus
abstract bus-type "odd,bus" is bus

interface plug-thing
interface "qemu:thing"

abstract type pipe-device is device on PIPE
  property cold, wet : bool = off
  property level : uint8 = 0
  property motd : str = "say \\"hi\\" \\\\"
  property peer : "guest statistics"
  property slot : str = -1
  property width : uint8 = 4
  property "zone.size" : size
type tap is pipe-device, plug-thing "A \\"tap\\" for tests"
internal type "valve.1" is pipe-device on nothing
  property mode : OnOffAuto = "auto"

alias faucet is tap

abstract machine-type machine
  property usb : bool
machine-type "toy-9.9" is machine
  alias toy
  default
  deprecated
  cpu-max = 8
  hotpluggable-cpus = off
  property lid : bool = on
"""


def test_every_kind_of_fact() -> None:
    assert write(FACTS) == TEXT


def test_a_section_without_facts_leaves_no_gap() -> None:
    bare = FACTS._replace(interfaces=(), types=(), aliases=(), machine_types=())
    _, after = write(bare).split("for toy\n")
    assert after == '\nbus-type PIPE is bus\nabstract bus-type "odd,bus" is bus\n'


def test_which_names_are_quoted() -> None:
    plain = ("PCI", "x86_64-cpu", "_a", "a-1", "IndustryPack")
    quoted = ("486-x86_64-cpu", "cfi.pflash01", "a,b", "a--b", "a-", "", "ärger", "two words")
    assert [name(word) for word in plain] == list(plain)
    assert [name(word) for word in quoted] == [f'"{word}"' for word in quoted]


def test_strings_stay_on_one_line() -> None:
    assert text('a "b" \\ c\nd') == r'"a \"b\" \\ c d"'
