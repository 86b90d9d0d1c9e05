"""Point 1c, asked of many devices: what each of them looks at, takes and brings counts steps, so a small rule can't cost hours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.corpus.rule_texts import BOARD, MACHINE, RULE
from tests.fuzz.entry import Entry, Make

DEVICES = 5_000
TOO_LARGE = r"too large: [^;]*\sthe\s+last\s+of\s+them\s+for\s"
_BOARD = BOARD.replace("slot : 0 .. 3 =", "slot : 0 .. 99999 =")


def _made(device: str, more: str, bus: str) -> Make:
    """Makes a rule folder of a board with room for 100,000 devices, whose one type has these clauses."""

    def make(folder: Path) -> None:
        (folder / "rules").mkdir()
        (folder / "rules" / "board.qr").write_text(_BOARD + bus + "device card\n" + device + MACHINE + more)

    return make


def _entry(name: str, what: str, device: str, more: str = "", bus: str = "", **rest: object) -> Entry:
    """5,000 such devices are asked about. Reading the rules takes half a second, and all steps that there are up to three."""
    text = "qemu-system-toy -M shelf " + " ".join(["-device card"] * DEVICES)
    words, said = ("check", "--rules", "rules", "-"), {"statuses": (3,), "says": TOO_LARGE, "seconds": 4.0, "wall": 120, **rest}
    return Entry(f"many-{name}", "1c", what, words, text.encode(), make=_made(device, more, bus), cache="own", **said)  # type: ignore[arg-type]


def _requires(condition: str, name: str = "odd") -> str:
    return f"  rule {name}\n    require {condition}\n{RULE}"


def _about(binder: str, condition: str, name: str = "odd") -> str:
    return f'rule {name} : run\n  for card d{binder}\n  require {condition}\n  because "it is so"\n  says "refused"\n'


_ASKED = (
    ("some", "not some card e with (e.width = 9)"), ("no", "no card e with (e.width > 9)"), ("every", "every card e with (e.width < 9)"),
    ("count", "count card e with (e.width > 9) = 0"), ("nested", "no card e with (some card f with (f.width > 9))"),
    ("number", "no number n in 0 .. 2900 with (n > width + 3000)"), ("long", f"no card e with ({' or '.join(['e.width > 9'] * 400)})"),
)  # fmt: skip
_OTHERS = (
    ("earlier", ", earlier card e", "d.width + e.width > 0"), ("another", ", another card e", "d.width + e.width > 0"),
    ("earlier-on-bus", ", earlier card e on d.bus", "d.width + e.width > 0"),
    ("earlier-long", ", earlier card e", " and ".join(["d.width + e.width > 0"] * 200)),
)  # fmt: skip


def entries() -> Iterator[Entry]:
    """All of them. Where nobody can say in time what the rules come to, the answer is that they take too many steps."""
    plain = "  room = 1\n"
    yield _entry("plain", "5,000 devices of a board that is in order, for comparison", plain, statuses=(0,), says="^accepted")
    for name, condition in _ASKED:
        yield _entry(name, f"each of 5,000 devices asks {condition[:60]}", _requires(condition))
    for name, binder, condition in _OTHERS:
        yield _entry(name, f"a rule for a card{binder} of 5,000", plain, _about(binder, condition))
    yield _entry("claims", "each claims 4,000 numbers", "  claims irq(0 .. 3999, number) in machine\n")
    claims = "".join(f"  claims p{i}(0 .. 15, number) in machine\n" for i in range(100))
    yield _entry("claims-lines", "each claims 16 numbers in 100 lines", claims)
    yield _entry("buses", "each makes 2,000 buses", "  provides many 2000 wide\n")
    spots = "bus-type spot is bus\nbus spot\n  accepts card\n  addressed spot\n    spot : points\n"
    yield _entry("points", "each makes 2,000 points", "  provides spot\n  points 0 .. 1999 on child-bus\n", bus=spots)
    parts = "  creates many 2000 leaf on child-bus\n  provides wide\n"
    yield _entry("parts", "each brings 2,000 devices", parts, bus="type leaf is device on wide\n")
    long = "".join(f"  long{i} = {' + '.join(['width'] * 90)}\n" for i in range(10))
    long += f"  long = {' + '.join(f'long{i}' for i in range(10))}\n"
    asked = "".join(_requires(f"long > {i}", f"odd{i}") for i in range(20))
    yield _entry("long-attribute", "an attribute of 900 parts that each is asked for 20 times", long + asked)
    rules = "".join(_requires(f"width > 0 or width < {i}", f"odd{i}") for i in range(2_000))
    yield _entry("rules", "2,000 rules about each", rules, seconds=6.0)
    rules = "".join(_about("", f"d.width > 0 or d.width < {i}", f"odd{i}") for i in range(1_000))
    yield _entry("rules-for", "1,000 rules for each", plain, rules, seconds=6.0)
