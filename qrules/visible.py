"""What is ours and what comes from outside, told apart until the last moment: nothing from outside ends a line or moves a cursor.

Our own line breaks and colours are written as marks, which begin with two characters that are drawn anew in each process, so
that no input can have them. `shown` makes of marks what they stand for, and of all else that does not print something that
does: a line feed in an id comes out as ``\\n``. A text that is composed without marks is ugly, and never dangerous.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

_DRAWN = os.urandom(4)
MARK = chr(0xF0000 + int.from_bytes(_DRAWN[:2]) % 0xFFFE) + chr(0x100000 + int.from_bytes(_DRAWN[2:]) % 0xFFFE)
BREAK = MARK + "\n"
"""The end of a line of ours."""
AGAIN = MARK + "\r"
"""Back to the beginning of a line on a terminal, which is taken away."""
COMMAND = MARK + ":"
"""The two colons with which a line of ours begins that is a command to GitHub's runner."""

# They count as printable, and yet nobody sees them: fillers, joiners, variation selectors (Default_Ignorable_Code_Point)
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10)))
)
_BEGINS = (":", " ")  # of a line that begins a command, as it is shown
_SELECTORS = range(0xE0100, 0xE01F0)


def seen(character: str) -> bool:
    """Whether a character is one that a reader sees, or a blank."""
    return character.isprintable() and character not in _UNSEEN and ord(character) not in _SELECTORS


def clean(text: str) -> bool:
    """Whether a text shows as it is, wherever it stands in a line."""
    if "##" in text and ("##[" in text or "##vso[" in text):
        return False
    return text.isprintable() and (text.isascii() or (_UNSEEN.isdisjoint(text) and max(text) < "\U000e0000"))


def printable(text: str) -> str:
    """A text in which everything shows: what does not is written as an escape, and so is what begins a command to a CI system.

    GitHub's runner takes ``##[error]`` for a command wherever it stands, Azure's ``##vso[...]``.
    """
    if clean(text):
        return text
    told = "".join(c if seen(c) else c.encode("unicode_escape").decode("ascii") for c in text)
    return told.replace("##[", "\\x23#[").replace("##vso[", "\\x23#vso[")


def shortened(text: str, most: int = 200) -> str:
    """A text that others are shown beside, or again and again: of one that is longer the beginning, the end and the length."""
    if len(text) <= most:
        return text
    return f"{text[: most - 60]}...{text[-20:]} ({len(text):,} characters)"


def shown(text: str) -> str:
    """A text with marks as it goes to a terminal or a log."""
    if text == BREAK:
        return "\n"
    if text.isascii():  # so there is no mark in it
        return _begun(printable(text))
    first, *marked = text.split(MARK)
    out = [_begun(printable(first))]
    fresh = not first.strip()  # whether all that stands in this line up to now is blank
    for part in marked:
        if part[:1] == "\n":
            out.append("\n")
            part, fresh = part[1:], True
        elif part[:1] == "\r":
            out.append("\r\033[K")
            part, fresh = part[1:], True
        elif part[:1] == ":":
            out.append("::")
            part, fresh = part[1:], False
        else:
            codes, _, rest = part.partition("m")
            if not codes.strip("0123456789;"):
                out.append(f"\033[{codes}m")
                part = rest
        told = printable(part)
        out.append(_begun(told) if fresh else told)
        fresh = fresh and not part.strip()
    return "".join(out)


def _begun(text: str) -> str:
    """The beginning of a line: two colons begin a command to GitHub's runner there, whatever blanks are before them."""
    return text.replace("::", "\\x3a:", 1) if text[:1] in _BEGINS and text.lstrip().startswith("::") else text


def in_json(text: str) -> str:
    """JSON text with all that does not show as JSON's own escapes, and its line breaks as ours."""
    lines = text.split("\n")
    return BREAK.join(line if clean(line) else "".join(map(_in_json, line)).replace("##", "\\u0023#") for line in lines)


def _in_json(character: str) -> str:
    if seen(character):
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


class Shown:
    """A stream of text in which everything shows: what it is given is composed with marks."""

    @staticmethod
    def of(stream: TextIO) -> TextIO:
        """A stream in which everything shows, for the rest of the process the stand-in of `stream`."""
        return stream if isinstance(stream, Shown) else Shown(stream)  # type: ignore[return-value]

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        """Writes a text; what the stream's encoding does not have is written as an escape. Raises `OSError`."""
        told = shown(text)
        try:
            return self._stream.write(told)
        except UnicodeEncodeError:
            plain = self.encoding or "ascii"
            return self._stream.write(told.encode(plain, "backslashreplace").decode(plain))

    def flush(self) -> None:
        """Raises `OSError`, such as a broken pipe."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether somebody looks at it."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor. Raises `OSError` where there is none."""
        return self._stream.fileno()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
