"""Rules that ask for more than there is: a diagnostic that names them, after the same number of steps on any machine."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from qrules.configs import argv
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.rulesets.build import compile_rule_set
from qrules.rulesets.store import Store

BOARD = """catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : uint8 = 1
  property label : string
  property tags, others : array
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
domain string = like ".*"
bus wide
  accepts card
  addressed slot
    slot : 0 .. 3 = lowest free
      full "no slot left"
    held "slot {text} is in use"
    because "slot {text} of {id} belongs to {holder}"
"""
MACHINE = 'machine shelf\n  provides wide called "wide.0"\n'
SAID = '    because "it is so"\n    says "refused"\n'


def board(device: str = "  room = 1\n", machine: str = "", more: str = "") -> str:
    return f"{BOARD}device card\n{device}{MACHINE}{machine}{more}"


def requires(condition: str) -> str:
    return f"  rule odd\n    require {condition}\n{SAID}"


def doubling(first: str, step: str, count: int = 40) -> str:
    return first + "".join(step.format(new=n, old=n - 1) for n in range(1, count + 1))


def terms(step: str, count: int) -> str:
    text = "term t0(x) means x.width > 0\n" + "".join(
        f"term t{n}(x) means {step.format(old=n - 1)}\n" for n in range(1, count + 1)
    )
    return text + f'rule odd : run\n  for card d\n  require t{count}(d)\n  because "it is so"\n'


def asked(folder: Path, text: str, words: tuple[str, ...] = ("-device", "card")) -> str:
    """The status of a verdict on a shelf with a card."""
    (folder / "board.qr").write_text(text)
    opened = Store(folder)
    knowledge = opened.knowledge(opened.resolve(None, None))
    return judge(Board(knowledge), argv.read(["-M", "shelf", *words], knowledge)).verdict


SUMS = doubling("  a0 = 1\n", "  a{new} = a{old} + a{old}\n")
TEXTS = doubling('  t0 = "xx"\n', '  t{new} = "{{t{old}}}{{t{old}}}"\n')
PARTS = "parts p0\n  has card on wide.0\n" + "".join(
    f"parts p{n}\n  includes p{n - 1}\n  includes p{n - 1}\n" for n in range(1, 31)
)

LONG = ("-device", "card,label=" + "".join(map(chr, range(0x4E00, 0x9000))))
LISTED = (
    "-device",
    json.dumps({"driver": "card", "tags": [{"k": n} for n in range(20_000)], "others": [{"k": -n - 1} for n in range(20_000)]}),
)


def looks(expression: str) -> str:
    """A rule that asks the same again and again."""
    return requires(f"no number n in 0 .. 4000 with ({expression} = n - 9000)")


EVALUATED: dict[str, tuple[Any, ...]] = {
    "attributes": (board(SUMS + requires("a40 > 0")), "'odd'"),
    "attributes behind conditions": (
        board(doubling("  a0 = 1\n", "  a{new} = a{old} when a{old} > 0 else a{old}\n") + requires("a40 > 0")),
        "'odd'",
    ),
    "attributes in a guard": (board(SUMS + f"  rule odd\n    when a40 > 0\n    require width > 9\n{SAID}"), "'odd'"),
    "attributes in a claim": (board(SUMS + "  claims irq(a40) in machine\n"), "'irq'"),
    "attributes that square": (board(doubling("  a0 = 2\n", "  a{new} = a{old} * a{old}\n") + requires("a9 > 0")), "127 bits"),
    "texts": (board(TEXTS + requires('t40 != ""')), "'odd'"),
    "wide texts": (board(f'  t0 = "{"x" * 9_000}"\n  t1 = "{"{t0}" * 2_000}"\n' + requires('t1 != ""')), "'odd'"),
    "texts put together": (board(doubling('  t0 = "xx"\n', "  t{new} = t{old} + t{old}\n") + requires('t40 != ""')), "'odd'"),
    "a cube": (board("  n = 4095\n  claims irq(0 .. n, 0 .. n, 0 .. n) in machine\n"), "'irq'"),
    "numbers in numbers": (
        board(requires("every number a in 0 .. 4000 with (every number b in 0 .. 4000 with (a + b >= 0))")),
        "'odd'",
    ),
    "a million parts, computed": (
        board(machine="  n = 1000000\n  has many n card on wide.0\n"),
        "it makes 1,000,000 at once, and one line makes 4,096 at the most",
    ),
    "a million parts of a device, computed": (
        board("  n = 1000000\n  creates many n chip\n", more="internal type chip is device\n"),
        "4,096 at the most",
    ),
    "a million buses, computed": (board("  n = 1000000\n  provides many n wide\n"), "4,096 at the most"),
    "a million numbers": (board(requires("every number n in 0 .. 1000000 with (n < 2000000)")), "'odd'"),
    "2,000 attributes behind one another": (
        board("  a0 = 1\n" + "".join(f"  a{n} = a{n - 1} + 1\n" for n in range(1, 2_000)) + requires("a1999 > 0")),
        "'odd' can't be evaluated: it asks for attributes that ask for others",
    ),
    "a long text in capitals": (board(looks("lower(label)")), "'odd'", LONG),
    "a character twice in a long text": (board(looks("twice(label)")), "'odd'", LONG),
    "members of a long list": (board(looks('length(members(tags, "k"))')), "'odd'", LISTED),
    "records of a long list": (board(looks('holding(tags, "k")')), "'odd'", LISTED),
    "what a long list has twice": (board('  all = members(tags, "k")\n' + looks("repeated(all)")), "'odd'", LISTED),
    "the largest of a long list": (board('  all = members(tags, "k")\n' + looks("largest(all)")), "'odd'", LISTED),
    "one in a long list": (
        board('  all = members(tags, "k")\n' + requires("no number n in 0 .. 4000 with (n - 9000 in all)")),
        "'odd'",
        LISTED,
    ),
    "long lists that meet": (board('  all = members(tags, "k")\n' + requires('all meets members(others, "k")')), "'odd'", LISTED),
    "numbers without end": (board(requires("count number n in 0 .. 1000000000000000000 with (n < 0) = 0")), "'odd'"),
}


@pytest.mark.parametrize("what", EVALUATED)
def test_evaluating_ends(own_cache: None, tmp_path: Path, what: str) -> None:
    text, named, *words = EVALUATED[what]
    asked(tmp_path, board())  # reads the grammar
    began = time.process_time()
    with pytest.raises(Unusable) as caught:
        asked(tmp_path, text, *words)
    (found,) = caught.value.diagnostics
    assert found.code == "QR310"
    assert named in found.message
    assert found.span.file.endswith("board.qr")
    assert found.span.line > 14
    assert time.process_time() - began < 4


COMPILED = {
    "terms": (board(more=terms("t{old}(x) and t{old}(x)", 40)), "QR230"),
    "terms in terms": (board(more=terms("not t{old}(x) or t{old}(x)", 40)), "QR230"),
    "parts": (board(machine="  includes p30\n", more=PARTS), "QR230"),
    "parts in a ring": (board(machine="  includes p0\n", more="parts p0\n  includes p1\nparts p1\n  includes p0\n"), "QR212"),
    "a line of numbers": (board("  claims irq(0 .. 4294967295) in machine\n"), "QR231"),
    "a million parts": (board(machine="  has many 1000000 card on wide.0\n"), "QR231"),
    "a million buses": (board("  provides many 1000000 wide\n"), "QR231"),
    "kinds of kinds": (
        board(
            more="".join(
                f"type k{n} is {', '.join(f'k{i}' for i in range(max(0, n - 60), n)) or 'device'} on wide\n" for n in range(400)
            )
        ),
        "QR230",
    ),
    "many mistakes": (board(more="group g = zork\n" + "".join(f"group g{n} = zork{n}\n" for n in range(3_000))), "QR107"),
    "many statements that are none": (board(more="zork\n" * 19_000), "QR107"),
    "many lines": (board(more="\n" * 20_000), "QR101"),
    "digits": (board(f"  x = {'9' * 5_000}\n"), "QR106"),
    "hexadecimal digits": (board(f"  x = 0x{'f' * 5_000}\n"), "QR106"),
    "a digit too much": (board("  x = 18446744073709551616\n"), "QR106"),
    "digits of a version": (board(f"  x = 1.{'9' * 5_000}\n"), "QR106"),
    "digits of a range": (board(f"  claims irq(0 .. {'9' * 4_990}) in machine\n"), "QR106"),
    "an open text": (board('  x = "' + '\\"' * 4_990 + "\n"), "QR110"),
    "many open texts": (board(('  x = "' + '\\"' * 4_900 + "\n") * 200), "QR110"),
    "a wide hole": (board('  x = "{width:99999999x}"\n'), "QR111"),
    "a pattern that goes back": (board().replace("uint8 = 0 .. 255", 'uint8 = like "(a*)*\\\\1b"'), "QR228"),
    "two holes": (board(more='machine "s{a}{b}"\n  x = 1\n'), "QR213"),
    "an address in many ways": (board().replace("addressed slot\n", 'addressed slot written "{slot:x}{slot:x}"\n'), "QR232"),
    "an address with a bracket": (board().replace("addressed slot\n", 'addressed slot written "[{slot:x}"\n'), "QR232"),
}


@pytest.mark.parametrize("what", COMPILED)
def test_compiling_ends(tmp_path: Path, what: str) -> None:
    text, code = COMPILED[what]
    (tmp_path / "board.qr").write_text(text)
    with pytest.raises(Unusable) as caught:
        compile_rule_set(tmp_path)
    assert code in {d.code for d in caught.value.diagnostics}
    assert len(caught.value.diagnostics) < 60


@pytest.mark.parametrize("name", [".", "common/pci.qr"])
def test_what_is_used_often_is_read_once(tmp_path: Path, name: str) -> None:
    from qrules.knowledge import sources

    (tmp_path / "board.qr").write_text(f'uses "{name}"\n' * 15_000)
    began = time.process_time()
    assert sources.read(tmp_path).rules
    assert time.process_time() - began < 2


def test_every_number_is_every_number(own_cache: None, tmp_path: Path) -> None:
    """As many as there are steps for, and the ones beyond four thousand count."""
    for bound, status in (("5000", "reject"), ("50000", "accept")):
        text = board(requires(f"every number n in 0 .. 20000 with (n < {bound})"))
        assert asked(tmp_path, text) == status
    assert asked(tmp_path, board(requires("some number n in 0 .. 20000 with (n = 19999)"))) == "accept"


def test_steps_are_those_of_the_rules_alone(own_cache: None, tmp_path: Path) -> None:
    """Just within the budget, however often it is asked."""
    text = board(doubling("  a0 = 1\n", "  a{new} = a{old} + a{old}\n", 14) + requires("a14 > 0"))
    (tmp_path / "board.qr").write_text(text)
    opened = Store(tmp_path)
    knowledge = opened.knowledge(opened.resolve(None, None))
    one = Board(knowledge)
    for _ in range(6):
        assert judge(one, argv.read(["-M", "shelf", "-device", "card"], knowledge)).verdict == "accept"


def test_long_digits_of_an_address_are_no_address(own_cache: None, tmp_path: Path) -> None:
    text = board().replace("addressed slot\n", 'addressed addr written "{slot:d}"\n    malformed "no"\n')
    assert asked(tmp_path, text, ("-device", f"card,addr={'1' * 5_000}")) == "reject"
