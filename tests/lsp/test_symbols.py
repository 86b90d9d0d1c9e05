"""Names in rule texts: where they are declared and used, and as what."""

from __future__ import annotations

import pytest

from qrules.diagnostics import Diagnostic, Span
from qrules.lsp.documents import moved
from qrules.lsp.symbols import declared, mentions, sort_at, word_at

TEXT = """group ports = port, "odd,port"
term far(d) means d.way > 3
machine shelf
  way = 4
  default plain as screen
device port
  property width : small = 1
  claims place(way) in bus
  rule port-near : run
    require not far(d)
    because "{far(d)} and {d.way} are far"  # far
"""


def test_declarations() -> None:
    found = [(s.name, s.sort, s.line, s.about) for s in declared(TEXT)]
    assert found == [
        ("ports", "kind", 0, False),
        ("far", "term", 1, False),
        ("shelf", "kind", 2, True),
        ("way", "attribute", 3, False),
        ("screen", "role", 4, False),
        ("port", "kind", 5, True),
        ("width", "property", 6, False),
        ("place", "pool", 7, False),
        ("port-near", "rule", 8, False),
    ]


def test_mentions_leave_prose_and_comments_out() -> None:
    assert [(m.line, m.sort) for m in mentions(TEXT, "far")] == [(1, "term"), (9, "term"), (10, "term")]
    assert [m.line for m in mentions(TEXT, "odd,port")] == [0]
    assert [m.line for m in mentions(TEXT, "way")] == [1, 3, 7, 10]


@pytest.mark.parametrize(
    ("line", "word", "sort"),
    [
        ("  refused by some-rule", "some-rule", "rule"),
        ("  without rule one, two", "two", "rule"),
        ("rule a : advice at plug", "advice", "profile"),
        ("  property a, b : small", "small", "domain"),
        ("  includes the-parts(1)", "the-parts", "parts"),
        ("    require d.slot > 1", "slot", "attribute"),
        ("    forbid some card e with (on)", "card", "kind"),
        ("  for pci-device d, earlier other e", "other", "kind"),
        ("  suppresses screen, sound", "screen", "role"),
        ("    forbid default(screen)", "screen", "role"),
        ("    require fits(d)", "fits", "term"),
        ("    require thing = 4", "thing", ""),
    ],
)
def test_what_the_words_around_a_name_say(line: str, word: str, sort: str) -> None:
    start = line.index(word)
    assert sort_at(line, start, start + len(word)) == sort


def test_the_word_at_a_place() -> None:
    line = '  because "{d.way} x" # y'
    assert word_at(line, 15) == (14, 17, "way")
    assert word_at(line, 24) is None
    assert word_at(line, 4) == (2, 9, "because")


def test_what_compiling_found_moves_with_its_lines() -> None:
    found = [Diagnostic("QR202", str(n), Span("f", n, 3)) for n in (1, 2, 4)]
    before = "a\nb\nc\nd\n"
    assert [(d.message, d.span.line) for d in moved(found, before, "a\nB\nc\nc2\nd\n")] == [("1", 1), ("4", 5)]
    assert [(d.message, d.span.line) for d in moved(found, before, "x\n" + before)] == [("1", 2), ("2", 3), ("4", 5)]
