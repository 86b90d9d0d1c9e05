"""Conversions as users meet them: texts, JSON, exit status, and what can be pasted."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest

import qrules as api
from qrules.configs.argv import read
from qrules.configs.pasted import pasted
from qrules.conversion.answer import Converted
from qrules.plugging.board import Board
from qrules.report import converting
from qrules.report.schema import schema
from qrules.report.style import Style
from qrules.visible import shown
from tests.conftest import Run
from tests.conversion.asking import DISK, answer_of

GOLDEN = Path(__file__).parent / "golden" / "convert.txt"


# ------------------------------------------------------------------------------------- as users meet it
CASES = (
    (
        "q35",
        f"-M pc {DISK} -device ide-hd,drive=d,bus=ide.0,unit=1 -device e1000e -device virtio-scsi-pci,id=s,bus=pci.0,addr=0x1f",
    ),
    (
        "pc",
        "-M q35,smm=off -device pcie-root-port,id=r,chassis=1 -device virtio-net-pci,bus=r,addr=0 -global ICH9-LPC.disable_s3=1",
    ),
    ("pc", "-M q35 -device intel-iommu -drive if=ide,index=5,file=null-co://"),
    ("pc", "-M q35 -device intel-iommu -device e1000"),
    ("microvm", "-M pc -nodefaults -device e1000"),
    ("microvm", "-M pc -nodefaults -hda null-co://"),
    ("q35", "-M pc -device e1000,addr=1.0"),
    ("pc", "-M pc -device e1000"),
)


def test_golden_texts(board: Board, bless: bool) -> None:
    """What users read, word by word; `pytest --bless` writes the file anew."""
    told = []
    for to, text in CASES:
        answer, request = answer_of(board, to, text), read(shlex.split(text), board.knowledge)
        for diff in (False, True):
            told.append(f"$ qrules convert{' --diff' if diff else ''} --to {to} -- {text}\n")
            told.append(shown(converting.text(answer, request, Style(False), diff)) + "\n\n")
    came = re.sub(r"\.qr:[0-9]+", ".qr", "".join(told))  # rules move within their files
    if bless:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(came)
    assert came == GOLDEN.read_text()


def test_every_answer_fits_the_schema(board: Board) -> None:
    shape = schema("convert")
    for to, text in CASES:
        jsonschema.validate(json.loads(json.dumps(converting.as_json(answer_of(board, to, text)))), shape)


def test_the_command_line_can_be_pasted(qrules: Run) -> None:
    done = qrules("convert", "--to", "q35", "--", "qemu-system-x86_64", "-M", "pc", "-device", "e1000,addr=1f")
    assert done.returncode == 0
    words = pasted(done.stdout, "output").commands[0].argv
    assert words[:3] == ["qemu-system-x86_64", "-M", "q35"]
    assert qrules("check", "--", *words).returncode == 0


def test_exit_status_and_json(qrules: Run) -> None:
    done = qrules("convert", "--to", "pc", "--json", "--", "-M", "q35", "-device", "intel-iommu")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["verdict"], answer["without"]) == (1, "impossible", [0])
    assert (
        qrules("convert", "--to", "pc", "--without", "intel-iommu", "--", "-M", "q35", "-device", "intel-iommu").returncode == 0
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--to", "q36", "--", "-M", "pc"),
        ("--to", "q35,sparkle=on", "--", "-M", "pc"),
        ("--to", "q35,usb=perhaps", "--", "-M", "pc"),
        ("--to", "q35", "--keep", "sparkle", "--", "-M", "pc"),
        ("--to", "q35", "--keep", "floppy", "--", "-M", "pc", "-nodefaults"),
        ("--to", "q35", "--without", "nobody", "--", "-M", "pc"),
        ("--to", "q35", "--profile", "sparkle", "--", "-M", "pc"),
        ("--to", "q35", "--", "-M", "pc", "-device"),
        ("--to", "q35"),
        ("--to", "q35", "/no/such/file"),
        ("--", "-M", "pc"),
        ("--to", "", "--", "-M", "pc"),
        ("--to", ",", "--", "-M", "pc"),
    ],
)
def test_misuse(qrules: Run, words: tuple[str, ...]) -> None:
    done = qrules("convert", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_the_same_bytes_whatever_the_hash(qrules: Run) -> None:
    words = ("convert", "--to", "q35", "--", *shlex.split(CASES[0][1]))
    assert len({qrules(*words, PYTHONHASHSEED=str(seed)).stdout for seed in range(3)}) == 1


def test_in_python() -> None:
    answer = api.convert(argv=["-M", "pc", "-device", "floppy"], to="q35", keep=["network"], qemu="10.0")
    assert isinstance(answer, Converted)
    assert answer.new == "pc-q35-10.0"
    placed = api.place(argv=["-M", "q35", "-device", "floppy"])
    assert placed.argv(["-M", "q35", "-device", "floppy"])[2:] == ["-device", "isa-fdc,id=fdc1,bus=isa.0", *placed.argv([])[2:]]  # type: ignore[union-attr]
    with pytest.raises(api.Unusable):
        api.convert(argv=["-M", "pc"], to="q36")
