"""Sources of configs, and what is odd about them: each oddity has its row or its message, and ends nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from qrules.configs.lines import MAX_LINE
from qrules.diagnostics import Unusable
from qrules.fleet import sources
from qrules.fleet.asking import Asked, Asker
from qrules.fleet.running import run
from qrules.fleet.sources import Folder, Lines, source

DOMAIN = (
    "<domain type='qemu'><name>x</name><memory>1048576</memory><vcpu>1</vcpu>"
    "<os><type arch='x86_64' machine='q35'>hvm</type></os></domain>"
)


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker(Asked(qemu="10.0"))


def answers(found: Lines | Folder | sources.Parquet, asker: Asker) -> list[tuple[int, object, str, str | None]]:
    told = [one for piece in found.pieces() for one in found.answers(asker, piece)]
    return [(row, name, (row_ := json.loads("{" + text))["verdict"], row_["rule"]) for row, name, text in told]


def lines(tmp_path: Path, *texts: bytes) -> Lines:
    path = tmp_path / "fleet.jsonl"
    path.write_bytes(b"\n".join(texts))
    found = source(str(path))
    assert isinstance(found, Lines)
    return found


@pytest.mark.parametrize("size", [1, 50, 10**6])
def test_pieces_hold_each_line_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asker: Asker, size: int) -> None:
    monkeypatch.setattr(sources, "_BYTES", size)
    monkeypatch.setattr(sources, "_BLOCK", 7)
    found = lines(
        tmp_path, *(json.dumps({"id": n, "argv": ["-M", "q35"] * (n % 3 + 1)}).encode() for n in range(9)), b"", b"{}", b""
    )
    told = answers(found, asker)
    assert [(row, name) for row, name, *_ in told] == [*((n + 1, n) for n in range(9)), (11, None)]
    assert sum(piece.weight for piece in found.pieces()) == found.weight


def test_odd_lines_are_told_and_stop_nothing(tmp_path: Path, asker: Asker) -> None:
    found = lines(
        tmp_path,
        b'{"id": "a", "argv": ["-M", "q35"]}',
        b'{"id": "b", "argv": 7}',
        b"\xff\xfe",
        b'{"id": "long", "argv": ["' + b"x" * MAX_LINE + b'"]}',
        b'{"id": "c", "libvirt-xml": ' + json.dumps(DOMAIN).encode() + b"}",
        b'{"id": "d", "libvirt-xml": "<domain"}',
        b'{"id": "e", "libvirt-xml": "<domain/>", "hotplug": 1}',
        b"[" * 100_000,
        b'{"id": {"x": [1]}, "argv": ["-M", "q35"]}',
        b'{"id": "f", "argv": ["-M", "q35"], "arch": "pdp11"}',
    )
    told = answers(found, asker)
    assert [row for row, *_ in told] == list(range(1, 11))
    assert [verdict for _, _, verdict, _ in told] == [
        "accept", "unreadable", "unreadable", "unreadable", "accept", "unreadable", "unreadable", "unreadable", "accept", "unknown",
    ]  # fmt: skip


def test_a_folder_of_odd_things(tmp_path: Path, asker: Asker) -> None:
    (tmp_path / "a.sh").write_text("qemu-system-x86_64 -M q35 -device e1000\n")
    (tmp_path / "b.xml").write_text(DOMAIN)
    (tmp_path / "two.sh").write_text("qemu-system-x86_64 -M q35\nqemu-system-x86_64 -M nosuch\n")
    (tmp_path / "notes.txt").write_text("nothing to see here")
    (tmp_path / "broken.sh").write_text("qemu-system-x86_64 -M 'q35\n")
    (tmp_path / "bytes.bin").write_bytes(b"qemu\xff\xfe")
    (tmp_path / "shell.sh").write_text("qemu-system-x86_64 -M q35 $(more)\n")
    (tmp_path / "link.sh").symlink_to(tmp_path / "a.sh")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.sh")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.sh").write_text("qemu-system-x86_64 -M pc\n")
    with open(os.path.join(os.fsencode(tmp_path), b"\xff.sh"), "wb") as file:
        file.write(b"qemu-system-x86_64 -M pc\n")
    found = source(str(tmp_path))
    told = answers(found, asker)
    assert [(name, verdict) for _, name, verdict, _ in told] == [
        ("a.sh", "accept"), ("b.xml", "accept"), ("broken.sh", "unreadable"), ("bytes.bin", "unreadable"), ("shell.sh", "unknown"),
        ("two.sh:1:1", "accept"), ("two.sh:2:1", "reject"), (os.fsdecode(b"\xff.sh"), "accept"),
        ("deep/c.sh", "accept"),
    ]  # fmt: skip
    out = tmp_path.parent / f"{tmp_path.name}.jsonl"
    run(str(tmp_path), str(out), Asked(qemu="10.0"))
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()][-2:] == ["\ufffd.sh", "deep/c.sh"]


@pytest.mark.parametrize(("text", "code"), [(b"-M q35\n", "QR462"), (b"PAR1 but not really", "QR46"), (None, "QR432")])
def test_what_is_no_source_is_told(tmp_path: Path, text: bytes | None, code: str) -> None:
    path = tmp_path / "fleet"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(Unusable) as told:
        source(str(path))
    assert told.value.diagnostics[0].code.startswith(code)


def test_no_fifo_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fleet.jsonl")
    with pytest.raises(Unusable, match="neither a file nor a folder"):
        source(str(tmp_path / "fleet.jsonl"))


def test_an_empty_file_has_no_rows(tmp_path: Path, asker: Asker) -> None:
    assert answers(lines(tmp_path, b""), asker) == []
