"""Trees, Graphviz's language and SVG: what they show, byte for byte, and that no name breaks them."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from qrules.explain.picture import BusNode, DeviceNode, Topology
from qrules.explain.room import Slots
from qrules.report.dot import dot, svg
from qrules.report.style import Style
from qrules.report.tree import BOXES, PLAIN, glyphs, tree
from qrules.visible import shown
from tests.conftest import Run

GOLDEN = Path(__file__).parent / "golden"
VM = (
    "qemu-system-x86_64 -M q35,usb=on -nodefaults"
    " -device pcie-root-port,id=rp1,chassis=1,multifunction=on,addr=3.0 -device pcie-root-port,id=rp2,chassis=2,addr=3.1"
    " -device pcie-root-port,id=rp3,chassis=3,addr=3.2 -device virtio-net-pci,id=net0,bus=rp1"
    " -device virtio-scsi-pci,id=scsi0,bus=rp2 -device pcie-pci-bridge,id=br -device e1000,bus=br"
    " -device usb-tablet -device usb-hub,id=hub -device usb-kbd,port=2.3 -device vmcoreinfo -device e1000,addr=1f.0"
    + " -device scsi-cd"
    * 12
)
CASES = {
    "vm": ("slots", "--", *VM.split()),
    "arm": ("buses", "virt", "--arch", "aarch64"),
    "placed": ("place", "--on", "q35", "--nodefaults", "e1000e*3", "e1000", "scsi-cd*2", "usb-tablet"),
}
HOSTILE = [
    'quo"te', "<b>&amp;</b>", "back\\slash\\N", "new\nline\r\t", "\x1b[2J\x00", "]]>", "{|}", "x" * 5000, "ünï ☃", "", "-->", "%s"
]  # fmt: skip

graphviz = pytest.mark.skipif(
    shutil.which("dot") is None and not os.environ.get("QRULES_REQUIRE_GRAPHVIZ"), reason="Graphviz's dot is not on the PATH"
)


@pytest.mark.parametrize("form", ["tree", "dot"])
@pytest.mark.parametrize("name", CASES)
def test_golden(qrules: Run, bless: bool, name: str, form: str) -> None:
    verb, *words = CASES[name]
    done = qrules(verb, "--qemu", "10.0", f"--{form}", *words, PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stderr
    drawn = re.sub(r"\.qr:\d+", ".qr:N", done.stdout)  # a line more in a rule file changes no picture
    file = GOLDEN / f"{name}.{form}"
    if bless:
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def test_the_same_bytes_whatever_the_hash(qrules: Run) -> None:
    for form in ("--dot", "--tree"):
        assert len({qrules(*CASES["vm"][:1], form, *CASES["vm"][1:], PYTHONHASHSEED=str(n)).stdout for n in range(3)}) == 1


# ------------------------------------------------------------------------------------- streams that lack the boxes
def test_plain_where_the_stream_lacks_the_boxes(qrules: Run) -> None:
    boxed, plain = (qrules("buses", "q35", "--tree", PYTHONIOENCODING=e).stdout for e in ("utf-8", "ascii"))
    assert plain.isascii()
    assert not boxed.isascii()
    for box, sign in zip(BOXES, PLAIN, strict=True):
        boxed = boxed.replace(box, sign)
    assert [line.split() for line in boxed.splitlines()] == [line.split() for line in plain.splitlines()]


@pytest.mark.parametrize(("encoding", "expected"), [("utf-8", BOXES), ("ascii", PLAIN), ("latin-1", PLAIN), ("utf-16", BOXES)])
def test_glyphs(encoding: str, expected: object) -> None:
    assert glyphs(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) == expected


# ------------------------------------------------------------------------------------- names that nobody expects
def hostile(names: list[str]) -> Topology:
    """Each name as an id, a type, an address and a bus, with a bus below each device."""
    devices = tuple(
        DeviceNode(name or "t", name, name, by, 0, (BusNode(name, name, True, Slots(1, 1), (name,), (), None),), None)
        for name in names
        for by in ("machine", "config", "added")
    )
    root = BusNode(names[0], names[0], False, Slots(9, 9), tuple(names), devices, None)
    return Topology(names[0], names[0], "10.0", (root,), devices, (1, 2))


def as_shown(name: str) -> str:
    """A name as pictures have it: what does not print is told as Python tells it, and what is very long has a gap."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
    return shown if len(shown) < 100 else shown[:40]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_a_tree(name: str) -> None:
    lines = shown(tree(hostile([name, "plain"]), Style(False), BOXES)).split("\n")
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 1 + 1 + 12 + 1 + 12 + 2, "no name ends a line"
    assert sum(as_shown(name) in line for line in lines) >= 12


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_graphviz_language(name: str) -> None:
    drawn = hostile([name, "plain"])
    text = dot(drawn)
    assert dot(drawn) == text
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)
    tables = re.findall(r"=<(<TABLE.*?</TABLE>)>", text)
    assert len(tables) == text.count("=<<TABLE")
    words = "".join("".join(ET.fromstring(table).itertext()) for table in tables)
    assert words.count(as_shown(name)) >= 25, "the name of the machine, the buses and all devices"


@graphviz
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_a_picture(name: str) -> None:
    picture = ET.fromstring(svg(hostile([name, "plain"])))
    words = "".join(picture.itertext()).replace("\xa0", " ").replace("\n", "")  # a line stands between two pieces
    assert words.count(as_shown(name)) >= 25, "the name of the machine, the buses and all devices"
    tips = [tip for element in picture.iter() for key, tip in element.attrib.items() if key.endswith("}title")]
    assert sum(as_shown(name) in tip for tip in tips) >= 2, "tooltips"


@graphviz
def test_an_svg_shows_what_the_topology_has(qrules: Run, tmp_path: Path) -> None:
    file = tmp_path / "vm.svg"
    done = qrules("slots", "--svg", str(file), *CASES["vm"][1:])
    assert (done.returncode, done.stderr) == (0, "")
    shown = "".join(ET.parse(file).getroot().itertext()).replace("\xa0", " ")
    answer = json.loads(qrules("slots", "--tree", "--json", *CASES["vm"][1:]).stdout)
    waiting, names = list(answer["buses"]), []
    while waiting:
        bus = waiting.pop()
        names += [bus["id"], *(d["id"] for d in bus["devices"] if d["id"])]
        waiting += [b for d in bus["devices"] for b in d["buses"]]
    assert {"pcie.0", "rp1", "net0", "scsi0.0"} <= set(names)
    assert all(n in shown or re.fullmatch(r"ide\.\d|rp\d", n) for n in names)
    assert "scsi-cd × 12" in shown
    printed = qrules("slots", "--svg", "-", *CASES["vm"][1:]).stdout  # where a space that does not break is written as such
    assert printed.replace("&#160;", "\xa0") == file.read_text(encoding="utf-8").replace("&#160;", "\xa0")


# ------------------------------------------------------------------------------------- what goes wrong
def test_without_graphviz(qrules: Run, tmp_path: Path) -> None:
    done = qrules("slots", "q35", "--svg", str(tmp_path / "x.svg"), PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "QR511" in done.stderr
    assert "install Graphviz" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("script", ["echo syntax error >&2; exit 1", "exit 0", "kill -9 $$"])
def test_a_graphviz_that_fails(qrules: Run, tmp_path: Path, script: str) -> None:
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\n{script}\n")
    program.chmod(0o755)
    done = qrules("slots", "q35", "--svg", str(tmp_path / "x.svg"), PATH=f"{tmp_path}:/bin:/usr/bin")
    assert (done.returncode, done.stdout) == (2, "")
    assert "QR511" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_there(qrules: Run) -> None:
    done = qrules("slots", "q35", "--svg", "/nonexistent/folder/x.svg")
    assert done.returncode == 2
    assert "/nonexistent/folder/x.svg" in done.stderr or "QR511" in done.stderr
