"""The reduction of QMP's own description, on a made-up one."""

from __future__ import annotations

from typing import Any

from qrules.qemu.qapi import records
from qrules.qemu.schema_facts import Case, Member, Part, Record


def command(name: str, takes: str, gives: str = "nothing") -> dict[str, Any]:
    return {"name": name, "meta-type": "command", "arg-type": takes, "ret-type": gives}


def struct(name: str, *members: str, **more: Any) -> dict[str, Any]:
    """Members as `name:type`; a question mark before the colon makes one optional."""
    split = [each.split(":") for each in members]
    told = [{"name": n.rstrip("?"), "type": t, **({"default": None} if n.endswith("?") else {})} for n, t in split]
    return {"name": name, "meta-type": "object", "members": told, **more}


def union(name: str, tag: str, cases: dict[str, str], *members: str) -> dict[str, Any]:
    return struct(name, *members, tag=tag, variants=[{"case": case, "type": type_} for case, type_ in cases.items()])


def enum(name: str, *words: str) -> dict[str, Any]:
    return {"name": name, "meta-type": "enum", "values": list(words), "members": [{"name": word} for word in words]}


BUILT_IN = [{"name": name, "meta-type": "builtin", "json-type": name} for name in ("str", "int", "null")]


def one(name: str, needed: bool, *parts: Part) -> Member:
    return Member(name, needed, parts)


def text(name: str, needed: bool = False) -> Member:
    return one(name, needed, Part(0, "str"))


def test_a_union_with_its_branches_in_place() -> None:
    schema = [
        command("netdev_add", "1"),
        union("1", "type", {"cable": "2", "tape": "2", "loop": "0", "air": "3"}, "id:str", "type:4"),
        struct("2", "length:int", "name?:str"),
        struct("3", "band:5"),
        struct("0"),
        enum("4", "none", "cable", "tape", "loop", "air"),
        enum("5", "low", "high"),
        *BUILT_IN,
    ]
    cases = (
        Case(("none", "loop"), "", ()),
        Case(("cable", "tape"), "", (one("length", True, Part(0, "int")), text("name"))),
        Case(("air",), "", (one("band", True, Part(0, "", ("low", "high"))),)),
    )
    assert records(schema) == (Record("netdev", "type", (text("id", True), Member("type", True, ())), cases),)


def test_a_shared_struct_gets_the_name_of_the_first_place() -> None:
    schema = [
        command("netdev_add", "1"),
        union("1", "type", {"a": "2", "b": "3"}, "type:9"),
        struct("2", "from:4", "to?:4"),
        struct("3", "to:[4]"),
        struct("4", "path:str"),
        {"name": "[4]", "meta-type": "array", "element-type": "4"},
        enum("9", "a", "b"),
        *BUILT_IN,
    ]
    netdev, shared = records(schema)
    ends = (one("from", True, Part(0, "netdev-a-from")), one("to", False, Part(0, "netdev-a-from")))
    assert netdev.cases == (Case(("a",), "", ends), Case(("b",), "", (one("to", True, Part(1, "netdev-a-from")),)))
    assert shared == Record("netdev-a-from", "", (text("path", True),), ())


def test_alternates_and_a_record_in_itself() -> None:
    schema = [
        command("blockdev-add", "1"),
        struct("1", "backing?:2", "children:[2]"),
        {"name": "2", "meta-type": "alternate", "members": [{"type": "1"}, {"type": "str"}, {"type": "null"}]},
        {"name": "[2]", "meta-type": "array", "element-type": "2"},
        *BUILT_IN,
    ]
    forms = (Part(0, "blockdev"), Part(0, "str"), Part(0, "null"))
    assert records(schema) == (
        Record("blockdev", "", (one("backing", False, *forms), one("children", True, Part(1, "", (), forms))), ()),
    )


def test_a_branch_that_is_a_union_is_a_record_of_its_own() -> None:
    schema = [
        command("chardev-add", "1"),
        union("1", "type", {"deep": "2"}, "type:8"),
        union("2", "kind", {"x": "3"}, "kind:9"),
        struct("3", "file:str"),
        enum("8", "deep"),
        enum("9", "x"),
        *BUILT_IN,
    ]
    chardev, deep = records(schema)
    assert chardev.cases == (Case(("deep",), "chardev-deep", ()),)
    assert deep == Record("chardev-deep", "kind", (Member("kind", True, ()),), (Case(("x",), "", (text("file", True),)),))


def test_two_places_of_one_name_are_told_apart() -> None:
    schema = [
        command("netdev_add", "1"),
        struct("1", "a-b:2", "a:3"),
        struct("2", "x:str"),
        struct("3", "b:4"),
        struct("4", "y:str"),
        *BUILT_IN,
    ]
    assert [each.name for each in records(schema)] == ["netdev", "netdev-a-b", "netdev-a", "netdev-a-b-2"]


def test_what_is_returned_in_a_list_counts_too_and_what_is_lacking_does_not() -> None:
    schema = [
        command("query-tpm", "0", "[1]"),
        {"name": "[1]", "meta-type": "array", "element-type": "1"},
        struct("1", "id:str"),
        struct("0"),
        *BUILT_IN,
    ]
    assert [each.name for each in records(schema)] == ["tpmdev"]
    assert records([]) == ()


def test_lists_that_never_end_do() -> None:
    schema = [
        command("netdev_add", "1"),
        struct("1", "a:[x]"),
        {"name": "[x]", "meta-type": "array", "element-type": "[x]"},
        *BUILT_IN,
    ]
    (netdev,) = records(schema)
    assert netdev.members == (one("a", True, Part(0, "any")),)
