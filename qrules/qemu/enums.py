"""The words that properties of enum types take: `words(binary, asked, likely)`.

QMP names the type of such a property and often describes it ("Error handling policy (report/ignore/enospc/stop/auto)"), but gives
no list. A binary that makes a device only to list its properties warns of each `-global` that it can't apply (QEMU,
qom/object.c: object_apply_global_props), so one start tells of any number of words which of them are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qrules.qemu.errors import Died
from qrules.qemu.process import DEFAULT_TIMEOUT
from qrules.qemu.qmp import Session

MAX_WORDS = 3_000
"""Words that one start tries."""
_NOTHING = "qrules-nothing"  # no enum has this word
_LISTED = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")
_WORD = re.compile(r"(?<![\w-])[a-z][\w-]*")
_SPELLED = re.compile(r"[\w-]+(?:\|[\w-]+)+")
_ENUM = re.compile(r"[A-Z]\w+")
_WARNED = re.compile(r"can't apply global [^=\n]+=([^\n]*): Parameter '[^'\n]*' does not accept value ")


class Asked(NamedTuple):
    """A type of values; a device type that users can make, its property of the type, and QMP's description and default of it."""

    type: str
    device: str
    property: str
    description: str
    default: str


def may_be_enum(type_: str) -> bool:
    """Whether a property's type is called like QAPI's own: in capitals and small letters."""
    return _ENUM.fullmatch(type_) is not None


def described(description: str) -> tuple[str, ...]:
    """The words that a description lists: `on/off/auto`."""
    found = max(_LISTED.findall(description), key=len, default="")
    return tuple(found.split("/")) if found else ()


def spelled(type_: str) -> tuple[str, ...]:
    """The words of a type that is named by them, `on|off|split`; none for any other."""
    return tuple(type_.split("|")) if _SPELLED.fullmatch(type_) else ()


def any_words(printed_help: str) -> tuple[str, ...]:
    """All lower-case words of a text, each once."""
    return tuple(dict.fromkeys(_WORD.findall(printed_help)))


def words(
    binary: str,
    asked: Iterable[Asked],
    likely: Mapping[str, Iterable[str]],
    others: Iterable[str],
    timeout: float = DEFAULT_TIMEOUT,
) -> dict[str, tuple[str, ...]]:
    """The words of each type that is an enum, in the order of its description where it has one.

    `likely` are words to try by type, `others` what is tried where nothing better is known. Raises what `Session` raises.
    """
    words = tuple(others)
    found = {each.type: _taken(binary, each, _candidates(each, likely.get(each.type, ()), words), timeout) for each in asked}
    return {type_: taken for type_, taken in found.items() if taken}


def _taken(binary: str, asked: Asked, candidates: tuple[str, ...], timeout: float) -> tuple[str, ...]:
    """The candidates that a property takes; none where it is no enum, or the binary ends over it (10.0 does over lists)."""
    start = f"driver={_escaped(asked.device)},property={_escaped(asked.property)},value="
    tries = [word for each in (*candidates, _NOTHING) for word in ("-global", start + _escaped(each))]
    try:
        with Session(binary, ["-machine", "none", "-nodefaults", *tries], timeout) as session:
            printed = session.hmp(f"device_add {_escaped(asked.device)},help")  # warnings come with what it prints
    except Died:
        return ()
    refused = {match[1] for match in _WARNED.finditer(printed)}
    return tuple(word for word in candidates if word not in refused) if _NOTHING in refused else ()


def _candidates(asked: Asked, likely: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    told = described(asked.description)
    rest = () if told else (asked.default, *likely, *others)
    return tuple(dict.fromkeys(word for word in (*told, *rest) if word))[:MAX_WORDS]


def _escaped(word: str) -> str:
    return word.replace(",", ",,")
