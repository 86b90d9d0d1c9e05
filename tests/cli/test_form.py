"""What is read without argparse is read as argparse would read it."""

from __future__ import annotations

import contextlib
import io
import random

import pytest

from qrules.cli import parser
from qrules.cli.form import Declared, Form
from qrules.cli.verbs import VERBS, WrongUsage, form_of

PLAIN = ("q35", "floppy", "e1000,addr=1f.0", "usb=on", "", "-", "a b", "3", "bash", "check", "test", "lint", "auto", "json")
ODD = ("--", "-5", "-x", "--help", "-h", "--no-such", "--js", "-oFILE", "- -", "--json=1", "--on=", "--jobs=x", "--limit=-3")
CALLS = 100  # a verb


def call(drawn: random.Random, form: Form) -> list[str]:
    """Words that are mostly a well-formed call."""
    words: list[str] = []
    if form.tools is not None:
        tool = drawn.choice(list(form.tools.forms))
        return [tool, *call(drawn, form.tools.forms[tool][0])] if drawn.random() < 0.95 else call(drawn, Form())
    options = [one for one in form.declared if not one.positional]
    chosen = [one for one in options if drawn.random() < (0.9 if one.how.get("required") else 0.1)]
    pieces = [option(drawn, one) for one in chosen]
    plain = [value(drawn, one) for one in form.declared if one.positional and drawn.random() < 0.9]
    plain += drawn.choices(PLAIN, k=drawn.choice((0, 0, 0, 1, 2)))
    pieces += [plain] if drawn.random() < 0.7 else [[word] for word in plain]
    drawn.shuffle(pieces)
    words = [word for piece in pieces for word in piece]
    if drawn.random() < 0.2:
        words.insert(drawn.randint(0, len(words)), drawn.choice((*ODD, *PLAIN)))
    return words


def option(drawn: random.Random, one: Declared) -> list[str]:
    name = drawn.choice(one.names)
    if one.how.get("action") == "store_true":
        return [name]
    if drawn.random() < 0.1:
        return [name]
    written = value(drawn, one)
    return [f"{name}={written}"] if drawn.random() < 0.3 else [name, written]


def value(drawn: random.Random, one: Declared) -> str:
    if drawn.random() < 0.1:
        return drawn.choice(PLAIN)
    if one.how.get("choices") is not None:
        return str(drawn.choice(list(one.how["choices"])))
    return drawn.choice(PLAIN) if one.how.get("type") is None else "3"


def by_argparse(verb: str, words: list[str]) -> dict[str, object] | None:
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return vars(parser.read(verb, words))
    except (WrongUsage, SystemExit):
        return None


@pytest.mark.parametrize("verb", VERBS)
def test_a_call_is_read_as_argparse_reads_it(verb: str) -> None:
    drawn = random.Random(verb)
    read = 0
    for _ in range(CALLS):
        words = call(drawn, form_of(verb))
        found = form_of(verb).read(words)
        if found is None:
            continue
        read += 1
        expected = by_argparse(verb, words)
        assert expected is not None, words
        assert {**vars(found), "run": None} == {**expected, "run": None}, words
    assert read > CALLS / 4


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("why", ["floppy", "--on", "q35"]),
        ("why", ["--json", "floppy", "--on=q35", "--with", "isa-fdc", "--with=e1000", "--nodefaults"]),
        ("check", ["--strict", "--repairs"]),
        ("check", ["a", "b", "--format", "sarif", "--jobs", "3"]),
        ("hotplug", ["e1000", "--into"]),
        ("hotplug", ["e1000", "--into", "file"]),
        ("place", ["--on", "q35", "e1000*3", "--diff", "scsi-cd"]),
        ("rules", ["test", "--only", "floppy"]),
        ("harvest", ["qemu", "-o", "file"]),
    ],
)
def test_well_formed_calls_need_no_argparse(verb: str, words: list[str]) -> None:
    assert form_of(verb).read(words) is not None
