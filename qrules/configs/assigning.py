"""What in a script gives variables other values than a plain ``NAME=value``: members of lists, arithmetic, commands that set."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.configs.shell import Part, Token

ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
MEMBER = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\[")
DECLARING = ("export", "declare", "typeset", "local", "readonly")
READING = ("read", "mapfile", "readarray", "getopts", "printf", "let", "unset")
_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ARITHMETIC = re.compile(r"(?:[^()]++|\([^()]*\))*+")
_ALTERING = frozenset("iluncI")  # letters of options of `declare` with which a name gets another value than is written


def assigns(token: Token) -> re.Match[str] | None:
    """The beginning of a word that gives a variable, or a member of one (`MEMBER`), a value."""
    first = token.parts[0] if token.parts else None
    if first is None or first.kind != "text" or first.quoted:
        return None
    return ASSIGNMENT.match(first.text) or (MEMBER.match(first.text) if is_member(token) else None)


def is_member(token: Token) -> bool:
    """Whether a word is ``name[which]=value``, or ``[which]=value`` in a list."""
    first = token.parts[0].text if token.parts and not token.parts[0].quoted else ""
    written = "".join(part.text for part in token.parts) if "[" in first else ""
    return "]=" in written or "]+=" in written


def names(token: Token, command: str) -> list[str]:
    """The names in a word of a command that sets what it names."""
    if command == "let":
        return _NAMES.findall("".join(part.text for part in token.parts))
    match = _NAMES.match(token.plain.removeprefix("-v"))
    return [match[0]] if match is not None else []


def names_of_arithmetic(text: str, at: int) -> list[str]:
    """The names that stand in ``((...))``, which may set them; `at` is behind the first parenthesis."""
    match = _ARITHMETIC.match(text, at)
    return list(dict.fromkeys(_NAMES.findall(match[0]))) if match is not None else []


def alters(words: list[Token]) -> bool:
    """Whether options of `declare` make another value of what is written."""
    return any(word.plain.startswith(("-", "+")) and not _ALTERING.isdisjoint(word.plain) for word in words)


def any_number(part: Part) -> bool:
    """Whether a part may become no word, or several."""
    return part.kind != "text" and (not part.quoted or part.kind == "all" or part.text == "$@")
