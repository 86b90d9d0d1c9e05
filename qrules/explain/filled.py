"""Sentences with holes: what a text says in them, and how they read with that put in."""

from __future__ import annotations

import re

from qrules.numerals import whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORDS = {
    "d": "the device", "e": "the other device", "holder": "another device", "bus": "its bus", "id": "the bus",
    "type": "the device", "machine.name": "the machine", "text": "what was given", "element": "that name",
    "buses": "other buses", "how many": "some", "address": "its address",
}  # fmt: skip
UNTOLD = "..."
"""What stands in a sentence for what the message does not tell."""
_SAME = {"d": ("type",), "holder": ("holder.type",), "e": ("e.type",), "type": ("d", "name"), "bus": ("bus.id", "id", "name")}


def texts_of(parts: list[Any]) -> list[str]:
    return [p for p in parts if isinstance(p, str)]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]{3,}", text.lower())


def filled(parts: list[Any], text: str) -> list[str] | None:
    """What stands in the holes of a sentence that a text is, each as short as it can be; None where it is no such text.

    Each text between holes is taken where it is found first, which leaves most for the rest: time is linear.
    """
    filled: list[str] = []
    at, waiting = 0, 0  # where the next part may begin; how many holes stand before it
    for number, part in enumerate(parts):
        if not isinstance(part, str):
            waiting += 1
            continue
        last = number == len(parts) - 1
        begin = len(text) - len(part) if last and waiting else text.find(part, at) if waiting else at
        if begin < at or not text.startswith(part, begin):
            return None
        if waiting:
            filled += [""] * (waiting - 1) + [text[at:begin]]
        at, waiting = begin + len(part), 0
    if waiting:
        filled += [""] * (waiting - 1) + [text[at:]]
    elif at != len(text):
        return None
    return None if any("\n" in hole for hole in filled) else filled


def values_of(parts: list[Any], groups: list[str]) -> dict[str, str] | None:
    """What filled the holes; None where one name would mean two things."""
    values: dict[str, str] = {}
    for hole, value in zip((p[0] for p in parts if not isinstance(p, str)), groups, strict=True):
        if values.setdefault(hole, value) != value:
            return None
    return values


def fitting(sentences: list[Any], values: dict[str, str]) -> tuple[str, ...]:
    """Of the sentences for several cases those that may hold and speak most of what the message speaks of, names put in."""
    possible = [parts for parts, conditions in sentences if all(_may_hold(c, values) for c in conditions)]
    known = [sum(_value(p[0], values) is not None for p in parts if not isinstance(p, str)) for parts in possible]
    told = [(shown(p, values, plain=True), k) for p, k in zip(possible, known, strict=True) if texts_of(p) or k]
    return tuple(dict.fromkeys(text for text, k in told if k == max(known, default=0)))


def vague(parts: list[Any], values: dict[str, str]) -> bool:
    """Whether a sentence has a hole that the message says nothing for: no advice that anybody could follow."""
    return any(_word(part[0], values) is None for part in parts if not isinstance(part, str))


def _may_hold(condition: list[str], values: dict[str, str]) -> bool:
    """Whether a condition fits what the message says; what it does not say may be so."""
    name, *wanted = condition
    if not wanted:
        return any(key.startswith(name) for key in values)
    return values.get(name, wanted[0]) == wanted[0]


def shown(parts: list[Any], values: dict[str, str], plain: bool = False) -> str:
    """A sentence: holes with their values; in the others what they stand for, as words (`plain`) or as in the rule."""
    out = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif plain:
            out.append(_word(part[0], values) or UNTOLD)
        else:
            out.append("{" + part[0] + "}")
    return "".join(out)


def _word(hole: str, values: dict[str, str]) -> str | None:
    """What stands in a sentence for a hole: what the message says there, or else what is meant by it."""
    return _value(hole, values) or _WORDS.get(hole) or _WORDS.get(hole.rsplit(".")[-1])


def _value(hole: str, values: dict[str, str]) -> str | None:
    counted = re.fullmatch(r"(.+) ([+-]) (\d+)", hole)
    first = whole_number(values.get(counted[1], "")) if counted is not None else None
    if counted is not None and first is not None:
        return str(first + int(counted[2] + counted[3]))
    return next((values[name] for name in (hole, *_SAME.get(hole, ())) if values.get(name, "(null)") != "(null)"), None)
