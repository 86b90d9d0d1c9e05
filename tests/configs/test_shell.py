"""Texts as a shell takes them apart: bash itself is the judge of words, and every character knows where it stands."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qrules.configs.shell import Mark, Token, tokens
from qrules.diagnostics import Unusable


def words(text: str) -> list[str]:
    return ["".join(part.text for part in t.parts) for t in tokens(text, "a") if isinstance(t, Token)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a \\\n  b\\\nc \\\r\n d", ["a", "bc", "d"]),
        ("'a b'\"c d\"e\\ f ''", ["a bc de f", ""]),
        ('"\\"a\\$b\\\\" "\\x"', ['"a$b\\', "\\x"]),
        ("$'a\\tb\\x41\\303\\244\\u20ac\\\\\\''", ["a\tbAä€\\'"]),
        ("a >b 2>&1 <c >>d &>e f", ["a", "f"]),
        ("a <<X b\nqemu 'x\nX\nc <<-'Y'\n\tz\n\tY\n d", ["a", "b", "c", "d"]),
        ("a # b\n#c\nd#e", ["a", "d#e"]),
        ("a $ b$", ["a", "$", "b$"]),
        ("a\n -b", ["a", "-b"]),
        ("a\u00a0b\x0cc\x85d\u2003e\x1cf\rg h\r\n", ["a\u00a0b\x0cc\x85d\u2003e\x1cf\rg", "h"]),
        ("a 3>b \u0663>b", ["a", "\u0663"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_what_is_to_be_filled_in_is_told_apart() -> None:
    [word] = tokens('a$B"${C}"${D[@]}${E[*]}$(f "g)" \'(\'; (h))`i`$1${#J}', "a")
    assert isinstance(word, Token)
    assert [(part.kind, part.text, part.quoted) for part in word.parts] == [
        ("text", "a", False),
        ("name", "B", False),
        ("name", "C", True),
        ("all", "D", False),
        ("joined", "E", False),
        ("other", "$(f \"g)\" '('; (h))", False),
        ("other", "`i`", False),
        ("other", "$1", False),
        ("other", "${#J}", False),
    ]


def test_lists_and_marks() -> None:
    found = list(tokens("A=(b 'c d'\n $E) && f; g | h & (i)\n", "a"))
    first = found[0]
    assert isinstance(first, Token)
    assert first.members is not None
    assert [m.parts[0].text for m in first.members] == ["b", "c d", "E"]
    assert [m.text for m in found if isinstance(m, Mark)] == ["&&", ";", "|", "&", "(", ")", "\n"]


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a $(b", "a ${b", "a `b", "A=(b", "a $'b\\'", 'a "$(b"', "a <(b", "A=(B=(c))"])
def test_what_is_never_closed(text: str) -> None:
    with pytest.raises(Unusable) as caught:
        words("x\n" + text)
    [diagnostic] = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.span.line) == ("QR435", 2)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is the judge, and is not there")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab'\"\\$ #=-{}\t,x1\n\u00a0\x0c\u2003")), min_size=1, max_size=6).map(" ".join))
def test_words_are_those_of_bash(text: str) -> None:
    try:
        found = [t for t in tokens("printf '%s\\0' " + text, "a") if isinstance(t, Token)]
    except Unusable:
        return
    if "\n" in text or any(p.kind != "text" for t in found for p in t.parts) or "{" in text:
        return  # another command, or something to be filled in
    ours = ["".join(part.text for part in t.parts) for t in found][2:]
    done = subprocess.run(["bash", "-c", "printf '%s\\0' " + text], capture_output=True, timeout=10, check=False)
    assert done.stdout.decode().split("\0")[:-1] == (ours or [""])


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_every_character_of_a_word_knows_where_it_stands(text: str) -> None:
    try:
        found = list(tokens(text, "a"))
    except Unusable:
        return
    for token in found:
        for part in token.parts if isinstance(token, Token) else ():
            assert part.kind != "text" or text[part.at : part.end] == part.text or text.startswith(("$'", "$"), part.at)
