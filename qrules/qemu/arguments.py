"""Values to ask a binary with: arguments that can be read but mean nothing, at any depth, and as a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

NOTHING = "qrules-nothing"
"""A name that no binary has: behind all others, it is what nothing comes of."""
PLAUSIBLE: dict[str, Any] = {"str": "x", "int": 0, "number": 0, "bool": False, "null": None, "any": {}}
"""A value that can be read as such a type, whatever it means."""

Arguments: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[tuple[Arguments, str, int], ...]
"""How to come to a value: the arguments around it, the member that holds it (empty: it is one of them), in how many lists."""


def within(path: Path, value: Any) -> Arguments:
    """The arguments of a command that have a value at a path."""
    for base, member, lists in reversed(path):
        value = {**base, member: in_lists(value, lists)} if member else {**base, **value}
    whole: Arguments = value
    return whole


def in_lists(value: Any, lists: int) -> Any:
    return value if lists == 0 else [in_lists(value, lists - 1)]


def flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """A value as dotted keys with texts, as QEMU's keyval has it (util/keyval.c)."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    elif value is not None:
        yield path, {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value).replace(",", ",,")
