"""Names that vendors' builds have for machines, and their own options: looked for where the emulator itself has no such name."""

from __future__ import annotations

import re

from qrules.knowledge.model import Knowledge
from qrules.records import NamedTuple

_VERSIONED = r"(.+-)(\d{1,9}(?:\.\d{1,9})+)"
_NUMBERED = r"(.+-)(\d{1,9}(?:\.\d{1,9})*)"  # a version, or the beginning of one


class Stands(NamedTuple):
    """What is a vendor's: a machine, with the `upstream` one that it stands for, or an option (then that is empty)."""

    vendor: str
    upstream: str
    file: str
    line: int
    see: tuple[tuple[str, str], ...]


def stands_for(knowledge: Knowledge, machine: str) -> Stands | None:
    """The machine that a vendor's name stands for, be it in the catalogue or not; None where no vendor has the name."""
    for vendor, names, _, see, file, line in knowledge.piece("vendors"):
        for pattern, upstream in names:
            same = _same(pattern, machine)
            if same is not None:
                return Stands(vendor, upstream.replace("*", same), file, line, tuple((s[0], s[1]) for s in see))
    return None


def of_option(knowledge: Knowledge, option: str) -> Stands | None:
    """The vendor whose builds take an option."""
    for vendor, _, options, see, file, line in knowledge.piece("vendors"):
        if option in options:
            return Stands(vendor, "", file, line, tuple((s[0], s[1]) for s in see))
    return None


def _same(pattern: str, name: str) -> str | None:
    """What the star of a pattern is in a name (empty without a star); None where the name is not of the pattern."""
    expression = re.escape(pattern).replace(r"\*", "(.+)").replace(r"\#", r"\d+")
    match = re.fullmatch(expression, name)
    if match is None:
        return None
    return match[1] if match.groups() else ""


# ------------------------------------------------------------------------------------- names that nobody has
def versions_of(knowledge: Knowledge, name: str) -> list[str]:
    """The machines whose names differ from one in what stands behind their common beginning, the oldest version first."""
    found: list[tuple[tuple[int, ...], str]] = []
    for known in knowledge.machine_names():
        match = re.fullmatch(_VERSIONED, known)
        if match is not None and name.startswith(match[1]) and len(name) > len(match[1]):
            found.append((_numbers(match[2]), known))
    return [known for _, known in sorted(found)]


def may_exist(knowledge: Knowledge, name: str) -> bool:
    """Whether a name that no catalogue has may be a newer release's, or a distribution's, of machines that are known."""
    known = versions_of(knowledge, name)
    if not known:
        return False
    newest, own = re.fullmatch(_VERSIONED, known[-1]), re.fullmatch(_NUMBERED, name)
    if own is None or newest is None:
        return own is None
    return _numbers(own[2]) > _numbers(newest[2])


def dropped(knowledge: Knowledge, name: str) -> bool:
    """Whether a name is that of a version that is older than all that are known of its machines."""
    known, own = versions_of(knowledge, name), re.fullmatch(_VERSIONED, name)
    oldest = re.fullmatch(_VERSIONED, known[0]) if known else None
    return own is not None and oldest is not None and _numbers(own[2]) < _numbers(oldest[2])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
