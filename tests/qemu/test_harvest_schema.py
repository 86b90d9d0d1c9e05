"""Schemas of the real binaries: what the project ships, and what the binaries say of single things."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qrules.qemu.enums import Asked, described, words
from qrules.qemu.errors import Overflow, TimedOut
from qrules.qemu.harvest_schema import Gathered, gather_schema, likely_words, shared
from qrules.qemu.printed import printed
from qrules.qemu.process import version
from qrules.qemu.qmp import Session
from qrules.qemu.schema_asked import told
from qrules.qemu.schema_facts import Member, Option, Options, Part, Record, Told, Values
from qrules.qemu.schema_text import head, write_options, write_values

if TYPE_CHECKING:
    from tests.qemu.conftest import Binary

SHIPPED = Path(__file__).parents[2] / "rules" / "catalog"
NOTHING = Values((), (), (), (), (), (), (), (), ())


@cache
def gathered(path: str) -> Gathered:
    return gather_schema(path, SHIPPED)


def record(found: Gathered, name: str) -> Record:
    return next(each for each in (*found.options.records, *found.values.records) if each.name == name)


# ------------------------------------------------------------------------------------- on real binaries
def test_the_shipped_schema_is_what_the_binary_says(qemu: Binary) -> None:
    folder = SHIPPED / f"qemu-{qemu.series}"
    common, values = (folder / "qapi.qr").read_text(), (folder / "x86_64-values.qr").read_text()
    if f'schema "{version(qemu.path)}"' not in values:
        pytest.skip(f"the schema was harvested from another {qemu.series} than {version(qemu.path)}")
    found = gathered(qemu.path)
    heading, _, rest = values.partition("\n\n")
    assert heading + "\n" == head(found.version, ["x86_64"], "types, members and words of values")
    assert write_values(found.values) == rest
    statements = [*re.split(r"\n(?=\S)", write_options(found.options).rstrip())]
    kept = [*re.split(r"\n(?=\S)", common.partition("\n\n")[2].rstrip())]
    assert [each.strip() for each in statements] == [each.strip() for each in kept]


def test_processors_objects_and_accelerators_are_what_qmp_lists(qemu: Binary) -> None:
    values = gathered(qemu.path).values
    with Session(qemu.path, ("-machine", "none")) as session:
        models = {(each["name"], each["typename"]) for each in session.execute("query-cpu-definitions")}
        known = {each["name"] for each in session.execute("qom-list-types", implements="user-creatable")}
        features = session.execute("device-list-properties", typename="qemu64-x86_64-cpu")
    assert {(name, each.type) for each in values.processors for name in each.names} == models
    assert set(values.objects) == known
    assert "tcg" in dict(values.accelerators)
    of_all = next(properties for types, properties in values.features if types == ("cpu",))
    listed = {each["name"]: each["type"] for each in features if not each["type"].startswith(("child<", "link<"))}
    stated = {each.name: each.domain for each in of_all}
    assert {name: type_ for name, type_ in listed.items() if name in stated} == {n: listed[n] for n in stated if n in listed}
    assert {"avx", "pmu", "hv-spinlocks"} <= stated.keys()


def test_what_a_record_takes_the_binary_takes(qemu: Binary) -> None:
    """Each member of `-object rng-egd` and what is needed, as QMP's object-add complains."""
    found = record(gathered(qemu.path), "object")
    case = next(each for each in found.cases if "rng-egd" in each.names)
    assert {member.name for member in case.members if member.needed} == {"chardev"}
    assert (found.tag, [member.name for member in found.members]) == ("qom-type", ["qom-type", "id"])


def test_machine_options_with_members(qemu: Binary) -> None:
    smp = record(gathered(qemu.path), "SMPConfiguration")
    assert {"cpus", "sockets", "cores", "threads", "maxcpus"} <= {member.name for member in smp.members}
    windows = record(gathered(qemu.path), "CXLFixedMemoryWindow")
    assert (windows.listed, windows.members) == (
        True,
        (
            Member("size", True, (Part(0, "size"),)),
            Member("interleave-granularity", False, (Part(0, "size"),)),
            Member("targets", True, (Part(1, "str"),)),
        ),
    )


def test_words_that_a_binary_takes(qemu: Binary) -> None:
    floppy = Asked("Kind", "floppy", "drive-type", "type (144/288/qrules/auto)", "auto")
    text = Asked("Text", "floppy", "drive", "some/thing", "")
    assert words(qemu.path, [floppy, text], {}, []) == {"Kind": ("144", "288", "auto")}
    undescribed = floppy._replace(description="")
    assert words(qemu.path, [undescribed], {"Kind": ["120", "x"]}, ["288", "y"]) == {"Kind": ("auto", "120", "288")}


def test_what_is_printed_is_read_up_to_a_bound(tmp_path: Path) -> None:
    endless, silent = tmp_path / "endless", tmp_path / "silent"
    endless.write_text("#!/bin/sh\nexec yes $1\n")
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    for script in (endless, silent):
        script.chmod(0o755)
    with pytest.raises(Overflow):
        printed(str(endless), ["word"])
    with pytest.raises(TimedOut):
        printed(str(silent), ["-help"], 0.2)


# ------------------------------------------------------------------------------------- made-up ones
def test_words_of_a_description() -> None:
    assert described("on/off/auto") == ("on", "off", "auto")
    assert described("Error handling policy (report/ignore/stop)") == ("report", "ignore", "stop")
    assert described("1/2/4 (default 16)") == ("1", "2", "4")
    assert described("Slot and optional function number, example: 06.0 or 06") == ()
    assert described("") == ()


def test_what_most_types_have_is_stated_once() -> None:
    said = [("a", "mac", "six bytes"), ("b", "mac", "six bytes"), ("c", "mac", ""), ("a", "id", ""), ("a", "chip", "a chip")]
    said += [("a", "bus", ""), ("b", "bus", ""), ("c", "bus", "a bus"), ("a", "mac2", "six bytes")]
    assert told(said) == (
        Told("", ("mac",), ("c",)),
        Told("a bus", ("bus",), ("c",)),
        Told("a chip", ("chip",), ()),
        Told("six bytes", ("mac", "mac2"), ()),
    )


def test_what_binaries_have_in_common() -> None:
    flat = [Option(name, "", (Member("k", False, (Part(0, "string"),)),)) for name in ("-a", "-b")]
    both, net = Options((flat[0],), (Record("net", "", (), ()),)), Record("net", "", (Member("x", False, ()),), ())
    one = Gathered("1", "one", Options(tuple(flat), both.records), NOTHING)
    two = Gathered("1", "two", both, NOTHING)
    options, (first, second) = shared([one, two])
    assert options == both
    assert (first.values.options, second.values.options) == ((flat[1],), ())
    options, (first, second) = shared([one, two._replace(options=Options((flat[0],), (net,)))])
    assert options == Options((), ())
    assert (first.values.records, second.values.records) == (both.records, (net,))
    assert second.values.options == (flat[0],)


def test_likely_words_are_those_of_catalogues(tmp_path: Path) -> None:
    (tmp_path / "a.qr").write_text('enum Speed = "1", "2_5"\nenum Other = "x"\n')
    (tmp_path / "b.qr").write_text('enum Speed = "1", "4"\n')
    assert likely_words(tmp_path) == {"Speed": ("1", "2_5", "4"), "Other": ("x",)}
