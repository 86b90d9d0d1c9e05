"""A statement or clause of a rule text as people read it: its lines, its reason and its sources, without parsing."""

from __future__ import annotations

import re
from typing import NamedTuple

from qrules.language.lines import depth_after, indentation

_MOST_LINES = 12
_NOTES = tuple(
    f"{word} "
    for word in (
        *("because", "see", "says", "held", "outside", "full", "malformed", "mistyped", "general", "missing", "instead"),
        *("repair", "crashes"),
    )
)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Excerpt(NamedTuple):
    """The lines that say what holds, the reason (conditions between its sentences left out), and the sources."""

    code: str
    because: str
    see: tuple[str, ...]


def block_end(lines: list[str], start: int) -> int:
    """The number behind the last line of the statement or clause that begins at a line."""
    depth, level = depth_after(lines[start], 0), indentation(lines[start])
    end = start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if depth == 0 and line.strip() and indentation(line) <= level:
            break
        depth = depth_after(line, depth)
        if line.strip() and not (line.lstrip().startswith("#") and indentation(line) <= level):
            end = number + 1
    return end


def excerpt(text: str, start: int) -> Excerpt:
    """What stands at a line (from 0) and below it."""
    lines = text.split("\n")
    level = indentation(lines[start])
    code: list[str] = []
    because: list[str] = []
    see: list[str] = []
    number, end = start, block_end(lines, start)
    while number < end:
        whole, depth = [lines[number]], depth_after(lines[number], 0)
        while depth and number + 1 < end:
            number += 1
            whole.append(lines[number])
            depth = depth_after(lines[number], depth)
        first = whole[0].lstrip()
        if first.startswith("because ") and not because:
            because = [match[1] for line in whole for match in _TEXT.finditer(line)]
        elif first.startswith("see "):
            see.append(first.removeprefix("see ").strip())
        if not first.startswith(_NOTES):
            code += [line[level:] for line in whole]
        number += 1
    cut = ["  ..."] if len(code) > _MOST_LINES else []
    return Excerpt("\n".join([*code[:_MOST_LINES], *cut]), "; or ".join(because), tuple(see))
