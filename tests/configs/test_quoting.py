"""Command lines to be pasted: a real shell reads the words that were meant."""

from __future__ import annotations

import subprocess

import pytest

from qrules.configs.quoting import joined, quoted
from qrules.visible import clean

ODD = ["a\nb", "\x1b[2J", "it's\x07", "\\n\n\\", "a\u202eb", "\x7f1", "\r\t", "\udcff0", "##[error]x", "::error::x", "é\u2028"]
PLAIN = ["", "a b", "it's", "$(id)", "`id`", "a\\b", "*", '{"driver": "e1000"}', "e1000,addr=1f.0", "é"]


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_shell_reads_the_same_words(shell: str) -> None:
    words = PLAIN if shell == "sh" else [*PLAIN, *ODD]
    done = subprocess.run([shell, "-c", f"printf '%s\\0' {joined(words)}"], capture_output=True, check=True)
    assert [word.decode("utf-8", "surrogateescape") for word in done.stdout.split(b"\0")[:-1]] == words


@pytest.mark.parametrize("word", [*ODD, *PLAIN])
def test_a_quoted_word_shows_and_stays_in_its_line(word: str) -> None:
    told = quoted(word)
    assert clean(told)
    assert not told.startswith("::")
