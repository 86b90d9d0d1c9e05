"""The schema as questions see it: what each call gives, which pieces it loads, and that a plain question loads none."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qrules.diagnostics import Unusable
from qrules.knowledge import schema_compile
from qrules.knowledge.model import Knowledge
from qrules.knowledge.schema import Part, Record
from qrules.rulesets import build, cache, packing
from qrules.rulesets.build import Build
from qrules.rulesets.store import Store

pytestmark = pytest.mark.usefixtures("own_cache")
PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def example() -> str:
    """The schema of docs/language.md."""
    section = PAGE.read_text().split("## The schema\n")[1]
    found = re.search(r"```qr\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    (tmp_path / "board.qr").write_text(example())
    store = Store(tmp_path)
    return store.knowledge(store.resolve(None, None))


def members(record: Record | None) -> list[tuple[str, bool]]:
    assert record is not None
    return [(member.name, member.needed) for member in record.members]


def shape(record: Record | None, name: str) -> tuple[Part, ...]:
    assert record is not None
    member = record.member(name)
    assert member is not None
    return member.shape


def test_records_cases_and_shapes(knowledge: Knowledge) -> None:
    wire = knowledge.schema("wire")
    assert wire is not None
    assert (wire.tag, wire.cases, wire.plain, wire.listed) == ("kind", ("none", "short", "long", "plug"), False, False)
    assert members(wire) == [("id", True), ("kind", True), ("colours", False), ("spare", False), ("ends", False)]
    assert shape(wire, "id") == (Part(0, "str", "", (), ()),)
    assert shape(wire, "kind") == ()
    assert shape(wire, "colours") == (Part(1, "", "", ("red", "blue"), ()),)
    spare = shape(wire, "spare")
    assert [(part.type, part.record) for part in spare] == [("", "wire"), ("str", ""), ("null", "")]
    assert wire.of(spare[0]) is wire
    assert wire.of(spare[1]) is None
    (ends,) = shape(wire, "ends")
    assert (ends.lists, [part.record or part.type for part in ends.either]) == (1, ["wire-end", "str"])
    assert wire.member("length") is None


def test_the_cases_of_a_record(knowledge: Knowledge) -> None:
    wire = knowledge.schema("wire")
    assert wire is not None
    assert members(wire.case("none")) == []
    assert members(wire.case("short")) == members(wire.case("long")) == [("length", False)]
    assert wire.case("plug") is knowledge.schema("wire-end")
    assert wire.case("no-such-kind") is None


def test_options(knowledge: Knowledge) -> None:
    assert knowledge.option("-wire") is knowledge.schema("wire")
    label = knowledge.option("-label")
    assert label is not None
    assert label.plain
    assert members(label) == [("front", False), ("back", False), ("size", False)]
    assert shape(label, "size") == (Part(0, "size", "", (), ()),)
    assert knowledge.option("-no-such-option") is None
    assert knowledge.schema("no-such-record") is None


def test_types_of_properties(knowledge: Knowledge) -> None:
    drawers = knowledge.schema("DrawerList")
    assert drawers is not None
    assert (drawers.listed, members(drawers)) == (True, [("depth", True)])
    assert members(knowledge.schema("BoxConfiguration")) == [("width", False), ("height", False)]
    assert knowledge.enum("CardSpeed") == ("slow", "2_5")
    assert knowledge.enum("DrawerList") is None
    assert knowledge.link_target("card", "owner") == "rope"
    assert knowledge.form("other", "mac") == "Six bytes in hexadecimal"
    assert knowledge.form("card", "mac") == ""
    assert knowledge.form("card", "speed") == ""


def test_objects_accelerators_and_processors(knowledge: Knowledge) -> None:
    assert knowledge.objects() == ("rope", "rope,long")
    assert knowledge.accelerators() == {"steam": {"pressure": "uint32"}}
    models = knowledge.models()
    assert {name: (each.type, each.deprecated) for name, each in models.items()} == {
        "toy": ("toy-cpu", False), "toy-1": ("toy-cpu", False), "old-toy": ("toy-cpu", True),
    }  # fmt: skip
    assert knowledge.features_of(tuple(knowledge.line_of("toy-cpu"))) == {"fast": "bool", "small": "bool"}
    assert knowledge.features_of(tuple(knowledge.line_of("card"))) == {}


def test_a_rule_set_without_a_schema_knows_of_none(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text('catalogue "1.0" for toy\nmachine-type shelf is machine\nprofile run\n')
    store = Store(tmp_path)
    knowledge = store.knowledge(store.resolve(None, None))
    assert knowledge.schema("wire") is None
    assert knowledge.option("-wire") is None
    assert (knowledge.objects(), knowledge.accelerators(), knowledge.models()) == ((), {}, {})
    assert knowledge.enum("OnOffAuto") is None


HEADS = {
    "a.qr": 'catalogue "1.0" for toy\nmachine-type shelf is machine\nprofile run\n',
    "b.qr": 'catalogue "1.0" for toy64\nmachine-type shelf is machine\n',
    "shared.qr": 'schema "1.0" for toy, toy64\noption "-x" is x\nrecord x\n  takes a : str\n',
    "own.qr": 'schema "1.0" for toy64\noption "-x"\n  takes b : string\nobject rope\n',
}


def test_a_file_of_its_own_serves_the_targets_that_it_names(tmp_path: Path) -> None:
    for name, text in HEADS.items():
        (tmp_path / name).write_text(text)
    store = Store(tmp_path)
    toy, toy64 = (store.knowledge(store.resolve(None, arch)) for arch in ("toy", "toy64"))
    assert (members(toy.option("-x")), toy.objects()) == ([("a", False)], ())
    assert (members(toy64.option("-x")), toy64.objects()) == ([("b", False)], ("rope",))  # its own before what it shares


def test_what_is_declared_twice_or_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(HEADS["a.qr"])
    (tmp_path / "shared.qr").write_text('schema "1.0" for toy\noption "-x" is y\nrecord x\n  takes a : strr\nrecord x\n')
    with pytest.raises(Unusable) as caught:
        build.compile_rule_set(tmp_path)
    assert [d.code for d in caught.value.diagnostics] == ["QR233", "QR233", "QR201"]


# ------------------------------------------------------------------------------------- what is loaded
def counted(knowledge: Knowledge) -> list[str]:
    """The pieces that are loaded from here on."""
    loaded: list[str] = []
    load = knowledge._load

    def counting(name: str) -> Any:
        loaded.append(name)
        return load(name)

    knowledge._load = counting
    return loaded


def test_only_what_is_asked_for_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "board.qr").write_text(example())
    store = Store(tmp_path)
    knowledge = store.knowledge(store.resolve(None, None))
    loaded = counted(knowledge)
    knowledge.enum("CardSpeed")
    assert loaded == ["schema", "schema-0/index", "schema-0/enums"]
    knowledge.option("-wire")
    knowledge.schema("wire-end")  # it came with the record that speaks of it
    assert [re.sub(r"\d+$", "N", name) for name in loaded[3:]] == ["schema-0/record-N"]


_WATCH = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from qrules.cli.main import main
main(sys.argv[1:])
found = [path for path in opened if "schema" in path.rpartition("qrules")[2]]
sys.exit(f"read for a plain question: {found}" if found else 0)
"""


@pytest.mark.parametrize(
    "question",
    [
        "why e1000 --on q35",
        "types q35",
        "check -- qemu-system-x86_64 -M q35 -smp 2 -device virtio-rng-pci -device e1000",
    ],
)
def test_a_plain_question_reads_nothing_of_it(question: str) -> None:
    run = [sys.executable, "-c", _WATCH, *question.split()]
    subprocess.run(run, capture_output=True, timeout=120, check=False)  # compiles the rules where they are not
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
    assert "read for" not in done.stderr
    assert done.returncode == 0, done.stderr


def test_it_is_compiled_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "board.qr").write_text(example())
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the cache's folder has to be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    store = Store(tmp_path)
    assert members(store.knowledge(store.resolve(None, None)).schema("wire-end")) == [("pin", False)]


def test_a_wheel_brings_the_same_pieces(tmp_path: Path) -> None:
    rules, packed = tmp_path / "rules", tmp_path / "packed"
    rules.mkdir()
    for name, text in HEADS.items():
        (rules / name).write_text(text)
    build.write_rule_set(rules, packed)
    packing.pack(packed)
    found = {n: packing.unpacked(str(packed / cache.ARCHIVE), cache.schema_name(f"schema-{n}")) for n in range(2)}
    names = {n: sorted(files) for n, files in found.items()}
    assert names == {0: ["index.json", "objects.json", "plain.json"], 1: ["index.json", "record-0.json"]}
    told = cache.value(found[0]["objects.json"], cache.packed_digest(str(packed)), cache.schema_name("schema-0"), "objects")
    assert told == Build(rules).schema_pieces("schema-0")["objects"]


def test_a_schema_that_grows_when_it_is_compiled_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chain = "".join(f'option "-o{n}" is r{n}\nrecord r{n}\n' + f"  takes next : r{n - 1}\n" * (n > 0) for n in range(30))
    (tmp_path / "all.qr").write_text('catalogue "1.0" for toy\n' + chain)
    assert Build(tmp_path).schema_pieces("schema-0")["index"]["options"]["-o29"] == "r29"
    monkeypatch.setattr(schema_compile, "MOST_COPIES", 400)  # of 465
    with pytest.raises(Unusable) as caught:
        Build(tmp_path).schema_pieces("schema-0")
    assert [d.code for d in caught.value.diagnostics] == ["QR230"]
