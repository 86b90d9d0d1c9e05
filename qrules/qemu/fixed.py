"""The defaults that machines fix for their guests: ``compat-props`` of ``query-machines``, which QEMU tells since 9.1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, TypeAlias

from qrules.qemu.errors import CommandFailed
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Fixed

Lines: TypeAlias = tuple[tuple[str, str, str], ...]
"""A type, one of its properties, and its value as a text, in the order in which QEMU applies them."""


def fixed_defaults(session: Session) -> tuple[Fixed, ...]:
    """What a session tells of all machines; nothing where its QEMU does not tell it. Raises what `Session.execute` raises."""
    try:
        told: list[Mapping[str, Any]] = session.execute("query-machines", **{"compat-props": True})
    except CommandFailed:
        return ()
    listed = {each["name"]: tuple(map(_line, each.get("compat-props", ()))) for each in told}
    return tuple(chained(listed))


def _line(told: Mapping[str, Any]) -> tuple[str, str, str]:
    return told["qom-type"], told["property"], told["value"]


def chained(machines: Mapping[str, Lines]) -> Iterator[Fixed]:
    """Each list once: what an older version has is what the next one has, and more behind that."""
    having: dict[Lines, list[str]] = defaultdict(list)
    for name in sorted(machines):
        having[machines[name]].append(name)
    by_length = sorted(having, key=lambda lines: (len(lines), having[lines]))
    for at, lines in enumerate(by_length):
        base = next((other for other in reversed(by_length[:at]) if other and lines[: len(other)] == other), ())
        yield Fixed(tuple(having[lines]), having[base][0] if base else "", tuple(_together(lines[len(base) :])))


def _together(lines: Iterable[tuple[str, str, str]]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Neighbours of which the same is said, as one."""
    for (name, value), group in groupby(lines, key=lambda line: line[1:]):
        yield tuple(type_ for type_, _, _ in group), name, value
