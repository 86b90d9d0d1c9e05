"""Words as a shell takes them, so that a printed command line can be pasted: each stays one word, and all stay one line."""

from __future__ import annotations

import shlex

from qrules.visible import clean, seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", "'": "\\'"}


def quoted(word: str) -> str:
    """A word for a shell: bare, in quotes, or as ``$'...'`` (bash, zsh, ksh, POSIX 2024) where something in it would not show."""
    if clean(word) and not word.startswith("::"):
        return shlex.quote(word)
    return f"$'{''.join(map(_escaped, word))}'"


def joined(words: Iterable[str]) -> str:
    """Words in one line."""
    return " ".join(map(quoted, words))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if seen(character) and character != "#":
        return character
    try:
        raw = character.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, from JSON
        raw = character.encode("utf-8", "surrogatepass")
    return "".join(f"\\{byte:03o}" for byte in raw)  # always three digits: what comes next is not one of them
