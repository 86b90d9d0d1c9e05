"""The widths of whole numbers, as real binaries tell them: QEMU's qapi/net.json, qapi/qom.json and qapi/block-core.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qrules.qemu.arguments import flat, within
from qrules.qemu.schema_facts import Case, Member, Part, Record
from qrules.qemu.widths import width, with_widths

if TYPE_CHECKING:
    from tests.qemu.conftest import Binary

INT, STR = (Part(0, "int"),), (Part(0, "str"),)
BLOCKDEV = Record(
    "blockdev",
    "driver",
    (Member("driver", True, ()), Member("node-name", False, STR), Member("cache", False, (Part(0, "cache"),))),
    (
        Case(("null-co",), "", (Member("size", False, INT), Member("latency-ns", False, INT))),
        Case(
            ("raw",),
            "",
            (
                Member("file", True, (Part(0, "blockdev"), Part(0, "str"))),
                Member("offset", False, INT),
                Member("size", False, INT),
            ),
        ),
        Case(("nbd",), "", (Member("server", True, (Part(0, "server"),)), Member("reconnect-delay", False, INT))),
    ),
)
SERVER = Record("server", "type", (Member("type", True, ()),), (Case(("inet",), "inet", ()),))
INET = Record("inet", "", (Member("host", True, STR), Member("port", True, STR), Member("to", False, INT)), ())
CACHE = Record("cache", "", (Member("direct", False, (Part(0, "bool"),)),), ())
OBJECT = Record(
    "object",
    "qom-type",
    (Member("qom-type", True, ()), Member("id", True, STR)),
    (
        Case(
            ("memory-backend-ram",),
            "",
            (Member("host-nodes", False, (Part(1, "int"),)), Member("prealloc-threads", False, INT), Member("size", True, INT)),
        ),
        Case(("iothread",), "", (Member("poll-max-ns", False, INT),)),
        Case(("throttle-group",), "", (Member("limits", False, (Part(0, "limits"),)),)),
    ),
)
LIMITS = Record("limits", "", (Member("iops-total", False, INT), Member("iops-total-max-length", False, INT)), ())
ALONE = Record("alone", "", (Member("x", False, INT),), ())


def types(records: tuple[Record, ...]) -> dict[str, str]:
    """The type of each number by record, case and member."""
    found = {}
    for record in records:
        for case, members in (("", record.members), *((case.names[0], case.members) for case in record.cases)):
            found.update(
                {f"{record.name} {case} {m.name}": m.shape[0].name for m in members if m.shape and "int" in f"{m.shape}"}
            )
            found.update({f"{record.name} {case} {m.name}": "size" for m in members if m.shape and m.shape[0].name == "size"})
    return found


def test_widths_of_a_binary(qemu: Binary) -> None:
    told = with_widths(qemu.path, (BLOCKDEV, SERVER, INET, CACHE, OBJECT, LIMITS, ALONE), 20)
    assert types(told) == {
        "blockdev null-co size": "int64",
        "blockdev null-co latency-ns": "uint64",
        "blockdev raw offset": "int64",
        "blockdev raw size": "int64",
        "blockdev nbd reconnect-delay": "uint32",
        "inet  to": "uint16",
        "object memory-backend-ram host-nodes": "uint16",
        "object memory-backend-ram prealloc-threads": "uint32",
        "object memory-backend-ram size": "size",
        "object iothread poll-max-ns": "int64",
        "limits  iops-total": "int64",
        "limits  iops-total-max-length": "int64",
        "alone  x": "int",
    }
    assert [record.name for record in told] == ["blockdev", "server", "inet", "cache", "object", "limits", "alone"]


def test_what_is_told_of_a_width() -> None:
    assert width("Parameter 'queues' expects uint32_t") == "uint32"
    assert width("Parameter 'zz' is unexpected") == ""
    assert width("Parameter 'size' expects uint64") == ""


def test_a_value_as_dotted_keys() -> None:
    value = {"driver": "raw", "file": {"driver": "null-co", "size": 1}, "list": [True, "a,b"], "none": None}
    assert list(flat(value, "")) == [
        ("driver", "raw"), ("file.driver", "null-co"), ("file.size", "1"), ("list.0", "on"), ("list.1", "a,,b"),
    ]  # fmt: skip


def test_a_value_deep_in_arguments() -> None:
    path = (({"id": "x"}, "a", 1), ({"tag": "t"}, "", 0), ({}, "b", 2))
    assert within(path, 5) == {"id": "x", "a": [{"tag": "t", "b": [[5]]}]}
