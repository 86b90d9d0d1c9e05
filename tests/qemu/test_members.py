"""Members of structured properties: found by what a made-up machine and a real one say against values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from qrules.qemu.errors import CommandFailed
from qrules.qemu.members import Probe, keys_of, words_about
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Member, Part, Record

if TYPE_CHECKING:
    from tests.qemu.conftest import Binary

HELP = """\
-machine [type=]name
    lid=on|off, racks.0.depth=size[,racks.0.kind=word], other=thing
-rack [[slots=]n][,shelves=n]
    set the number of slots to n; shelves= number of shelves in one rack: wide narrow
-other box=1
    wide word
"""


class Machine:
    """A session whose machine has the list `racks` and the record `rack`; it visits members as QAPI does."""

    binary = "toy"
    types = {"depth": "integer", "kind": ("wide", "shelf"), "lids": ["boolean"], "slots": 0xFFFF}  # noqa: RUF012
    needed = ("depth", "kind")

    def execute(self, command: str, /, **arguments: Any) -> Any:
        prop, value = arguments["property"], arguments.get("value")
        if command == "qom-get":
            return [{"kind": "wide"}]
        for complaint in self.complaints(prop, value):
            raise CommandFailed("toy", command, "GenericError", complaint)
        return {}

    def complaints(self, prop: str, value: Any) -> Iterator[str]:
        if prop == "lid":
            yield from [] if isinstance(value, bool) else ["Invalid parameter type for 'lid', expected: boolean"]
            return
        if prop == "racks":
            if not isinstance(value, list):
                yield "Invalid parameter type for 'racks', expected: array"
                return
            value, prop = value[0], "racks[0]"
        if not isinstance(value, dict):
            yield f"Invalid parameter type for '{prop}', expected: object"
            return
        for key, type_ in self.types.items():
            if key not in value:
                if key in self.needed:
                    yield f"Parameter '{prop}.{key}' is missing"
                continue
            yield from self.against(f"{prop}.{key}", type_, value[key])
        yield from (f"Parameter '{prop}.{key}' is unexpected" for key in value if key not in self.types)

    @staticmethod
    def against(path: str, type_: Any, value: Any) -> Iterator[str]:
        if isinstance(type_, tuple):
            if not isinstance(value, str):
                yield f"Invalid parameter type for '{path}', expected: string"
            elif value not in type_:
                yield f"Parameter '{path.rpartition('.')[2]}' does not accept value '{value}'"
        elif isinstance(type_, list):
            if not isinstance(value, list):
                yield f"Invalid parameter type for '{path}', expected: array"
            elif not isinstance(value[0], bool):
                yield f"Invalid parameter type for '{path}[0]', expected: boolean"
        elif not isinstance(value, int):
            yield (
                f"Invalid parameter type for '{path}', expected: integer"
                if type_ == "integer"
                else f"Parameter '{path}' expects uint64"
            )
        elif type_ != "integer" and value > type_:
            yield f"Parameter '{path}' expects uint16_t"


def probe() -> Probe:
    session: Any = Machine()
    return Probe(session, "toy-machine", [*keys_of(HELP), "lids", *map("none-{}".format, range(100))], HELP)


def test_what_a_help_names() -> None:
    assert keys_of(HELP) == ("type", "lid", "depth", "kind", "other", "slots", "shelves", "box")
    words = words_about("rack", HELP)
    assert {"wide", "narrow", "shelves", "shelve", "depth"} <= {*words}
    assert "thing" in words  # of -machine, which names it
    assert "box" not in words


def test_a_list_of_records() -> None:
    members = (
        Member("depth", True, (Part(0, "int64"),)),
        Member("kind", True, (Part(0, "", ("wide",)),)),  # the word `shelf` is in no help and in no value
        Member("lids", False, (Part(1, "bool"),)),
        Member("slots", False, (Part(0, "uint16"),)),
    )
    assert probe().record("RackList", "racks") == Record("RackList", "", members, (), listed=True)


def test_a_scalar_is_no_record() -> None:
    assert probe().record("Lid", "lid") is None


@pytest.mark.qemu
def test_a_real_machine(qemu: Binary) -> None:
    """QEMU's qapi/machine.json, MemorySizeConfiguration and BootConfiguration."""
    keys = ["order", "once", "menu", "splash", "splash-time", "reboot-timeout", "strict", "size", "max-size", "slots", "x", "y"]
    with Session(qemu.path, ("-machine", "none", "-nodefaults", "-preconfig")) as session:
        asked = Probe(session, "none", keys, "")
        memory, boot = asked.record("M", "memory"), asked.record("B", "boot")
    assert memory is not None
    assert [(each.name, each.needed, each.shape[0].name) for each in memory.members] == [
        ("size", False, "size"), ("max-size", False, "size"), ("slots", False, "uint64"),
    ]  # fmt: skip
    assert boot is not None
    assert [(each.name, each.shape[0].name) for each in boot.members] == [
        ("order", "str"), ("once", "str"), ("menu", "bool"), ("splash", "str"),
        ("splash-time", "int64"), ("reboot-timeout", "int64"), ("strict", "bool"),
    ]  # fmt: skip
