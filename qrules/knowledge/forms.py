"""Compiled clauses are lists in a fixed order: the forms that `qrules.knowledge.model` names."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Json: TypeAlias = Any  # JSON: scalars, lists and dicts of it
MANY = 4096  # of anything that one line makes; `qrules.machine.frames` has the same number
_HOLE = re.compile(r"\{([\w-]+)(?::(0?[0-9]{0,2})[xds])?\}")


def wrong_form(text: str, dimensions: list[str]) -> str:
    """What is wrong with the form of an address, such as ``{slot:x}[.{function:x}]``; nothing where nothing is.

    A form becomes a regular expression, so it holds nothing that could be read in many ways: a hole for each dimension, once,
    with something between two of them, and brackets that pair.
    """
    holes = [match[1] for match in _HOLE.finditer(text)]
    left = _HOLE.sub("\0", text)
    if any(hole not in dimensions for hole in holes) or len(set(holes)) < len(holes):
        return "each hole is one of the dimensions, once"
    if "{" in left or "}" in left or "\0" in text:
        return "a brace that is no hole's"
    if "\0\0" in left.replace("[", "").replace("]", ""):
        return "two holes with nothing between them"
    if sum(":s}" in match[0] for match in _HOLE.finditer(text)) > 1:
        return "two holes for any text"
    depth = 0
    for character in left:
        depth += (character == "[") - (character == "]")
        if not 0 <= depth <= 4:
            return "brackets that do not pair"
    return "brackets that do not pair" if depth else ""


def laid(form: tuple[str, ...], **parts: Json) -> list[Json]:
    """A clause as the list of its parts, in the order of the form.

    Parts are compiled in the order in which they are given, which is the order of notes and of what is found wrong.
    """
    if parts.keys() != set(form):
        raise AssertionError(f"a clause has {', '.join(form)}, not {', '.join(parts)}")
    return [parts[name] for name in form]
