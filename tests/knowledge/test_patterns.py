"""Patterns mean what Python's own regular expressions mean, and take one pass."""

from __future__ import annotations

import random
import re
import time

import pytest

from qrules.knowledge.patterns import MOST_PLACES, BadPattern, Pattern

MADE_OF = ["a", "b", "[ab]", "[^a]", ".", "(a|b)", "(?:ab|a)", "\\.", "\\d", "(a*b?)", "[a-b]", "(|a)"]
REPEATED = ["", "*", "+", "?", "{2}", "{1,}", "{0,3}", "{0}"]


def test_as_python_has_them() -> None:
    """Random patterns and texts, against `re`."""
    drawn = random.Random(11)
    agreed = 0
    for _ in range(1_500):
        text = "".join(drawn.choice(MADE_OF) + drawn.choice(REPEATED) for _ in range(drawn.randint(1, 4)))
        if drawn.random() < 0.3:
            text = f"({text}){drawn.choice(REPEATED)}|b"
        mine, theirs = Pattern(text), re.compile(text)
        for _ in range(12):
            given = "".join(drawn.choice("aab.1") for _ in range(drawn.randint(0, 7)))
            assert mine.matches(given) is bool(theirs.fullmatch(given)), (text, given)
            agreed += mine.matches(given)
    assert agreed > 2_000


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+", "a" * 5_000 + "!"), ("(a|a)*", "a" * 5_000 + "!"), ("a?" * 40 + "a" * 40, "a" * 40), ("(.*,){20}x", "1," * 2_500),
        ("((a*)*)*b", "a" * 5_000), ("(a{1,15}){1,15}b", "a" * 5_000), (".*.*.*.*.*.*x", "a" * 5_000), ("(a|b)*a" + "(a|b)" * 100, "abbaabab" * 600 + "!"),
    ],
)  # fmt: skip
def test_nothing_takes_long(pattern: str, text: str) -> None:
    made = Pattern(pattern)
    began = time.process_time()
    assert made.matches(text) is (pattern[:3] == "a?a")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("(", "never closed"), (")", "closes nothing"), ("[a", "never closed"), ("*", "nothing to repeat"), ("a**", "of a repetition"), ("a*?", "of a repetition"),
        ("^a", "anchors"), ("a$", "anchors"), ("(a)\\1", "means nothing"), ("(?=a)", "no plain one"), ("(?i)a", "no plain one"), ("a{2,1}", "no numbers"),
        ("a{x}", "no numbers"), ("a{99999}", "no numbers"), ("[b-a]", "no"), ("\\", "means nothing"), ("(" * 50 + ")" * 50, "too deeply"), ("\\b", "means nothing"),
        ("(" * 30 + "){9}" * 30, "more than 5,000"), ("a{200}" * 3, f"more than {MOST_PLACES}"),
        ("(((a{1,99}){1,99}){1,99})", f"more than {MOST_PLACES}"),
    ],
)  # fmt: skip
def test_what_is_no_pattern(pattern: str, what: str) -> None:
    with pytest.raises(BadPattern, match=what):
        Pattern(pattern)


def test_that_of_hardware_addresses() -> None:
    mac = Pattern("[0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){5}")
    assert all(mac.matches(text) for text in ("52:54:00:12:34:56", "5-4-0-1-3-F"))
    assert not any(
        mac.matches(text) for text in ("", "52:54:00:12:34", "52:54:00:12:34:56:78", "g2:54:00:12:34:56", "52:54:00:12:34:\u0665")
    )
