"""Point 1c: rule texts that cost more than they look, and one that is cut without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.entry import Entry, Make

BOARD = """catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : uint8 = 1
  property name : string
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
RULE = '    because "it is so"\n    says "refused"\n'
ASK = ("check", "--rules", "rules", "--", "-M", "shelf", "-device")
DOUBLINGS = 40


def board(device: str, more: str = "", machine: str = MACHINE) -> Make:
    """Makes a rule folder of a board whose one device type has these clauses."""

    def make(folder: Path) -> None:
        (folder / "rules").mkdir()
        (folder / "rules" / "board.qr").write_text(BOARD + "device card\n" + device + machine + more)

    return make


def _rule(
    name: str, what: str, device: str, more: str = "", machine: str = MACHINE, asked: str = "card", **rest: object
) -> Entry:
    make = board(device or "  room = 1\n", more, machine)
    return Entry(name, "1c", what, (*ASK, asked), make=make, cache="own", **rest)  # type: ignore[arg-type]


def _doubling(first: str, step: str, count: int = DOUBLINGS) -> str:
    return first + "".join(step.format(new=i, old=i - 1) for i in range(1, count + 1))


def _requires(condition: str) -> str:
    return f"  rule odd\n    require {condition}\n{RULE}"


def _terms(step: str, last: str, count: int = DOUBLINGS) -> tuple[str, str]:
    """Terms that use each other, and a rule that asks the last."""
    text = "term t0(x) means x.width > 0\n" + "".join(
        f"term t{i}(x) means {step.format(old=i - 1)}\n" for i in range(1, count + 1)
    )
    rule = f'rule odd : run\n  for card d\n  require {last}\n  because "it is so"\n  says "refused"\n'
    return "", text + rule


def _record_in_itself() -> Entry:
    loop = 'schema "1.0" for toy\noption "-x" is one\nrecord one by kind\n  needs kind\n  case a is one\n'

    def looped(folder: Path) -> None:
        board("  room = 1\n", 'reads "-x" as pairs\n')(folder)
        (folder / "rules" / "schema.qr").write_text(loop)

    words = (*ASK[:-1], "-x", "kind=a")
    what = "a record that is its own case"
    return Entry("a-case-of-itself", "1c", what, words, make=looped, cache="own", statuses=(2,), says="QR225")


def entries() -> Iterator[Entry]:
    """All of them."""
    yield _rule("plain-board", "a board that is in order, for comparison", "", statuses=(0,), says="^accepted")
    yield _record_in_itself()
    texts = '  t0 = "xx"\n', '  t{new} = "{{t{old}}}{{t{old}}}"\n'
    sums = "  a0 = 1\n", "  a{new} = a{old} + a{old}\n"
    yield _rule("attributes-that-double", "a1 = a0 + a0 ... a40", _doubling(*sums) + _requires("a40 > 0"))
    yield _rule("attributes-behind-when", "the same with when and else", _doubling("  a0 = 1\n", "  a{new} = a{old} when a{old} > 0 else a{old}\n") + _requires("a40 > 0"))  # fmt: skip
    yield _rule("attributes-in-a-row", "a chain of 2,000 attributes", _doubling("  a0 = 1\n", "  a{new} = a{old} + 1\n", 2000) + _requires("a2000 > 0"))  # fmt: skip
    yield _rule("attributes-that-square", "a1 = a0 * a0 ... a40: a number of 10^12 digits", _doubling("  a0 = 9\n", "  a{new} = a{old} * a{old}\n") + _requires("a40 > 0"))  # fmt: skip
    yield _rule("texts-that-double", "t1 is t0 twice ... t40", _doubling(*texts) + _requires("t40 != t0"))
    yield _rule("texts-that-double-said", "a message with such a text in it", _doubling(*texts) + '  rule odd\n    require width > 9\n    because "{t40}"\n    says "{t40}"\n')  # fmt: skip
    yield _rule("texts-that-double-fewer", "24 doublings: 32 MB in one message", _doubling(*texts, 24) + '  rule odd\n    require width > 9\n    because "{t24}"\n    says "{t24}"\n', output=2_000_000)  # fmt: skip
    yield _rule(
        "sets-of-doubled-texts", "a set with a text of a terabyte in it", _doubling(*texts) + _requires("t40 in { t39, t38 }")
    )
    yield _rule("nested-terms", "each term uses the one before twice, forty times", *_terms("t{old}(x) and t{old}(x)", "t40(d)"))
    yield _rule("nested-terms-in-or", "the same with or and not", *_terms("not t{old}(x) or t{old}(x)", "t40(d)"))
    yield _rule("terms-in-a-row", "a chain of 2,000 terms", *_terms("t{old}(x)", "t2000(d)", 2000))
    parts = "parts p0\n  has card on wide.0\n" + "".join(
        f"parts p{i}\n  includes p{i - 1}\n  includes p{i - 1}\n" for i in range(1, 31)
    )
    yield _rule(
        "includes-twice", "parts that include the ones before twice, thirty times", "", parts, MACHINE + "  includes p30\n"
    )
    ring = "parts p0\n  includes p1\nparts p1\n  includes p0\n"
    yield _rule("includes-in-a-ring", "parts that include each other", "", ring, MACHINE + "  includes p0\n")
    yield _rule("parts-by-the-million", "has many 1000000", "", "", MACHINE + "  has many 1000000 card on wide.0\n")
    yield _rule("buses-by-the-million", "provides many 1000000", "  provides many 1000000 wide\n")
    yield _rule(
        "claims-a-cube",
        "claims irq(0 .. 4095, 0 .. 4095, 0 .. 4095)",
        "  claims irq(0 .. 4095, 0 .. 4095, 0 .. 4095) in machine\n",
    )
    yield _rule("claims-a-line", "claims of 4,294,967,296 numbers", "  claims irq(0 .. 4294967295) in machine\n")
    yield _rule("lowest-free-of-many", "the lowest free number of 0 .. 2^63 that none is", "  claims irq(number) in machine\n  fills number = lowest free in 0 .. 9223372036854775807 unless width = 1\n")  # fmt: skip
    yield from _patterns()
    yield _rule("every-number", "every number n in 0 .. 1000000 with (n < 5000): false, and cut to 4,096 it passes", _requires("every number n in 0 .. 1000000 with (n < 5000)"), statuses=(1, 2, 3), never="^accepted")  # fmt: skip
    yield _rule("some-number", "some number n in 0 .. 1000000 with (n = 999999): true, or a limit that is told", _requires("some number n in 0 .. 1000000 with (n = 999999)"), statuses=(0, 1, 2, 3), never="refused")  # fmt: skip
    yield _rule("numbers-in-numbers", "every number in every number in every number", _requires("every number a in 0 .. 4000 with (every number b in 0 .. 4000 with (every number c in 0 .. 4000 with (a + b + c >= 0)))"))  # fmt: skip
    yield _rule(
        "count-of-many", "count number n in 0 .. 10^18", _requires("count number n in 0 .. 1000000000000000000 with (n >= 0) > 0")
    )
    yield from _texts()


def _patterns() -> Iterator[Entry]:
    """Regular expressions that a backtracking engine does not come back from."""
    word = "a" * 40 + "!"
    for name, pattern, given in (
        ("pattern-nested-plus", "(a+)+$", word), ("pattern-alternatives", "(a|a)*$", word), ("pattern-optional", "a?" * 40 + "a" * 40, "a" * 40),
        ("pattern-of-dots", "(.*,){20}x", "1," * 60), ("pattern-back-reference", "(a*)*\\\\1b", word), ("pattern-counted", "(a{1,60}){1,60}b", word),
    ):  # fmt: skip
        device = f'  property name : like "{pattern}"\n    malformed "no"\n    because "it is so"\n'
        yield _rule(name, f"like {pattern[:30]!r}", device, asked=f"card,name={given}")
    yield _rule("pattern-that-is-none", "like '(' is no regular expression: a diagnostic", '  property name : like "("\n', asked="card,name=a", statuses=(2,), says="pattern|expression")  # fmt: skip
    yield _rule(
        "pattern-too-large",
        "like 'a{99999}{99999}'",
        '  property name : like "(((a{1,9999}){1,9999}){1,9999})"\n',
        asked="card,name=a",
    )


def _texts() -> Iterator[Entry]:
    """What only has to be read."""
    yield _rule("escaped-quotes", "a line of 10,000 escaped quotes", '  x = "' + '\\"' * 4_990 + "\n")
    yield _rule("escaped-quotes-closed", "the same, and its end", '  x = "' + '\\"' * 4_980 + '"\n')
    yield _rule(
        "escaped-quotes-in-many-lines", "200 lines of escaped quotes that do not end", ('  x = "' + '\\"' * 4_900 + "\n") * 200
    )
    yield _rule("backslashes", "a line of 10,000 backslashes", '  x = "' + "\\" * 9_981 + "\n")
    yield _rule("uses-all", 'uses "." 2,000 times', "", 'uses "."\n' * 2_000)
    yield _rule("uses-each", "uses of a shipped file 20,000 times", "", 'uses "common/pci.qr"\n' * 20_000)
    yield _rule("number-of-digits", "a number of 5,000 digits", f"  x = {'9' * 5_000}\n")
    yield _rule("number-of-digits-hex", "a hexadecimal number of 5,000 digits, shown", f"  x = 0x{'f' * 5_000}\n" + '  rule odd\n    require width > 9\n    because "{x}"\n    says "{x}"\n')  # fmt: skip
    yield _rule("version-of-digits", "a version with a part of 5,000 digits", f"  x = 1.{'9' * 5_000}\n")
    yield _rule("address-of-digits", "a range to 10^4999", f"  claims irq(0 .. {'9' * 4_990}) in machine\n")
    yield _rule(
        "shifted-far", "2 times itself 4,000 times in one line", "  x = " + " * ".join(["2"] * 2_000) + "\n" + _requires("x > 0")
    )
    yield _rule("expression-of-sums", "1 + 1 + ... 2,400 times", "  x = " + " + ".join(["1"] * 2_400) + "\n" + _requires("x > 0"))
    yield _rule(
        "expression-of-nots", "not 190 times in brackets", "  x = " + "not (" * 190 + "on" + ")" * 190 + "\n" + _requires("x")
    )
    yield _rule("braces-in-texts", "a text of 3,000 holes", '  x = "' + "{1}" * 3_000 + '"\n' + _requires("x != 1"))
    yield _rule("holes-in-holes", "texts in holes of texts", '  x = "' + '{\\"' * 60 + '\\"}' * 60 + '"\n')
    yield _rule("many-statements", "50,000 groups in one file", "", "".join(f"group g{i} = card\n" for i in range(50_000)))
    yield _rule("many-mistakes", "20,000 statements that are none", "", "zork\n" * 20_000)
    yield _rule("many-unclosed", "2,000 open brackets, one a statement", "", "group a = (\n" * 2_000)
    chain = "type c0 is device on wide\n" + "".join(f"type c{i} is c{i - 1}\n" for i in range(1, 3_000))
    yield _rule("kinds-in-a-row", "a chain of 3,000 kinds", "", chain)
    yield _rule("kinds-in-a-ring", "kinds that are each other", "", "type c0 is c1\ntype c1 is c0\n")
    lattice = "interface i0a\ninterface i0b\n" + "".join(f"type k{i} is {', '.join(f'k{j}' for j in range(max(0, i - 30), i)) or 'device'} on wide\n" for i in range(60))  # fmt: skip
    yield _rule("kinds-of-kinds", "each kind is all thirty before it", "", lattice)
