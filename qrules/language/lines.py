"""Lines of a rule text before it is parsed: how far they are indented, and which brackets they leave open."""

from __future__ import annotations

import re

# A text that is never closed goes to the end of the line: looking for its end again at each quote would take the line's square.
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|#.*')


def indentation(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def without_texts(line: str) -> str:
    """A line with spaces for its quoted texts and its comment: columns stay what they are."""
    return _TEXTS.sub(lambda m: " " * len(m[0]), line)


def depth_after(line: str, depth: int) -> int:
    """How many brackets are open behind a line with so many open before it; one too many closed counts for none."""
    code = _TEXTS.sub("", line)
    return max(0, depth + code.count("(") + code.count("{") - code.count(")") - code.count("}"))
