"""The defaults that machines fix: written as chains, read again, and as the binary has them."""

from __future__ import annotations

import pytest

from qrules.knowledge.schema_compile import compile_schema
from qrules.language.reader import read_text
from qrules.qemu import schema_read, schema_text
from qrules.qemu.fixed import Lines, chained, fixed_defaults
from qrules.qemu.harvest import EMPTY_MACHINE
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Fixed, Values
from qrules.rulesets.store import Store
from tests.qemu.conftest import find

NEW: Lines = (("fan", "speed", "2"),)
OLD: Lines = (*NEW, ("lamp", "dim", "off"), ("light", "dim", "off"), ("lamp", "shared", 'a "b"'))
TOLD: dict[str, Lines] = {"rack-1": OLD, "rack-2": NEW, "shelf-2": NEW, "none": (), "crate": (("lamp", "dim", "off"),)}


def text(fixed: tuple[Fixed, ...]) -> str:
    return schema_text.write_values(Values((), (), (), (), (), (), (), (), (), fixed))


def test_each_list_stands_once_and_older_machines_build_on_newer_ones() -> None:
    written = text(tuple(chained(TOLD)))
    assert written.splitlines() == [
        "fixes none",
        "fixes crate",
        '  dim of lamp = "off"',
        "fixes rack-2, shelf-2",
        '  speed of fan = "2"',
        "fixes rack-1 as rack-2",
        '  dim of lamp, light = "off"',
        '  shared of lamp = "a \\"b\\""',
    ]
    assert schema_read.values_of(read_text(written, "x.qr")).fixes == tuple(chained(TOLD))
    pieces = compile_schema(read_text(written, "x.qr"))["fixes"]
    assert pieces["rack-1"] == ["rack-2", [[["lamp", "light"], "dim", "off"], [["lamp"], "shared", 'a "b"']]]
    assert pieces["none"] == ["", []]


@pytest.mark.qemu
@pytest.mark.parametrize("series", ["10.0", "11.1"])
def test_the_catalogue_has_what_the_binary_says(store: Store, series: str) -> None:
    knowledge = store.knowledge(store.resolve(series, "x86_64"))
    with Session(find(series).path, EMPTY_MACHINE, 60) as session:
        told = session.execute("query-machines", **{"compat-props": True})
        assert text(fixed_defaults(session)).count("\nfixes ") > 20
    for machine in told:
        fixed = knowledge.fixed(machine["name"])
        assert fixed is not None
        assert [(t, name, value) for types, name, value in fixed for t in types] == [
            (each["qom-type"], each["property"], each["value"]) for each in machine["compat-props"]
        ], machine["name"]


def test_an_emulator_that_does_not_tell_them(store: Store) -> None:
    assert store.knowledge(store.resolve("7.2", "x86_64")).fixed("pc-q35-7.2") is None
