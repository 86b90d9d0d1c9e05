"""Whatever stands in a rule file, reading it gives statements or diagnostics: never a traceback, never a long wait."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from qrules.diagnostics import Diagnostic, Unusable
from qrules.language.reader import read_file, read_text
from qrules.paths import rules_folder
from qrules.report.diagnostics import render
from qrules.rulesets import build

BOARD = (Path(__file__).parent / "behaviours" / "pci" / "board.qr").read_text()
SHIPPED = [p.read_text() for p in sorted((rules_folder() / "common").glob("*.qr"))]
SECONDS = 4.0  # one took 2.8 with all processors busy with other tests


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    try:
        read_text(text, "x.qr")
    except Unusable as error:
        render(error.diagnostics)
        return tuple(error.diagnostics)
    return ()


def compiled(folder: Path) -> tuple[Diagnostic, ...]:
    try:
        build.compile_rule_set(folder)
    except Unusable as error:
        return tuple(error.diagnostics)
    return ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 10_000_000, "QR103"),
        ("group a = " + "(" * 9_000, "QR105"),
        ("device a\n  x = " + "(" * 10_000 + "1" + ")" * 10_000, "QR103"),
        ("device a\n  x = " + "(\n" * 10_000 + "1" + ")\n" * 10_000, "QR105"),
        ("device a\n  x = " + "not " * 2_000 + "on", "QR105"),
        ("device a\n  x = (" + "1 +\n" * 9_000 + "1)", "QR105"),
        ("device a\n\tx = 1\n", "QR104"),
        ("device a\n" + "".join(" " * i + "x = 1\n" for i in range(1, 200)), "QR105"),
        ("device a\n  x = 'a'\n", "QR110"),
        ('device a\n  x = "a\n', "QR110"),
        ('device a\n  x = "{"\n', "QR112"),
        ('device a\n  x = "{a b}"\n', "QR111"),
        ("device a\n      x = 1\n   y = 1\n", "QR113"),
        ("\0\0\0", "QR110"),
        ("device", "QR110"),
    ],
)
def test_what_cannot_be_meant(text: str, code: str) -> None:
    start = time.process_time()
    found = diagnostics(text)
    assert code in {d.code for d in found}
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n  \n", "# only this", "\ufeffgroup a = b\n", "group a = b\r\ngroup c = d\r\n", "group a = b"]
)
def test_what_is_fine(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.qr").write_bytes(text.encode())
    read_file(tmp_path / "x.qr")


def test_crlf_reads_as_lf() -> None:
    crlf = read_text(BOARD.replace("\n", "\r\n"), "x.qr")
    assert len(crlf) == len(read_text(BOARD, "x.qr"))


def test_garbage_bytes(tmp_path: Path) -> None:
    for seed in range(100):
        rng = random.Random(seed)
        (tmp_path / "x.qr").write_bytes(rng.randbytes(rng.randrange(1, 400)))
        with contextlib.suppress(Unusable):
            read_file(tmp_path / "x.qr")


def mutated(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    words = lines[at].split(" ")
    word = rng.randrange(len(words))
    match rng.randrange(9):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = " ".join(words[:word] + words[word + 1 :])
        case 4:
            lines[at] = " ".join([*words[:word], words[word], *words[word:]])
        case 5:
            lines[at] = " ".join(rng.sample(words, len(words)))
        case 6:
            lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
        case 7:
            position = rng.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:position] + rng.choice("\"'(){}=:,.#\\\t\0 %-é0") + lines[at][position:]
        case _:
            lines[at] = " " * rng.randrange(6) + lines[at]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(300))
def test_mutated_rules_read_or_are_diagnosed(seed: int) -> None:
    rng = random.Random(seed)
    text = rng.choice(SHIPPED)
    for _ in range(rng.randrange(1, 4)):
        text = mutated(text, rng)
    start = time.process_time()
    for found in diagnostics(text):
        assert 1 <= found.span.line <= text.count("\n") + 2
        assert found.message
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("seed", range(200))
def test_mutated_boards_compile_or_are_diagnosed(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    text = mutated(BOARD, rng)
    if seed % 2:
        text = mutated(text, rng)
    (tmp_path / "board.qr").write_text(text)
    start = time.process_time()
    for found in compiled(tmp_path):
        assert found.message
    assert time.process_time() - start < SECONDS
